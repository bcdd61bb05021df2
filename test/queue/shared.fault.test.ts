import { describe, expect, test } from 'vitest'
import type { Setting } from '../../src/chaos/fault.ts'
import { redisAway } from '../../src/chaos/redis-away.ts'
import { redisFull } from '../../src/chaos/redis-full.ts'
import { redisLost } from '../../src/chaos/redis-lost.ts'
import { openShared } from '../../src/chaos/shared.ts'
import { systemClock } from '../../src/clock.ts'
import { createPostgresDatabase } from '../database.ts'
import { startRedis } from '../redis.ts'

const setting: Setting = { seed: '1', scale: 0.02, postgres: createPostgresDatabase }
const patienceMs = 400_000

describe('processes that share one PostgreSQL and one Redis', () => {
  test(
    'send everything once; a worker that is asked to stop in the middle leaves nothing in doubt',
    async () => {
      const people = 150
      const redis = await startRedis()
      const shared = await openShared(setting, people, redis.url)
      if (typeof shared === 'string') throw new Error(shared)
      const { stand } = shared
      try {
        await Promise.all([shared.web(), shared.web()])
        // Webs send nothing: whatever leaves, a worker sent.
        const workers = [shared.worker(), shared.worker(), shared.worker('--channels', 'sms,email')]
        // Slow enough that most is still owed when one of them is asked to stop.
        stand.twilio.plan.pause(200)
        await shared.taken(people / 6)
        const asked = systemClock.now().getTime()
        // One that has sent: the others must send the rest.
        const [sender] = await stand.stored<{ worker: string }>('select worker from attempts limit 1')
        const one = workers.find(({ pid }) => sender?.worker.includes(`:${pid}:`))!
        one.signal('SIGTERM')
        const { code } = await one.ended
        expect(code).toBe(0)
        expect(systemClock.now().getTime() - asked).toBeLessThan(30_000)
        const its = await stand.one(
          `select count(*) n from deliveries where status in ('sending', 'unknown') and claimed_by like '%:${one.pid}:%'`,
        )
        expect(its).toBe(0)
        await shared.settled(one)
        const { lost, extra, workers: sent } = await shared.end()
        expect({ lost, extra }).toEqual({ lost: 0, extra: 0 })
        expect(sent).toBeGreaterThan(1)
        expect(sent).toBeLessThanOrEqual(3)
      } finally {
        await stand.close()
        await redis.close()
      }
    },
    patienceMs,
  )

  test(
    'lose nothing and send nothing twice when Redis is killed, comes back empty, and is flushed',
    async () => {
      expect(await redisLost(setting)).toMatchObject({ messages: 120, kills: 2, lost: 0, extra: 0 })
    },
    patienceMs,
  )

  test(
    'refuse a Redis that drops keys, and send without one that is full',
    async () => {
      expect(await redisFull(setting)).toMatchObject({ messages: 60, lost: 0, extra: 0 })
    },
    patienceMs,
  )

  test(
    'start without Redis, say so, and take it up when it comes',
    async () => {
      expect(await redisAway(setting)).toMatchObject({ messages: 90, lost: 0, extra: 0 })
    },
    patienceMs,
  )
})
