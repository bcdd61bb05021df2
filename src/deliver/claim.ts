import { and, asc, between, eq, inArray, isNull, lte, sql } from 'drizzle-orm'
import type { Person } from '../audience/people.ts'
import type { Channel } from '../channel.ts'
import type { Context, Network } from '../context.ts'
import { oneOf, prepared, type Tx, unindexed } from '../db/index.ts'
import { attempts, deliveries, isQueued } from '../db/schema.ts'
import { isHalted } from '../network/halt.ts'
import { addressOn } from '../outbox/rows.ts'
import type { Step } from '../outbox/step.ts'
import { schedule } from '../timer/timers.ts'
import { type ChannelName, channelNames, type Urgency, urgencies } from '../words.ts'
import { type Batch, type Delivery, once, readBatch } from './batch.ts'
import { type Fixed, fixWords } from './fix-words.ts'
import { recheck } from './recheck.ts'
import { tellOfExpired } from './tell-of-expired.ts'
import { tellOfReviews } from './tell-of-reviews.ts'
import { afterFailure } from './waits.ts'

export type { Batch, Delivery } from './batch.ts'

/** How long a worker may hold a delivery; past it, its fate is in doubt (wall time). */
export const leaseMs = 120_000

/** A delivery this worker holds, with all that rendering and handing over need. */
export interface Claimed {
  delivery: Delivery
  step: Step
  /** Those it may still be for. */
  people: Person[]
  channel: Channel
  fixed: Fixed
}

interface Going {
  delivery: Delivery
  channel: Channel
  people: Person[]
}

export interface Taken {
  /** How many were due and taken, whatever became of them: while there are some, there may be more. */
  taken: number
  /** Those that may leave. */
  claimed: Claimed[]
}

/** A part of what a network owes; whatever is not named is not looked at. */
export interface Share {
  channels?: readonly ChannelName[]
  urgencies?: readonly Urgency[]
  /** Null: what no sender was chosen for. */
  senderId?: string | null
  /** Between two ids, both included. */
  ids?: { first: string; last: string }
}

/**
 * Takes up to `limit` due deliveries of a network in this share for this worker. In the same transaction campaign, expiry,
 * suppression, consent and hours are asked again: a STOP committed before is honoured, and an error in that
 * check stops the message. What goes is durably `sending` before anything is handed over.
 */
export async function claim(
  context: Context,
  network: Network,
  now: Date,
  limit: number,
  share: Share = {},
): Promise<Taken> {
  const { db } = context
  const due = isDue(network, now, share)
  // Mostly nothing is due, and looking costs less than an empty transaction.
  const [some] = await db.select({ id: deliveries.id }).from(deliveries).where(due).limit(1)
  if (!some) return { taken: 0, claimed: [] }
  const { stopped, ...taken } = await db.transaction((tx) => claimIn(tx, context, network, now, due, limit))
  if (stopped.length > 0) await tellOfStopped(context, network, stopped)
  return taken
}

/** What was laid down for good is counted and told; that it cannot be told is no reason to give up what was claimed. */
async function tellOfStopped(context: Context, network: Network, stopped: readonly Delivery[]): Promise<void> {
  const expired = new Map<string, number>()
  const toReview = new Set<string>()
  for (const { channel, status, messageId, isCompanion } of stopped) {
    if (status === 'needs_review') toReview.add(messageId)
    if (status !== 'expired') continue
    context.metrics.expired(channel)
    // The copy to be read of a message is none of its own.
    if (!isCompanion) expired.set(messageId, (expired.get(messageId) ?? 0) + 1)
  }
  try {
    await tellOfExpired(context, network, expired)
    await tellOfReviews(context, network, toReview)
  } catch (error) {
    context.log.error({ network: network.name, err: error }, 'Nobody could be told of what was not sent')
  }
}

/** Due at business time `now` within a share of what a network owes. */
export const isDue = (network: Network, now: Date, { channels, urgencies: some, senderId, ids }: Share) =>
  and(
    eq(deliveries.networkId, network.id),
    isQueued,
    lte(deliveries.dueAt, now),
    channels && channels.length < channelNames.length ? inArray(deliveries.channel, [...channels]) : undefined,
    some && some.length < urgencies.length
      ? inArray(
          deliveries.priority,
          some.map((urgency) => urgencies.indexOf(urgency)),
        )
      : undefined,
    senderId === undefined
      ? undefined
      : senderId === null
        ? isNull(deliveries.senderId)
        : eq(deliveries.senderId, senderId),
    ids && between(deliveries.id, ids.first, ids.last),
  )

type Due = ReturnType<typeof isDue>

/** What was taken, and of it what may not leave as it is laid down. */
type Judged = Taken & { stopped: Delivery[] }

const nothing = (): Judged => ({ taken: 0, claimed: [], stopped: [] })

async function claimIn(
  tx: Tx,
  context: Context,
  network: Network,
  now: Date,
  due: Due,
  limit: number,
): Promise<Judged> {
  // Asked in the transaction: whoever stops a network means from now on.
  if (await isHalted(tx, network.id)) return nothing()
  const taken = await take(tx, context, network, now, due, limit)
  if (taken.length === 0) return nothing()
  const batch = await readBatch(tx, context, network, taken)
  const going: Going[] = []
  const stopped: Delivery[] = []
  for (const delivery of taken) {
    const verdict = recheck(context, network, batch, delivery, now)
    if (verdict.go) {
      const { channel, people } = verdict
      // Who has refused to be measured since it was decided is not; once the words are fixed, so is what they hold.
      const trackingMode = delivery.contentVersionId
        ? delivery.trackingMode
        : (verdict.trackingMode ?? delivery.trackingMode)
      going.push({ channel, people, delivery: { ...delivery, trackingMode, attempt: delivery.attempt + 1 } })
    } else stopped.push(laidDown(delivery, verdict.status, verdict.reason, verdict.dueAt))
  }
  const claimed = await withWords(tx, context, network, batch, going, now)
  const ready = new Set(claimed.map(({ delivery }) => delivery.id))
  for (const { delivery } of going) if (!ready.has(delivery.id)) stopped.push(laidDown(delivery, 'failed', 'no_words'))
  await layDown(tx, network.id, stopped, now)
  await begin(tx, context, network.id, claimed, now)
  return { taken: taken.length, claimed, stopped }
}

async function take(
  tx: Tx,
  context: Context,
  network: Network,
  now: Date,
  isDue: Due,
  limit: number,
): Promise<Delivery[]> {
  const due = await tx
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(isDue)
    .orderBy(asc(deliveries.priority), asc(deliveries.dueAt))
    .limit(limit)
  if (due.length === 0) return []
  // The guard stands in the outer where: on PostgreSQL two workers may have selected the same rows.
  const taken = await hold(tx, {
    networkId: network.id,
    ids: due.map((row) => row.id),
    worker: context.worker,
    leaseUntil: new Date(context.wall.now().getTime() + leaseMs),
    now,
  })
  // `returning` keeps no order; what is urgent leaves first.
  const order = new Map(due.map((row, index) => [row.id, index]))
  return taken.sort((a, b) => order.get(a.id)! - order.get(b.id)!)
}

const hold = prepared((tx) =>
  tx
    .update(deliveries)
    .set({
      status: 'sending',
      claimedBy: sql`${sql.placeholder('worker')}`,
      leaseUntil: sql`${sql.param(sql.placeholder('leaseUntil'), deliveries.leaseUntil)}`,
      updatedAt: sql`${sql.param(sql.placeholder('now'), deliveries.updatedAt)}`,
    })
    .where(
      and(
        eq(deliveries.networkId, sql.placeholder('networkId')),
        eq(unindexed(deliveries.status), 'queued'),
        oneOf(deliveries.id, sql.placeholder('ids')),
      ),
    )
    .returning(),
)

const laidDown = (
  delivery: Delivery,
  status: Delivery['status'],
  reason: string,
  dueAt = delivery.dueAt,
): Delivery => ({ ...delivery, status, reason, dueAt, claimedBy: null, leaseUntil: null })

/** What may not leave is put where it belongs; where this channel is closed for good, the next one has its turn. */
async function layDown(tx: Tx, networkId: string, stopped: Delivery[], now: Date): Promise<void> {
  await tx.updateRows(
    deliveries,
    { set: ['status', 'reason', 'dueAt', 'claimedBy', 'leaseUntil'], where: ['networkId', 'id'] },
    stopped,
  )
  const closed = stopped.filter((delivery) => delivery.status === 'suppressed' || delivery.status === 'failed')
  await schedule(
    tx,
    networkId,
    closed.flatMap((delivery) => afterFailure(delivery, now)),
    now,
  )
}

/** The deliveries with the words of their first claim; one for which there are none is left out. */
async function withWords(
  tx: Tx,
  context: Context,
  network: Network,
  batch: Batch,
  going: Going[],
  now: Date,
): Promise<Claimed[]> {
  const people = new Map(going.map((one) => [one.delivery.id, one.people]))
  const admitted: Batch = {
    of: once((delivery) => ({ ...batch.of(delivery), people: people.get(delivery.id) ?? [] })),
  }
  const fixed = await fixWords(
    tx,
    context,
    network,
    admitted,
    going.map(({ delivery }) => delivery),
    now,
  )
  return going.flatMap(({ delivery, channel, people }) => {
    const words = fixed.get(delivery.id)
    if (!words) return []
    const { step } = batch.of(delivery)
    const row = { ...delivery, ...words.row, provider: channel.provider }
    // A number or mailbox may have changed since the words were fixed; a letter's address is part of its words.
    if (delivery.channel === 'sms' || delivery.channel === 'email')
      row.addressId = addressOn(delivery.channel, people[0]!)
    return [{ delivery: row, step, people, channel, fixed: words }]
  })
}

/** Writes down the words and the attempt, before anything leaves. */
async function begin(tx: Tx, context: Context, networkId: string, claimed: Claimed[], now: Date): Promise<void> {
  await tx.updateRows(
    deliveries,
    {
      set: [
        'attempt',
        'addressId',
        'contentVersionId',
        'mergeValues',
        'trackingMode',
        'tokenKeyId',
        'rendererVersion',
        'provider',
      ],
      where: ['networkId', 'id'],
    },
    claimed.map(({ delivery }) => delivery),
  )
  await tx.insertRows(
    attempts,
    claimed.map(({ delivery, channel }) => ({
      networkId,
      deliveryId: delivery.id,
      number: delivery.attempt,
      worker: context.worker,
      startedAt: now,
      provider: channel.provider,
    })),
  )
}
