import { and, asc, eq, gt, inArray, isNull, or, sql } from 'drizzle-orm'
import { businessNow } from '../clock.ts'
import type { Context, Network } from '../context.ts'
import type { Tx } from '../db/index.ts'
import { batches, contacts, deliveries, deliveryMembers, messages, pieces, timers } from '../db/schema.ts'
import { voidExposures } from '../engagement/void.ts'
import type { JobRun, JobWork } from '../job/job.ts'
import { PressureMoved, readPressures } from '../outbox/pressure.ts'
import { giveBack } from '../outbox/spend.ts'
import type { DeliveryStatus } from '../words.ts'

/** Deliveries looked at in one transaction; each may touch a wait, a letter and two counts of pressure. */
const pageSize = 100
const open: readonly DeliveryStatus[] = ['planned', 'held', 'queued']
const reason = 'campaign_canceled'

type Delivery = Pick<
  typeof deliveries.$inferSelect,
  'id' | 'messageId' | 'recipientKey' | 'channel' | 'status' | 'isCompanion'
>

/** The job of a campaign's cancelation is found by the campaign. */
export const cancelJobId = (campaignId: string, step?: string): string =>
  step === undefined ? `cancel-${campaignId}` : `cancel-${campaignId}-${step}`

interface Place {
  messageId: string
  recipientKey: string
}

/**
 * Marks what a canceled campaign had not sent, page by page, each page one transaction with the cursor: killed
 * anywhere it goes on after the last page. Meanwhile the check at claim lets nothing of it leave.
 */
export const work: JobWork = async function* cancelDeliveries(context, network, run) {
  let place = run.cursor ? (JSON.parse(run.cursor) as Place) : undefined
  let canceled = run.done
  for (;;) {
    const now = businessNow(context.wall.now(), network)
    const page = await nextPage(context, network, run, place, canceled, now)
    if (!page) return { canceled }
    place = page.place
    canceled = page.canceled
    yield
  }
}

type Page = { place: Place; canceled: number } | undefined

async function nextPage(
  { db }: Context,
  network: Network,
  run: JobRun,
  place: Place | undefined,
  before: number,
  now: Date,
): Promise<Page> {
  for (;;) {
    try {
      return await db.transaction(async (tx) => {
        const rows = await deliveriesAfter(tx, network.id, run.payload as { campaignId: string; step?: string }, place)
        const last = rows.at(-1)
        if (!last) return undefined
        const canceled = before + (await callOff(tx, network, rows, now))
        const reached = { messageId: last.messageId, recipientKey: last.recipientKey }
        await run.checkpoint(tx, { cursor: JSON.stringify(reached), done: canceled })
        return { place: reached, canceled }
      })
    } catch (error) {
      // Somebody was touched by another campaign in the same moment: the page is worked out again.
      if (!(error instanceof PressureMoved)) throw error
    }
  }
}

/** The next deliveries in the order of `deliveries_once`; the last recipient's are either all there or none. */
async function deliveriesAfter(
  tx: Tx,
  networkId: string,
  { campaignId, step }: { campaignId: string; step?: string },
  place: Place | undefined,
): Promise<Delivery[]> {
  const own = await tx
    .select({ id: messages.id })
    .from(messages)
    .where(
      and(
        eq(messages.networkId, networkId),
        eq(messages.campaignId, campaignId),
        step === undefined ? undefined : eq(messages.step, step),
      ),
    )
    .orderBy(asc(messages.id))
  for (const { id } of own) {
    if (place && id < place.messageId) continue
    const rows = await tx
      .select({
        id: deliveries.id,
        messageId: deliveries.messageId,
        recipientKey: deliveries.recipientKey,
        channel: deliveries.channel,
        status: deliveries.status,
        isCompanion: deliveries.isCompanion,
      })
      .from(deliveries)
      .where(
        and(
          eq(deliveries.networkId, networkId),
          eq(deliveries.messageId, id),
          place?.messageId === id ? gt(deliveries.recipientKey, place.recipientKey) : undefined,
        ),
      )
      .orderBy(asc(deliveries.recipientKey))
      .limit(pageSize)
    if (rows.length === 0) continue
    const lastKey = rows.at(-1)!.recipientKey
    const whole = rows.length < pageSize ? rows : rows.filter((row) => row.recipientKey !== lastKey)
    return whole.length > 0 ? whole : rows
  }
  return []
}

/**
 * Calls these deliveries off where they have not left: letters of which no batch was made among them. No other channel
 * takes their turn, and what they would have weighed and cost is given back. At most a page of them; returns how many.
 * Throws PressureMoved.
 */
export async function callOff(
  tx: Tx,
  network: Network,
  rows: readonly Delivery[],
  now: Date,
  why: string = reason,
): Promise<number> {
  const ids = rows.map((row) => row.id)
  // No other channel takes its turn any more; what carriers still tell of what has left is heard.
  await tx
    .update(timers)
    .set({ firedAt: now })
    .where(
      and(
        eq(timers.networkId, network.id),
        eq(timers.kind, 'fallback'),
        inArray(timers.subject, ids),
        isNull(timers.firedAt),
      ),
    )
  const pulled = await pullLetters(tx, network, rows, now, why)
  const canceled = await tx
    .update(deliveries)
    .set({ status: 'canceled', reason: why, claimedBy: null, leaseUntil: null, updatedAt: now })
    .where(
      and(
        eq(deliveries.networkId, network.id),
        inArray(deliveries.id, ids),
        or(
          // In no index's terms, as at the claim: the ids are the shorter way.
          inArray(sql`coalesce(${deliveries.status}, '')`, [...open]),
          pulled.length > 0 ? inArray(deliveries.id, pulled) : undefined,
        ),
      ),
    )
    .returning({
      id: deliveries.id,
      channel: deliveries.channel,
      currency: deliveries.currency,
      costMillis: deliveries.costMillis,
      createdAt: deliveries.createdAt,
    })
  const gone = new Set(canceled.map((row) => row.id))
  await takeBack(
    tx,
    network.id,
    rows.filter((row) => gone.has(row.id) && !row.isCompanion),
    now,
  )
  await giveBack(tx, network, canceled)
  return canceled.length
}

/** Letters of which no batch has been made, or one that was called off before the print shop had it: they are not printed. */
async function pullLetters(
  tx: Tx,
  network: Network,
  rows: readonly Delivery[],
  now: Date,
  why: string,
): Promise<string[]> {
  const handedOver = rows.filter((row) => row.channel === 'print' && row.status === 'accepted').map((row) => row.id)
  if (handedOver.length === 0) return []
  const calledOff = tx
    .select({ id: batches.id })
    .from(batches)
    .where(and(eq(batches.networkId, network.id), eq(batches.status, 'canceled')))
  const pulled = await tx
    .update(pieces)
    .set({ status: 'excluded', reason: why, updatedAt: now })
    .where(
      and(
        eq(pieces.networkId, network.id),
        inArray(pieces.deliveryId, handedOver),
        or(
          and(eq(pieces.status, 'queued'), isNull(pieces.batchId)),
          and(inArray(pieces.status, ['queued', 'composed']), inArray(pieces.batchId, calledOff)),
        ),
      ),
    )
    .returning({ deliveryId: pieces.deliveryId })
  for (const { deliveryId } of pulled) await voidExposures(tx, { networkId: network.id, deliveryId, now })
  return pulled.map((row) => row.deliveryId)
}

/** What was never sent tires nobody: it no longer counts against anybody's cap. */
async function takeBack(tx: Tx, networkId: string, canceled: readonly Delivery[], now: Date): Promise<void> {
  if (canceled.length === 0) return
  const members = await tx
    .select({ deliveryId: deliveryMembers.deliveryId, contactId: contacts.id, siteId: contacts.siteId })
    .from(deliveryMembers)
    .innerJoin(
      contacts,
      and(eq(contacts.networkId, deliveryMembers.networkId), eq(contacts.id, deliveryMembers.contactId)),
    )
    .where(
      and(
        eq(deliveryMembers.networkId, networkId),
        inArray(
          deliveryMembers.deliveryId,
          canceled.map((row) => row.id),
        ),
      ),
    )
  const deliveryOf = new Map(canceled.map((row) => [row.id, row]))
  const keysOf = (member: (typeof members)[number]) => [`contact:${member.contactId}`, `site:${member.siteId}`]
  const pressure = await readPressures(tx, networkId, [...new Set(members.flatMap(keysOf))])
  for (const member of members) {
    const { messageId, channel } = deliveryOf.get(member.deliveryId)!
    for (const key of keysOf(member)) pressure.remove(key, { message: messageId, channel })
  }
  await pressure.flush(tx, now)
}
