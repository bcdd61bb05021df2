import type { Logger } from 'pino'
import type { WallClock } from './clock.ts'

/** Less than this between two looks is drift, which time servers correct without a leap (milliseconds). */
const leapMs = 5_000

/**
 * Whether the wall clock can be trusted to tell how long something lasted. Leases and graces are written in wall time,
 * since several machines read them; after somebody has set the clock, they seem over too early or too late.
 */
export interface Leaps {
  /** Time that has really passed since the clock last leapt; infinite when it never did. */
  sinceLeapMs(): number
  /** Time that has really passed since it last leapt, or since this process began to watch. */
  steadyMs(): number
}

/** Watches for leaps: the wall clock beside one that nobody can set (`steadyNow`, milliseconds), at every question. */
export function watchLeaps(wall: WallClock, steadyNow: () => number, log: Logger): Leaps {
  const began = steadyNow()
  let leaptAt: number | undefined
  let difference = wall.now().getTime() - began
  const look = () => {
    const now = steadyNow()
    const by = wall.now().getTime() - now - difference
    if (Math.abs(by) >= leapMs) {
      leaptAt = now
      difference += by
      log.warn(
        { seconds: Math.round(by / 1_000) },
        'The clock was set: leases and doubts wait until they are surely over',
      )
    }
    return now
  }
  return {
    sinceLeapMs: () => {
      const now = look()
      return leaptAt === undefined ? Number.POSITIVE_INFINITY : now - leaptAt
    },
    steadyMs: () => {
      const now = look()
      return now - (leaptAt ?? began)
    },
  }
}
