import { pino } from 'pino'
import { afterEach, describe, expect, test } from 'vitest'
import { openRedis, type Redis } from '../../src/queue/redis.ts'
import { askRedis, isReached, policyProblem } from '../../src/queue/redis-health.ts'
import { placeForRedis, type RedisServer, startRedis } from '../redis.ts'

let server: RedisServer
let redis: Redis
afterEach(async () => {
  redis.disconnect()
  await server.close()
})

const open = () => {
  redis = openRedis(server.url, pino({ level: 'silent' }))
  return redis
}

describe('a connection to Redis', () => {
  test('is reached, and says its version and what it does when its memory is full', async () => {
    server = await startRedis()
    expect(await isReached(open(), 5_000)).toBe(true)
    const health = await askRedis(redis)
    expect(health).toEqual({ version: expect.stringMatching(/^\d+\.\d+/), evictionPolicy: 'noeviction' })
    expect(policyProblem(health)).toBeUndefined()
  })

  test('to one that drops keys is refused with the cure', async () => {
    server = await startRedis('allkeys-lru')
    await isReached(open(), 5_000)
    expect(policyProblem(await askRedis(redis))).toMatch(
      /allkeys-lru.*Set maxmemory-policy to noeviction there, or REDIS_ANY_EVICTION=yes/,
    )
  })

  test('to one that is away fails at once, and is there once it comes', async () => {
    server = await placeForRedis()
    expect(await isReached(open(), 5_000)).toBe(false)
    await expect(redis.ping()).rejects.toThrow()
    await server.start()
    await expect.poll(() => redis.status, { timeout: 15_000 }).toBe('ready')
    expect(await redis.ping()).toBe('PONG')
  })

  test('is reached again on the same port after a kill -9, and what was in Redis is gone', async () => {
    server = await startRedis()
    await isReached(open(), 5_000)
    await redis.set('a', '1')
    await server.kill()
    await expect.poll(() => redis.status, { timeout: 15_000 }).not.toBe('ready')
    await server.start()
    await expect.poll(() => redis.status, { timeout: 15_000 }).toBe('ready')
    expect(await redis.get('a')).toBeNull()
  })
})

test('a Redis that will not say its policy is taken as it is', () => {
  expect(policyProblem({ version: '7.2.0' })).toBeUndefined()
})
