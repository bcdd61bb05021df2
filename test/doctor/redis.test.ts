import { pino } from 'pino'
import { afterEach, expect, test } from 'vitest'
import { examineRedis } from '../../src/doctor/redis.ts'
import type { Relais } from '../../src/main.ts'
import { openRedis, type Redis } from '../../src/queue/redis.ts'
import { isReached } from '../../src/queue/redis-health.ts'
import { placeForRedis, type RedisServer, startRedis } from '../redis.ts'

let server: RedisServer | undefined
let redis: Redis | undefined
afterEach(async () => {
  redis?.disconnect()
  await server?.close()
  redis = server = undefined
})

const examined = async (acceptsEviction = false) => {
  if (server) {
    redis = openRedis(server.url, pino({ level: 'silent' }))
    await isReached(redis, 5_000)
  }
  const config = {
    databaseUrl: 'postgres://db/relais',
    ...(server ? { redis: { url: server.url, acceptsEviction } } : {}),
  }
  return examineRedis({ context: { redis }, config } as unknown as Relais)
}

test('without REDIS_URL nothing is wrong', async () => {
  expect(await examined()).toMatchObject([{ about: 'redis', health: 'unset' }])
})

test('a Redis that keeps everything is well, with its version', async () => {
  server = await startRedis()
  expect(await examined()).toEqual([
    { about: 'redis', health: 'ok', says: expect.stringMatching(/^Redis \d+\.\S+ answers; it drops nothing/) },
  ])
})

test('one that drops keys is bad, unless somebody has decided to live with it', async () => {
  server = await startRedis('volatile-lru')
  expect(await examined()).toMatchObject([
    { health: 'bad', says: expect.stringContaining('volatile-lru'), mend: 'Set maxmemory-policy to noeviction.' },
  ])
  redis?.disconnect()
  expect(await examined(true)).toMatchObject([{ health: 'warn' }])
})

test('one that cannot be reached is bad, and what goes on is said', async () => {
  server = await placeForRedis()
  expect(await examined()).toMatchObject([{ health: 'bad', says: expect.stringContaining('look at the database') }])
})
