import { type Interval, newcombe, type Share, z95 } from './interval.ts'

/** What a campaign, or several together, did to the rate of action, against outlets that were held out by lot. */
export interface Compared {
  /** Those the campaign was for, whether or not they could be reached: leaving some out would undo the lot. */
  treated: Share
  heldOut: Share
  /** How many campaigns these figures are of. */
  campaigns: number
}

export type NotMeasurable = 'no_holdout' | 'nobody_treated' | 'too_few_held_out'

export type Uplift =
  | { isMeasurable: true; difference: Interval; leastDetectable: number }
  | {
      isMeasurable: false
      reason: NotMeasurable
      /** The least difference such sizes could have shown; undefined when one side has nobody. */
      leastDetectable?: number
    }

/** People held out in one campaign, or campaigns pooled, from which a difference may be told. */
export const leastHeldOut = 100
export const leastCampaigns = 6

/**
 * The difference a campaign made, or why none may be told: with fewer than 100 people held out, in fewer than six
 * campaigns pooled, chance alone makes differences that read like success. `people` are counted, not outlets.
 */
export function upliftOf({ treated, heldOut, campaigns }: Compared): Uplift {
  if (heldOut.people <= 0) return { isMeasurable: false, reason: 'no_holdout' }
  if (treated.people <= 0) return { isMeasurable: false, reason: 'nobody_treated' }
  const baseline = heldOut.acted / heldOut.people
  const leastDetectable = leastDetectableDifference(baseline, treated.people, heldOut.people)
  if (heldOut.people < leastHeldOut && campaigns < leastCampaigns)
    return { isMeasurable: false, reason: 'too_few_held_out', leastDetectable }
  return { isMeasurable: true, difference: newcombe(treated, heldOut)!, leastDetectable }
}

/** The normal quantile of 80 % power. */
const zPower = 0.8416212335729143

/**
 * The least rise above a baseline (0 … 1) that `treated` against `heldOut` people show with 80 % power at the 5 %
 * level, two-sided: normal approximation, pooled under no difference (Fleiss, Statistical Methods for Rates and
 * Proportions, ch. 4). All that is left to rise when nothing smaller would show.
 */
export function leastDetectableDifference(baseline: number, treated: number, heldOut: number): number {
  const isShown = (rise: number) => {
    const rate = baseline + rise
    const pooled = (baseline * heldOut + rate * treated) / (treated + heldOut)
    const none = Math.sqrt(pooled * (1 - pooled) * (1 / treated + 1 / heldOut))
    const some = Math.sqrt((baseline * (1 - baseline)) / heldOut + (rate * (1 - rate)) / treated)
    return rise >= z95 * none + zPower * some
  }
  let [low, high] = [0, 1 - baseline]
  if (!isShown(high)) return high
  while (high - low > 1e-9) {
    const middle = (low + high) / 2
    if (isShown(middle)) high = middle
    else low = middle
  }
  return high
}
