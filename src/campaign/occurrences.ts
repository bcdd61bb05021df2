/** The occurrences of a recurring step: which there are, and when each is due where somebody lives. Pure. */
import { Temporal } from 'temporal-polyfill'
import { type Closure, isClosedDate } from '../routing/closures.ts'
import { isPublicHoliday } from '../routing/holidays.ts'
import { anchorsOf, timezoneOf } from './anchor.ts'
import type { CampaignDefinition, StepDefinition } from './definition.ts'
import { type LeadTimes, leadTimesOf } from './lead-times.ts'
import { beginning } from './print-dates.ts'
import { closedRuleOf, type LocalDate, type Recurrence, recurrenceDates } from './recurrence.ts'
import { resolveAt, resolveMoment } from './schedule.ts'

/** The occurrence of a step that comes once. */
export const onlyOccurrence = '1'

/** What of a network the dates of its campaigns depend on. */
export interface NetworkCalendar {
  timezone: string
  country: string
  settings?: { closures?: readonly Closure[]; leadTimes?: LeadTimes; shopTimes?: LeadTimes['shops'] }
}

export type RecurringStep = StepDefinition & { at: string; every: string }

export const isRecurring = (step: Pick<StepDefinition, 'at' | 'every'>): step is RecurringStep =>
  step.every !== undefined && step.at !== undefined

/** A step's recurrence as it was written. */
export const recurrenceOf = ({ every, on, until, count, closed }: RecurringStep): Recurrence => ({
  every,
  ...(on === undefined ? {} : { on }),
  ...(until === undefined ? {} : { until }),
  ...(count === undefined ? {} : { count }),
  ...(closed === undefined ? {} : { closed }),
})

/** Weekends, public holidays and the network's own closing days. */
export const isWorkingDay = (region: string, closures: readonly Closure[], date: LocalDate): boolean =>
  Temporal.PlainDate.from(date).dayOfWeek <= 5 && isOpen(region, closures, date)

/**
 * The days a recurring step comes on, as its rule names them where the network is at home; each is the key of one
 * occurrence everywhere. Of two that fall on one working day the first counts, so that nobody gets two in a day.
 */
export function* occurrencesOf(
  campaign: CampaignDefinition,
  step: RecurringStep,
  network: NetworkCalendar,
  launchedAt: Date,
): Generator<LocalDate> {
  const start = startOf(campaign, step, network, launchedAt)
  let until: LocalDate | undefined
  if (step.until !== undefined) until = localOf(campaign, step.until, network, launchedAt).slice(0, 10)
  let last: LocalDate | undefined
  for (const date of recurrenceDates(recurrenceOf(step), start.slice(0, 10), until)) {
    const falls = shifted(step, date, network.country, network.settings?.closures ?? [])
    if (falls === last) continue
    last = falls
    yield date
  }
}

/** The first occurrence, or the one after another; undefined when there is none. */
export function nextOccurrence(
  campaign: CampaignDefinition,
  step: RecurringStep,
  network: NetworkCalendar,
  launchedAt: Date,
  after?: LocalDate,
): LocalDate | undefined {
  for (const date of occurrencesOf(campaign, step, network, launchedAt))
    if (after === undefined || date > after) return date
  return undefined
}

/** The first `most` occurrences, and whether there are more. */
export function firstOccurrences(
  campaign: CampaignDefinition,
  step: RecurringStep,
  network: NetworkCalendar,
  launchedAt: Date,
  most: number,
): { dates: LocalDate[]; isAll: boolean } {
  const dates: LocalDate[] = []
  for (const date of occurrencesOf(campaign, step, network, launchedAt)) {
    if (dates.length === most) return { dates, isAll: false }
    dates.push(date)
  }
  return { dates, isAll: true }
}

/** When an occurrence is due in a place: its day there, moved off a closed one as the step says, at the step's time. */
export function occurrenceMoment(
  campaign: CampaignDefinition,
  step: RecurringStep,
  occurrence: LocalDate,
  place: { timezone: string; region: string },
  network: NetworkCalendar,
  launchedAt: Date,
): Date {
  const timezone = timezoneOf(campaign, { recipient: place.timezone, network: network.timezone })
  const time = startOf(campaign, step, network, launchedAt).slice(11, 16)
  const date = shifted(step, occurrence, place.region, network.settings?.closures ?? [])
  const closures = network.settings?.closures ?? []
  const given = beginning({ ...step, at: `${date}T${time}` }, leadTimesOf(network)) as string
  return resolveAt(given, {}, { timezone, isHoliday: (day) => !isOpen(place.region, closures, day) })
}

/** Holidays alone: weekends are known where working days are counted. */
const isOpen = (region: string, closures: readonly Closure[], date: LocalDate): boolean =>
  !isPublicHoliday(region, date) && !isClosedDate(closures, region, date)

const maxShift = 60

function shifted(step: RecurringStep, date: LocalDate, region: string, closures: readonly Closure[]): LocalDate {
  const rule = closedRuleOf(recurrenceOf(step))
  if (rule === 'keep') return date
  let day = Temporal.PlainDate.from(date)
  for (let moved = 0; moved < maxShift; moved++) {
    if (isWorkingDay(region, closures, day.toString())) return day.toString()
    day = day.add({ days: rule === 'next' ? 1 : -1 })
  }
  // Closed for two months on end: the day as written is as good as any.
  return date
}

/** From when on a step recurs, and at what time: where the network is at home, on the campaign's clock. */
const startOf = (
  campaign: CampaignDefinition,
  step: RecurringStep,
  network: NetworkCalendar,
  launchedAt: Date,
): string => localOf(campaign, step.at, network, launchedAt)

function localOf(campaign: CampaignDefinition, expression: string, network: NetworkCalendar, launchedAt: Date): string {
  const timezone = timezoneOf(campaign, { network: network.timezone })
  const closures = network.settings?.closures ?? []
  const written = expression.replace(/^now\b/, `${launchedAt.toISOString().slice(0, 19)}Z`)
  const { at, local } = resolveMoment(written, anchorsOf(campaign, launchedAt, leadTimesOf(network)), {
    timezone,
    isHoliday: (date) => !isOpen(network.country, closures, date),
  })
  if (local !== undefined) return local
  return Temporal.Instant.fromEpochMilliseconds(at.getTime())
    .toZonedDateTimeISO(timezone)
    .toPlainDateTime()
    .toString({ smallestUnit: 'minute' })
}
