import { Queue as BullQueue, Worker } from 'bullmq'
import { pino } from 'pino'
import { hasRedis, startRedis } from '../src/chaos/redis.ts'
import { newId } from '../src/db/index.ts'
import { openBullQueue } from '../src/queue/bullmq.ts'
import { openRedis, type Redis } from '../src/queue/redis.ts'
import { isReached } from '../src/queue/redis-health.ts'
import { rangeSize } from '../src/queue/spread.ts'
import { compare, type Figure, type Side } from './measure.ts'

const log = pino({ level: 'silent' })
/** As many ranges of a network as may wait on a line. */
const perNetwork = 40
const bytes = { range: 0, job: 0 }

/**
 * Messages a second through Redis by ranges of a hundred, against a job for each, neither doing anything; the bytes of
 * Redis that a waiting message takes either way are said beside it.
 */
export async function benchQueue(messages: number, pairs: number): Promise<Figure> {
  if (!hasRedis()) throw new Error('This figure needs redis-server: apt-get install redis-server.')
  const server = await startRedis()
  const links = [openRedis(server.url, log), openRedis(server.url, log, 'blocking')] as const
  try {
    await Promise.all(links.map((link) => isReached(link, 5_000)))
    const figure = await compare(
      { name: 'queue', unit: 'messages', against: 'one BullMQ job a message', floor: 6, goal: 10 },
      byRanges(server.url, links[0], messages),
      byJobs(links, messages),
      pairs,
    )
    const said = `${bytes.range.toFixed(1)} B of Redis each, against ${bytes.job.toFixed(0)} B`
    return { ...figure, unit: `messages (${said})` }
  } finally {
    for (const link of links) link.disconnect()
    await server.close()
  }
}

async function usedBy(redis: Redis, messages: number, work: () => Promise<unknown>): Promise<number> {
  const used = async () => Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1])
  const before = await used()
  await work()
  return ((await used()) - before) / messages
}

const byRanges = (url: string, redis: Redis, messages: number): Side => ({
  prepare: async () => {
    await redis.flushall()
    const queue = openBullQueue({ url, redis, log })
    const networks = Array.from({ length: Math.ceil(messages / rangeSize / perNetwork) }, newId)
    const all = networks.length * perNetwork
    return async () => {
      bytes.range = await usedBy(redis, all * rangeSize, async () => {
        for (const id of networks)
          await queue.offer(id, { channel: 'sms', speed: 'bulk' }, async (_, room) =>
            Array.from({ length: room }, () => ({ first: newId(), last: newId(), priority: 2 })),
          )
      })
      let taken = 0
      await new Promise<void>((resolve) => {
        const working = queue.work({
          channels: ['sms'],
          look: () => undefined,
          take: async () => {
            if (++taken === all) void working.stop().then(resolve)
          },
        })
      })
      await queue.close()
      return all * rangeSize
    }
  },
})

const byJobs = ([redis, blocking]: readonly [Redis, Redis], messages: number): Side => ({
  prepare: async () => {
    await redis.flushall()
    const queue = new BullQueue('each', { connection: redis })
    const jobs = Array.from({ length: messages }, () => ({ name: 'one', data: { id: newId() } }))
    return async () => {
      bytes.job = await usedBy(redis, messages, async () => {
        for (let start = 0; start < jobs.length; start += 500) await queue.addBulk(jobs.slice(start, start + 500))
      })
      let done = 0
      await new Promise<void>((resolve) => {
        const options = { connection: blocking, concurrency: 8, removeOnComplete: { count: 0 } }
        const worker = new Worker(
          'each',
          async () => {
            if (++done === messages) setImmediate(() => void worker.close().then(resolve))
          },
          options,
        )
      })
      await queue.close()
      return messages
    }
  },
})
