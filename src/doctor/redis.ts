import { askRedis, rightPolicy } from '../queue/redis-health.ts'
import type { Examination } from './finding.ts'

const cannotBeReached = {
  about: 'redis',
  health: 'bad',
  says: 'It cannot be reached: workers look at the database each second instead, and rates hold in each process alone.',
  mend: 'See that it runs at REDIS_URL, and that the password in there is right.',
} as const

/** Whether Redis is there, and may be relied on to keep what waits in it. */
export const examineRedis: Examination = async ({ context: { redis }, config }) => {
  if (!redis)
    return [
      {
        about: 'redis',
        health: 'unset',
        says: config.databaseUrl
          ? 'No REDIS_URL is set: several processes share the work by looking at the database.'
          : 'No REDIS_URL is set, and none is needed: one process does all the work.',
      },
    ]
  const health = await askRedis(redis).catch(() => undefined)
  if (!health) return [cannotBeReached]
  const { version, evictionPolicy } = health
  if (evictionPolicy === rightPolicy || evictionPolicy === undefined)
    return [
      {
        about: 'redis',
        health: evictionPolicy ? 'ok' : 'warn',
        says: `Redis ${version} answers; ${evictionPolicy ? 'it drops nothing when its memory is full' : 'it does not say what it does when its memory is full'}.`,
        ...(evictionPolicy ? {} : { mend: 'See that its maxmemory-policy is noeviction.' }),
      },
    ]
  return [
    {
      about: 'redis',
      health: config.redis?.acceptsEviction ? 'warn' : 'bad',
      says: `Redis ${version} drops keys when its memory is full (maxmemory-policy is ${evictionPolicy}): work may wait until it is looked for.`,
      mend: 'Set maxmemory-policy to noeviction.',
    },
  ]
}
