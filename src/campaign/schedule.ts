/** When a step is due: `launch - 21 working days, 09:00`, read once and resolved per time zone. Pure. */
import { Temporal } from 'temporal-polyfill'
import { durationMs } from '../segment/duration.ts'

export type MomentUnit = 'working day' | 'day' | 'week' | 'hour' | 'minute'

export interface Shift {
  amount: number
  unit: MomentUnit
}

/** A moment as written: where it counts from, how far, and at what local time. */
export interface Moment {
  base:
    | { kind: 'anchor'; name: string }
    | { kind: 'local'; at: string }
    | { kind: 'instant'; at: string }
    | { kind: 'now' }
  shifts: Shift[]
  /** HH:MM, instead of the base's own time. */
  time?: string
}

/** How an instant was found: `gap` when the local time does not exist that day, `overlap` when it comes twice. */
export interface ResolvedMoment {
  at: Date
  /** As asked, YYYY-MM-DDTHH:MM; undefined for a fixed instant. */
  local?: string
  clockChange?: 'gap' | 'overlap'
}

export interface Calendar {
  /** IANA name. */
  timezone: string
  /** Whether the local date YYYY-MM-DD is a public holiday where the reader is. */
  isHoliday(date: string): boolean
}

const units: Record<string, MomentUnit> = {
  'working day': 'working day',
  'working days': 'working day',
  day: 'day',
  days: 'day',
  week: 'week',
  weeks: 'week',
  hour: 'hour',
  hours: 'hour',
  minute: 'minute',
  minutes: 'minute',
}

const datePattern = /^(\d{4})-(\d{2})-(\d{2})/
const localPattern = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?)?$/
const instantPattern = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:?\d{2})$/
/** An anchor or a step; of a printed step also the dates of its printing, such as kit.arrival. */
const anchorPattern = /^[a-zA-Z][a-zA-Z0-9_-]*(?:\.(?:proof|freeze|routing|posted|arrival))?$/
const shiftPattern = /^\s+([+-])\s+(?:(\d{1,4})\s+(working days?|days?|weeks?|hours?|minutes?)|(P[0-9WDTHMS]+))(?=\s|$)/
const example = 'such as launch - 21 working days, 09:00'

/**
 * Reads a moment. The answer is either the moment or, in one sentence, what is wrong with it and how to write it.
 * Operators stand between spaces, since names may hold hyphens.
 */
export function parseMoment(text: string): { moment: Moment } | { problem: string } {
  const [expression = '', time, ...rest] = text.split(',').map((part) => part.trim())
  if (rest.length > 0) return { problem: `"${text}" has more than one comma: write a moment and a time, ${example}.` }
  if (time !== undefined && !isTime(time)) {
    return { problem: `"${time}" is not a time of day: write it as 09:00, from 00:00 to 23:59.` }
  }
  const [word = ''] = /^\S+(?:\s\d{2}:\d{2}\S*)?/.exec(expression) ?? []
  const base = parseBase(word)
  if ('problem' in base) return base
  const shifts = parseShifts(expression.slice(word.length), text)
  if ('problem' in shifts) return shifts
  return { moment: { base: base.base, shifts: shifts.shifts, ...(time === undefined ? {} : { time }) } }
}

const isTime = (time: string): boolean => /^(?:[01]\d|2[0-3]):[0-5]\d$/.test(time)

function parseBase(word: string): { base: Moment['base'] } | { problem: string } {
  if (word === 'now') return { base: { kind: 'now' } }
  const french = /^(\d{1,2})\/(\d{1,2})\/(\d{4})/.exec(word)
  if (french) {
    const [, day, month, year] = french as unknown as [string, string, string, string]
    const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
    const missing = impossibleDate(iso)
    return { problem: missing ?? `Write the date ${word} as ${iso} (year-month-day).` }
  }
  if (datePattern.test(word)) {
    const missing = impossibleDate(word)
    if (missing) return { problem: missing }
    const clock = /[T ](\d{2}:\d{2})/.exec(word)?.[1]
    if (clock !== undefined && !isTime(clock)) return { problem: `"${clock}" in ${word} is not a time of day.` }
    if (localPattern.test(word)) return { base: { kind: 'local', at: word.replace(' ', 'T') } }
    if (instantPattern.test(word)) return { base: { kind: 'instant', at: word.replace(' ', 'T') } }
    return { problem: `"${word}" is not a date: write 2027-01-11 or 2027-01-11T08:30.` }
  }
  if (anchorPattern.test(word)) return { base: { kind: 'anchor', name: word } }
  return { problem: `"${word}" is not a moment: begin with an anchor or a date, ${example}.` }
}

function impossibleDate(iso: string): string | undefined {
  const [, year, month, day] = (datePattern.exec(iso) ?? []).map(Number) as [unknown, number, number, number]
  if (month < 1 || month > 12) return `${iso.slice(0, 10)} does not exist: there is no month ${month}.`
  const last = Temporal.PlainYearMonth.from({ year, month }).daysInMonth
  if (day >= 1 && day <= last) return undefined
  return `${iso.slice(0, 10)} does not exist: that month ends on ${iso.slice(0, 8)}${last}.`
}

function parseShifts(text: string, whole: string): { shifts: Shift[] } | { problem: string } {
  const shifts: Shift[] = []
  let rest = text
  while (rest.trim() !== '') {
    const found = shiftPattern.exec(rest)
    if (!found) {
      return {
        problem: `Cannot read "${rest.trim()}" in "${whole}": write + or - between spaces, a number and days, working days, weeks, hours or minutes, ${example}.`,
      }
    }
    const [matched, sign, count, unit, iso] = found
    const direction = sign === '-' ? -1 : 1
    if (iso === undefined) shifts.push({ amount: direction * Number(count), unit: units[unit!]! })
    else {
      const ms = durationMs(iso)
      if (ms === undefined || ms % 60_000 !== 0)
        return { problem: `"${iso}" is not a duration in whole minutes, such as PT48H or P3D.` }
      shifts.push({ amount: (direction * ms) / 60_000, unit: 'minute' })
    }
    rest = rest.slice(matched.length)
  }
  return { shifts }
}

/** Anchors that lead back to themselves, as `a → b → a`. */
export class AnchorCycle extends RangeError {
  override name = 'AnchorCycle'
}

/**
 * The instant a moment names for a reader in `timezone`. Anchors may be counted from one another.
 *
 * Working days are Monday to Friday without the holidays of the calendar; day arithmetic is on the local
 * calendar, so 09:00 stays 09:00 across a change of clocks. A local time the clocks skip becomes the first
 * instant after the gap; one that comes twice is its first occurrence, once.
 * @throws RangeError for text `parseMoment` refuses, an unknown anchor or an unresolved `now`; AnchorCycle
 */
export function resolveAt(expression: string, anchors: Readonly<Record<string, string>>, calendar: Calendar): Date {
  return resolveMoment(expression, anchors, calendar).at
}

/** As `resolveAt`, saying also when a change of clocks had a part in it. */
export function resolveMoment(
  expression: string,
  anchors: Readonly<Record<string, string>>,
  calendar: Calendar,
): ResolvedMoment {
  const moment = read(expression, anchors, calendar, [])
  if (moment.instant) return { at: new Date(moment.instant.epochMilliseconds) }
  return onClock(moment.local, calendar.timezone)
}

/** Either a fixed instant or a local time that still has to meet the reader's clock. */
type Point =
  | { instant: Temporal.Instant; local: Temporal.PlainDateTime }
  | { instant?: undefined; local: Temporal.PlainDateTime }

function read(text: string, anchors: Readonly<Record<string, string>>, calendar: Calendar, path: string[]): Point {
  const parsed = parseMoment(text)
  if ('problem' in parsed) throw new RangeError(parsed.problem)
  const { base, shifts, time } = parsed.moment
  let point = basePoint(base, anchors, calendar, path)
  for (const shift of shifts) point = moved(point, shift, calendar)
  if (time === undefined) return point
  return { local: point.local.withPlainTime(Temporal.PlainTime.from(time)) }
}

function basePoint(
  base: Moment['base'],
  anchors: Readonly<Record<string, string>>,
  calendar: Calendar,
  path: string[],
): Point {
  switch (base.kind) {
    case 'now':
      throw new RangeError('"now" is known only when the campaign starts.')
    case 'instant':
      return atInstant(Temporal.Instant.from(base.at), calendar)
    case 'local':
      return { local: Temporal.PlainDateTime.from(base.at) }
    case 'anchor': {
      if (path.includes(base.name)) throw new AnchorCycle([...path, base.name].join(' → '))
      const text = Object.hasOwn(anchors, base.name) ? anchors[base.name] : undefined
      if (text === undefined) throw new RangeError(`There is no anchor "${base.name}".`)
      return read(text, anchors, calendar, [...path, base.name])
    }
  }
}

const atInstant = (instant: Temporal.Instant, calendar: Calendar): Point => ({
  instant,
  local: instant.toZonedDateTimeISO(calendar.timezone).toPlainDateTime(),
})

function moved(point: Point, shift: Shift, calendar: Calendar): Point {
  switch (shift.unit) {
    case 'hour':
    case 'minute': {
      // Elapsed time, not wall time: 48 hours across a change of clocks are still 48 hours.
      const from =
        point.instant ?? Temporal.Instant.fromEpochMilliseconds(onClock(point.local, calendar.timezone).at.getTime())
      return atInstant(from.add({ minutes: shift.unit === 'hour' ? shift.amount * 60 : shift.amount }), calendar)
    }
    case 'day':
      return { local: point.local.add({ days: shift.amount }) }
    case 'week':
      return { local: point.local.add({ weeks: shift.amount }) }
    case 'working day':
      return { local: addWorkingDays(point.local, shift.amount, calendar.isHoliday) }
  }
}

function addWorkingDays(from: Temporal.PlainDateTime, amount: number, isHoliday: (date: string) => boolean) {
  let at = from
  let left = Math.abs(amount)
  const days = Math.sign(amount)
  while (left > 0) {
    at = at.add({ days })
    if (at.dayOfWeek <= 5 && !isHoliday(at.toPlainDate().toString())) left--
  }
  return at
}

function onClock(local: Temporal.PlainDateTime, timezone: string): ResolvedMoment {
  const earlier = local.toZonedDateTime(timezone, { disambiguation: 'earlier' })
  const later = local.toZonedDateTime(timezone, { disambiguation: 'later' })
  const asked = local.toString({ smallestUnit: 'minute' })
  if (earlier.epochMilliseconds === later.epochMilliseconds)
    return { at: new Date(earlier.epochMilliseconds), local: asked }
  if (earlier.toPlainDateTime().equals(local))
    return { at: new Date(earlier.epochMilliseconds), local: asked, clockChange: 'overlap' }
  const resumes = earlier.getTimeZoneTransition('next') ?? later
  return { at: new Date(resumes.epochMilliseconds), local: asked, clockChange: 'gap' }
}
