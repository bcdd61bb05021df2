import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openBullQueue } from '../../src/queue/bullmq.ts'
import { openEmbeddedQueue } from '../../src/queue/embedded.ts'
import type { Hands, KeyRange, Line, Queue, Working } from '../../src/queue/index.ts'
import { openRedis, type Redis } from '../../src/queue/redis.ts'
import { isReached } from '../../src/queue/redis-health.ts'
import { type RedisServer, startRedis } from '../redis.ts'

const log = pino({ level: 'silent' })
const bulk: Line = { channel: 'sms', speed: 'bulk' }
const range = (n: number, priority = 2): KeyRange => ({ first: `${n}-000`, last: `${n}-099`, priority })

let redis: RedisServer | undefined
let links: Redis[]
let queue: Queue
let working: Working[]
beforeEach(() => {
  links = []
  working = []
})
afterEach(async () => {
  await Promise.all(working.map((one) => one.stop()))
  await queue.close()
  for (const link of links) link.disconnect()
  await redis?.close()
  redis = undefined
})

const openShared = async (): Promise<Queue> => {
  redis ??= await startRedis()
  const link = openRedis(redis.url, log)
  links.push(link)
  await isReached(link, 5_000)
  return openBullQueue({ url: redis.url, redis: link, log })
}

/** Somebody who writes down what it is called for. */
const worker = (on: Queue, { channels = ['sms'], take }: Partial<Hands> = {}) => {
  const seen = { looks: 0, taken: [] as string[] }
  working.push(
    on.work({
      channels,
      look: () => {
        seen.looks++
      },
      take: async (networkId, line, one) => {
        seen.taken.push(`${networkId} ${line.channel}-${line.speed} ${one.first}`)
        await take?.(networkId, line, one)
      },
    }),
  )
  return seen
}

describe.each([
  ['embedded', async () => openEmbeddedQueue()],
  ['BullMQ', openShared],
])('the queue, %s', (_, open) => {
  beforeEach(async () => {
    queue = await open()
  })

  test('calls whoever works to look, and nobody who has stopped', async () => {
    const one = worker(queue)
    const other = worker(queue)
    await expect
      .poll(() => {
        queue.wake()
        return one.looks > 0 && other.looks > 0
      })
      .toBe(true)
    await working.pop()?.stop()
    const before = other.looks
    queue.wake()
    await expect.poll(() => one.looks).toBeGreaterThan(0)
    expect(other.looks).toBe(before)
  })

  test('gives each range it takes to one worker, or says that nobody hears', async () => {
    const seen = [worker(queue), worker(queue)]
    const ranges = [range(1), range(2), range(3)]
    const heard = await queue.offer('n', bulk, async () => ranges)
    expect(heard).toBe(queue.isShared())
    const taken = () => seen.flatMap((one) => one.taken).sort()
    const expected = heard ? ranges.map(({ first }) => `n sms-bulk ${first}`) : []
    await expect.poll(taken).toEqual(expected)
    await expect.poll(() => queue.waiting()).toBe(0)
    expect(taken()).toEqual(expected)
  })

  test('knows how many ranges wait', async () => {
    const heard = await queue.offer('n', bulk, async () => [range(1), range(2)])
    expect(await queue.waiting()).toBe(heard ? 2 : 0)
  })
})

describe('by BullMQ', () => {
  beforeEach(async () => {
    queue = await openShared()
  })

  test('what waits is told to whoever offers more, and room is bounded whatever is owed', async () => {
    await queue.offer('n', bulk, async () => [range(1), range(2)])
    let told: unknown
    await queue.offer('n', bulk, async (waiting, room) => {
      told = { waiting: waiting.map(({ first }) => first).sort(), room }
      return Array.from({ length: room + 10 }, (__, n) => range(100 + n))
    })
    expect(told).toEqual({ waiting: ['1-000', '2-000'], room: 38 })
    expect(await queue.waiting()).toBe(40)
    await queue.offer('n', bulk, async (waiting, room) => {
      told = { waiting: waiting.length, room }
      return []
    })
    expect(told).toEqual({ waiting: 40, room: 0 })
    await queue.offer('another', bulk, async (waiting, room) => {
      told = { waiting: waiting.length, room }
      return []
    })
    expect(told).toEqual({ waiting: 0, room: 40 })
  })

  test('what is urgent is taken before what is not, and a line is taken by its channel only', async () => {
    await queue.offer('n', bulk, async () => [range(1, 3), range(2, 2), range(3, 3), range(4, 2)])
    await queue.offer('n', { channel: 'email', speed: 'urgent' }, async () => [range(5, 0)])
    const order: number[] = []
    let isOpen = false
    const waiting: (() => void)[] = []
    worker(queue, {
      take: async (__, ___, { priority }) => {
        order.push(priority)
        if (!isOpen) await new Promise<void>((resolve) => waiting.push(resolve))
      },
    })
    // Two at a time: these were not taken together with the others.
    await expect.poll(() => order).toEqual([2, 2])
    isOpen = true
    for (const resolve of waiting) resolve()
    await expect.poll(() => order).toEqual([2, 2, 3, 3])
    await expect.poll(() => queue.waiting()).toBe(1)
  })

  test('a job holds two ids and where they are, nothing of whom they are for', async () => {
    await queue.offer('n', bulk, async () => [range(1)])
    const keys = await links[0]!.keys('*_0')
    expect(keys).toEqual(['{relais}:sms-bulk:n_0'])
    const data = await links[0]!.hget(keys[0]!, 'data')
    expect(JSON.parse(data!)).toEqual({ networkId: 'n', first: '1-000', last: '1-099', priority: 2 })
  })

  test('a process is called by another', async () => {
    const elsewhere = await openShared()
    const seen = worker(queue)
    await expect
      .poll(() => {
        elsewhere.wake()
        return seen.looks
      })
      .toBeGreaterThan(0)
    await elsewhere.close()
  })

  test('a range whose worker broke is free again', async () => {
    const seen = worker(queue, { take: () => Promise.reject(new Error('broken')) })
    await queue.offer('n', bulk, async () => [range(1)])
    await expect.poll(() => seen.taken).toHaveLength(1)
    await expect.poll(() => queue.waiting()).toBe(0)
    let room = 0
    await queue.offer('n', bulk, async (__, left) => {
      room = left
      return []
    })
    expect(room).toBe(40)
  })

  test('with Redis away nothing is offered, and all goes on once it is back', async () => {
    const seen = worker(queue)
    await redis!.kill()
    await expect.poll(() => queue.isShared()).toBe(false)
    expect(await queue.offer('n', bulk, async () => [range(1)])).toBe(false)
    expect(await queue.waiting()).toBeUndefined()
    queue.wake()
    expect(seen.looks).toBeGreaterThan(0)
    await redis!.start()
    await expect.poll(() => queue.isShared(), { timeout: 15_000 }).toBe(true)
    await expect.poll(() => queue.offer('n', bulk, async () => [range(2)]), { timeout: 15_000 }).toBe(true)
    await expect.poll(() => seen.taken, { timeout: 15_000 }).toContain('n sms-bulk 2-000')
  })

  test('what was flushed is gone, and what is offered then is taken', async () => {
    await queue.offer('n', bulk, async () => [range(1)])
    await links[0]!.flushall()
    const seen = worker(queue)
    await queue.offer('n', bulk, async () => [range(2)])
    await expect.poll(() => seen.taken).toEqual(['n sms-bulk 2-000'])
    await links[0]!.flushall()
    await queue.offer('n', bulk, async () => [range(3)])
    await expect.poll(() => seen.taken, { timeout: 15_000 }).toEqual(['n sms-bulk 2-000', 'n sms-bulk 3-000'])
  })

  test('a Redis that takes nothing more shares nothing until it does', async () => {
    await links[0]!.config('SET', 'maxmemory', '1')
    expect(await queue.offer('n', bulk, async () => [range(1)])).toBe(false)
    expect(queue.isShared()).toBe(false)
    await links[0]!.config('SET', 'maxmemory', '0')
    expect(await queue.offer('n', bulk, async () => [range(1)])).toBe(true)
    expect(queue.isShared()).toBe(true)
  })
})
