/** What somebody is to the one who rewards them. */
export const regimes = ['employee', 'self_employed'] as const
export type Regime = (typeof regimes)[number]

export interface Standing {
  /** Self-employed craftsmen, franchise owners: what they win is income of their business, under other rules. */
  regime: Regime
  /** Sells, or is in direct touch with customers, where such rewards are customary. */
  isCustomerFacing: boolean
  /** Their employer belongs to the group of the one who rewards: no third party then. */
  isSameGroup: boolean
}

export type Treatment = 'flat' | 'other_regime' | 'same_group' | 'not_customer_facing'

/** Which rule a reward by a third party falls under (Code de la sécurité sociale, art. L.242-1-4). */
export function treatmentOf({ regime, isCustomerFacing, isSameGroup }: Standing): Treatment {
  if (regime === 'self_employed') return 'other_regime'
  if (isSameGroup) return 'same_group'
  return isCustomerFacing ? 'flat' : 'not_customer_facing'
}

/** Parts of the monthly minimum wage, and of what lies between them, in hundredths. */
export const freeUpTo = 15
export const flatUpTo = 150
export const flatRate = 20

export interface Estimate {
  /** What the contribution is taken of, cents. */
  baseCents: number
  /** The contribution in discharge of all others, owed by the third party, cents. */
  contributionCents: number
  /** What ordinary contributions are due on, cents. */
  excessCents: number
}

/** Both thresholds of a monthly minimum wage, to the cent. */
export const thresholdsOf = (smicCents: number) => ({
  freeCents: Math.round((smicCents * freeUpTo) / 100),
  flatCents: Math.round((smicCents * flatUpTo) / 100),
})

/**
 * The social contribution on all a beneficiary had from one third party in a calendar year, estimated: nothing up to
 * 15 % of the monthly minimum wage, 20 % of what lies between there and 150 %, ordinary contributions on what is
 * above (CSS art. L.242-1-4 as amended on 21 December 2011; circular DSS/5B/2012/56: whatever the form, cash, kind
 * or cards). Amounts in cents. For information only: what is owed is said by an accountant or Urssaf.
 */
export function estimate(totalCents: number, smicCents: number): Estimate {
  const { freeCents, flatCents } = thresholdsOf(smicCents)
  const baseCents = Math.max(0, Math.min(totalCents, flatCents) - freeCents)
  return {
    baseCents,
    contributionCents: Math.round((baseCents * flatRate) / 100),
    excessCents: Math.max(0, totalCents - flatCents),
  }
}

/** The same under the rule of whoever is rewarded: without the flat rule, all of it is pay, or all another regime’s. */
export function estimateFor(treatment: Treatment, totalCents: number, smicCents: number): Estimate {
  if (treatment === 'flat') return estimate(totalCents, smicCents)
  return { baseCents: 0, contributionCents: 0, excessCents: treatment === 'other_regime' ? 0 : totalCents }
}

/** What one more reward adds to the year’s estimate: the parts add up to the estimate of the sum, to the cent. */
export function marginal(treatment: Treatment, beforeCents: number, addedCents: number, smicCents: number): Estimate {
  const before = estimateFor(treatment, beforeCents, smicCents)
  const after = estimateFor(treatment, beforeCents + addedCents, smicCents)
  return {
    baseCents: after.baseCents - before.baseCents,
    contributionCents: after.contributionCents - before.contributionCents,
    excessCents: after.excessCents - before.excessCents,
  }
}
