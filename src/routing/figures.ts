import type { Language } from '../words.ts'

const locales: Record<Language, string> = { fr: 'fr-FR', en: 'en-GB' }
const formats = new Map<string, Intl.DateTimeFormat | Intl.NumberFormat>()

function kept<T extends Intl.DateTimeFormat | Intl.NumberFormat>(key: string, make: () => T): T {
  let format = formats.get(key) as T | undefined
  if (!format) {
    format = make()
    formats.set(key, format)
  }
  return format
}

const free: Record<Language, string> = { fr: 'sans coût', en: 'at no cost' }

/** Thousandths of a minor unit as money: `0,07 €`, and down to the tenth of a cent where a cent is too coarse. */
export function money(millis: number, currency: string, language: Language): string {
  if (millis === 0) return free[language]
  const amount = millis / 100_000
  const maximumFractionDigits = amount < 0.01 ? 3 : 2
  return kept(`money ${language} ${currency} ${maximumFractionDigits}`, () => {
    return new Intl.NumberFormat(locales[language], { style: 'currency', currency, maximumFractionDigits })
  }).format(amount)
}

/** Minutes from midnight as people say them: `8 h`, `18 h 30`; `8:00`, `18:30`. */
export function clock(minutes: number, language: Language): string {
  const hours = Math.floor(minutes / 60)
  const rest = String(Math.floor(minutes % 60)).padStart(2, '0')
  if (language === 'en') return `${hours}:${rest}`
  return rest === '00' ? `${hours} h` : `${hours} h ${rest}`
}

/** An instant (ISO 8601) on the clock of the one who receives: `lundi 23 novembre à 8 h`. */
export function instant(iso: string, timezone: string, language: Language): string {
  const at = new Date(iso)
  const day = kept(`day ${language} ${timezone}`, () => {
    return new Intl.DateTimeFormat(locales[language], {
      timeZone: timezone,
      weekday: 'long',
      day: 'numeric',
      month: 'long',
    })
  }).format(at)
  const parts = kept(`time ${timezone}`, () => {
    return new Intl.DateTimeFormat('en-GB', {
      timeZone: timezone,
      hour: 'numeric',
      minute: 'numeric',
      hourCycle: 'h23',
    })
  })
  const [hours = '0', minutes = '0'] = parts.format(at).split(':')
  const time = clock(Number(hours) * 60 + Number(minutes), language)
  return language === 'fr' ? `${day} à ${time}` : `${day} at ${time}`
}
