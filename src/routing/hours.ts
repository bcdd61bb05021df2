import { isHolidayOn } from './holidays.ts'
import type { OpeningHours } from './types.ts'
import { offsetAt } from './zone.ts'

const minuteMs = 60_000
const dayMs = 86_400_000
/** A window shut for longer than this never opens. */
const horizonDays = 370

export interface Opening {
  /** Epoch milliseconds: the asked instant when it is open, otherwise the next opening. */
  at: number
  /** The open interval it lies in, minutes from local midnight. */
  from: number
  to: number
}

/** Whether a local day, counted since 1970, is closed for another reason than a public holiday. */
export type IsClosed = (day: number) => boolean

/** Thrown for an IANA zone that does not exist: nothing may be sent on a guess of somebody's night. */
export class UnknownTimezone extends Error {
  override name = 'UnknownTimezone'
}

/**
 * The first instant, not before `from`, at which the window is open: `[start, end)` local time, second precision.
 * Give a `region` when public holidays close it, null when they don't; `isClosed` for other days that do, by local
 * day since 1970. Undefined when it never opens. At the change to summer time an opening in the missing hour moves to the end of that hour.
 */
export function nextOpening(
  window: OpeningHours,
  timezone: string,
  region: string | null,
  from: number,
  isClosed?: IsClosed,
): Opening | undefined {
  const now = openAt(window, timezone, region, from, isClosed)
  if (now) return now
  const today = Math.floor((from + knownOffset(timezone, from)) / dayMs)
  for (let day = today; day <= today + horizonDays; day++) {
    const intervals = intervalsOn(window, region, day, isClosed)
    if (!intervals) continue
    let first: Opening | undefined
    for (const [start] of intervals) {
      const instant = instantOf(timezone, day * dayMs + start * minuteMs)
      if (instant < from || (first && instant >= first.at)) continue
      first = openAt(window, timezone, region, instant, isClosed) ?? first
    }
    if (first) return first
  }
  return undefined
}

/** The open interval at that instant, or undefined when it is closed then. */
export function openAt(
  window: OpeningHours,
  timezone: string,
  region: string | null,
  instant: number,
  isClosed?: IsClosed,
): Opening | undefined {
  const local = instant + knownOffset(timezone, instant)
  const day = Math.floor(local / dayMs)
  const minute = (local - day * dayMs) / minuteMs
  for (const [start, end] of intervalsOn(window, region, day, isClosed) ?? []) {
    if (minute >= start && minute < end) return { at: instant, from: start, to: end }
  }
  return undefined
}

/** The instants at which both windows are open. */
export function intersect(a: OpeningHours, b: OpeningHours): OpeningHours {
  const both: OpeningHours = {}
  for (const weekday of weekdays) {
    const intervals: [number, number][] = []
    for (const [startA, endA] of a[weekday] ?? []) {
      for (const [startB, endB] of b[weekday] ?? []) {
        const start = Math.max(startA, startB)
        const end = Math.min(endA, endB)
        if (start < end) intervals.push([start, end])
      }
    }
    if (intervals.length > 0) both[weekday] = intervals.sort((x, y) => x[0] - y[0])
  }
  return both
}

const weekdays = ['1', '2', '3', '4', '5', '6', '7'] as const

function intervalsOn(
  window: OpeningHours,
  region: string | null,
  day: number,
  isClosed?: IsClosed,
): [number, number][] | undefined {
  // 1 January 1970 was a Thursday, the fourth ISO weekday.
  const intervals = window[weekdays[(((day + 3) % 7) + 7) % 7]!]
  if (!intervals || intervals.length === 0) return undefined
  if (isClosed?.(day)) return undefined
  return region !== null && isHolidayOn(region, day) ? undefined : intervals
}

/** The first instant at which local clocks show `local` or later (milliseconds of local time since 1970). */
function instantOf(timezone: string, local: number): number {
  // The offsets half a day around bracket any change: the larger one gives the earlier instant.
  const before = knownOffset(timezone, local - dayMs)
  const after = knownOffset(timezone, local + dayMs)
  if (before === after) return local - before
  const early = local - Math.max(before, after)
  const late = local - Math.min(before, after)
  if (early + knownOffset(timezone, early) === local) return early
  if (late + knownOffset(timezone, late) === local) return late
  return endOfGap(timezone, early, late)
}

/** The change lies between the two instants; halving finds its first second. */
function endOfGap(timezone: string, early: number, late: number): number {
  const offset = knownOffset(timezone, early)
  let closed = early
  let open = late
  while (open - closed > 1) {
    const middle = Math.floor((closed + open) / 2)
    if (knownOffset(timezone, middle) === offset) closed = middle
    else open = middle
  }
  return open
}

function knownOffset(timezone: string, instant: number): number {
  const offset = offsetAt(timezone, instant)
  if (offset === undefined) {
    throw new UnknownTimezone(`Unknown time zone "${timezone}": give the site an IANA name, such as Europe/Paris.`)
  }
  return offset
}
