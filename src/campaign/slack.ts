/** Days on which fewer people read: public holidays, the bridges beside them, August. By where the people are. Pure. */
import { Temporal } from 'temporal-polyfill'
import { type Closure, isClosedDate } from '../routing/closures.ts'
import { isPublicHoliday, namedHolidays } from '../routing/holidays.ts'
import type { LocalDate } from './recurrence.ts'

/** How many people live by a region's calendar. */
export interface RegionShare {
  region: string
  people: number
}

export interface Slack {
  /** 0 … 1 of the people for whom the day is a public holiday or a closing day of the network. */
  closed: number
  /** Its name, where it has one. */
  holiday?: string
  /** 0 … 1 of the people who have a day between a holiday and a weekend, and may take it off. */
  bridge: number
  /** Much of a network is away in August (`domain` practice: a declared slack period). */
  isAugust: boolean
}

/** What keeps people away on a local day. */
export function slackOn(
  date: LocalDate,
  regions: readonly RegionShare[],
  closures: readonly Closure[],
  language: string,
): Slack {
  const people = regions.reduce((sum, region) => sum + region.people, 0) || 1
  const share = (matches: (region: string) => boolean) =>
    regions.reduce((sum, { region, people: own }) => sum + (matches(region) ? own : 0), 0) / people
  const isClosed = (day: LocalDate) => (region: string) =>
    isPublicHoliday(region, day) || isClosedDate(closures, region, day)
  const closed = share(isClosed(date))
  return {
    closed,
    ...(closed > 0 ? { holiday: holidayName(date, regions, language) } : {}),
    bridge: share((region) => isBridge(date, isClosed, region)),
    isAugust: date.slice(5, 7) === '08',
  }
}

/** A working Monday before a closed Tuesday, or a working Friday after a closed Thursday. */
function isBridge(date: LocalDate, isClosed: (day: LocalDate) => (region: string) => boolean, region: string): boolean {
  const day = Temporal.PlainDate.from(date)
  const beside =
    day.dayOfWeek === 1 ? day.add({ days: 1 }) : day.dayOfWeek === 5 ? day.subtract({ days: 1 }) : undefined
  return beside !== undefined && isClosed(beside.toString())(region) && !isClosed(date)(region)
}

function holidayName(date: LocalDate, regions: readonly RegionShare[], language: string): string | undefined {
  for (const { region } of regions) {
    const found = namedHolidays(region, Number(date.slice(0, 4)), language).find((one) => one.date === date)
    if (found) return found.name
  }
  return undefined
}
