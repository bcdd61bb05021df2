/**
 * Dates in words, without the platform's locale data: the same words must come out of every version of Node, since
 * a retry has to give the same bytes.
 */
import type { Language } from '../words.ts'

const days: Record<Language, string[]> = {
  fr: ['lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi', 'dimanche'],
  en: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
}

const months: Record<Language, string[]> = {
  fr: 'janvier février mars avril mai juin juillet août septembre octobre novembre décembre'.split(' '),
  en: 'January February March April May June July August September October November December'.split(' '),
}

const written = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2}))?/

/**
 * A local date such as 2027-01-11 as "lundi 11 janvier" or "Monday 11 January", with the year on request.
 * Text that is not a date comes back as it is.
 */
export function formatDay(text: string, language: Language, withYear = false): string {
  const found = written.exec(text)
  if (!found) return text
  const [year, month, day] = found.slice(1, 4).map(Number) as [number, number, number]
  const weekday = days[language][weekdayOf(year, month, day)]
  const first = language === 'fr' && day === 1 ? '1er' : String(day)
  return `${weekday} ${first} ${months[language][month - 1] ?? ''}${withYear ? ` ${year}` : ''}`
}

/** The date of a letter: "le 11 janvier 2027", "11 January 2027". */
export function formatLetterDate(text: string, language: Language): string {
  const found = written.exec(text)
  if (!found) return text
  const [year, month, day] = found.slice(1, 4).map(Number) as [number, number, number]
  const first = language === 'fr' && day === 1 ? '1er' : String(day)
  return `${language === 'fr' ? 'le ' : ''}${first} ${months[language][month - 1] ?? ''} ${year}`
}

/** The time of a local moment such as 2027-01-11T08:30: "8 h 30", "8:30 am"; nothing when it has none. */
export function formatTime(text: string, language: Language): string {
  const found = written.exec(text)
  if (found?.[4] === undefined) return ''
  const hour = Number(found[4])
  const minute = found[5]!
  if (language === 'fr') return `${hour}\u00a0h${minute === '00' ? '' : `\u00a0${minute}`}`
  return `${hour % 12 || 12}${minute === '00' ? '' : `:${minute}`}\u00a0${hour < 12 ? 'am' : 'pm'}`
}

/** 0 for Monday (Sakamoto's congruence, Gregorian calendar). */
function weekdayOf(year: number, month: number, day: number): number {
  const offsets = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4]
  const y = month < 3 ? year - 1 : year
  const sunday = (y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + offsets[month - 1]! + day) % 7
  return (sunday + 6) % 7
}
