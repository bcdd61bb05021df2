import { mkdir } from 'node:fs/promises'
import { relative } from 'node:path'
import { and, asc, eq, gt, inArray, isNull, lte, ne, notExists, notInArray, or, sql } from 'drizzle-orm'
import type { PrintContent } from '../channel.ts'
import type { Context, Network } from '../context.ts'
import { type Db, newId } from '../db/index.ts'
import {
  batches,
  campaigns,
  contentVersions,
  deliveries,
  isOwed,
  messages,
  pieces,
  renderedContents,
  stepRuns,
} from '../db/schema.ts'
import { readContent } from '../deliver/rendered.ts'
import { picturesForPrint } from '../library/print-pictures.ts'
import { isHalted } from '../network/halt.ts'
import { schedule } from '../timer/timers.ts'
import type { ComposedPiece, LetterPiece } from './composer.ts'
import { batchFolder } from './withdraw.ts'

type Batch = typeof batches.$inferSelect

const pageSize = 200

/** Sets every waiting letter whose step is through into a batch, and finishes batches a crash left half made. */
export async function composeWaiting(context: Context, network: Network, now: Date): Promise<number> {
  if (await isHalted(context.db, network.id)) return 0
  for (const messageId of await messagesWaiting(context, network)) await openBatch(context, network, messageId, now)
  const open = await context.db
    .select()
    .from(batches)
    .where(and(eq(batches.networkId, network.id), eq(batches.status, 'composing')))
    .orderBy(asc(batches.id))
  let composed = 0
  for (const batch of open) composed += Number(await composeIfFree(context, network, batch, now))
  return composed
}

/**
 * Messages with letters waiting, whose audience is decided and of which nothing more is about to be printed. From one
 * message to the next by the index, however many letters each of them has.
 */
async function messagesWaiting({ db }: Context, network: Network): Promise<string[]> {
  const found: string[] = []
  for (let after = ''; ; ) {
    const [next] = await db
      .select({ messageId: pieces.messageId })
      .from(pieces)
      .where(
        and(
          eq(pieces.networkId, network.id),
          eq(pieces.status, 'queued'),
          isNull(pieces.batchId),
          gt(pieces.messageId, after),
        ),
      )
      .orderBy(asc(pieces.messageId))
      .limit(1)
    if (!next) return found
    after = next.messageId
    if (await isComplete(db, network.id, after)) found.push(after)
  }
}

async function isComplete(db: Db, networkId: string, messageId: string): Promise<boolean> {
  const stillComing = db
    .select({ one: sql`1` })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.networkId, networkId),
        eq(deliveries.messageId, messageId),
        eq(deliveries.channel, 'print'),
        isOwed,
      ),
    )
  const unfinished = db
    .select({ one: sql`1` })
    .from(stepRuns)
    .where(and(eq(stepRuns.networkId, networkId), eq(stepRuns.messageId, messageId), ne(stepRuns.status, 'done')))
  const rows = await db
    .select({ id: messages.id })
    .from(messages)
    .innerJoin(campaigns, and(eq(campaigns.networkId, messages.networkId), eq(campaigns.id, messages.campaignId)))
    .where(
      and(
        eq(messages.networkId, networkId),
        eq(messages.id, messageId),
        // A letter not yet in a batch can still be pulled; once sealed it cannot.
        notInArray(campaigns.status, ['paused', 'canceled']),
        notExists(stillComing),
        notExists(unfinished),
      ),
    )
  return rows.length > 0
}

/** Gathers a message's waiting letters under a batch number, durably, before any file is written. */
async function openBatch({ db }: Context, network: Network, messageId: string, now: Date): Promise<void> {
  await db.transaction(async (tx) => {
    const year = now.getUTCFullYear()
    const made = await tx.$count(
      batches,
      and(eq(batches.networkId, network.id), sql`${batches.number} like ${`R-${year}-%`}`),
    )
    const id = newId()
    await tx.insert(batches).values({
      networkId: network.id,
      id,
      number: `R-${year}-${String(made + 1).padStart(4, '0')}`,
      messageId,
      status: 'composing',
      pieces: 0,
      pages: 0,
      job: {},
      createdAt: now,
      updatedAt: now,
    })
    await tx
      .update(pieces)
      .set({ batchId: id })
      .where(
        and(
          eq(pieces.networkId, network.id),
          eq(pieces.messageId, messageId),
          eq(pieces.status, 'queued'),
          isNull(pieces.batchId),
        ),
      )
  })
}

/** The letters of a batch in the order the post wants them: country, postcode, then as they came. */
async function* letters({ db }: Context, network: Network, batchId: string): AsyncGenerator<LetterPiece> {
  let last = { country: '', postcode: '', id: '' }
  for (;;) {
    const rows = await db
      .select({
        piece: pieces,
        body: renderedContents.body,
        language: contentVersions.language,
        dictionary: contentVersions.dictionary,
      })
      .from(pieces)
      .innerJoin(deliveries, and(eq(deliveries.networkId, pieces.networkId), eq(deliveries.id, pieces.deliveryId)))
      .innerJoin(
        contentVersions,
        and(eq(contentVersions.networkId, deliveries.networkId), eq(contentVersions.id, deliveries.contentVersionId)),
      )
      .innerJoin(
        renderedContents,
        and(eq(renderedContents.networkId, pieces.networkId), eq(renderedContents.deliveryId, pieces.deliveryId)),
      )
      .where(
        and(
          eq(pieces.networkId, network.id),
          eq(pieces.batchId, batchId),
          or(
            gt(pieces.country, last.country),
            and(eq(pieces.country, last.country), gt(pieces.postcode, last.postcode)),
            and(eq(pieces.country, last.country), eq(pieces.postcode, last.postcode), gt(pieces.id, last.id)),
          ),
        ),
      )
      .orderBy(asc(pieces.country), asc(pieces.postcode), asc(pieces.id))
      .limit(pageSize)
    for (const { piece, body, language, dictionary } of rows) {
      last = piece
      yield {
        pieceId: piece.id,
        content: readContent(body, dictionary) as PrintContent,
        language,
        contentSha256: piece.contentHash,
      }
    }
    if (rows.length < pageSize) return
  }
}

/** Composing takes minutes at most; a worker that dies in the middle holds its batch no longer than this. */
const leaseMs = 10 * 60_000

async function composeIfFree(context: Context, network: Network, batch: Batch, now: Date): Promise<boolean> {
  const wall = context.wall.now()
  const isThis = and(eq(batches.networkId, network.id), eq(batches.id, batch.id))
  const held = await context.db
    .update(batches)
    .set({ leaseUntil: new Date(wall.getTime() + leaseMs) })
    .where(and(isThis, eq(batches.status, 'composing'), or(isNull(batches.leaseUntil), lte(batches.leaseUntil, wall))))
    .returning({ id: batches.id })
  if (held.length === 0) return false
  try {
    await compose(context, network, batch, now)
    return true
  } finally {
    await context.db.update(batches).set({ leaseUntil: null }).where(isThis)
  }
}

async function compose(context: Context, network: Network, batch: Batch, now: Date): Promise<void> {
  const folder = batchFolder(context, network)
  await mkdir(folder, { recursive: true })
  const pending: ComposedPiece[] = []
  const flush = () => writePieces(context, network, pending.splice(0), now)
  const made = await context.composer.composeBatch(letters(context, network, batch.id), folder, {
    number: batch.number,
    revision: batch.revision,
    createdAt: batch.createdAt,
    isSpecimen: network.mode === 'sandbox',
    picture: picturesForPrint(context.db),
    onPiece: async (outcome) => {
      pending.push(outcome)
      if (pending.length >= pageSize) await flush()
    },
  })
  await flush()
  await context.db
    .update(batches)
    .set({
      // Nothing printable came together: the batch is closed, its pieces say why.
      status: made.path === undefined ? 'canceled' : 'composed',
      pieces: made.pieces,
      pages: made.pages,
      sha256: made.sha256 ?? null,
      path: made.path === undefined ? null : relative(context.dataFolder, made.path),
      job: made.job,
      updatedAt: now,
    })
    // Called off while it was being set: it stays so.
    .where(and(eq(batches.networkId, network.id), eq(batches.id, batch.id), eq(batches.status, 'composing')))
}

/** What became of each piece; one that could not be set has failed, and routing looks for another channel. */
async function writePieces({ db }: Context, network: Network, outcomes: ComposedPiece[], now: Date): Promise<void> {
  if (outcomes.length === 0) return
  await db.transaction(async (tx) => {
    await tx.updateRows(
      pieces,
      { set: ['status', 'seq', 'firstPage', 'pages', 'reason', 'updatedAt'], where: ['networkId', 'id'] },
      outcomes.map((outcome) => ({
        networkId: network.id,
        id: outcome.pieceId,
        status: outcome.outcome,
        seq: outcome.outcome === 'composed' ? outcome.seq : null,
        firstPage: outcome.outcome === 'composed' ? outcome.firstPage : null,
        pages: outcome.outcome === 'composed' ? outcome.pages : null,
        reason: outcome.outcome === 'excluded' ? outcome.reason : null,
        updatedAt: now,
      })),
    )
    const excluded = outcomes.filter((outcome) => outcome.outcome === 'excluded')
    if (excluded.length === 0) return
    const failed = await tx
      .select({ deliveryId: pieces.deliveryId, reason: pieces.reason })
      .from(pieces)
      .where(
        and(
          eq(pieces.networkId, network.id),
          inArray(
            pieces.id,
            excluded.map((outcome) => outcome.pieceId),
          ),
        ),
      )
    await tx.updateRows(
      deliveries,
      { set: ['status', 'reason', 'updatedAt'], where: ['networkId', 'id'] },
      failed.map(({ deliveryId, reason }) => ({
        networkId: network.id,
        id: deliveryId,
        status: 'failed' as const,
        reason,
        updatedAt: now,
      })),
    )
    await schedule(
      tx,
      network.id,
      failed.map(({ deliveryId }) => ({
        kind: 'fallback',
        subject: deliveryId,
        occurrence: 'failed',
        dueAt: now,
        payload: { deliveryId },
      })),
      now,
    )
  })
}
