/**
 * How fast messages may leave: a contract kept in this process (`embedded.ts`) and across machines (`redis.ts`). Both
 * run the generic cell rate algorithm (ITU-T I.371): a limit holds the instant at which the next unit is due, and
 * each unit taken moves it on by 1/rate.
 */

/** Something that takes so many units a second: a provider account, or a sender. */
export interface Limit {
  key: string
  /** Segments for SMS, messages otherwise; Infinity where only a provider's own word slows it. */
  ratePerSecond: number
}

export interface Grant {
  /** How many of the costs asked for, from the first on, may leave now. */
  granted: number
  /** When the next might (milliseconds); 0 when all were granted. */
  waitMs: number
  /** A provider asked to slow down and has taken nothing since: it should be told when it does. */
  isSlowed: boolean
}

export interface Pace {
  /** Takes as many messages, by what they cost, as every limit allows at this instant; urgent ones may run ahead. */
  take(limits: readonly Limit[], costs: readonly number[], isUrgent: boolean): Promise<Grant>
  /** Counts units that left beyond what was taken, or gives back (negative) those that did not leave. */
  correct(limits: readonly Limit[], units: number): Promise<void>
  /** The provider asked for a pause: nothing leaves in it, then one a second until `goOn`, at half the rate after that. */
  slowDown(limit: Limit, pauseMs?: number): Promise<void>
  /** The provider takes messages again: half the rate, growing to the whole within a minute. */
  goOn(limit: Limit): Promise<void>
}

/** Lateness of ours that is made up for: so much later than allowed, and no unit is lost by it. */
export const creditMs = 500
/** After nobody wanted anything, so much of the rate may leave together: less than a look at what is owed takes. */
export const startMs = 50
/** What is urgent may run so far ahead of the rate, or one unit; what is not then waits until that is made up for. */
export const aheadMs = 250
/** Without a word of the provider on how long to pause (Retry-After). */
export const shortestPauseMs = 1_000
/** Until the provider has taken something again, one message in so long. */
export const tryEveryMs = 1_000
/** How long a rate that was halved takes to be whole again. */
export const recoveryMs = 60_000
/** However often it is halved. */
export const leastFactor = 1 / 32

/** The most that may leave over the rate within any stretch of time, in units. */
export const burstUnits = (ratePerSecond: number): number =>
  (ratePerSecond * creditMs) / 1000 + Math.max(1, (ratePerSecond * aheadMs) / 1000)
