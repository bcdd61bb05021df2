import type { ChallengeRules } from './definition.ts'

export type Tier = NonNullable<ChallengeRules['tiers']>[number]

/** Where points put somebody among the tiers of the rules. */
export interface TierStanding {
  /** The highest tier reached; undefined below the first. */
  tier?: Tier
  /** The one above; undefined at the top. */
  next?: Tier
  /** Points that are missing to it; 0 at the top. */
  toNext: number
}

/**
 * The tier that points come to: the last whose threshold they reach. It rises and falls with the points, so that what
 * is reversed in the ledger is taken from the tier too. Undefined where the rules have no tiers.
 */
export function tierOf({ tiers }: Pick<ChallengeRules, 'tiers'>, points: number): TierStanding | undefined {
  if (!tiers) return undefined
  const reached = tiers.filter(({ from }) => points >= from)
  const next = tiers[reached.length]
  const tier = reached.at(-1)
  return { ...(tier ? { tier } : {}), ...(next ? { next } : {}), toNext: next ? next.from - points : 0 }
}
