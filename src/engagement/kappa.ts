/** What one contact of a group has shown: the weight of acts and of exposures. */
export interface Shown {
  s: number
  n: number
}

const least = 2
const most = 50
const leastContacts = 20
const leastExposures = 200

/**
 * How many exposures a group's mean is worth to one of its contacts, from how much contacts differ: the
 * intra-class correlation ρ of a one-way analysis of variance, κ = (1 − ρ) / ρ (Fleiss, Statistical Methods for
 * Rates and Proportions, ch. 15). Contacts who do not differ at all leave the mean everything: 50.
 */
export function kappaOf(contacts: readonly Shown[]): number {
  const counted = contacts.filter((contact) => contact.n > 0)
  const groups = counted.length
  const total = counted.reduce((sum, { n }) => sum + n, 0)
  if (groups < 2 || total <= groups) return most
  const mean = counted.reduce((sum, { s }) => sum + s, 0) / total
  const between = counted.reduce((sum, { s, n }) => sum + n * (s / n - mean) ** 2, 0) / (groups - 1)
  const within = counted.reduce((sum, { s, n }) => sum + (s * (n - s)) / n, 0) / (total - groups)
  const size = (total - counted.reduce((sum, { n }) => sum + n * n, 0) / total) / (groups - 1)
  const correlation = (between - within) / (between + (size - 1) * within)
  return correlation > 0 ? (1 - correlation) / correlation : most
}

/** The same, between 2 and 50, where there is enough to tell: 20 contacts and 200 exposures; undefined elsewhere. */
export function estimatedKappa(contacts: readonly Shown[]): number | undefined {
  const total = contacts.reduce((sum, { n }) => sum + n, 0)
  if (contacts.length < leastContacts || total < leastExposures) return undefined
  return Math.min(most, Math.max(least, kappaOf(contacts)))
}
