import { and, eq, inArray, lte, ne, sql } from 'drizzle-orm'
import type { Context, Network } from '../context.ts'
import { attempts, deliveries } from '../db/schema.ts'
import { chooseChannel } from './choose-channel.ts'
import { type Claimed, type Delivery, readBatch } from './claim.ts'
import { fixWords } from './fix-words.ts'
import { addressBook, renderClaimed } from './hand-over.ts'
import { graceMs } from './settle.ts'

/** Without a way to ask, a provider's own word is awaited this long; then a human decides. */
const patienceMs = 24 * 3_600_000
const pageSize = 50

/**
 * Deliveries whose worker has gone: a lease ran out while they were `sending`. Where handing over has no effect
 * outside our own database they are simply owed again; elsewhere they may have left, so their fate is unknown.
 */
export async function reclaimOrphans(context: Context, network: Network, now: Date): Promise<number> {
  const local = context.channels.filter((channel) => channel.isLocal).map((channel) => channel.provider)
  const orphans = and(
    eq(deliveries.networkId, network.id),
    eq(deliveries.status, 'sending'),
    lte(deliveries.leaseUntil, context.wall.now()),
  )
  return context.db.transaction(async (tx) => {
    const again = await tx
      .update(deliveries)
      .set({ status: 'queued', reason: 'worker_lost', claimedBy: null, leaseUntil: null, updatedAt: now })
      .where(and(orphans, inArray(deliveries.provider, local)))
      .returning({ id: deliveries.id })
    const doubtful = await tx
      .update(deliveries)
      .set({
        status: 'unknown',
        reason: 'worker_lost',
        doubts: sql`${deliveries.doubts} + 1`,
        claimedBy: null,
        leaseUntil: null,
        dueAt: new Date(now.getTime() + graceMs),
        updatedAt: now,
      })
      .where(orphans)
      .returning({ id: deliveries.id })
    return again.length + doubtful.length
  })
}

type Verdict =
  | { status: 'accepted'; providerRef: string }
  | { status: 'queued' | 'needs_review'; reason: string }
  | { status: 'unknown'; dueAt: Date }

/**
 * Settles doubts whose grace is over by asking the provider. Found: adopted. Certainly not there: sent once more;
 * a second doubt is for a human, and so is one nobody can clear up. A question that fails is not an answer.
 */
export async function resolveDoubts(context: Context, network: Network, now: Date): Promise<number> {
  const doubtful = await context.db
    .select()
    .from(deliveries)
    .where(and(eq(deliveries.networkId, network.id), eq(deliveries.status, 'unknown'), lte(deliveries.dueAt, now)))
    .limit(pageSize)
  if (doubtful.length === 0) return 0
  const verdicts: { delivery: Delivery; verdict: Verdict }[] = []
  for (const delivery of doubtful) verdicts.push({ delivery, verdict: await ask(context, network, delivery, now) })
  await context.db.transaction(async (tx) => {
    for (const { delivery, verdict } of verdicts)
      await tx
        .update(deliveries)
        .set({
          ...verdict,
          ...(verdict.status === 'accepted' ? { sentAt: delivery.sentAt ?? now, reason: 'adopted' } : {}),
          ...(verdict.status === 'queued' ? { dueAt: now } : {}),
          updatedAt: now,
        })
        .where(
          and(eq(deliveries.networkId, network.id), eq(deliveries.id, delivery.id), eq(deliveries.status, 'unknown')),
        )
  })
  return verdicts.filter(({ verdict }) => verdict.status !== 'unknown').length
}

async function ask(context: Context, network: Network, delivery: Delivery, now: Date): Promise<Verdict> {
  const wait: Verdict = { status: 'unknown', dueAt: new Date(now.getTime() + graceMs) }
  const [attempt] = await context.db
    .select({ startedAt: attempts.startedAt })
    .from(attempts)
    .where(
      and(
        eq(attempts.networkId, network.id),
        eq(attempts.deliveryId, delivery.id),
        eq(attempts.number, delivery.attempt),
      ),
    )
  const since = attempt?.startedAt ?? delivery.updatedAt
  const isOld = now.getTime() - since.getTime() > patienceMs
  const channel = chooseChannel(context.channels, network, delivery.channel, delivery.provider ?? undefined)
  if (!channel?.lookup) return isOld ? { status: 'needs_review', reason: 'nobody_can_tell' } : wait
  const claimed = await claimedAgain(context, network, delivery, now)
  const to = claimed && channel.address(addressBook(claimed))
  if (!claimed || !to) return { status: 'needs_review', reason: 'address_gone' }
  try {
    const answer = await channel.lookup(
      {
        networkId: network.id,
        mode: network.mode,
        deliveryId: delivery.id,
        attempt: delivery.attempt,
        messageId: delivery.messageId,
        recipientKey: delivery.recipientKey,
        siteId: claimed.people[0]!.site.id,
        language: claimed.fixed.words.language,
        to,
        content: await renderClaimed(context, network, claimed),
        trackingMode: delivery.trackingMode ?? 'none',
        now,
        seed: '',
      },
      since,
    )
    // Two like texts to one phone: what another delivery owns is not ours.
    if (answer.found && !(await isOwnedByAnother(context, delivery, answer.ref)))
      return { status: 'accepted', providerRef: answer.ref }
  } catch (error) {
    context.log.warn(
      { deliveryId: delivery.id, err: error },
      'The provider could not be asked about a doubtful delivery',
    )
    return isOld ? { status: 'needs_review', reason: 'nobody_can_tell' } : wait
  }
  return delivery.doubts > 1
    ? { status: 'needs_review', reason: 'doubtful_twice' }
    : { status: 'queued', reason: 'certainly_not_sent' }
}

async function isOwnedByAnother(context: Context, delivery: Delivery, ref: string): Promise<boolean> {
  const [owner] = await context.db
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.networkId, delivery.networkId),
        eq(deliveries.channel, delivery.channel),
        eq(deliveries.providerRef, ref),
        ne(deliveries.id, delivery.id),
      ),
    )
    .limit(1)
  return owner !== undefined
}

/** The delivery with its fixed words, as its claim had it. */
const claimedAgain = (
  context: Context,
  network: Network,
  delivery: Delivery,
  now: Date,
): Promise<Claimed | undefined> =>
  context.db.transaction(async (tx) => {
    const batch = await readBatch(tx, context, network, [delivery])
    const { step, people } = batch.of(delivery)
    const fixed = (await fixWords(tx, context, network, batch, [delivery], now)).get(delivery.id)
    const channel = chooseChannel(context.channels, network, delivery.channel, delivery.provider ?? undefined)
    return fixed && channel && people.length > 0 ? { delivery, step, people, channel, fixed } : undefined
  })
