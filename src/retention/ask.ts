import type { Context } from '../context.ts'
import type { Db } from '../db/index.ts'
import { networks } from '../db/schema.ts'
import { enqueue, findJob, isOpen } from '../job/enqueue.ts'

/** One job a network, known by this id, done again and again. */
export const retentionJobId = 'retention'

export const dayMs = 86_400_000
/** How often this process looks whether a day is over. */
const lookMs = 3_600_000

const looked = new WeakMap<Db, number>()

/**
 * Has what is kept too long removed, once a day of the wall clock, in every network older than a day. Cheap to call at
 * each turn of the worker: it looks once an hour.
 */
export async function askRetention({ db, wall }: Pick<Context, 'db' | 'wall'>): Promise<void> {
  const now = wall.now()
  const last = looked.get(db)
  if (last !== undefined && Math.abs(now.getTime() - last) < lookMs) return
  looked.set(db, now.getTime())
  for (const network of await db.select({ id: networks.id, createdAt: networks.createdAt }).from(networks))
    await askOne(db, network.id, network.createdAt, now)
}

async function askOne(db: Db, networkId: string, createdAt: Date, now: Date): Promise<void> {
  const job = await findJob(db, networkId, retentionJobId)
  const since = job?.updatedAt ?? createdAt
  if (isOpen(job) || now.getTime() - since.getTime() < dayMs) return
  await db.transaction((tx) =>
    enqueue(tx, { networkId, id: retentionJobId, kind: 'network.retain', payload: {}, at: now }),
  )
}
