import type { Redis } from 'ioredis'

/** What Redis says of itself. */
export interface RedisHealth {
  version: string
  /** What it does when its memory is full; undefined where it will not tell, as managed ones may not. */
  evictionPolicy?: string
}

/** Nothing that waits in Redis may be dropped when its memory is full, https://docs.bullmq.io/guide/going-to-production */
export const rightPolicy = 'noeviction'

/** Asks Redis what it is. Rejects when it cannot be reached. */
export async function askRedis(redis: Redis): Promise<RedisHealth> {
  const info = await redis.info()
  return { version: field(info, 'redis_version') ?? 'unknown', evictionPolicy: field(info, 'maxmemory_policy') }
}

const field = (info: string, name: string): string | undefined =>
  new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] || undefined

/** Why this Redis must not be used, with the cure; undefined when it may be. */
export function policyProblem({ evictionPolicy }: RedisHealth): string | undefined {
  if (evictionPolicy === undefined || evictionPolicy === rightPolicy) return undefined
  return (
    `The Redis at REDIS_URL drops keys when its memory is full (maxmemory-policy is ${evictionPolicy}). ` +
    'Set maxmemory-policy to noeviction there, or REDIS_ANY_EVICTION=yes to start all the same: ' +
    'nothing would be lost, but work may wait until it is looked for.'
  )
}

/** Waits until Redis is reached, at most so long (milliseconds). Returns whether it is. */
export function isReached(redis: Redis, withinMs: number): Promise<boolean> {
  if (redis.status === 'ready') return Promise.resolve(true)
  return new Promise((resolve) => {
    const end = (isReady: boolean) => () => {
      clearTimeout(timer)
      redis.off('ready', ready).off('error', failed)
      resolve(isReady)
    }
    const ready = end(true)
    const failed = end(false)
    const timer = setTimeout(failed, withinMs)
    redis.once('ready', ready).once('error', failed)
  })
}

/** What this Redis lacks, if anything, while work goes on all the same. */
export async function redisLack(redis: Redis): Promise<string | undefined> {
  try {
    return policyProblem(await askRedis(redis))
  } catch {
    return 'Redis cannot be reached: workers look at the database each second instead.'
  }
}
