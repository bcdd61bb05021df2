import { Temporal } from 'temporal-polyfill'
import { isPublicHoliday } from '../routing/holidays.ts'
import { parseMoment } from './schedule.ts'

/** A local date and time as campaign files and `datetime-local` fields write them: 2027-01-11T08:30. */
export type LocalTime = string

export const localTime = (at: Date, timezone: string): LocalTime =>
  Temporal.Instant.fromEpochMilliseconds(at.getTime())
    .toZonedDateTimeISO(timezone)
    .toPlainDateTime()
    .toString({ smallestUnit: 'minute' })

/**
 * A working day on which a campaign could start: late enough for its first step, which may be weeks before the
 * launch itself, at the hour its text has.
 */
export function proposedLaunch(
  { now, timezone, country }: { now: Date; timezone: string; country: string },
  { launch, moments }: { launch?: string; moments: readonly string[] },
): LocalTime {
  const time = launch === undefined ? undefined : timeOf(launch)
  const today = Temporal.PlainDate.from(localTime(now, timezone).slice(0, 10))
  let day = today.add({ days: 1 + daysBefore(moments) })
  while (day.dayOfWeek > 5 || isPublicHoliday(country, day.toString())) day = day.add({ days: 1 })
  return `${day.toString()}T${time ?? '09:00'}`
}

function timeOf(text: string): string | undefined {
  const parsed = parseMoment(text)
  if ('problem' in parsed) return undefined
  const { base, time } = parsed.moment
  return time ?? (base.kind === 'local' && base.at.length > 10 ? base.at.slice(11, 16) : undefined)
}

/** Calendar days by which the earliest of some moments may come before the launch; generous, never too few. */
function daysBefore(moments: readonly string[]): number {
  const needed = moments.map((text) => {
    const parsed = parseMoment(text)
    if ('problem' in parsed || parsed.moment.base.kind !== 'anchor' || parsed.moment.base.name !== 'launch') return 0
    const days = parsed.moment.shifts.reduce((sum, { amount, unit }) => {
      if (unit === 'working day') return sum + amount * 1.6
      if (unit === 'week') return sum + amount * 7
      return sum + (unit === 'day' ? amount : 0)
    }, 0)
    return Math.ceil(-days)
  })
  return Math.max(0, ...needed)
}

/** The other anchors that are dates of their own, moved by as many days as the launch was: the end stays as far off. */
export function movedAnchors(anchors: Readonly<Record<string, string>>, launch: LocalTime): Record<string, string> {
  const before = localDate(anchors.launch)
  const after = localDate(launch)
  if (!before || !after) return { launch }
  const days = before.until(after, { largestUnit: 'day' }).days
  // A whole number of weeks, so that a Friday stays a Friday.
  const weeks = Math.ceil(days / 7)
  const others = Object.entries(anchors).flatMap(([name, text]) => {
    const date = name === 'launch' ? undefined : localDate(text)
    return date ? [[name, date.add({ weeks }).toString() + text.slice(10)]] : []
  })
  return { ...Object.fromEntries(others), launch }
}

function localDate(text: string | undefined): Temporal.PlainDate | undefined {
  if (text === undefined || !/^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2})?$/.test(text)) return undefined
  try {
    return Temporal.PlainDate.from(text.slice(0, 10))
  } catch {
    return undefined
  }
}
