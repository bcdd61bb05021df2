/** The 97.5 % quantile of the normal distribution: what leaves 2.5 % on either side. */
const z = 1.959963984540054

export interface Interval {
  low: number
  high: number
}

/**
 * The 95 % interval of a share, by Wilson's score: it stays within 0 and 1 and says something even where nobody or
 * everybody did it, as the usual ± does not (Wilson, Journal of the American Statistical Association 22, 1927; Brown,
 * Cai and DasGupta, Statistical Science 16, 2001, recommend it for small numbers).
 *
 * @throws {RangeError} unless part and whole are numbers with 0 ≤ part ≤ whole and whole > 0.
 */
export function wilson(part: number, whole: number): Interval {
  if (!(whole > 0 && part >= 0 && part <= whole))
    throw new RangeError(`No share has an interval of ${part} out of ${whole}: give 0 ≤ part ≤ whole, whole > 0.`)
  const share = part / whole
  const shrink = 1 + z ** 2 / whole
  const middle = (share + z ** 2 / (2 * whole)) / shrink
  const half = (z * Math.sqrt((share * (1 - share)) / whole + z ** 2 / (4 * whole ** 2))) / shrink
  // Exact at the ends, where rounding would leave 1e-17 beside them.
  return { low: part === 0 ? 0 : Math.max(0, middle - half), high: part === whole ? 1 : Math.min(1, middle + half) }
}
