import { and, asc, eq, inArray, lte } from 'drizzle-orm'
import { type Person, readPeople } from '../audience/people.ts'
import type { Channel } from '../channel.ts'
import type { Context, Network } from '../context.ts'
import type { Tx } from '../db/index.ts'
import { attempts, campaigns, deliveries, deliveryMembers, messages } from '../db/schema.ts'
import { type Contents, loadContents } from '../outbox/contents.ts'
import { decide } from '../outbox/decide.ts'
import { loadStep, type Step } from '../outbox/step.ts'
import { chooseChannel } from './choose-channel.ts'
import { type Fixed, fixWords } from './fix-words.ts'

export type Delivery = typeof deliveries.$inferSelect

/** How long a worker may hold a delivery; past it, its fate is in doubt (wall time). */
export const leaseMs = 120_000

/** A delivery this worker holds, with all that rendering and handing over need. */
export interface Claimed {
  delivery: Delivery
  step: Step
  people: Person[]
  channel: Channel
  fixed: Fixed
}

type Verdict =
  | { go: true; channel: Channel }
  | { go: false; status: 'held' | 'suppressed' | 'expired' | 'canceled' | 'failed'; reason: string; dueAt?: Date }

/**
 * Takes up to `limit` due deliveries of a network for this worker. In the same transaction campaign, expiry,
 * suppression, consent and hours are asked again: a STOP committed before is honoured, and an error in that
 * check stops the message. What goes is durably `sending` before anything is handed over.
 */
export const claim = (context: Context, network: Network, now: Date, limit: number): Promise<Claimed[]> =>
  context.db.transaction((tx) => claimIn(tx, context, network, now, limit))

async function claimIn(tx: Tx, context: Context, network: Network, now: Date, limit: number): Promise<Claimed[]> {
  const due = await tx
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(and(eq(deliveries.networkId, network.id), eq(deliveries.status, 'queued'), lte(deliveries.dueAt, now)))
    .orderBy(asc(deliveries.priority), asc(deliveries.dueAt))
    .limit(limit)
  if (due.length === 0) return []
  // The guard stands in the outer where: on PostgreSQL two workers may have selected the same rows.
  const taken = await tx
    .update(deliveries)
    .set({
      status: 'sending',
      claimedBy: context.worker,
      leaseUntil: new Date(context.wall.now().getTime() + leaseMs),
      updatedAt: now,
    })
    .where(
      and(
        eq(deliveries.networkId, network.id),
        eq(deliveries.status, 'queued'),
        inArray(
          deliveries.id,
          due.map((row) => row.id),
        ),
      ),
    )
    .returning()
  const batch = await readBatch(tx, context, network, taken)
  const going: { delivery: Delivery; channel: Channel }[] = []
  const stopped: Delivery[] = []
  for (const delivery of taken) {
    const verdict = recheck(context, network, batch, delivery, now)
    if (verdict.go) going.push({ delivery: { ...delivery, attempt: delivery.attempt + 1 }, channel: verdict.channel })
    else stopped.push(laidDown(delivery, verdict.status, verdict.reason, verdict.dueAt))
  }
  const fixed = await fixWords(
    tx,
    context,
    network,
    batch,
    going.map(({ delivery }) => delivery),
    now,
  )
  for (const { delivery } of going) if (!fixed.has(delivery.id)) stopped.push(laidDown(delivery, 'failed', 'no_words'))
  await tx.updateRows(
    deliveries,
    { set: ['status', 'reason', 'dueAt', 'claimedBy', 'leaseUntil'], where: ['networkId', 'id'] },
    stopped,
  )
  const claimed = going.flatMap(({ delivery, channel }) => {
    const words = fixed.get(delivery.id)
    if (!words) return []
    const { step, people } = batch.of(delivery)
    return [{ delivery: { ...delivery, ...words.row }, step, people, channel, fixed: words }]
  })
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
    claimed.map(({ delivery, channel }) => ({ ...delivery, provider: channel.provider })),
  )
  await tx.insertRows(
    attempts,
    claimed.map(({ delivery, channel }) => ({
      networkId: network.id,
      deliveryId: delivery.id,
      number: delivery.attempt,
      worker: context.worker,
      startedAt: now,
      provider: channel.provider,
    })),
  )
  return claimed
}

const laidDown = (
  delivery: Delivery,
  status: Delivery['status'],
  reason: string,
  dueAt = delivery.dueAt,
): Delivery => ({
  ...delivery,
  status,
  reason,
  dueAt,
  claimedBy: null,
  leaseUntil: null,
})

/** What the deliveries of a batch have in common, read once. */
export interface Batch {
  of(delivery: Delivery): { step: Step; people: Person[]; contents: Contents; campaignStatus: string }
}

export async function readBatch(tx: Tx, context: Context, network: Network, rows: Delivery[]): Promise<Batch> {
  const members = await tx
    .select({ deliveryId: deliveryMembers.deliveryId, contactId: deliveryMembers.contactId })
    .from(deliveryMembers)
    .where(
      and(
        eq(deliveryMembers.networkId, network.id),
        inArray(
          deliveryMembers.deliveryId,
          rows.map((row) => row.id),
        ),
      ),
    )
    .orderBy(asc(deliveryMembers.contactId))
  const people = new Map(
    (await readPeople(tx, network.id, [...new Set(members.map((member) => member.contactId))])).map((person) => [
      person.contact.id,
      person,
    ]),
  )
  const covered = new Map<string, Person[]>()
  for (const { deliveryId, contactId } of members) {
    const person = people.get(contactId)
    if (person) covered.set(deliveryId, [...(covered.get(deliveryId) ?? []), person])
  }
  const byMessage = new Map<string, { step: Step; contents: Contents; campaignStatus: string }>()
  for (const messageId of new Set(rows.map((row) => row.messageId))) {
    const step = await loadStep(tx, network, messageId)
    const [campaign] = await tx
      .select({ status: campaigns.status })
      .from(campaigns)
      .where(and(eq(campaigns.networkId, network.id), eq(campaigns.id, step.campaignId)))
    byMessage.set(messageId, {
      step,
      contents: await loadContents(context.templates, step.message.template),
      campaignStatus: campaign!.status,
    })
  }
  return { of: (delivery) => ({ ...byMessage.get(delivery.messageId)!, people: covered.get(delivery.id) ?? [] }) }
}

function recheck(context: Context, network: Network, batch: Batch, delivery: Delivery, now: Date): Verdict {
  const { step, people, contents, campaignStatus } = batch.of(delivery)
  if (campaignStatus === 'canceled') return { go: false, status: 'canceled', reason: 'campaign_canceled' }
  if (campaignStatus === 'paused') return { go: false, status: 'held', reason: 'paused' }
  if (delivery.expiresAt && delivery.expiresAt <= now) return { go: false, status: 'expired', reason: 'expired' }
  const [person] = people
  if (!person) return { go: false, status: 'canceled', reason: 'nobody_left' }
  const sender = step.senders.find((candidate) => candidate.id === delivery.senderId)
  const channel = chooseChannel(context.channels, network, delivery.channel, sender?.provider)
  if (!channel) return { go: false, status: 'held', reason: 'no_provider' }
  if (delivery.isCompanion && (delivery.channel === 'intranet' || delivery.channel === 'screen'))
    return { go: true, channel }

  // Asked as if for the first time and for this channel alone; the touch it was counted as must not close it.
  const again = decide(
    {
      step: { ...step, routable: { ...step.routable, channels: [delivery.channel], fallback: undefined } },
      contents,
      publicUrl: context.publicUrl,
      shortUrl: context.shortUrl,
    },
    person,
    { beliefs: {}, touches: { contact: [], site: [] }, isSpent: false, now },
  )
  if (again.outcome === 'none' || !again.at)
    return {
      go: false,
      status: 'suppressed',
      reason:
        again.trace.find((entry) => entry.channel === delivery.channel && entry.verdict === 'excluded')?.rule ??
        again.because[0]?.code ??
        'closed',
    }
  if (again.outcome === 'defer' && again.at > now)
    return { go: false, status: 'held', reason: 'quiet_hours', dueAt: again.at }
  return { go: true, channel }
}

/** Lets go what was held or planned and whose time has come. Paused campaigns and missing providers keep theirs. */
export async function release(tx: Tx, networkId: string, now: Date): Promise<void> {
  await tx
    .update(deliveries)
    .set({ status: 'queued', reason: null, updatedAt: now })
    .where(and(eq(deliveries.networkId, networkId), eq(deliveries.status, 'planned'), lte(deliveries.dueAt, now)))
  await tx
    .update(deliveries)
    .set({ status: 'queued', reason: null, updatedAt: now })
    .where(
      and(
        eq(deliveries.networkId, networkId),
        eq(deliveries.status, 'held'),
        eq(deliveries.reason, 'quiet_hours'),
        lte(deliveries.dueAt, now),
      ),
    )
}

/** Whether a network still owes something that has not been handed over. */
export const owesAnything = (tx: Tx, networkId: string, campaignId: string): Promise<boolean> =>
  tx
    .select({ id: deliveries.id })
    .from(deliveries)
    .innerJoin(messages, and(eq(messages.networkId, deliveries.networkId), eq(messages.id, deliveries.messageId)))
    .where(
      and(
        eq(deliveries.networkId, networkId),
        eq(messages.campaignId, campaignId),
        inArray(deliveries.status, ['planned', 'held', 'queued', 'sending', 'unknown']),
      ),
    )
    .limit(1)
    .then((rows) => rows.length > 0)
