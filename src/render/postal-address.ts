/**
 * The address block of a French letter. NF Z10-011: at most six lines (seven with a country) of 38 characters,
 * empty lines closed up; from line 4 capitals without accents or punctuation. The street is abbreviated only when
 * it is longer than 32 characters. What does not fit is refused, never cut: a cut address is a returned letter.
 * Source: laposte.fr, Service national de l'adresse; NF Z10-011 (2013).
 */
export interface PostalParts {
  /** Company; free capitals and accents. */
  organisation?: string | null
  /** Person or service; left out for a letter to the whole outlet. */
  person?: string | null
  /** Street and number. */
  street?: string | null
  /** BP, building or hamlet. */
  complement?: string | null
  postcode?: string | null
  city?: string | null
  /** ISO 3166-1 alpha-2; overseas departments by their own key. Without it, France. */
  country?: string | null
}

export type PostalAddress =
  | { lines: string[]; postcode: string; country: string; problem?: undefined }
  | {
      problem: 'address.street' | 'address.postcode' | 'address.city' | 'address.tooLong' | 'address.name'
      line: string
    }

const width = 38
/** Served by La Poste as domestic mail, with French postcodes. */
const french = new Set(['FR', 'GP', 'MQ', 'GF', 'RE', 'YT', 'PM', 'BL', 'MF', 'WF', 'PF', 'NC', 'MC'])

const countries: Record<string, string> = {
  BE: 'BELGIQUE',
  CH: 'SUISSE',
  LU: 'LUXEMBOURG',
  DE: 'ALLEMAGNE',
  ES: 'ESPAGNE',
  IT: 'ITALIE',
  GB: 'ROYAUME UNI',
  UK: 'ROYAUME UNI',
  NL: 'PAYS BAS',
  PT: 'PORTUGAL',
  IE: 'IRLANDE',
  AT: 'AUTRICHE',
  US: 'ETATS UNIS',
  CA: 'CANADA',
}

const abbreviations: [RegExp, string][] = [
  [/\bZONE INDUSTRIELLE\b/, 'ZI'],
  [/\bZONE ARTISANALE\b/, 'ZA'],
  [/\bZONE D ACTIVITES?\b/, 'ZA'],
  [/\bCENTRE COMMERCIAL\b/, 'CCAL'],
  [/\bBOULEVARD\b/, 'BD'],
  [/\bAVENUE\b/, 'AV'],
  [/\bIMPASSE\b/, 'IMP'],
  [/\bALLEE\b/, 'ALL'],
  [/\bCHEMIN\b/, 'CHE'],
  [/\bPASSAGE\b/, 'PAS'],
  [/\bROUTE\b/, 'RTE'],
  [/\bPLACE\b/, 'PL'],
  [/\bSQUARE\b/, 'SQ'],
  [/\bQUARTIER\b/, 'QUA'],
  [/\bRESIDENCE\b/, 'RES'],
  [/\bFAUBOURG\b/, 'FG'],
  [/\bLOTISSEMENT\b/, 'LOT'],
  [/\bCOURS\b/, 'CRS'],
  [/\bGENERAL\b/, 'GAL'],
  [/\bMARECHAL\b/, 'MAL'],
  [/\bPRESIDENT\b/, 'PDT'],
  [/\bDOCTEUR\b/, 'DR'],
  [/\bPROFESSEUR\b/, 'PR'],
  [/\bCOMMANDANT\b/, 'CDT'],
  [/\bSAINTE\b/, 'STE'],
  [/\bSAINT\b/, 'ST'],
]

/** The block as lines, or what keeps this address from being printed. */
export function postalAddress(parts: PostalParts): PostalAddress {
  const country = (parts.country ?? 'FR').toUpperCase()
  const postcode = (parts.postcode ?? '').trim()
  const street = capitals(parts.street)
  const complement = capitals(parts.complement)
  const city = capitals(parts.city)
  if (street === '' && complement === '') return { problem: 'address.street', line: '' }
  if (french.has(country) ? !/^\d{5}$/.test(postcode) : postcode === '')
    return { problem: 'address.postcode', line: postcode }
  if (city === '') return { problem: 'address.city', line: '' }
  const names = nameLines(parts)
  if (!names) return { problem: 'address.name', line: parts.organisation ?? parts.person ?? '' }
  const lower = [abbreviated(street), abbreviated(complement), `${capitals(postcode)} ${city}`]
  if (!french.has(country)) lower.push(countries[country] ?? country)
  const lines = [...names, ...lower].filter((line) => line !== '')
  const tooLong = lines.find((line) => line.length > width)
  if (tooLong !== undefined) return { problem: 'address.tooLong', line: tooLong }
  return { lines, postcode, country }
}

/** Lines 1 to 3: the company, on two lines when it needs them, then the person. Undefined when they do not fit. */
function nameLines({ organisation, person }: PostalParts): string[] | undefined {
  const company = wrapped(printable(organisation))
  const who = wrapped(printable(person))
  const lines = [...company, ...who]
  if (lines.length === 0 || lines.length > 3 || lines.some((line) => line.length > width)) return undefined
  return lines
}

function wrapped(text: string): string[] {
  if (text === '') return []
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

const printable = (text: string | null | undefined): string =>
  (text ?? '')
    .normalize('NFC')
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim()

/** Lines 4 to 6: capitals and digits, accents and punctuation gone. */
const capitals = (text: string | null | undefined): string =>
  printable(text)
    .replaceAll('œ', 'oe')
    .replaceAll('Œ', 'OE')
    .replaceAll('æ', 'ae')
    .replaceAll('Æ', 'AE')
    .replaceAll('ß', 'ss')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

function abbreviated(line: string): string {
  let text = line
  for (const [long, short] of abbreviations) {
    if (text.length <= 32) break
    text = text.replace(long, short)
  }
  return text
}
