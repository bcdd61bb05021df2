/** What a postal address may hold: NF Z10-011, laposte.fr/sna article 148 (6 lines of 38 characters, 7 abroad). */
export const addressRule = { lines: 6, linesAbroad: 7, characters: 38 } as const

/** Served by La Poste as home mail: France, its overseas departments and collectivities, Monaco and Andorra. */
const domestic = new Set(['FR', 'GP', 'MQ', 'GF', 'RE', 'YT', 'PM', 'BL', 'MF', 'WF', 'PF', 'NC', 'MC', 'AD'])

export type AddressProblem = { code: 'address_missing' | 'address_overflow'; detail: string }

/**
 * The address as it is printed: NFC, blanks collapsed, empty lines closed up; the last three lines in capitals
 * without accents, the street and the city without punctuation (NF Z10-011; edics.fr, "rédiger vos adresses").
 */
export function postalLines(lines: readonly string[]): string[] {
  const kept = lines.map((line) => line.normalize('NFC').replace(/\s+/gu, ' ').trim()).filter((line) => line !== '')
  return kept.map((line, i) => {
    const fromEnd = kept.length - i
    if (fromEnd > 3) return line
    const capitals = line
      .replace(/œ/gi, 'OE')
      .replace(/æ/gi, 'AE')
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .normalize('NFC')
      .toUpperCase()
    return fromEnd > 2 ? capitals : capitals.replace(/[^\p{L}\p{N}/+]+/gu, ' ').trim()
  })
}

/** Why these lines (already made by {@link postalLines}) cannot be posted; rejected, never cut. */
export function addressProblem(
  lines: readonly string[],
  postcode: string,
  country: string,
): AddressProblem | undefined {
  if (lines.length < 2) return { code: 'address_missing', detail: 'An address needs a name and a place at least.' }
  if (postcode.trim() === '') return { code: 'address_missing', detail: 'The postcode is empty.' }
  const most = domestic.has(country.toUpperCase()) ? addressRule.lines : addressRule.linesAbroad
  if (lines.length > most) {
    return { code: 'address_overflow', detail: `${lines.length} address lines; at most ${most} fit the window.` }
  }
  const long = lines.find((line) => [...line].length > addressRule.characters)
  if (long === undefined) return undefined
  return {
    code: 'address_overflow',
    detail: `Line "${long}" has ${[...long].length} characters; at most ${addressRule.characters} fit. Shorten it in the contact's address.`,
  }
}
