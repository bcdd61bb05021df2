import { wilson } from '../engagement/interval.ts'

/** What is measured by reading mail along is told of no fewer people than these. */
export const fewest = 10

/** A share with what it rests on and its 95 % interval. Shares are 0 … 1. */
export type Rate =
  | {
      is: 'known'
      part: number
      /** Those of whom it is known whether they did. */
      whole: number
      share: number
      /** `whole` as a share of all who could have. */
      coverage: number
      low: number
      high: number
    }
  /** Measured on fewer than may be told. */
  | { is: 'too few' }
  /** Nothing of it is measured. */
  | { is: 'unmeasured' }

/**
 * How many of those measured did something, with its Wilson interval and how many of `all` were measured at all.
 * `least` is the number below which nothing is said.
 */
export function rateOf(part: number, whole: number, all: number, least = 0): Rate {
  const interval = wilson(Math.min(part, whole), whole)
  if (!interval) return { is: 'unmeasured' }
  if (whole < least) return { is: 'too few' }
  const { value: share, low, high } = interval
  return {
    ...{ is: 'known', part: Math.min(part, whole), whole, share, coverage: all > 0 ? Math.min(1, whole / all) : 1 },
    // Rounding may put an end 1e-17 on the wrong side of 0 % and 100 %.
    ...{ low: Math.min(low, share), high: Math.max(high, share) },
  }
}
