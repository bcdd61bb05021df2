import { and, type Column, gte, lt, type SQL } from 'drizzle-orm'
import { fold } from './folding.ts'

/** Nothing that begins with a text sorts after the text and this; both databases compare bytes. */
const last = '\u{10FFFF}'

/** Whether a column that is compared by its bytes begins with `prefix`, as a range of its index. */
export const beginsWith = (column: Column, prefix: string): SQL | undefined =>
  and(gte(column, prefix), lt(column, prefix + last))

export interface NameKeys {
  /** Last name first. */
  nameKey: string
  /** First name first. */
  givenKey: string
}

/**
 * What a person is sorted and looked for by. Where a file has the whole name in one cell, nobody knows which word
 * is the family's: the last one is taken to be, the other way round for the second key.
 */
export function nameKeysOf(person: { firstName: string | null; lastName: string | null }): NameKeys {
  const first = fold(person.firstName ?? '')
  const family = fold(person.lastName ?? '')
  if (first && family) return { nameKey: `${family} ${first}`, givenKey: `${first} ${family}` }
  const whole = first || family
  const cut = whole.lastIndexOf(' ')
  return { nameKey: whole, givenKey: cut < 0 ? whole : `${whole.slice(cut + 1)} ${whole.slice(0, cut)}` }
}

/** A town for sorting and searching: “St-Étienne” and “SAINT ETIENNE” meet. */
export const cityKeyOf = (city: string | null): string =>
  fold(city ?? '')
    .replace(/\bst(?= )/g, 'saint')
    .replace(/\bste(?= )/g, 'sainte')
