import { anchorsOf, timezoneOf } from './anchor.ts'
import type { CampaignDefinition, StepDefinition } from './definition.ts'
import { leadTimesOf } from './lead-times.ts'
import { isWorkingDay, type NetworkCalendar } from './occurrences.ts'
import { type PrintDate, printDates } from './print-dates.ts'
import { resolveAt } from './schedule.ts'

/** A printed step's proof, freeze, routing, posting and estimated arrival, where the network is at home. */
export function printMoments(
  campaign: CampaignDefinition,
  step: StepDefinition,
  network: NetworkCalendar,
  launchedAt: Date,
): Record<PrintDate, Date> {
  const anchors = anchorsOf(campaign, launchedAt, leadTimesOf(network))
  const closures = network.settings?.closures ?? []
  const calendar = {
    timezone: timezoneOf(campaign, { network: network.timezone }),
    isHoliday: (date: string) => !isWorkingDay(network.country, closures, date),
  }
  return Object.fromEntries(
    printDates.map((date) => [date, resolveAt(`${step.name}.${date}`, anchors, calendar)]),
  ) as Record<PrintDate, Date>
}
