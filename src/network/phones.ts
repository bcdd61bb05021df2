import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max'

export interface Phone {
  e164: string
  /** Only a `mobile` receives SMS. */
  kind: 'mobile' | 'phone'
  /** ISO 3166-1 alpha-2 of the number, overseas departments by their own key; null when the plan does not say. */
  country: string | null
}

export interface PhoneProblem {
  problem: 'spreadsheet_number' | 'not_a_number' | 'too_short' | 'too_long' | 'not_in_use'
  /** How many digits it has, where that is what is wrong. */
  digits?: number
  /** What is wrong and how to mend it. */
  message: string
}

/** One numbering plan, one dialling habit: someone overseas writes 0692… as someone in Lyon writes 06…. */
const frenchPlan: readonly CountryCode[] = ['FR', 'RE', 'GP', 'MQ', 'GF', 'YT']

/** Ranges the library calls invalid and that are nevertheless accepted, each with its origin. */
export const acceptedRanges = [
  {
    from: '+33639980000',
    to: '+33639989999',
    kind: 'mobile' as const,
    country: 'FR',
    source: 'Arcep, decision 2018-0881 (numbering plan): 06 39 98 is kept for audiovisual works, given to nobody',
    checkedOn: '2026-03-01',
  },
]

const memory = new Map<string, Phone | PhoneProblem>()
const remembered = 20_000

const foreignDigits = /[\u0660-\u0669\u06f0-\u06f9\uff10-\uff19]/g
const digitOf = (digit: string) => String(digit.charCodeAt(0) & 0xf)
const scientific = /^\d+(?:[.,]\d+)?e[+-]?\d+$/i

/** Digits with a leading + when it is international; null when the cell is not a number at all. */
function bareNumber(cell: string): string | null {
  let text = cell.replace(foreignDigits, (digit) =>
    digit >= '\u06f0' && digit <= '\u06f9' ? String(digit.charCodeAt(0) - 0x6f0) : digitOf(digit),
  )
  text = text.replace(/^['’\s]+/, '').replace(/^tel:/i, '')
  text = text.replace(/(?:;ext=|\s*(?:ext\.?|poste|x)\s*)\d+$/i, '')
  text = text.replace(/^(\+|00)(\d{1,3})\s*\(0\)/, '$1$2')
  text = text.replace(/[\s.\-–/()\u00a0\u202f\u2011]/g, '')
  if (text.startsWith('00') && text.length > 10) text = `+${text.slice(2)}`
  return /^\+?\d+$/.test(text) ? text : null
}

function accepted(number: string): Phone | undefined {
  const e164 = number.replace(/^(?:\+33|0)?(?=[1-9]\d{8}$)/, '+33')
  const range = acceptedRanges.find(({ from, to }) => e164.length === from.length && e164 >= from && e164 <= to)
  return range && { e164, kind: range.kind, country: range.country }
}

function valid(number: string, country: CountryCode): Phone | undefined {
  const parsed = parsePhoneNumberFromString(number, country)
  if (!parsed) return
  const type = parsed.getType()
  // The max metadata knows every range, so a number without a type belongs to nobody.
  if (type === undefined || !parsed.isValid()) return
  return {
    e164: parsed.number,
    kind: type === 'MOBILE' || type === 'FIXED_LINE_OR_MOBILE' ? 'mobile' : 'phone',
    country: parsed.country ?? null,
  }
}

function parse(cell: string, home: string): Phone | PhoneProblem {
  if (scientific.test(cell.replace(/[\s']/g, '')))
    return {
      problem: 'spreadsheet_number',
      message:
        'the spreadsheet has rounded the number and its digits are lost: format the column as text, type the number again and export once more',
    }
  const number = bareNumber(cell)
  if (number === null)
    return { problem: 'not_a_number', message: 'this is not a phone number: leave the cell empty when there is none' }
  const fiction = accepted(number)
  if (fiction) return fiction
  const isFrench = (frenchPlan as readonly string[]).includes(home)
  const order = isFrench || !isSupportedCountry(home) ? frenchPlan : [home, ...frenchPlan]
  for (const country of order) {
    const phone = valid(number, country)
    if (phone) return phone
  }
  // +33 692 … is how a spreadsheet formula writes 0692 …: the overseas number meant is the national one.
  const national = /^\+33([1-9]\d{8})$/.exec(number)?.[1]
  if (national)
    for (const country of frenchPlan.slice(1)) {
      const phone = valid(`0${national}`, country)
      if (phone) return phone
    }
  const digits = number.replace('+', '').length
  if (digits < 9) return { problem: 'too_short', digits, message: `a phone number has more than ${digits} digits` }
  if (digits > 13) return { problem: 'too_long', digits, message: `no phone number has ${digits} digits` }
  return { problem: 'not_in_use', message: 'no such number is in use: check its digits and its country code' }
}

/**
 * Reads a phone number as people type it and spreadsheets spoil it: spaces, dots, `+33 (0)6…`, `0033…`, a leading
 * apostrophe, the lost zero. `home` is the country whose numbers are written nationally (ISO 3166-1 alpha-2);
 * French numbers are tried as mainland first, then Réunion, Guadeloupe, Martinique, French Guiana, Mayotte.
 * Extensions are dropped.
 */
export function readPhone(cell: string, home = 'FR'): Phone | PhoneProblem {
  const key = home === 'FR' ? cell : `${home}\u0000${cell}`
  const known = memory.get(key)
  if (known) return known
  const read = parse(cell, home)
  if (memory.size >= remembered) memory.clear()
  memory.set(key, read)
  return read
}
