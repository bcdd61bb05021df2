import type { Reader } from './reader.ts'

export interface RedisConfig {
  url: string
  /** Somebody has decided to live with an eviction policy that may drop what waits. */
  acceptsEviction: boolean
}

/** REDIS_URL, which needs DATABASE_URL beside it. */
export function redisOf(reader: Reader): RedisConfig | undefined {
  const url = reader.matching(
    'REDIS_URL',
    /^rediss?:\/\/./,
    'must begin with redis:// or rediss://, such as redis://localhost:6379. Leave it out to work without Redis.',
  )
  const any = reader.matching(
    'REDIS_ANY_EVICTION',
    /^yes$/,
    'must be yes, to start beside a Redis that may drop keys; leave it out otherwise.',
  )
  if (url === undefined) return undefined
  if (reader.text('DATABASE_URL') === undefined)
    reader.problems.push(
      'REDIS_URL is set without DATABASE_URL: several processes share their work through PostgreSQL. Set DATABASE_URL to postgres://…, or leave REDIS_URL out.',
    )
  return { url, acceptsEviction: any === 'yes' }
}
