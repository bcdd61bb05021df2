/** What one contact of a group has shown: the weight of acts and of exposures. */
export interface Shown {
  s: number
  n: number
}

const least = 2
const most = 50
const leastContacts = 20
const leastExposures = 200

/** What the contacts of a group have shown, as far as their spread depends on it. */
export interface Spread {
  /** Those with any exposure. */
  contacts: number
  s: number
  n: number
  /** The sums of n² and of s² / n. */
  squaredN: number
  squaredS: number
}

/** Those who had no exposure say nothing. */
export function spreadOf(contacts: readonly Shown[]): Spread {
  const counted = contacts.filter((contact) => contact.n > 0)
  const sum = (of: (contact: Shown) => number) => counted.reduce((total, contact) => total + of(contact), 0)
  return {
    contacts: counted.length,
    s: sum(({ s }) => s),
    n: sum(({ n }) => n),
    squaredN: sum(({ n }) => n * n),
    squaredS: sum(({ s, n }) => (s * s) / n),
  }
}

/**
 * How many exposures a group’s mean is worth to one of its contacts, from how much contacts differ: the
 * intra-class correlation ρ of a one-way analysis of variance, κ = (1 − ρ) / ρ (Fleiss, Statistical Methods for
 * Rates and Proportions, ch. 15). Contacts who do not differ at all leave the mean everything: 50.
 */
export function kappaOf({ contacts, s, n, squaredN, squaredS }: Spread): number {
  if (contacts < 2 || n <= contacts) return most
  const between = (squaredS - (s * s) / n) / (contacts - 1)
  const within = (s - squaredS) / (n - contacts)
  const size = (n - squaredN / n) / (contacts - 1)
  const correlation = (between - within) / (between + (size - 1) * within)
  return correlation > 0 ? (1 - correlation) / correlation : most
}

/** The same, between 2 and 50, where there is enough to tell: 20 contacts and 200 exposures; undefined elsewhere. */
export function estimatedKappa(spread: Spread): number | undefined {
  if (spread.contacts < leastContacts || spread.n < leastExposures) return undefined
  return Math.min(most, Math.max(least, kappaOf(spread)))
}
