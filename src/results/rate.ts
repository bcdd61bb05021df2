import { type Interval, wilson } from './wilson.ts'

/** What is measured by reading mail along is told of no fewer people than these. */
export const fewest = 10

/** A share with what it rests on. Shares are 0 … 1. */
export type Rate =
  | ({
      is: 'known'
      part: number
      /** Those of whom it is known whether they did. */
      whole: number
      share: number
      /** `whole` as a share of all who could have. */
      coverage: number
    } & Interval)
  /** Measured on fewer than may be told. */
  | { is: 'too few' }
  /** Nothing of it is measured. */
  | { is: 'unmeasured' }

/**
 * How many of those measured did something, with its Wilson interval and how many of `all` were measured at all.
 * `least` is the number below which nothing is said.
 */
export function rateOf(part: number, whole: number, all: number, least = 0): Rate {
  if (whole === 0) return { is: 'unmeasured' }
  if (whole < least) return { is: 'too few' }
  const done = Math.min(part, whole)
  return {
    ...{ is: 'known', part: done, whole, share: done / whole, coverage: all > 0 ? Math.min(1, whole / all) : 1 },
    ...wilson(done, whole),
  }
}
