/** A numeric outcome on one side of a comparison, summed up. */
export interface Sample {
  count: number
  sum: number
  sumOfSquares: number
}

const meanOf = ({ count, sum }: Sample) => sum / count
/** Of the mean, unbiased: what Welch's formulas add up. */
const errorOf = ({ count, sum, sumOfSquares }: Sample) =>
  Math.max(0, (sumOfSquares - (sum * sum) / count) / (count - 1)) / count

/** The normal quantile of a two-sided 95 % interval. */
const z = 1.959963984540054

/**
 * The quantile of Student's t of a two-sided 95 % interval, by its expansion about the normal one (Abramowitz & Stegun,
 * Handbook of Mathematical Functions, 26.7.5): right to the third decimal from five degrees of freedom on.
 */
export function t95(freedom: number): number {
  const terms = [
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
    (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92160,
  ]
  return terms.reduce((sum, term, index) => sum + term / freedom ** (index + 1), z)
}

/**
 * The difference of two means with its 95 % interval, without taking the spread to be alike on both sides (Welch 1947,
 * Biometrika 34). Both sides need at least two; undefined where they do not vary at all.
 */
export function welch(one: Sample, other: Sample): { value: number; low: number; high: number } | undefined {
  const [a, b] = [errorOf(one), errorOf(other)]
  if (a + b === 0) return undefined
  const freedom = (a + b) ** 2 / (a ** 2 / (one.count - 1) + b ** 2 / (other.count - 1))
  const value = meanOf(one) - meanOf(other)
  const half = t95(freedom) * Math.sqrt(a + b)
  return { value, low: value - half, high: value + half }
}
