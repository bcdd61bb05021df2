import { Redis, type RedisOptions } from 'ioredis'
import type { Logger } from 'pino'

/** A command that has no answer by then has failed: Redis only ever speeds work up, so nobody waits for it long. */
const commandTimeoutMs = 2_000
const longestRetryMs = 5_000

/** Fails at once while Redis is away, and goes on trying to reach it. */
const impatient: RedisOptions = {
  lazyConnect: true,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 1,
  commandTimeout: commandTimeoutMs,
  connectTimeout: commandTimeoutMs,
  retryStrategy: (times) => Math.min(100 * 2 ** Math.min(times, 6), longestRetryMs),
}

/** As `impatient`, for a connection that waits in Redis for work to come. */
const blocking: RedisOptions = {
  ...impatient,
  enableOfflineQueue: true,
  commandTimeout: undefined,
  maxRetriesPerRequest: null,
}

export type { Redis } from 'ioredis'

/**
 * A connection to Redis that never keeps anybody waiting: while Redis cannot be reached every command rejects at
 * once, and it is connected to again in the background. Whether it can be reached is logged when it changes.
 */
export function openRedis(url: string, log: Logger, kind: 'commands' | 'blocking' = 'commands'): Redis {
  const redis = new Redis(url, kind === 'commands' ? impatient : blocking)
  let wasReached: boolean | undefined
  redis.on('ready', () => {
    if (wasReached === false) log.info('Redis is reached again')
    wasReached = true
  })
  redis.on('error', (error: Error) => {
    if (wasReached !== false)
      log.warn({ err: error }, 'Redis cannot be reached: work goes on by looking at the database')
    wasReached = false
  })
  // Rejected when the first try fails; the tries after it are told by the events.
  redis.connect().catch(() => undefined)
  return redis
}
