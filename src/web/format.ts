import type { Language } from '../words.ts'

const locales: Record<Language, string> = { fr: 'fr-FR', en: 'en-GB' }

/** Dates, numbers and money as one reader in one network sees them. */
export interface Formats {
  /** lundi 11 janvier 2027 à 08:30 */
  long(at: Date): string
  /** lun. 11 janv. 2027 08:30 */
  moment(at: Date): string
  /** 11 janv. 2027 08:30 */
  short(at: Date): string
  /** 11 janv. 2027 */
  date(at: Date): string
  number(value: number): string
  /** What something is called, and what it is: French leaves a space before the colon. */
  labelled(label: string, text: string): string
  /** A share of a whole; a whole of 0 is a dash, not 0 %. */
  share(part: number, whole: number): string
  /** Minor units (cents). */
  money(minor: number, currency: string): string
  /** Thousandths of a minor unit, down to a tenth of a cent. */
  moneyOfMillis(millis: number, currency: string): string
}

const cached = new Map<string, Formats>()

/** Formatters are slow to make and few: one set per language and time zone. */
export function formatsFor(language: Language, timezone: string): Formats {
  const key = `${language} ${timezone}`
  const known = cached.get(key)
  if (known) return known
  const locale = locales[language]
  const dates = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(locale, { timeZone: timezone, ...options })
    // A line must not end between “à” and the time.
    return (at: Date) => format.format(at).replace(' à ', ' à\u00a0')
  }
  const number = new Intl.NumberFormat(locale)
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 })
  const currency = (code: string, digits: number) =>
    new Intl.NumberFormat(locale, {
      style: 'currency',
      currency: code,
      minimumFractionDigits: 2,
      maximumFractionDigits: digits,
    })
  const made: Formats = {
    long: dates({
      weekday: 'long',
      day: 'numeric',
      month: 'long',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
    }),
    moment: dates({
      weekday: 'short',
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
    }),
    short: dates({ day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' }),
    date: dates({ day: 'numeric', month: 'short', year: 'numeric' }),
    number: (value) => number.format(value),
    labelled: (label, text) => `${label}${language === 'fr' ? '\u00a0' : ''}: ${text}`,
    share: (part, whole) => (whole > 0 ? percent.format(part / whole) : '–'),
    money: (minor, code) => currency(code, 2).format(minor / 100),
    moneyOfMillis: (millis, code) => currency(code, 4).format(millis / 100_000),
  }
  cached.set(key, made)
  return made
}
