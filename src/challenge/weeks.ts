import { isPublicHoliday } from '../routing/holidays.ts'

const dayMs = 86_400_000

/** A calendar week of a challenge, Monday to Sunday, cut at its first and last day. Dates are local, YYYY-MM-DD. */
export interface Week {
  from: string
  /** The last day. */
  to: string
}

const dayOf = (date: string): number => Date.parse(`${date}T00:00:00Z`) / dayMs
const dateOf = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10)
/** 1 January 1970 was a Thursday; 0 is Monday. */
const weekdayOf = (day: number): number => (((day + 3) % 7) + 7) % 7

/** The weeks from a first to a last local day, both counted. */
export function weeksOf(first: string, last: string): Week[] {
  const weeks: Week[] = []
  const end = dayOf(last)
  for (let monday = dayOf(first) - weekdayOf(dayOf(first)); monday <= end; monday += 7) {
    const from = Math.max(monday, dayOf(first))
    const to = Math.min(monday + 6, end)
    weeks.push({ from: dateOf(from), to: dateOf(to) })
  }
  return weeks
}

/** Working days a week needs to be counted by itself. */
export const leastWorkingDays = 4

/** Days from Monday to Friday of a week that no public holiday of the region takes. */
export function workingDaysIn(week: { from: string; to: string }, region: string): number {
  let days = 0
  for (let day = dayOf(week.from); day <= dayOf(week.to); day += 1)
    if (weekdayOf(day) < 5 && !isPublicHoliday(region, dateOf(day))) days += 1
  return days
}

/**
 * For each week, the index of the first week it is counted together with: a week with fewer than four working days
 * in the region joins the one before it, which is over when it ends; a short first week joins the one after it.
 * `[0, 1, 1, 3]` says that the third week is counted with the second.
 */
export function mergedStarts(weeks: readonly Week[], region: string): number[] {
  const isShort = weeks.map((week) => workingDaysIn(week, region) < leastWorkingDays)
  const starts: number[] = []
  for (const at of weeks.keys()) {
    const follows = at > 0 && (isShort[at] === true || (starts[at - 1] === 0 && isShort.slice(0, at).every(Boolean)))
    starts.push(follows ? starts[at - 1]! : at)
  }
  return starts
}

/**
 * The weeks, by index, in which acts count for week `at`: all that are merged with it, and none that comes after it.
 */
export const countedWith = (starts: readonly number[], at: number): [from: number, to: number] => [starts[at]!, at]
