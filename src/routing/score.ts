import type { Belief } from './types.ts'

/**
 * What a sending is worth, in thousandths of a minor unit: the value of reaching someone by the chance that they
 * act, less its price, less the weariness it adds. U = v·p − cost − λ·fatigue.
 */
export const utility = (of: { worth: number; p: number; cost: number; lambda: number; fatigue: number }): number =>
  of.worth * of.p - of.cost - of.lambda * of.fatigue

/**
 * The chance that somebody acts on one of two channels. Independent, it is 1 − (1 − a)(1 − b); but whoever ignores one
 * message rather ignores the next as well, so that half of what the second adds is believed. Show the cautious one.
 */
export function reachOfTwo(a: number, b: number): { independent: number; cautious: number } {
  const independent = 1 - (1 - a) * (1 - b)
  return { independent, cautious: (independent + Math.max(a, b)) / 2 }
}

export interface Scored {
  belief?: Belief
  utility?: number
}

export interface Steadiness {
  /** Least difference of the answer rates that makes a contact change channel. */
  hysteresis: number
  /** Or least probability that the other channel is better. */
  switchProbability: number
  /** How many exposures the prior behind a mean weighs, where a belief does not say. */
  kappa: number
}

/**
 * The option to take of those in policy order: the first, unless another is worth more and is clearly answered
 * better (by the hysteresis, or by its probability), or unless the first is sent at a loss. Options nothing is
 * believed of keep their place.
 */
export function prefer<T extends Scored>(options: readonly [T, ...T[]], steadiness: Steadiness): T {
  const [standing] = options
  if (!standing.belief || standing.utility === undefined) return standing
  let best: T = standing
  for (const option of options) {
    if (option.utility !== undefined && option.utility > (best.utility ?? Number.NEGATIVE_INFINITY)) best = option
  }
  if (best === standing || !best.belief) return standing
  if (standing.utility < 0) return best
  if (best.belief.mean - standing.belief.mean > steadiness.hysteresis) return best
  return probabilityBetter(best.belief, standing.belief, steadiness.kappa) >= steadiness.switchProbability
    ? best
    : standing
}

/**
 * Probability that one Beta posterior lies above another, by the normal approximation of their difference: within
 * 0.01 of the exact integral for the strengths met here (κ = 8 and a season of exposures).
 */
export function probabilityBetter(a: Belief, b: Belief, kappa: number): number {
  const spread = Math.sqrt(variance(a, a.kappa ?? kappa) + variance(b, b.kappa ?? kappa))
  return spread === 0 ? (a.mean > b.mean ? 1 : a.mean < b.mean ? 0 : 0.5) : normal((a.mean - b.mean) / spread)
}

const variance = ({ mean, n }: Belief, kappa: number): number => (mean * (1 - mean)) / (kappa + n + 1)

/** Standard normal distribution, Abramowitz and Stegun 26.2.17: error below 7.5e-8. */
function normal(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z))
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  const tail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series
  return z >= 0 ? 1 - tail : tail
}
