import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { embeddedPace } from '../../src/pace/embedded.ts'
import { burstUnits, type Limit, type Pace } from '../../src/pace/pace.ts'
import { redisPace, shareWithoutRedis } from '../../src/pace/redis.ts'
import { openRedis, type Redis } from '../../src/queue/redis.ts'
import { isReached } from '../../src/queue/redis-health.ts'
import { type RedisServer, startRedis } from '../redis.ts'

const log = pino({ level: 'silent' })
let server: RedisServer
let redis: Redis
let ms = 1_000_000
const now = () => ms
const silent: Pace = embeddedPace(now)

beforeAll(async () => {
  server = await startRedis()
  redis = openRedis(server.url, log)
  expect(await isReached(redis, 10_000)).toBe(true)
})
afterAll(async () => {
  redis.disconnect()
  await server.close()
})
afterEach(() => redis.flushall())

/** How much leaves in so long, asked for every `stepMs` and whenever told to wait. */
async function drive(pace: Pace, limits: readonly Limit[], lastMs: number, cost = 1, isUrgent = false, lateMs = 0) {
  const left: number[] = []
  const end = ms + lastMs
  while (ms < end) {
    const { granted, waitMs } = await pace.take(limits, Array(4).fill(cost), isUrgent)
    for (let n = 0; n < granted; n++) for (let unit = 0; unit < cost; unit++) left.push(ms)
    ms += waitMs > 0 ? Math.max(1, Math.ceil(waitMs)) + lateMs : 0
  }
  return left
}

const mostWithin = (left: readonly number[], span: number) =>
  Math.max(...left.map((from) => left.filter((at) => at >= from && at < from + span).length))

describe.each([
  { name: 'in one process', make: () => embeddedPace(now) },
  { name: 'across machines, by Redis', make: () => redisPace(redis, silent, log, now) },
])('the pace $name', ({ make }) => {
  test.each([1, 10, 100])('is %i a second, and never more than that and one burst in ten seconds', async (rate) => {
    const limits = [{ key: 'one', ratePerSecond: rate }]
    const pace = make()
    const left = await drive(pace, limits, 40_000)
    for (const from of [5_000, 15_000, 25_000]) {
      const start = left[0]! + from
      const within = left.filter((at) => at >= start && at < start + 10_000).length
      expect(within).toBeGreaterThanOrEqual(0.97 * 10 * rate)
      expect(within).toBeLessThanOrEqual(1.001 * 10 * rate)
    }
    expect(mostWithin(left, 10_000)).toBeLessThanOrEqual(10 * rate + burstUnits(rate))
  })

  test('makes up for lateness, not for idleness', async () => {
    const limits = [{ key: 'one', ratePerSecond: 50 }]
    const pace = make()
    const left = await drive(pace, limits, 10_000, 1, false, 60)
    expect(left.length).toBeGreaterThanOrEqual(0.97 * 500)
    ms += 60_000
    const after = await drive(pace, limits, 1_000)
    expect(after.length).toBeLessThanOrEqual(50 + 50 * 0.05 + 1)
  })

  test('counts segments', async () => {
    const left = await drive(make(), [{ key: 'one', ratePerSecond: 10 }], 30_000, 3)
    expect(left.length).toBeGreaterThanOrEqual(0.97 * 300)
    expect(mostWithin(left, 10_000)).toBeLessThanOrEqual(100 + burstUnits(10) + 3)
  })

  test('keeps to the narrowest of several limits, and to each of them', async () => {
    const account = { key: 'account', ratePerSecond: 10 }
    const pace = make()
    const left = await drive(pace, [account, { key: 'slow', ratePerSecond: 2 }], 10_000)
    expect(left.length).toBeGreaterThanOrEqual(19)
    expect(left.length).toBeLessThanOrEqual(21)
  })

  test('lets what is urgent leave at once, ahead of what waits, and makes the others wait for it', async () => {
    const limits = [{ key: 'one', ratePerSecond: 10 }]
    const pace = make()
    await drive(pace, limits, 5_000)
    while ((await pace.take(limits, [1], false)).granted > 0);
    expect((await pace.take(limits, [1], true)).granted).toBe(1)
    const { waitMs } = await pace.take(limits, [1], false)
    expect(waitMs).toBeGreaterThan(100)
    const start = ms
    const urgent = await drive(pace, limits, 10_000, 1, true)
    expect(urgent.length).toBeLessThanOrEqual(100 + burstUnits(10))
    expect((await pace.take(limits, [1], false)).granted).toBe(0)
    expect(ms - start).toBeGreaterThanOrEqual(10_000)
  })

  test('gives back what did not leave and counts what left beyond', async () => {
    const limits = [{ key: 'one', ratePerSecond: 1 }]
    const pace = make()
    expect((await pace.take(limits, [1], false)).granted).toBe(1)
    await pace.correct(limits, -1)
    expect((await pace.take(limits, [1], false)).granted).toBe(1)
    await pace.correct(limits, 2)
    const { granted, waitMs } = await pace.take(limits, [1], false)
    expect(granted).toBe(0)
    expect(waitMs).toBeGreaterThan(2_900)
    expect(waitMs).toBeLessThanOrEqual(3_001)
  })

  test('asked to slow down: nothing for as long as the provider says, then one a second, then half, then all of it', async () => {
    const limit = { key: 'one', ratePerSecond: 20 }
    const pace = make()
    await drive(pace, [limit], 2_000)
    await pace.slowDown(limit, 7_000)
    // The answers of calls that were under way are no second request.
    await pace.slowDown(limit, 7_000)
    expect((await pace.take([limit], [1], true)).granted).toBe(0)
    ms += 6_900
    expect((await pace.take([limit], [1], true)).granted).toBe(0)
    ms += 200
    const tried = await drive(pace, [limit], 5_000, 1, true)
    expect(tried.length).toBeLessThanOrEqual(5)
    expect(tried.length).toBeGreaterThanOrEqual(4)
    expect((await pace.take([limit], [1], false)).isSlowed).toBe(true)
    await pace.goOn(limit)
    ms += 1_000
    const half = await drive(pace, [limit], 5_000)
    expect(half.length).toBeGreaterThanOrEqual(50)
    expect(half.length).toBeLessThanOrEqual(62)
    expect((await pace.take([limit], [1], false)).isSlowed).toBe(false)
    ms += 60_000
    expect((await drive(pace, [limit], 5_000)).length).toBeGreaterThanOrEqual(97)
  })
})

test('two workers by one Redis are one pace', async () => {
  const limits = [{ key: 'one', ratePerSecond: 10 }]
  const both = [redisPace(redis, silent, log, now), redisPace(redis, silent, log, now)]
  let left = 0
  const end = ms + 20_000
  for (let turn = 0; ms < end; turn++) {
    const { granted } = await both[turn % 2]!.take(limits, [1], false)
    left += granted
    ms += 20
  }
  expect(left).toBeGreaterThanOrEqual(0.97 * 200)
  expect(left).toBeLessThanOrEqual(200 + burstUnits(10))
})

test('without Redis eight workers together keep within the rate, and go on with it when it is back', async () => {
  const limits = [{ key: 'one', ratePerSecond: 80 }]
  const workers = Array.from({ length: 8 }, () => redisPace(redis, embeddedPace(now), log, now))
  await server.kill()
  let left = 0
  const end = ms + 10_000
  while (ms < end) {
    for (const worker of workers) left += (await worker.take(limits, [1], false)).granted
    ms += 25
  }
  expect(shareWithoutRedis * workers.length).toBe(1)
  expect(left).toBeGreaterThanOrEqual(0.9 * 800)
  expect(left).toBeLessThanOrEqual(800 + 8)
  await server.start()
  await new Promise<void>((resolve) => (redis.status === 'ready' ? resolve() : redis.once('ready', () => resolve())))
  expect((await drive(workers[0]!, limits, 2_000)).length).toBeGreaterThanOrEqual(155)
})
