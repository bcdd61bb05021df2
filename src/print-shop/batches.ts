/** Batches as people follow them: which there are, and that one has been handed over to the post. */
import { and, asc, desc, eq, gt, inArray, or } from 'drizzle-orm'
import { audit } from '../accounts/audit.ts'
import { businessNow } from '../clock.ts'
import type { Context, Network } from '../context.ts'
import type { Tx } from '../db/index.ts'
import { batches, campaigns, messages, pieces } from '../db/schema.ts'
import { receive } from '../tracking/inbox.ts'

export type BatchRow = Awaited<ReturnType<typeof listBatches>>[number]

/** The batch cannot be handed over as it is, or there is none; the message says why. */
export class BatchRefused extends Error {
  override name = 'BatchRefused'
}

/** What waits to be posted may be. */
const postable = ['composed', 'bat_approved', 'released', 'printed'] as const
const pageSize = 150

/** The newest batches of a network, or of one campaign, with the step they are of. */
export const listBatches = (tx: Tx, networkId: string, campaignId?: string, limit = 200) =>
  tx
    .select({
      id: batches.id,
      number: batches.number,
      status: batches.status,
      pieces: batches.pieces,
      pages: batches.pages,
      createdAt: batches.createdAt,
      updatedAt: batches.updatedAt,
      messageId: batches.messageId,
      step: messages.step,
      occurrence: messages.occurrence,
      campaignId: messages.campaignId,
      campaign: campaigns.name,
    })
    .from(batches)
    .innerJoin(messages, and(eq(messages.networkId, batches.networkId), eq(messages.id, batches.messageId)))
    .innerJoin(campaigns, and(eq(campaigns.networkId, messages.networkId), eq(campaigns.id, messages.campaignId)))
    .where(
      and(eq(batches.networkId, networkId), campaignId === undefined ? undefined : eq(messages.campaignId, campaignId)),
    )
    .orderBy(desc(batches.createdAt), desc(batches.id))
    .limit(limit)

export interface Posted {
  number: string
  /** False when it had been handed over before. */
  isNew: boolean
  letters: number
}

/**
 * Notes that a batch, by its id or number, was handed over to the post at `at` (business time, now by default): each
 * letter is on its way from then, and steps that wait for them go on. Killed in between, the same call finishes it.
 * Throws BatchRefused.
 */
export async function markPosted(
  context: Context,
  network: Network,
  { batch: named, actor, at }: { batch: string; actor: string; at?: Date },
): Promise<Posted> {
  const { db, wall } = context
  const [batch] = await db
    .select()
    .from(batches)
    .where(and(eq(batches.networkId, network.id), or(eq(batches.id, named), eq(batches.number, named))))
    .orderBy(desc(batches.revision))
    .limit(1)
  if (!batch) throw new BatchRefused(`There is no batch ${named} in ${network.name}; see them with: relais batches`)
  const letters = await db.$count(pieces, and(eq(pieces.networkId, network.id), eq(pieces.batchId, batch.id)))
  if (batch.status === 'posted' || batch.status === 'closed') return { number: batch.number, isNew: false, letters }
  if (!(postable as readonly string[]).includes(batch.status))
    throw new BatchRefused(`Batch ${batch.number} is ${batch.status}: only a composed one can be handed over.`)
  const now = businessNow(wall.now(), network)
  const postedAt = at ?? now
  if (postedAt > now) throw new BatchRefused(`${postedAt.toISOString()} is to come: a batch is posted when it was.`)
  for (let after = ''; ; ) {
    const page = await db.transaction((tx) => postPage(tx, context, network, batch.id, after, postedAt, now))
    if (page === undefined) break
    after = page
  }
  return db.transaction(async (tx) => {
    const [posted] = await tx
      .update(batches)
      .set({ status: 'posted', updatedAt: now })
      .where(and(eq(batches.networkId, network.id), eq(batches.id, batch.id), inArray(batches.status, [...postable])))
      .returning({ id: batches.id })
    if (posted)
      await audit(tx, {
        networkId: network.id,
        actor,
        action: 'batch.post',
        subject: batch.id,
        data: { number: batch.number, letters, at: postedAt.toISOString() },
        at: wall.now(),
      })
    return { number: batch.number, isNew: posted !== undefined, letters }
  })
}

/** Tells of a page of letters what a post office would; the id of the last, or undefined at the end. */
async function postPage(
  tx: Tx,
  { wall }: Context,
  network: Network,
  batchId: string,
  after: string,
  postedAt: Date,
  now: Date,
): Promise<string | undefined> {
  const rows = await tx
    .select({ id: pieces.id, deliveryId: pieces.deliveryId })
    .from(pieces)
    .where(
      and(
        eq(pieces.networkId, network.id),
        eq(pieces.batchId, batchId),
        gt(pieces.id, after),
        inArray(pieces.status, ['composed', 'printed', 'reprinted']),
      ),
    )
    .orderBy(asc(pieces.id))
    .limit(pageSize)
  if (rows.length === 0) return undefined
  await receive(
    tx,
    'print-shop',
    rows.map((row) => ({
      dedupeKey: `posted:${row.id}`,
      type: 'posted' as const,
      networkId: network.id,
      deliveryId: row.deliveryId,
      occurredAt: postedAt,
      data: {},
    })),
    wall.now(),
  )
  await tx
    .update(pieces)
    .set({ status: 'posted', updatedAt: now })
    .where(
      and(
        eq(pieces.networkId, network.id),
        inArray(
          pieces.id,
          rows.map((row) => row.id),
        ),
      ),
    )
  return rows.at(-1)?.id
}
