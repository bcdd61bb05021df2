import type { NetworkCalendar } from '../campaign/occurrences.ts'
import { isClosedDate } from '../routing/closures.ts'
import { isPublicHoliday } from '../routing/holidays.ts'
import { durationMs } from '../segment/duration.ts'
import type { ExperimentalStep } from './variant.ts'
import { afterWorkingTime } from './working-time.ts'

/** When the better variant may go to the rest, after the last of both has begun. */
export function afterWait(network: NetworkCalendar, step: ExperimentalStep, begins: Date): Date {
  const { experiment } = step
  const isTextOnly = step.channels?.every((channel) => channel === 'sms') ?? false
  const wait = durationMs(experiment.wait ?? (isTextOnly ? 'PT1H' : 'PT4H')) as number
  const closures = network.settings?.closures ?? []
  const isHoliday = (date: string) =>
    isPublicHoliday(network.country, date) || isClosedDate(closures, network.country, date)
  return afterWorkingTime(begins, wait, network.timezone, isHoliday)
}
