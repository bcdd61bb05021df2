/** How many of a small network to try two variants on before the rest gets the better one. Pure. */

/** The standard deviation of true rates from one subject line to the next, where nothing better is known. */
export const usualSpread = 0.03

export interface TestSize {
  /** People each variant is tried on; a fraction is rounded by whoever draws them. */
  perVariant: number
  /** Acts over the whole list that testing is expected to add to choosing blindly. */
  expectedGain: number
}

/** Below so many expected acts a test is not worth the trouble: try the channel or the offer instead. */
export const leastGain = 1

/**
 * The number per variant that makes the most of a list used up in one go, by Test & Roll (Feit and Berman, Test & Roll:
 * Profit-Maximizing A/B Tests, Marketing Science 38(6), 2019, arXiv:1811.00457), both variants alike beforehand:
 * n* = √(N/4·r + (3r/4)²) − 3r/4 with r = (s/σ)² and s = √(p(1−p)). What the test is expected to add to choosing
 * blindly is the mean of the better of two, as far as n* each tell it, for the N − 2n* others:
 * (N − 2n*)·σ² / (√π·√(σ² + s²/n*)).
 *
 * @param people N, the whole audience
 * @param rate p, the usual rate of action, 0 … 1
 * @param spread σ, how much true rates differ
 */
export function testAndRoll(people: number, rate: number, spread = usualSpread): TestSize {
  const variance = rate * (1 - rate)
  if (people < 2 || variance <= 0 || spread <= 0) return { perVariant: 0, expectedGain: 0 }
  const r = variance / spread ** 2
  const perVariant = Math.sqrt((people / 4) * r + ((3 * r) / 4) ** 2) - (3 * r) / 4
  const rest = Math.max(0, people - 2 * perVariant)
  const certainty = spread ** 2 / Math.sqrt(spread ** 2 + variance / perVariant)
  return { perVariant, expectedGain: (rest * certainty) / Math.sqrt(Math.PI) }
}
