import { join } from 'node:path'
import { and, eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Context } from '../../src/context.ts'
import { openDatabase } from '../../src/db/index.ts'
import { contacts, imports, jobs } from '../../src/db/schema.ts'
import { claimJob, leaseMs } from '../../src/job/claim.ts'
import { cancelJob, enqueue, findJob, retryJob } from '../../src/job/enqueue.ts'
import { releaseJobs, runJobs, runOneJob } from '../../src/job/run.ts'
import { duplicatesJobId, enqueueDuplicates } from '../../src/network/duplicates/enqueue.ts'
import { tickAll } from '../../src/worker.ts'
import { type World, world } from '../world.ts'
import { dirtyFile, queueImport } from './imports.ts'

let w: World
let stored: { read: number; counts: unknown }
beforeEach(async () => {
  w = await world()
  // What the cast's own import asked for is out of the way.
  await runJobs(w.context)
})
afterEach(() => w.close())

/** Over after so many questions: a worker that leaves off in the middle. */
const leaveAfter = (questions: number) => () => questions-- <= 0
const importOf = async (id: string) => {
  const [row] = await w.context.db.select().from(imports).where(eq(imports.id, id))
  stored = { read: row!.progress, counts: row!.counts }
  return row!
}
const start = () => queueImport(w.context, w.network, dirtyFile(1_800), w.clock.now())
const job = (id: string) => findJob(w.context.db, w.network.id, id)

test('the worker takes up what waits, and says how far it is', async () => {
  const id = await start()
  await runJobs(w.context, leaveAfter(6))
  await importOf(id)
  expect(await job(id)).toMatchObject({ status: 'running', done: stored.read, cursor: String(stored.read) })
  expect(stored.read).toBeGreaterThan(0)
  expect(stored.read).toBeLessThan(1_800)
  await tickAll(w.context)
  expect(await job(id)).toMatchObject({ status: 'done', done: 1_800, total: 1_800, error: null })
  expect(await importOf(id)).toMatchObject({ status: 'done', counts: { read: 1_800 } })
})

test('given back in the middle it goes on where it was, and ends as if it had never stopped', async () => {
  const whole = await start()
  await runJobs(w.context)
  const { counts } = await importOf(whole)
  const twin = await world()
  try {
    await runJobs(twin.context)
    const id = await queueImport(twin.context, twin.network, dirtyFile(1_800), twin.clock.now())
    let pauses = 0
    for (let parts = 3; (await findJob(twin.context.db, twin.network.id, id))?.status !== 'done'; parts += 1) {
      await runJobs(twin.context, leaveAfter(parts))
      await releaseJobs(twin.context)
      pauses += 1
    }
    expect(pauses).toBeGreaterThan(3)
    const [row] = await twin.context.db.select().from(imports).where(eq(imports.id, id))
    expect(row).toMatchObject({ status: 'done', counts })
    expect(await twin.context.db.$count(contacts)).toBe(await w.context.db.$count(contacts))
  } finally {
    await twin.close()
  }
})

describe('two workers on one database', () => {
  let other: Context
  beforeEach(async () => {
    const db = w.store.location.url ? await openDatabase(w.store.location) : w.context.db
    other = { ...w.context, db, worker: 'another' }
  })
  afterEach(async () => {
    if (other.db !== w.context.db) await other.db.close()
  })

  test('one of them gets the job, however many ask at once', async () => {
    await enqueueDuplicates(w.context.db, w.network.id, w.clock.now())
    const now = w.clock.now()
    const claims = await Promise.all([w.context.db, other.db, w.context.db, other.db].map((db) => claimJob(db, now)))
    expect(claims.filter((claimed) => claimed !== undefined)).toHaveLength(1)
  })

  test('a job whose worker is gone is taken over once its lease is out, and not before', async () => {
    await enqueueDuplicates(w.context.db, w.network.id, w.clock.now())
    w.clock.forward(1_000)
    expect(await claimJob(w.context.db, w.clock.now())).toBeDefined()
    w.clock.forward(leaseMs - 1)
    expect(await claimJob(other.db, w.clock.now())).toBeUndefined()
    w.clock.forward(1)
    expect(await claimJob(other.db, w.clock.now())).toMatchObject({ isTakenOver: true })
  })

  test('a worker that comes back after its lease writes nothing more', async () => {
    const id = await start()
    await runJobs(w.context, leaveAfter(6))
    await importOf(id)
    const before = stored
    w.clock.forward(leaseMs + 1_000)
    expect(await claimJob(other.db, w.clock.now())).toMatchObject({ isTakenOver: true })
    await runJobs(w.context)
    await importOf(id)
    expect(stored).toEqual(before)
    expect(await job(id)).toMatchObject({ status: 'running' })
  })

  test('of imports into one network one runs, the next waits for its end', async () => {
    const [first, second] = [await start(), await start()]
    await runJobs(w.context, leaveAfter(6))
    expect((await job(first))?.status).toBe('running')
    expect(await claimJob(other.db, w.clock.now())).toBeUndefined()
    await runJobs(w.context)
    expect([(await job(first))?.status, (await job(second))?.status]).toEqual(['done', 'done'])
    expect((await importOf(second)).counts).toMatchObject({ created: 0, updated: 0 })
  })
})

test('a job that kills its workers again and again is left alone until somebody asks for it', async () => {
  const { db } = w.context
  await enqueueDuplicates(db, w.network.id, w.clock.now())
  let claims = 0
  while (await claimJob(db, w.clock.now())) {
    claims += 1
    w.clock.forward(leaseMs + 1_000)
  }
  expect(claims).toBe(6)
  expect(await job(duplicatesJobId)).toMatchObject({ status: 'failed', error: 'interrupted' })
  expect(await retryJob(db, w.network.id, duplicatesJobId, w.clock.now())).toBe(true)
  await runJobs(w.context)
  expect(await job(duplicatesJobId)).toMatchObject({ status: 'done' })
})

test('a canceled job stops at its next part and leaves what it had done', async () => {
  const id = await start()
  await runJobs(w.context, leaveAfter(6))
  await importOf(id)
  const before = stored
  expect(await cancelJob(w.context.db, w.network.id, id, w.clock.now())).toBe(true)
  await runJobs(w.context)
  await importOf(id)
  expect(stored).toEqual(before)
  expect(await job(id)).toMatchObject({ status: 'canceled' })
  expect(await cancelJob(w.context.db, w.network.id, id, w.clock.now())).toBe(false)
})

test('what breaks is known by a reference, and goes on when asked again', async () => {
  const { db } = w.context
  const id = await start()
  const { payload } = (await job(id))!
  const isIt = and(eq(jobs.networkId, w.network.id), eq(jobs.id, id))
  await db
    .update(jobs)
    .set({ payload: { ...payload, startedAt: 'no time' } })
    .where(isIt)
  await runJobs(w.context)
  const failed = (await job(id))!
  expect(failed).toMatchObject({ status: 'failed', error: expect.stringMatching(/^[0-9a-f]{8}$/) })
  expect(await importOf(id)).toMatchObject({ status: 'failed', error: failed.error })
  await db.update(jobs).set({ payload }).where(isIt)
  await db.update(imports).set({ status: 'running' }).where(eq(imports.id, id))
  expect(await retryJob(db, w.network.id, id, w.clock.now())).toBe(true)
  await runJobs(w.context)
  expect(await importOf(id)).toMatchObject({ status: 'done', error: null, counts: { read: 1_800 } })
})

test('a file that is gone is a problem with its remedy, not a failure', async () => {
  const id = await start()
  await runJobs({ ...w.context, dataFolder: join(w.context.dataFolder, 'elsewhere') })
  expect(await job(id)).toMatchObject({ status: 'done', payload: { result: { problem: { code: 'file_gone' } } } })
  expect(await importOf(id)).toMatchObject({ status: 'failed' })
})

test('asked for again, a job under way is left alone or starts anew, as was said', async () => {
  const { db } = w.context
  const ask = (onRepeat: 'keep' | 'restart', mark: string) =>
    enqueue(db, {
      ...{ networkId: w.network.id, id: 'again', kind: 'duplicates.find', payload: { mark }, at: w.clock.now() },
      onRepeat,
    })
  await ask('keep', 'first')
  await ask('keep', 'second')
  expect((await job('again'))?.payload).toEqual({ mark: 'first' })
  await ask('restart', 'third')
  expect((await job('again'))?.payload).toEqual({ mark: 'third' })
  await runJobs(w.context)
  await ask('keep', 'fourth')
  expect(await job('again')).toMatchObject({ status: 'queued', payload: { mark: 'fourth' } })
})

test('a page works on its own job for a while, and gives back what is left', async () => {
  const id = await start()
  await runOneJob(w.context, { networkId: w.network.id, id }, leaveAfter(4))
  expect(await job(id)).toMatchObject({ status: 'queued' })
  await runOneJob(w.context, { networkId: w.network.id, id }, () => false)
  expect(await job(id)).toMatchObject({ status: 'done' })
})
