import { createRequire } from 'node:module'
import type DateHolidays from 'date-holidays'
import { overseasKeys } from './policy.ts'

const dayMs = 86_400_000

/** Loaded at the first question: it takes a fifth of a second, and most commands ask none. */
let loaded: typeof DateHolidays | undefined
const Holidays = (): typeof DateHolidays => {
  loaded ??= createRequire(import.meta.url)('date-holidays') as typeof DateHolidays
  return loaded
}

interface Calendar {
  country: string
  state?: string
}

/** Days since 1 January 1970 by region, then by year: one look-up in date-holidays costs a millisecond. */
const years = new Map<string, Map<number, ReadonlySet<number>>>()

/** INSEE department numbers of the overseas departments, as they appear in files. */
const overseasDepartments: Record<string, string> = {
  '971': 'GP',
  '972': 'MQ',
  '973': 'GF',
  '974': 'RE',
  '975': 'PM',
  '976': 'YT',
  '977': 'BL',
  '978': 'MF',
}

/**
 * Where the holidays of a region are found: `FR`, `FR-67` (Alsace-Moselle), `RE`, `CH-GE` … date-holidays falls
 * back to the national days on a region it does not know without saying so; here that is `isExact: false`.
 * Undefined when the country itself is unknown.
 */
export function calendarOf(region: string): (Calendar & { isExact: boolean }) | undefined {
  const [country = '', part] = region.split('-')
  const overseas = country === 'FR' && part ? (overseasDepartments[part] ?? part) : country
  if ((overseasKeys as readonly string[]).includes(overseas)) return { country: overseas, isExact: true }
  const reference = new (Holidays())()
  if (!Object.hasOwn(reference.getCountries(), country)) return undefined
  if (part === undefined) return country === 'GB' ? { ...england, isExact: false } : { country, isExact: true }
  const states: Record<string, string> = reference.getStates(country) ?? {}
  return Object.hasOwn(states, part) ? { country, state: part, isExact: true } : { country, isExact: false }
}

/** Great Britain as a whole misses the summer bank holiday, which all of England and Wales keep. */
const england: Calendar = { country: 'GB', state: 'ENG' }

/** Whether a local date (YYYY-MM-DD) is a public holiday there; only the type `public` of date-holidays counts. */
export const isPublicHoliday = (region: string, date: string): boolean =>
  isHolidayOn(region, Date.parse(`${date}T00:00:00Z`) / dayMs)

/** The same by days since 1 January 1970, as the hours reckon. */
export function isHolidayOn(region: string, day: number): boolean {
  const year = new Date(day * dayMs).getUTCFullYear()
  const known = years.get(region)?.get(year)
  if (known) return known.has(day)
  const holidays = publicHolidays(region, year)
  years.set(region, new Map(years.get(region)).set(year, holidays))
  return holidays.has(day)
}

function publicHolidays(region: string, year: number): ReadonlySet<number> {
  const found = new Set<number>()
  for (const { first, length } of holidaysIn(region, year))
    for (let day = first; day < first + length; day++) found.add(day)
  return found
}

/** The public holidays of a year by name, in a language where date-holidays has it; the first day of each. */
export const namedHolidays = (region: string, year: number, language: string): { date: string; name: string }[] =>
  holidaysIn(region, year, language).map(({ first, name }) => ({
    date: new Date(first * dayMs).toISOString().slice(0, 10),
    name,
  }))

function holidaysIn(
  region: string,
  year: number,
  language?: string,
): { first: number; length: number; name: string }[] {
  const calendar = calendarOf(region)
  if (!calendar) return []
  const options = { types: ['public' as const] }
  const holidays = calendar.state
    ? new (Holidays())(calendar.country, calendar.state, options)
    : new (Holidays())(calendar.country, options)
  return holidays
    .getHolidays(year, language)
    .filter((holiday) => holiday.type === 'public')
    .map((holiday) => ({
      first: Date.parse(`${holiday.date.slice(0, 10)}T00:00:00Z`) / dayMs,
      length: Math.max(1, Math.round((holiday.end.getTime() - holiday.start.getTime()) / dayMs)),
      name: holiday.name,
    }))
}
