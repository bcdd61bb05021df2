import { rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { and, eq, inArray, isNotNull, isNull, lt, or } from 'drizzle-orm'
import { businessNow } from '../clock.ts'
import type { Context, Network } from '../context.ts'
import type { Tx } from '../db/index.ts'
import { batches, events, idempotencyKeys, imports, inboundEvents } from '../db/schema.ts'
import { foldOldExposures } from '../engagement/checkpoint.ts'
import type { JobWork } from '../job/job.ts'
import { endOf, type KeptKind, keptKinds } from './terms.ts'

/** The most rows removed in one transaction. */
const page = 500
/** Each contact of a page has a checkpoint of up to five channels to be written. */
const foldedPage = 100
const trackingTypes = ['open', 'click', 'scan', 'shown'] as const

type Sweep = (tx: Tx, context: Context, network: Network) => Promise<number>

/** What removes a page of each kind; what came in is dated by the wall, what happened by the network's clock. */
const sweeps: Record<KeptKind, Sweep> = {
  inbound: (tx, { wall }, { id, settings }) => sweepInbound(tx, id, endOf('inbound', settings, wall.now())),
  tracking: (tx, { wall }, network) =>
    sweepEvents(tx, network.id, endOf('tracking', network.settings, businessNow(wall.now(), network)), true),
  events: (tx, { wall }, network) =>
    sweepEvents(tx, network.id, endOf('events', network.settings, businessNow(wall.now(), network)), false),
  exposures: (tx, { wall }, network) =>
    foldOldExposures(
      tx,
      network.id,
      endOf('exposures', network.settings, businessNow(wall.now(), network)),
      foldedPage,
    ),
  files: (tx, context, network) => sweepFiles(tx, context, network),
  batches: (tx, context, network) => sweepBatches(tx, context, network),
  answers: (tx, { wall }, { id, settings }) => sweepAnswers(tx, id, endOf('answers', settings, wall.now())),
}

/**
 * Removes what has been kept long enough, kind by kind, a page a transaction. Killed anywhere it goes on with the kind
 * it had come to; a page removed is gone, so nothing else need be remembered. Its result counts what went, by kind.
 */
export const work: JobWork = async function* (context, network, run) {
  const removed = { ...(run.payload.result as { removed?: Record<string, number> } | undefined)?.removed }
  const begun = run.cursor as KeptKind | null
  let { done } = run
  for (const kind of keptKinds.slice(begun ? keptKinds.indexOf(begun) : 0)) {
    for (;;) {
      const count = await context.db.transaction(async (tx) => {
        const gone = await sweeps[kind](tx, context, network)
        const result = { removed: { ...removed, [kind]: (removed[kind] ?? 0) + gone } }
        await run.checkpoint(tx, { cursor: kind, done: done + gone, result })
        return gone
      })
      removed[kind] = (removed[kind] ?? 0) + count
      done += count
      yield
      if (count === 0) break
    }
  }
  return { removed }
}

/** What came in and could not be told whose goes by the same term. */
async function sweepInbound(tx: Tx, networkId: string, before: Date): Promise<number> {
  const isOver = and(
    or(eq(inboundEvents.networkId, networkId), isNull(inboundEvents.networkId)),
    isNotNull(inboundEvents.appliedAt),
    lt(inboundEvents.receivedAt, before),
  )
  const over = await tx.select({ id: inboundEvents.id }).from(inboundEvents).where(isOver).limit(page)
  if (over.length === 0) return 0
  await tx.delete(inboundEvents).where(
    inArray(
      inboundEvents.id,
      over.map(({ id }) => id),
    ),
  )
  return over.length
}

async function sweepEvents(tx: Tx, networkId: string, before: Date, isTracking: boolean): Promise<number> {
  const over = await tx
    .select({ id: events.id })
    .from(events)
    .where(
      and(
        eq(events.networkId, networkId),
        lt(events.occurredAt, before),
        isTracking ? inArray(events.type, [...trackingTypes]) : undefined,
      ),
    )
    .limit(page)
  if (over.length === 0) return 0
  await tx.delete(events).where(
    and(
      eq(events.networkId, networkId),
      inArray(
        events.id,
        over.map(({ id }) => id),
      ),
    ),
  )
  return over.length
}

/** The row of an import stays with its counts; one that was never started is given up with its file. */
async function sweepFiles(
  tx: Tx,
  { wall, dataFolder }: Context,
  { id: networkId, settings }: Network,
): Promise<number> {
  const [over] = await tx
    .select()
    .from(imports)
    .where(
      and(
        eq(imports.networkId, networkId),
        inArray(imports.status, ['preview', 'done', 'failed', 'discarded']),
        or(isNotNull(imports.uploadPath), isNotNull(imports.rejectsPath)),
        lt(imports.startedAt, endOf('files', settings, wall.now())),
      ),
    )
    .limit(1)
  if (!over) return 0
  for (const path of [over.uploadPath, over.rejectsPath]) if (path) await removeWithin(dataFolder, path)
  await tx
    .update(imports)
    .set({
      uploadPath: null,
      rejectsPath: null,
      ...(over.status === 'preview' ? { status: 'discarded' as const } : {}),
    })
    .where(and(eq(imports.networkId, networkId), eq(imports.id, over.id)))
  return 1
}

/** Print packages nobody works on any more; one that waits for its shop is kept however old. */
const settledBatches = ['printed', 'posted', 'closed', 'canceled'] as const

/** The row of a batch stays, with its hash and counts: what was printed can be shown, the letters cannot. */
async function sweepBatches(tx: Tx, { wall, dataFolder }: Context, network: Network): Promise<number> {
  const [over] = await tx
    .select({ id: batches.id, path: batches.path })
    .from(batches)
    .where(
      and(
        eq(batches.networkId, network.id),
        inArray(batches.status, [...settledBatches]),
        isNotNull(batches.path),
        lt(batches.updatedAt, endOf('batches', network.settings, businessNow(wall.now(), network))),
      ),
    )
    .limit(1)
  if (!over?.path) return 0
  await removeWithin(dataFolder, over.path)
  await tx
    .update(batches)
    .set({ path: null })
    .where(and(eq(batches.networkId, network.id), eq(batches.id, over.id)))
  return 1
}

/** What a path leads to outside of the data folder is not ours. */
async function removeWithin(dataFolder: string, path: string): Promise<void> {
  const within = relative(dataFolder, path.startsWith('/') ? path : join(dataFolder, path))
  if (within === '' || within.startsWith('..')) return
  await rm(join(dataFolder, within), { force: true, recursive: true })
}

async function sweepAnswers(tx: Tx, networkId: string, before: Date): Promise<number> {
  const over = await tx
    .select({ caller: idempotencyKeys.caller, key: idempotencyKeys.key })
    .from(idempotencyKeys)
    .where(and(eq(idempotencyKeys.networkId, networkId), lt(idempotencyKeys.createdAt, before)))
    .limit(page)
  if (over.length === 0) return 0
  await tx.delete(idempotencyKeys).where(
    and(
      eq(idempotencyKeys.networkId, networkId),
      lt(idempotencyKeys.createdAt, before),
      inArray(
        idempotencyKeys.key,
        over.map(({ key }) => key),
      ),
    ),
  )
  return over.length
}
