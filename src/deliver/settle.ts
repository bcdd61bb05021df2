import { and, eq, sql } from 'drizzle-orm'
import { addCounts, type Counted, shardOf } from '../campaign/counts.ts'
import type { InboundEvent } from '../channel.ts'
import type { Context, Network } from '../context.ts'
import { oneOf, prepared, type Tx } from '../db/index.ts'
import { attempts, deliveries, renderedContents } from '../db/schema.ts'
import { schedule, type Wait } from '../timer/timers.ts'
import { receive } from '../tracking/inbox.ts'
import { afterReceipt } from './after-receipt.ts'
import type { Delivery } from './batch.ts'
import { exposePeople } from './chances.ts'
import { isFailureCode } from './failure-codes.ts'
import { closeCalls } from './open-calls.ts'
import type { Outcome } from './outcome.ts'
import { receiptWaits } from './receipt-rounds.ts'
import { pauseSender, refusesSender } from './refused-sender.ts'
import { type Kept, keep } from './rendered.ts'
import { appendToSinks } from './sinks.ts'
import { afterFailure, hopsAfter } from './waits.ts'

const monthMs = 30.44 * 24 * 3_600_000
const defaultContentMonths = 13

/**
 * Writes down how a hand-over went, all of it in one transaction: statuses, attempts, what own sinks keep, the
 * rendered content, the chances to act and the waits that follow. A delivery this worker no longer holds keeps
 * the status others gave it; only where the lease ran out and all is in doubt does a late answer end the doubt.
 * @throws Overtaken when others changed one meanwhile: nothing is written then; `isLocked` it waits for them instead
 */
export async function settle(
  context: Context,
  network: Network,
  outcomes: readonly Outcome[],
  now: Date,
  isLocked = false,
): Promise<void> {
  if (outcomes.length === 0) return
  // Packed before the transaction begins: the database waits for nobody's compression.
  const kept = new Map<string, Kept>()
  for (const { claimed, outgoing, receipt } of outcomes)
    if (outgoing && receipt.outcome !== 'not_sent')
      kept.set(claimed.delivery.id, keep(outgoing.content, claimed.fixed.words.dictionary))
  const written = await context.db.transaction((tx) => settleIn(tx, context, network, outcomes, kept, now, isLocked))
  for (const { claimed, receipt } of written) {
    context.metrics.attempted(claimed.delivery.channel, receipt.outcome)
    if (receipt.outcome === 'refused' && !isFailureCode(receipt.code))
      context.metrics.unrecognised(claimed.channel.provider, receipt.code)
  }
}

async function settleIn(
  tx: Tx,
  context: Context,
  network: Network,
  outcomes: readonly Outcome[],
  kept: ReadonlyMap<string, Kept>,
  now: Date,
  isLocked: boolean,
): Promise<Outcome[]> {
  const mine = await stillMine(tx, context, network, outcomes, isLocked)
  await writeDeliveries(tx, mine, kept, now)
  await writeAttempts(tx, mine, now)
  await closeCalls(
    tx,
    network.id,
    mine.map(({ outcome }) => outcome),
  )
  const settled = mine.map(({ outcome }) => outcome)
  await keepContents(tx, network, settled, kept, now)
  await appendToSinks(tx, settled, kept, now)
  const accepted = settled.filter(({ receipt }) => receipt.outcome === 'accepted')
  await exposePeople(tx, accepted, now)
  for (const refusal of settled.flatMap((outcome) => refusalTold(outcome, now)))
    await receive(tx, refusal.provider, [refusal], context.wall.now())
  await pauseRefused(tx, context, network, settled)
  await schedule(tx, network.id, await waitsAfter(tx, network, settled, now), now)
  // A callback that was faster has counted it.
  const uncounted = mine.filter(isOpen).map(({ outcome }) => outcome)
  await addCounts(tx, network.id, uncounted.flatMap(sentOf), shardOf(context.worker))
  return settled
}

/** What a campaign counts as sent: taken by a carrier, or refused by it for good, which may be a bounce of its own. */
function sentOf({ claimed: { delivery, channel, step }, receipt }: Outcome): Counted[] {
  const isSent = receipt.outcome === 'accepted' || (receipt.outcome === 'refused' && receipt.permanent)
  const isCarried = delivery.channel === 'sms' || delivery.channel === 'email'
  return isSent && isCarried && (receipt.outcome === 'accepted' || !channel.isLocal)
    ? [{ campaignId: step.campaignId, channel: delivery.channel, sent: 1 }]
    : []
}

interface Held {
  outcome: Outcome
  status: Delivery['status']
  claimedBy: string | null
}

/** Nobody has said what became of it: neither a callback nor this worker. */
const isOpen = ({ status }: Pick<Held, 'status'>): boolean => status === 'sending' || status === 'unknown'

/** Somebody has come between reading what is held and writing it: all of it is undone, and tried again. */
export class Overtaken extends Error {
  override name = 'Overtaken'
}

const standing = {
  id: deliveries.id,
  status: deliveries.status,
  attempt: deliveries.attempt,
  claimedBy: deliveries.claimedBy,
}
const these = and(eq(deliveries.networkId, sql.placeholder('networkId')), oneOf(deliveries.id, sql.placeholder('ids')))
const read = prepared((tx) => tx.select(standing).from(deliveries).where(these))
const lock = prepared((tx) =>
  tx
    .update(deliveries)
    .set({ updatedAt: sql`${deliveries.updatedAt}` })
    .where(these)
    .returning(standing),
)

/** Those whose attempt is still the one that was made, with the status they have by now. */
async function stillMine(
  tx: Tx,
  context: Context,
  network: Network,
  outcomes: readonly Outcome[],
  isLocked: boolean,
): Promise<Held[]> {
  const rows = await (isLocked ? lock : read)(tx, {
    networkId: network.id,
    ids: outcomes.map(({ claimed }) => claimed.delivery.id),
  })
  const found = new Map(rows.map((row) => [row.id, row]))
  return outcomes.flatMap((outcome) => {
    const { delivery } = outcome.claimed
    const row = found.get(delivery.id)
    if (row?.attempt !== delivery.attempt) return []
    const isInDoubt = row.status === 'unknown' && row.claimedBy === null
    if (row.claimedBy !== context.worker && !isInDoubt) return []
    // In doubt since the lease ran out: only a definite answer says more than that.
    const isVague = outcome.receipt.outcome === 'unknown' || outcome.receipt.outcome === 'not_sent'
    return row.status === 'unknown' && isVague ? [] : [{ outcome, status: row.status, claimedBy: row.claimedBy }]
  })
}

const letGo = ['claimedBy', 'leaseUntil', 'updatedAt', 'parts', 'contentHash'] as const
const whole = ['status', 'reason', 'dueAt', 'doubts', 'providerRef', 'sentAt', 'deliveredAt'] as const

/** Guarded by all that was read of them. @throws Overtaken when any of it has changed since */
async function writeDeliveries(tx: Tx, mine: readonly Held[], kept: ReadonlyMap<string, Kept>, now: Date) {
  const alike = new Map<string, Held[]>()
  for (const held of mine) {
    const key = `${held.status} ${held.claimedBy}`
    alike.set(key, [...(alike.get(key) ?? []), held])
  }
  for (const held of alike.values()) {
    const { status, claimedBy } = held[0]!
    // Else a callback was faster than this answer: what it said of the status stands.
    const written = await tx.updateRows(
      deliveries,
      {
        set: isOpen(held[0]!) ? [...letGo, ...whole] : letGo,
        where: ['networkId', 'id', 'attempt'],
        is: { status, claimedBy },
      },
      held.map(({ outcome }) => settled(outcome, kept, now)),
    )
    if (written < held.length) throw new Overtaken('A delivery changed while it was being settled.')
  }
}

function settled({ claimed: { delivery }, receipt, adoptedFrom }: Outcome, kept: ReadonlyMap<string, Kept>, now: Date) {
  return {
    ...delivery,
    ...afterReceipt(delivery, receipt, now),
    ...(adoptedFrom ? { sentAt: adoptedFrom, reason: 'adopted' } : {}),
    contentHash: kept.get(delivery.id)?.hash ?? delivery.contentHash,
    claimedBy: null,
    leaseUntil: null,
    updatedAt: now,
  }
}

async function writeAttempts(tx: Tx, mine: readonly Held[], now: Date) {
  await tx.updateRows(
    attempts,
    { set: ['endedAt', 'outcome', 'code', 'detail', 'providerRef'], where: ['networkId', 'deliveryId', 'number'] },
    mine.map(({ outcome: { claimed, receipt } }) => ({
      networkId: claimed.delivery.networkId,
      deliveryId: claimed.delivery.id,
      number: claimed.delivery.attempt,
      endedAt: now,
      outcome: receipt.outcome,
      code: receipt.outcome === 'refused' ? receipt.code : receipt.outcome === 'unknown' ? receipt.reason : null,
      detail: receipt.outcome === 'refused' ? (receipt.detail ?? null) : null,
      providerRef: receipt.outcome === 'accepted' ? receipt.ref : null,
    })),
  )
}

async function keepContents(
  tx: Tx,
  network: Network,
  outcomes: readonly Outcome[],
  kept: ReadonlyMap<string, Kept>,
  now: Date,
) {
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

/**
 * A carrier's refusal for good can say that nobody is at this address, or that its owner has opted out there: it
 * is heard like any other word of a carrier, so that the address is closed for what comes after.
 */
function refusalTold(
  { claimed: { delivery, channel }, outgoing, receipt }: Outcome,
  now: Date,
): (InboundEvent & { provider: string })[] {
  if (receipt.outcome !== 'refused' || !receipt.permanent || !outgoing || channel.isLocal) return []
  return [
    {
      dedupeKey: `refusal:${delivery.id}:${delivery.attempt}`,
      type: 'failed',
      networkId: delivery.networkId,
      deliveryId: delivery.id,
      attempt: delivery.attempt,
      provider: channel.provider,
      occurredAt: now,
      data: { code: receipt.code, permanent: true },
    },
  ]
}

async function pauseRefused(tx: Tx, { wall }: Context, network: Network, outcomes: readonly Outcome[]): Promise<void> {
  for (const { claimed, receipt } of outcomes)
    if (receipt.outcome === 'refused' && claimed.delivery.senderId && refusesSender(receipt.code))
      await pauseSender(tx, network.id, claimed.delivery.senderId, receipt.code, wall.now())
}

async function waitsAfter(tx: Tx, network: Network, outcomes: readonly Outcome[], now: Date): Promise<Wait[]> {
  const waits: Wait[] = []
  for (const { claimed, receipt } of outcomes) {
    const { delivery } = claimed
    if (afterReceipt(delivery, receipt, now).status === 'failed') waits.push(...afterFailure(delivery, now))
    if (receipt.outcome !== 'accepted') continue
    for (const echo of receipt.echoes ?? [])
      waits.push({
        kind: 'carrier',
        subject: delivery.id,
        occurrence: echo.event.dedupeKey,
        dueAt: new Date(now.getTime() + echo.afterMs),
        payload: { event: echo.event },
      })
  }
  const mayHaveLeft = outcomes
    .filter(({ receipt }) => receipt.outcome === 'accepted' || receipt.outcome === 'unknown')
    .map(({ claimed: { delivery, people } }) => ({ delivery, contactIds: people.map(({ contact }) => contact.id) }))
  waits.push(...receiptWaits(outcomes, now))
  waits.push(...(await hopsAfter(tx, network.id, mayHaveLeft, now)))
  return waits
}
