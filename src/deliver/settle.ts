import { and, eq, inArray } from 'drizzle-orm'
import type { Receipt, SinkRow } from '../channel.ts'
import type { Context, Network } from '../context.ts'
import { newId, type Tx } from '../db/index.ts'
import { attempts, broadcasts, decisions, deliveries, pieces, posts, renderedContents } from '../db/schema.ts'
import { isMeasurable } from '../engagement/measurable.ts'
import { expose } from '../engagement/record.ts'
import type { Fallback } from '../routing/types.ts'
import { schedule, type Wait } from '../timer/timers.ts'
import type { ChannelName, DeliveryStatus, EventType } from '../words.ts'
import type { Delivery } from './claim.ts'
import type { Outcome } from './hand-over.ts'
import { type Kept, keep } from './rendered.ts'

/** How long a doubt may be settled by the provider's own word before we ask it (providers list late). */
export const graceMs = 60_000
const firstRetryMs = 30_000
const longestRetryMs = 3_600_000
/** Certain refusals are tried again this often; then it is a failure, and the next channel's turn. */
const mostAttempts = 10
const monthMs = 30.44 * 24 * 3_600_000
const defaultContentMonths = 13

/** Once accepted: carriers report what follows, the intranet has it at once, a screen and a printer not yet. */
const statusOnceAccepted: Record<ChannelName, DeliveryStatus> = {
  sms: 'accepted',
  email: 'accepted',
  print: 'accepted',
  intranet: 'delivered',
  screen: 'sent',
}

type Written = Pick<
  Delivery,
  'status' | 'reason' | 'dueAt' | 'doubts' | 'providerRef' | 'parts' | 'sentAt' | 'deliveredAt'
>

/** The delivery after its receipt. Pure. */
export function afterReceipt(delivery: Delivery, receipt: Receipt, now: Date): Written {
  const kept: Written = delivery
  switch (receipt.outcome) {
    case 'accepted': {
      const status = statusOnceAccepted[delivery.channel]
      return {
        ...kept,
        status,
        reason: null,
        providerRef: receipt.ref,
        parts: receipt.parts ?? delivery.parts,
        sentAt: now,
        deliveredAt: status === 'delivered' ? now : delivery.deliveredAt,
      }
    }
    case 'refused': {
      if (receipt.permanent || delivery.attempt >= mostAttempts)
        return { ...kept, status: 'failed', reason: receipt.code }
      const pause = receipt.retryAfterMs ?? Math.min(longestRetryMs, firstRetryMs * 2 ** (delivery.attempt - 1))
      return { ...kept, status: 'queued', reason: receipt.code, dueAt: new Date(now.getTime() + pause) }
    }
    case 'unknown':
      return {
        ...kept,
        status: 'unknown',
        reason: receipt.reason,
        doubts: delivery.doubts + 1,
        dueAt: new Date(now.getTime() + graceMs),
      }
  }
}

/**
 * Writes down how a hand-over went, all of it in one transaction: statuses, attempts, what own sinks keep, the
 * rendered content, the chances to act and the waits that follow. A delivery this worker no longer holds keeps
 * the status others gave it.
 */
export async function settle(
  context: Context,
  network: Network,
  outcomes: readonly Outcome[],
  now: Date,
): Promise<void> {
  // Packed before the transaction begins: the database waits for nobody's compression.
  const kept: KeptContents = new Map()
  for (const { claimed, outgoing } of outcomes) if (outgoing) kept.set(claimed.delivery.id, keep(outgoing.content))
  await context.db.transaction((tx) => settleIn(tx, context, network, outcomes, kept, now))
}

type KeptContents = Map<string, Kept>

async function settleIn(
  tx: Tx,
  context: Context,
  network: Network,
  outcomes: readonly Outcome[],
  kept: KeptContents,
  now: Date,
): Promise<void> {
  if (outcomes.length === 0) return
  const held = await tx
    .update(deliveries)
    .set({ leaseUntil: null, updatedAt: now })
    .where(
      and(
        eq(deliveries.networkId, network.id),
        inArray(
          deliveries.id,
          outcomes.map(({ claimed }) => claimed.delivery.id),
        ),
        eq(deliveries.claimedBy, context.worker),
      ),
    )
    .returning({ id: deliveries.id, status: deliveries.status, attempt: deliveries.attempt })
  const standing = new Map(held.map((row) => [row.id, row]))
  const mine = outcomes.filter(({ claimed: { delivery } }) => standing.get(delivery.id)?.attempt === delivery.attempt)

  await tx.updateRows(
    deliveries,
    {
      set: ['status', 'reason', 'dueAt', 'doubts', 'providerRef', 'parts', 'sentAt', 'deliveredAt', 'contentHash'],
      where: ['networkId', 'id'],
    },
    mine
      // A callback may have been faster than this answer: what it said of the status stands.
      .filter(({ claimed }) => standing.get(claimed.delivery.id)?.status === 'sending')
      .map(({ claimed: { delivery }, receipt }) => ({
        ...delivery,
        ...afterReceipt(delivery, receipt, now),
        contentHash: kept.get(delivery.id)?.hash ?? delivery.contentHash,
      })),
  )
  await tx.updateRows(
    attempts,
    { set: ['endedAt', 'outcome', 'code', 'detail', 'providerRef'], where: ['networkId', 'deliveryId', 'number'] },
    mine.map(({ claimed: { delivery }, receipt }) => ({
      networkId: network.id,
      deliveryId: delivery.id,
      number: delivery.attempt,
      endedAt: now,
      outcome: receipt.outcome,
      code: receipt.outcome === 'refused' ? receipt.code : receipt.outcome === 'unknown' ? receipt.reason : null,
      detail: receipt.outcome === 'refused' ? (receipt.detail ?? null) : null,
      providerRef: receipt.outcome === 'accepted' ? receipt.ref : null,
    })),
  )
  await keepContent(tx, network, mine, kept, now)
  await appendToSinks(tx, network, mine, kept, now)
  await exposeMembers(tx, mine, now)
  const hops = await hopsOf(tx, network.id, mine)
  await schedule(
    tx,
    network.id,
    mine.flatMap((outcome) => waitsAfter(outcome, hops.get(outcome.claimed.delivery.id) ?? [], now)),
    now,
  )
}

const wasAccepted = ({ receipt }: Outcome) => receipt.outcome === 'accepted'

async function keepContent(tx: Tx, network: Network, outcomes: Outcome[], kept: KeptContents, now: Date) {
  const keepUntil = new Date(now.getTime() + (network.settings.contentMonths ?? defaultContentMonths) * monthMs)
  await tx.insertRows(
    renderedContents,
    outcomes.flatMap(({ claimed: { delivery } }) => {
      const packed = kept.get(delivery.id)
      return packed ? [{ networkId: network.id, deliveryId: delivery.id, body: packed.body, keepUntil }] : []
    }),
    'ignore',
  )
}

async function appendToSinks(tx: Tx, network: Network, outcomes: Outcome[], kept: KeptContents, now: Date) {
  const rowsOf = <T extends SinkRow['table']>(table: T) =>
    outcomes.flatMap(({ claimed, outgoing, receipt }) =>
      receipt.outcome === 'accepted' && receipt.row?.table === table && outgoing
        ? [{ claimed, outgoing, row: receipt.row as Extract<SinkRow, { table: T }> }]
        : [],
    )
  const common = ({ claimed: { delivery } }: { claimed: Outcome['claimed'] }) => ({
    networkId: network.id,
    id: newId(),
    deliveryId: delivery.id,
    messageId: delivery.messageId,
    createdAt: now,
  })
  await tx.insertRows(
    pieces,
    rowsOf('pieces').map(({ claimed, row: { table: _, ...row } }) => ({
      ...common({ claimed }),
      ...row,
      status: 'queued' as const,
      contentHash: kept.get(claimed.delivery.id)!.hash,
      updatedAt: now,
    })),
    'ignore',
  )
  await tx.insertRows(
    posts,
    rowsOf('posts').map(({ claimed, outgoing, row: { table: _, ...row } }) => ({
      ...common({ claimed }),
      ...row,
      recipientKey: outgoing.recipientKey,
      language: outgoing.language,
      publishedAt: now,
    })),
    'ignore',
  )
  await tx.insertRows(
    broadcasts,
    rowsOf('broadcasts').map(({ claimed, outgoing, row: { table: _, ...row } }) => ({
      ...common({ claimed }),
      ...row,
      recipientKey: outgoing.recipientKey,
      siteId: outgoing.siteId,
      startsAt: now,
    })),
    'ignore',
  )
}

/** What the message asks for, by which silence can be told from a missing question. */
function asksFor({ claimed: { step, delivery, fixed } }: Outcome): EventType[] {
  const asked: EventType[] = []
  if (step.definition.asksAcknowledgement) asked.push('acknowledge')
  if (step.definition.asksReply) asked.push('reply')
  if (step.campaign.link) asked.push(delivery.channel === 'print' ? 'scan' : 'click')
  if (delivery.channel === 'intranet' || delivery.channel === 'screen') asked.push('read')
  return fixed ? asked : []
}

async function exposeMembers(tx: Tx, outcomes: Outcome[], now: Date) {
  await expose(
    tx,
    outcomes
      .filter((outcome) => wasAccepted(outcome) && !outcome.claimed.delivery.isCompanion)
      .flatMap((outcome) =>
        outcome.claimed.people.map((person) => ({
          networkId: outcome.claimed.delivery.networkId,
          deliveryId: outcome.claimed.delivery.id,
          contactId: person.contact.id,
          channel: outcome.claimed.delivery.channel,
          profile: person.contact.profile,
          sentAt: now,
          isMeasurable: isMeasurable(
            outcome.claimed.delivery.channel,
            asksFor(outcome),
            outcome.claimed.delivery.trackingMode ?? 'none',
          ),
        })),
      ),
  )
}

/** Where a delivery goes on when nobody acts on it, as routing decided; a companion or a stand-in goes nowhere on. */
async function hopsOf(tx: Tx, networkId: string, outcomes: Outcome[]): Promise<Map<string, Fallback[]>> {
  const leading = outcomes
    .filter((outcome) => wasAccepted(outcome))
    .filter(({ claimed: { delivery } }) => !delivery.isCompanion && !delivery.fallbackOf)
  const hops = new Map<string, Fallback[]>()
  if (leading.length === 0) return hops
  const contactIds = leading.map(({ claimed }) => claimed.people[0]!.contact.id)
  const rows = await tx
    .select({
      messageId: decisions.messageId,
      contactId: decisions.contactId,
      occurrence: decisions.occurrence,
      fallbacks: decisions.fallbacks,
    })
    .from(decisions)
    .where(
      and(
        eq(decisions.networkId, networkId),
        inArray(decisions.contactId, contactIds),
        inArray(decisions.messageId, [...new Set(leading.map(({ claimed }) => claimed.delivery.messageId))]),
      ),
    )
  const decided = new Map(rows.map((row) => [`${row.messageId} ${row.contactId} ${row.occurrence}`, row.fallbacks]))
  for (const { claimed } of leading) {
    const { delivery, people } = claimed
    const found = decided.get(`${delivery.messageId} ${people[0]!.contact.id} ${delivery.occurrence}`)
    hops.set(
      delivery.id,
      ((found ?? []) as Fallback[]).filter((fallback) => fallback.when === 'not_acted'),
    )
  }
  return hops
}

function waitsAfter({ claimed: { delivery }, receipt }: Outcome, hops: readonly Fallback[], now: Date): Wait[] {
  const waits: Wait[] = []
  const later = (ms: number) => new Date(now.getTime() + ms)
  if (receipt.outcome === 'accepted') {
    for (const echo of receipt.echoes ?? [])
      waits.push({
        kind: 'carrier',
        subject: delivery.id,
        occurrence: echo.event.dedupeKey,
        dueAt: later(echo.afterMs),
        payload: { event: echo.event },
      })
    for (const [hop, fallback] of hops.entries())
      waits.push({
        kind: 'fallback',
        subject: delivery.id,
        occurrence: hop === 0 ? 'not_acted' : `not_acted-${hop + 1}`,
        dueAt: later(fallback.afterMs),
        payload: { deliveryId: delivery.id, ifNot: fallback.ifNot ?? 'acted' },
      })
  }
  const isFinal = afterReceipt(delivery, receipt, now).status === 'failed'
  if (isFinal && !delivery.isCompanion)
    waits.push({
      kind: 'fallback',
      subject: delivery.id,
      occurrence: 'failed',
      dueAt: now,
      payload: { deliveryId: delivery.id },
    })
  return waits
}
