import { setTimeout as pause } from 'node:timers/promises'
import { Queue as BullQueue, Worker } from 'bullmq'
import type { Logger } from 'pino'
import { type ChannelName, channelNames } from '../words.ts'
import type { Hands, KeyRange, Line, Queue, Speed } from './index.ts'
import { openRedis, type Redis } from './redis.ts'

/** In braces, so that a cluster keeps all of it in one place. */
const prefix = '{relais}'
const bell = '{relais}:look'
/** So many ranges of a network wait on a line at most: what Redis holds does not grow with what is owed. */
const slots = 40
const atOnce = 2
/** A worker that has said nothing for so long has gone, and its ranges are offered to others. */
const lockMs = 10_000
const retryMs = 1_000
const farewellMs = 1_000
const none = { count: 0 }

const lineName = ({ channel, speed }: Line): string => `${channel}-${speed}`
const linesOf = (channels: readonly ChannelName[]): Line[] =>
  channels.flatMap((channel) => (['urgent', 'bulk'] as const satisfies Speed[]).map((speed) => ({ channel, speed })))

interface Job extends KeyRange {
  networkId: string
}

/** The workers of one life of Redis: what BullMQ remembers of the life before is of no use. */
interface Life {
  workers: Worker<Job>[]
  connections: Redis[]
}

/**
 * By BullMQ. `redis` gives and counts; whoever works has connections of its own to `url`. While Redis is away nothing
 * is offered, nobody waits for it, and it is taken up again when it is back.
 */
export function openBullQueue({ url, redis, log }: { url: string; redis: Redis; log: Logger }): Queue {
  const offering = new Map<string, BullQueue<Job>>()
  const working = new Set<Hands>()
  let isRefused = false

  const queueOf = (line: Line): BullQueue<Job> => {
    const name = lineName(line)
    let queue = offering.get(name)
    if (!queue) {
      queue = new BullQueue<Job>(name, { connection: redis, prefix })
      // Each call that fails is told by its own rejection.
      queue.on('error', () => undefined)
      offering.set(name, queue)
    }
    return queue
  }
  const isReady = () => redis.status === 'ready'
  /** What Redis takes no more is not offered to it until it does. */
  const asked = async <T>(ask: () => Promise<T>): Promise<T | undefined> => {
    if (!isReady()) return undefined
    try {
      const answer = await ask()
      isRefused = false
      return answer
    } catch (error) {
      if (!isRefused) log.warn({ err: error }, 'Redis takes no work: it is done by looking at the database')
      isRefused = true
      const broken = [...offering.values()]
      offering.clear()
      for (const queue of broken) queue.close().catch(() => undefined)
      return undefined
    }
  }
  const look = () => {
    for (const hands of working) hands.look()
  }

  return {
    isShared: () => isReady() && !isRefused,
    offer: async (networkId, line, choose) => {
      const queue = isReady() ? queueOf(line) : undefined
      if (!queue) return false
      const ids = Array.from({ length: slots }, (_, slot) => `${networkId}_${slot}`)
      const jobs = await asked(() => Promise.all(ids.map((id) => queue.getJob(id))))
      if (!jobs) return false
      const waiting = jobs.flatMap((job) => (job ? [job.data] : []))
      const free = ids.filter((_, slot) => !jobs[slot])
      const ranges = await choose(waiting, free.length)
      if (ranges.length === 0) return true
      const added = await asked(() =>
        queue.addBulk(
          ranges.slice(0, free.length).map((range, index) => ({
            name: 'range',
            data: { networkId, ...range },
            // BullMQ's priorities begin at 1; without one a job would be before all others.
            opts: { jobId: free[index], priority: range.priority + 1, removeOnComplete: true, removeOnFail: true },
          })),
        ),
      )
      return added !== undefined
    },
    wake: () => {
      look()
      if (isReady()) redis.publish(bell, '').catch(() => undefined)
    },
    work: (hands) => {
      working.add(hands)
      const underWay = new Set<Promise<void>>()
      let isStopping = false
      let life: Life | undefined
      const take = (line: Line, { networkId, ...range }: Job): Promise<void> => {
        if (isStopping) return Promise.resolve()
        const taking: Promise<void> = hands
          .take(networkId, line, range)
          .catch((error: unknown) => log.error({ ...line, err: error }, 'A range met an error; it is offered again'))
          .finally(() => underWay.delete(taking))
        underWay.add(taking)
        return taking
      }
      const begin = () => {
        if (isStopping) return
        void leave(life)
        life = beginLife(url, log, hands, take)
      }
      if (isReady()) begin()
      redis.on('ready', begin)
      return {
        stop: async () => {
          isStopping = true
          redis.off('ready', begin)
          working.delete(hands)
          await Promise.all(underWay)
          await leave(life)
        },
      }
    },
    waiting: async () => {
      const counts = await asked(() =>
        Promise.all(
          linesOf(channelNames).map((line) => queueOf(line).getJobCountByTypes('wait', 'prioritized', 'active')),
        ),
      )
      return counts?.reduce((sum, count) => sum + count, 0)
    },
    close: async () => {
      for (const queue of offering.values()) await queue.close().catch(() => undefined)
      offering.clear()
    },
  }
}

function beginLife(url: string, log: Logger, hands: Hands, take: (line: Line, job: Job) => Promise<void>): Life {
  const line = openRedis(url, log, 'blocking')
  const ear = openRedis(url, log, 'blocking')
  ear.on('message', () => hands.look())
  // What was called while nobody listened is found by one look.
  ear.subscribe(bell).then(
    () => hands.look(),
    () => undefined,
  )
  const workers = linesOf(hands.channels).map((one) => {
    const worker = new Worker<Job>(lineName(one), ({ data }) => take(one, data), {
      connection: line,
      prefix,
      concurrency: atOnce,
      lockDuration: lockMs,
      stalledInterval: lockMs,
      // However often its workers die: a range is no more to blame than any other.
      maxStalledCount: 1_000_000,
      runRetryDelay: retryMs,
      removeOnComplete: none,
      removeOnFail: none,
    })
    // Redis away is told by its connection; a job that has vanished is offered again.
    worker.on('error', (error) => log.debug({ err: error }, 'BullMQ met an error'))
    return worker
  })
  return { workers, connections: [line, ear] }
}

/** Lets go of a life, in peace where Redis answers, else by closing the connections. */
async function leave(life: Life | undefined): Promise<void> {
  if (!life) return
  const closing = Promise.all(life.workers.map((worker) => worker.close())).catch(() => undefined)
  await Promise.race([closing, pause(farewellMs, undefined, { ref: false })])
  for (const worker of life.workers) worker.disconnect().catch(() => undefined)
  for (const connection of life.connections) connection.disconnect()
}
