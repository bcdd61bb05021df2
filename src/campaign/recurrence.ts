/** Which days a recurring step comes on. Pure: local dates only, no clock and no time zone. */
import { RRuleTemporal } from 'rrule-temporal'
import { Temporal } from 'temporal-polyfill'

/** What becomes of a day that is a weekend or a holiday. */
export const closedRules = ['next', 'previous', 'keep'] as const
export type ClosedRule = (typeof closedRules)[number]

/** As written beside a step's `at`. */
export interface Recurrence {
  every: string
  on?: string
  until?: string
  count?: number
  closed?: ClosedRule
}

/** A local date, YYYY-MM-DD. */
export type LocalDate = string

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const
const byDay = Object.fromEntries(weekdays.map((name) => [name, name.slice(0, 2).toUpperCase()]))
const ordinals: Record<string, number> = { first: 1, second: 2, third: 3, fourth: 4, last: -1 }
const workingDays = 'MO,TU,WE,TH,FR'

type Unit = 'day' | 'week' | 'month' | 'quarter' | 'year'
const everyPattern = /^(?:every )?(?:(\d{1,3}) )?(day|week|month|quarter|year)s?$/

interface Read {
  /** The rule, of an occurrence's first possible day: month ends depend on it. */
  rule(start: Temporal.PlainDate): string
  closed: ClosedRule
}

type Problem = { key: 'every' | 'on' | 'closed'; message: string }

const onHelp = 'such as tuesday, first tuesday, 15, last day or last working day'

/** What cannot be read in a recurrence, and at which key; undefined when all is well. */
export function recurrenceProblem(written: Recurrence): Problem | undefined {
  const read = readRecurrence(written)
  return 'problem' in read ? read.problem : undefined
}

function readRecurrence({ every, on, closed }: Recurrence): Read | { problem: Problem } {
  const text = every.trim()
  if (/[=;]/.test(text)) {
    const message = ruleProblem(text)
    if (message) return { problem: { key: 'every', message } }
    if (on !== undefined)
      return { problem: { key: 'on', message: 'An RRULE says itself which days it means: leave on: out.' } }
    return { rule: () => text.toUpperCase(), closed: closed ?? 'next' }
  }
  const [, count, unit] = everyPattern.exec(text.toLowerCase()) ?? []
  const times = Number(count ?? 1)
  if (unit === undefined || times < 1)
    return {
      problem: {
        key: 'every',
        message: `"${every}" is no rhythm: write day, week, 2 weeks, month, quarter, year, or an RRULE such as FREQ=MONTHLY;BYDAY=1TU.`,
      },
    }
  return readOn(unit as Unit, times, on?.trim().toLowerCase(), closed)
}

function readOn(unit: Unit, times: number, on: string | undefined, closed?: ClosedRule): Read | { problem: Problem } {
  const interval = unit === 'quarter' ? 3 * times : times
  const refuse = (message: string): { problem: Problem } => ({ problem: { key: 'on', message } })
  const is = (rule: Read['rule'], byDefault: ClosedRule = 'next'): Read => ({ rule, closed: closed ?? byDefault })
  const monthly = (start: Temporal.PlainDate) =>
    unit === 'year' ? `FREQ=YEARLY;INTERVAL=${interval};BYMONTH=${start.month}` : `FREQ=MONTHLY;INTERVAL=${interval}`

  if (unit === 'day') {
    if (on !== undefined) return refuse('every: day comes each day: leave on: out, or write every: week.')
    return is(() => `FREQ=DAILY;INTERVAL=${interval}`)
  }
  if (unit === 'week') {
    if (on === undefined) return is(() => `FREQ=WEEKLY;INTERVAL=${interval}`)
    const days = on.split(/\s*,\s*/)
    const unknown = days.find((day) => !Object.hasOwn(byDay, day))
    if (unknown !== undefined) return refuse(`"${unknown}" is no day of the week: write ${weekdays.join(', ')}.`)
    const rest = days.find((day) => day === 'saturday' || day === 'sunday')
    if (rest && closed === undefined)
      return refuse(`A ${rest} is no working day: add closed: keep to mean the ${rest} itself, or next or previous.`)
    return is(() => `FREQ=WEEKLY;INTERVAL=${interval};BYDAY=${days.map((day) => byDay[day]).join()}`)
  }
  if (on === undefined) return is((start) => `${monthly(start)};${dayOfMonth(start.day)}`)
  if (on === 'last day') return is((start) => `${monthly(start)};BYMONTHDAY=-1`)
  const working = /^(first|last) working day$/.exec(on)?.[1]
  if (working)
    return is(
      (start) => `${monthly(start)};BYDAY=${workingDays};BYSETPOS=${ordinals[working]}`,
      working === 'last' ? 'previous' : 'next',
    )
  const day = /^\d{1,2}$/.test(on) ? Number(on) : undefined
  if (day !== undefined)
    return day >= 1 && day <= 31
      ? is((start) => `${monthly(start)};${dayOfMonth(day)}`)
      : refuse(`There is no ${on}th of a month: write a day from 1 to 31, or last day.`)
  const [, ordinal = '', weekday = ''] = /^(\w+) (\w+)$/.exec(on) ?? []
  if (!Object.hasOwn(ordinals, ordinal) || !Object.hasOwn(byDay, weekday))
    return refuse(`Cannot read "${on}": write ${onHelp}.`)
  return is((start) => `${monthly(start)};BYDAY=${ordinals[ordinal]}${byDay[weekday]}`)
}

/** A day of the month, or the month's last where it is shorter: the 31st is 28 February. */
const dayOfMonth = (day: number): string =>
  day <= 28
    ? `BYMONTHDAY=${day}`
    : `BYMONTHDAY=${Array.from({ length: day - 27 }, (_, index) => 28 + index).join()};BYSETPOS=-1`

const within = (low: number, high: number) => (text: string) =>
  /^[+-]?\d{1,3}$/.test(text) &&
  Math.abs(Number(text)) >= low &&
  Math.abs(Number(text)) <= high &&
  (low === 0 || Number(text) !== 0)
const list = (isOne: (text: string) => boolean) => (text: string) => text.split(',').every(isOne)

/** The parts of a rule that name days, each with what it may hold (RFC 5545, section 3.3.10). */
const ruleParts: Record<string, (text: string) => boolean> = {
  FREQ: (text) => ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'].includes(text),
  INTERVAL: (text) => /^[1-9]\d{0,2}$/.test(text),
  BYDAY: list((text) => /^(?:[+-]?[1-5])?(?:MO|TU|WE|TH|FR|SA|SU)$/.test(text)),
  BYMONTHDAY: list(within(1, 31)),
  BYMONTH: list((text) => /^(?:[1-9]|1[0-2])$/.test(text)),
  BYYEARDAY: list(within(1, 366)),
  BYWEEKNO: list(within(1, 53)),
  BYSETPOS: list(within(1, 366)),
  WKST: (text) => /^(?:MO|TU|WE|TH|FR|SA|SU)$/.test(text),
}

/** The library passes over what it cannot read; whoever wrote it should hear of it instead. */
function ruleProblem(text: string): string | undefined {
  const parts = text.toUpperCase().split(';')
  if (!parts.some((part) => part.startsWith('FREQ=')))
    return 'An RRULE needs FREQ=DAILY, WEEKLY, MONTHLY or YEARLY, such as FREQ=MONTHLY;BYDAY=1TU.'
  for (const part of parts) {
    const [name = '', value = ''] = part.split('=')
    if (name === 'UNTIL' || name === 'COUNT')
      return `Write ${name.toLowerCase()}: beside every: instead of ${name}= in the rule.`
    const isGood = Object.hasOwn(ruleParts, name) ? ruleParts[name] : undefined
    if (!isGood) return `"${name}" is not read in a rule here: use ${Object.keys(ruleParts).join(', ')}.`
    if (!isGood(value)) return `"${part}" is not possible in a rule (RFC 5545).`
  }
  return undefined
}

export const closedRuleOf = (written: Recurrence): ClosedRule => {
  const read = readRecurrence(written)
  return 'problem' in read ? 'next' : read.closed
}

/** A rule that names no day for so many of its periods names none any more: 30 February. */
const mostPeriods = 10_000

/** How many days are asked for at a time; the library counts from the first day each time. */
const portions = [16, 128, 1_024, 8_192] as const

/**
 * The days a recurrence names, first to last, from `start` on: `until` (inclusive) and `count` end it, otherwise it
 * goes on for thousands. A rule that never names a day gives none. The 31st of a shorter month is its last day when
 * written as a day (`on: 31`); an RRULE's BYMONTHDAY=31 means the months that have one, as RFC 5545 says.
 * @throws RangeError for what `recurrenceProblem` refuses
 */
export function* recurrenceDates(written: Recurrence, start: LocalDate, until?: LocalDate): Generator<LocalDate> {
  const read = readRecurrence(written)
  if ('problem' in read) throw new RangeError(read.problem.message)
  const first = Temporal.PlainDate.from(start)
  const rule = new RRuleTemporal({
    rruleString: read.rule(first),
    // UTC has no clock changes: only the calendar counts here.
    dtstart: first.toZonedDateTime('UTC'),
    maxIterations: mostPeriods,
    temporal: Temporal,
  })
  const most = written.count ?? Number.POSITIVE_INFINITY
  let given = 0
  for (const portion of portions) {
    const dates = datesOf(rule, portion)
    for (const date of dates.slice(given)) {
      if (given >= most || (until !== undefined && date > until)) return
      yield date
      given++
    }
    if (dates.length < portion) return
  }
}

function datesOf(rule: RRuleTemporal<Temporal.ZonedDateTime>, most: number): LocalDate[] {
  const dates: LocalDate[] = []
  try {
    rule.all((date) => {
      dates.push(date.toPlainDate().toString())
      return dates.length < most
    })
  } catch (error) {
    // Its own bound on periods without a day; what was found before holds.
    if (!(error instanceof Error && /exceeded/.test(error.message))) throw error
  }
  return dates
}
