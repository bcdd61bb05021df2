import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { WallClock } from '../clock.ts'
import { embeddedPace } from './embedded.ts'
import type { Pace } from './pace.ts'
import { redisPace } from './redis.ts'
import { unhurried } from './unhurried.ts'

/**
 * The pace of this process, shared with others by Redis where there is one. `steadyNow` is a clock nobody can set, in
 * milliseconds; where time is made up and there is none, only the pauses that providers ask for are kept.
 */
export function openPace(
  redis: Redis | undefined,
  steadyNow: (() => number) | undefined,
  wall: WallClock,
  log: Logger,
): Pace {
  if (!steadyNow) return unhurried(embeddedPace(() => wall.now().getTime()))
  const alone = embeddedPace(steadyNow)
  return redis ? redisPace(redis, alone, log) : alone
}
