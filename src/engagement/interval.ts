/** A share of some, between two bounds, all from 0 to 1 (a difference: from −1 to 1). */
export interface Interval {
  value: number
  low: number
  high: number
}

/** Two-sided 95 %. */
export const z95 = 1.959963984540054

/**
 * The share `acted` of `people` with its 95 % score interval (Wilson, Probable inference, JASA 1927), which stays
 * within 0 and 1 and is honest for few people. Undefined for nobody.
 */
export function wilson(acted: number, people: number): Interval | undefined {
  if (people <= 0) return undefined
  const value = acted / people
  const spread = z95 ** 2
  const centre = value + spread / (2 * people)
  const reach = z95 * Math.sqrt((value * (1 - value) + spread / (4 * people)) / people)
  const scale = 1 + spread / people
  return around(value, (centre - reach) / scale, (centre + reach) / scale, 0)
}

/** How many of how many acted. */
export interface Share {
  acted: number
  people: number
}

/**
 * The difference of two shares with its 95 % interval, built from both Wilson intervals (Newcombe, Interval
 * estimation for the difference between independent proportions, Statistics in Medicine 1998, method 10).
 * Undefined when one side has nobody.
 */
export function newcombe(a: Share, b: Share): Interval | undefined {
  const first = wilson(a.acted, a.people)
  const second = wilson(b.acted, b.people)
  if (!first || !second) return undefined
  const value = first.value - second.value
  const below = Math.hypot(first.value - first.low, second.high - second.value)
  const above = Math.hypot(first.high - first.value, second.value - second.low)
  return around(value, value - below, value + above, -1)
}

/** Rounding may put a bound that is the value itself, or a certainty, an ulp beyond it. */
const around = (value: number, low: number, high: number, least: number): Interval => ({
  value,
  low: Math.min(value, Math.max(least, low)),
  high: Math.max(value, Math.min(1, high)),
})
