import { type CountryCode, getCountryCallingCode, isSupportedCountry } from 'libphonenumber-js/max'

/** Where a national number that begins with 0 may lie: the French plan has several calling codes. */
const frenchCodes = ['33', '262', '590', '594', '596']
const frenchPlan = ['FR', 'RE', 'GP', 'MQ', 'GF', 'YT']

const numberForm = /^\+?[\d\s\u00a0\u202f().\-–/]+$/

/**
 * What stored numbers (E.164) begin with when somebody types the beginning of a phone number the way people do:
 * `06 39 98`, `+33 (0)6 39`, `0033 6`, `639980001`, `33639`. Empty when it is no beginning of a number, or less
 * than four digits.
 */
export function phonePrefixes(typed: string, home = 'FR'): string[] {
  const text = typed.trim()
  if (!numberForm.test(text)) return []
  const digits = text.replace(/^(\+|00)(\d{1,3})\s*\(0\)/, '$1$2').replace(/[^\d+]/g, '')
  if (digits.replace('+', '').length < 4) return []
  if (digits.startsWith('+')) return [digits]
  if (digits.startsWith('00')) return [`+${digits.slice(2)}`]
  const national = digits.startsWith('0') ? digits.slice(1) : digits
  const codes = frenchPlan.includes(home) || !isSupportedCountry(home) ? frenchCodes : [codeOf(home), ...frenchCodes]
  const prefixes = new Set(codes.map((code) => `+${code}${national}`))
  // Without the plus, or with the zero a spreadsheet dropped: nobody can tell them apart.
  if (!digits.startsWith('0')) prefixes.add(`+${digits}`)
  const all = [...prefixes].sort()
  return all.filter((prefix) => !all.some((other) => other !== prefix && prefix.startsWith(other)))
}

const codeOf = (country: CountryCode): string => getCountryCallingCode(country)
