import type { Context } from '../context.ts'
import type { Db } from '../db/index.ts'
import { networks } from '../db/schema.ts'
import { enqueue, findJob, isOpen, type NewJob } from '../job/enqueue.ts'
import { silenceRuleOf } from './silence-rule.ts'

/** One job a network, known by this id, done again and again. */
export const retentionJobId = 'retention'
/** The same, where silent prospects are asked whether they wish to stay. */
export const silenceJobId = 'silence'

export const dayMs = 86_400_000
/** How often this process looks whether a day is over. */
const lookMs = 3_600_000

const looked = new WeakMap<Db, number>()

/**
 * Has what is kept too long removed, and silent prospects asked where a network does, once a day of the wall clock, in
 * every network older than a day. Cheap to call at
 * each turn of the worker: it looks once an hour.
 */
export async function askRetention({ db, wall }: Pick<Context, 'db' | 'wall'>): Promise<void> {
  const now = wall.now()
  const last = looked.get(db)
  if (last !== undefined && Math.abs(now.getTime() - last) < lookMs) return
  looked.set(db, now.getTime())
  const known = { id: networks.id, createdAt: networks.createdAt, settings: networks.settings }
  for (const { id, createdAt, settings } of await db.select(known).from(networks)) {
    await askOne(db, { networkId: id, id: retentionJobId, kind: 'network.retain' }, createdAt, now)
    if (silenceRuleOf(settings).isAsked)
      await askOne(db, { networkId: id, id: silenceJobId, kind: 'network.ask_silent' }, createdAt, now)
  }
}

async function askOne(
  db: Db,
  { networkId, id, kind }: Pick<NewJob, 'networkId' | 'id' | 'kind'>,
  createdAt: Date,
  now: Date,
): Promise<void> {
  const job = await findJob(db, networkId, id)
  const since = job?.updatedAt ?? createdAt
  if (isOpen(job) || now.getTime() - since.getTime() < dayMs) return
  await db.transaction((tx) => enqueue(tx, { networkId, id, kind, payload: {}, at: now }))
}
