import type { Limit, Pace } from './pace.ts'

/**
 * A pace without rates, that keeps only the pauses providers ask for: where time is made up, as in tests and
 * measurements, nothing can be counted by the second.
 */
export function unhurried(pace: Pace): Pace {
  const freed = ({ key }: Limit): Limit => ({ key, ratePerSecond: Number.POSITIVE_INFINITY })
  return {
    ...pace,
    take: (limits, costs, isUrgent) => pace.take(limits.map(freed), costs, isUrgent),
    correct: async () => undefined,
    goOn: (limit) => pace.goOn(freed(limit)),
  }
}
