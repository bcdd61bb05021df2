import { and, asc, eq, lte, not } from 'drizzle-orm'
import type { OnDoubt } from '../campaign/definition.ts'
import type { Address } from '../channel.ts'
import type { Context, Network } from '../context.ts'
import { oneOf } from '../db/index.ts'
import { addresses, attempts, deliveries } from '../db/schema.ts'
import type { Step } from '../outbox/step.ts'
import { graceMs } from './after-receipt.ts'
import { readBatch } from './batch.ts'
import { chooseChannel } from './choose-channel.ts'
import type { Claimed, Delivery } from './claim.ts'
import { fixWords } from './fix-words.ts'
import { forgetCalls, takenWith } from './open-calls.ts'
import type { Outcome } from './outcome.ts'
import { withOwnCarriers } from './own-carriers.ts'
import { addressBook, outgoingOf } from './prepare.ts'
import { settle } from './settle.ts'
import { tellOfReviews } from './tell-of-reviews.ts'
import { callsUs } from './webhook-health.ts'

/** Without a way to ask, a provider's own word is awaited this long; then a human decides. */
const patienceMs = 24 * 3_600_000
/** What is to be sent again without asking waits this long for a word first: “processed” commonly comes within two minutes. */
const silenceMs = 10 * 60_000
const pageSize = 50
/** Questions to providers at a time. */
const askedTogether = 8

type Verdict =
  | { found: Outcome }
  | { status: 'queued' | 'needs_review'; reason: string }
  | { status: 'unknown'; dueAt: Date }

/**
 * Settles doubts whose grace is over by asking the provider. Found: adopted, with all that follows a hand-over.
 * Certainly not there: sent once more; a second doubt is for a human, and so is one nobody can clear up. A question
 * that fails is not an answer. Returns how many are in doubt no more; where the worker keeps lanes, asking goes on in
 * one of its own, since a provider may be slow to answer questions too.
 */
export async function resolveDoubts(context: Context, network: Network, now: Date): Promise<number> {
  // A clock set forward ends every grace at once, and the provider may not show yet what it has taken.
  if ((context.leaps?.sinceLeapMs() ?? Number.POSITIVE_INFINITY) < graceMs) return 0
  const [waiting] = await context.db
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(isDoubtful(network, now))
    .limit(1)
  if (!waiting) return 0
  const resolve = () => withOwnCarriers(context, network, (own) => resolveBy(own, network, now))
  if (!context.lanes) return resolve()
  context.lanes.begin(`${network.id} doubts`, async () => void (await resolve()))
  return 0
}

const isDoubtful = (network: Network, now: Date) =>
  and(eq(deliveries.networkId, network.id), eq(deliveries.status, 'unknown'), lte(deliveries.dueAt, now))

async function resolveBy(context: Context, network: Network, now: Date): Promise<number> {
  const doubtful = await context.db
    .select()
    .from(deliveries)
    .where(isDoubtful(network, now))
    .orderBy(asc(deliveries.dueAt))
    .limit(pageSize)
  let cleared = 0
  const toReview = new Set<string>()
  while (doubtful.length > 0) {
    const some = doubtful.splice(0, askedTogether)
    const verdicts = await Promise.all(some.map((delivery) => ask(context, network, delivery, now)))
    for (const [index, verdict] of verdicts.entries()) {
      if (!(await write(context, network, some[index]!, verdict, now))) continue
      cleared++
      if ('status' in verdict && verdict.status === 'needs_review') toReview.add(some[index]!.messageId)
    }
  }
  await tellOfReviews(context, network, toReview)
  await forgetCalls(context.db, network.id, now)
  return cleared
}

async function write(context: Context, network: Network, delivery: Delivery, verdict: Verdict, now: Date) {
  if ('found' in verdict) {
    const { claimed, receipt } = verdict.found
    // Asked again: of two like doubts asked together, the first has it by now, and the other is asked anew.
    const isFree = receipt.outcome === 'accepted' && (await freeOf(context, claimed, [receipt.ref])).length > 0
    if (!isFree) return false
    await settle(context, network, [verdict.found], now, true)
    context.metrics.adopted(delivery.channel)
    return true
  }
  const written = await context.db
    .update(deliveries)
    .set({ ...verdict, ...(verdict.status === 'queued' ? { dueAt: now } : {}), updatedAt: now })
    .where(
      and(
        eq(deliveries.networkId, network.id),
        eq(deliveries.id, delivery.id),
        eq(deliveries.attempt, delivery.attempt),
        eq(deliveries.status, 'unknown'),
      ),
    )
    .returning({ id: deliveries.id })
  // The provider's own word came first.
  if (written.length === 0) return true
  if (verdict.status === 'queued') context.metrics.resentAfterDoubt(delivery.channel)
  return verdict.status !== 'unknown'
}

async function ask(context: Context, network: Network, delivery: Delivery, now: Date): Promise<Verdict> {
  const began = await beganAt(context, network, delivery)
  const isOld = now.getTime() - began.getTime() > patienceMs
  // After a restore the attempt is ours, but what it asks about is older.
  const since = delivery.reason === 'restored' && context.restored ? context.restored.from : began
  const cannotTell: Verdict = isOld
    ? { status: 'needs_review', reason: 'nobody_can_tell' }
    : { status: 'unknown', dueAt: new Date(now.getTime() + graceMs) }
  try {
    const claimed = await asClaimed(context, network, delivery, now)
    if (claimed && !claimed.channel.lookup)
      return (
        (await byItsCall(context, network, claimed, began, now)) ??
        (await bySilence(context, network, claimed, began, now))
      )
    if (!claimed?.channel.lookup) return cannotTell
    const to = await addressOf(context, claimed)
    if (!to) return { status: 'needs_review', reason: 'address_gone' }
    const outgoing = await outgoingOf(context, network, claimed, to, now)
    const { refs } = await claimed.channel.lookup(outgoing, since)
    const [ref] = await freeOf(context, claimed, refs)
    if (ref !== undefined)
      return {
        found: {
          claimed,
          outgoing,
          receipt: { outcome: 'accepted', ref },
          adoptedFrom: since === began ? began : delivery.dueAt,
        },
      }
    // Another account carries the channel since: that it does not know of the message says nothing.
    if (isOfFormerAccount(network, delivery, since)) return cannotTell
  } catch (error) {
    context.log.warn(
      { deliveryId: delivery.id, err: error },
      'The provider could not be asked about a doubtful delivery',
    )
    return cannotTell
  }
  return delivery.doubts > 1
    ? { status: 'needs_review', reason: 'doubtful_twice' }
    : { status: 'queued', reason: 'certainly_not_sent' }
}

/** A provider that spoke of another delivery of the same call has taken that call, and this one with it. */
async function byItsCall(
  context: Context,
  network: Network,
  claimed: Claimed,
  began: Date,
  now: Date,
): Promise<Verdict | undefined> {
  const taken = await takenWith(context, claimed.delivery, began)
  if (!taken) return undefined
  const to = await addressOf(context, claimed)
  return {
    found: {
      claimed,
      outgoing: to && (await outgoingOf(context, network, claimed, to, now)),
      receipt: { outcome: 'accepted', ref: taken.ref },
      adoptedFrom: began,
    },
  }
}

/**
 * What to do of a doubt that nobody can be asked about: wait for the provider's own word (its events name delivery and
 * attempt). A campaign that would rather say it twice than not at all sends it once more after ten minutes of silence,
 * but only while the provider is heard at all; everything else waits a day for a human. Nothing is inferred of what
 * was in doubt before a restore, whose events the former database heard.
 */
async function bySilence(
  context: Context,
  network: Network,
  { delivery, step, channel }: Claimed,
  began: Date,
  now: Date,
): Promise<Verdict> {
  const age = now.getTime() - began.getTime()
  const patienceEnds = new Date(began.getTime() + patienceMs)
  if (age >= patienceMs) return { status: 'needs_review', reason: 'nobody_can_tell' }
  const mayResend = onDoubtOf(step) === 'resend' && channel.webhook !== undefined && delivery.reason !== 'restored'
  if (!mayResend) return { status: 'unknown', dueAt: patienceEnds }
  if (age < silenceMs) return { status: 'unknown', dueAt: new Date(began.getTime() + silenceMs) }
  if (delivery.doubts > 1) return { status: 'needs_review', reason: 'doubtful_twice' }
  if (await callsUs(context, network, delivery, began, now)) return { status: 'queued', reason: 'no_word_of_it' }
  return { status: 'unknown', dueAt: new Date(Math.min(patienceEnds.getTime(), now.getTime() + graceMs)) }
}

/** As the campaign says; else what is urgent is rather said twice, and everything else rather not. */
export function onDoubtOf({ campaign, message }: Pick<Step, 'campaign' | 'message'>): OnDoubt {
  if (campaign.onDoubt) return campaign.onDoubt
  return message.class === 'urgent_service' || message.urgency === 'immediate' ? 'resend' : 'hold'
}

function isOfFormerAccount(network: Network, delivery: Delivery, since: Date): boolean {
  const changes = network.settings.carriersChangedAt
  const changedAt = delivery.channel === 'sms' || delivery.channel === 'email' ? changes?.[delivery.channel] : undefined
  return changedAt !== undefined && new Date(changedAt) >= since
}

/** When the attempt in doubt began, in business time. */
async function beganAt(context: Context, network: Network, delivery: Delivery): Promise<Date> {
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
  return attempt?.startedAt ?? delivery.updatedAt
}

/** Where the attempt in doubt went, which need not be where its person is reached today. */
async function addressOf(context: Context, claimed: Claimed): Promise<Address | undefined> {
  const { delivery, channel } = claimed
  if (!delivery.addressId) return channel.address(addressBook(claimed))
  const [row] = await context.db
    .select()
    .from(addresses)
    .where(and(eq(addresses.networkId, delivery.networkId), eq(addresses.id, delivery.addressId)))
  return row?.normalised ? { id: row.id, kind: row.kind, value: row.normalised, isShared: row.isShared } : undefined
}

/**
 * Of a provider's messages those that no other attempt is known to have left as, in their order: like texts to one phone
 * may be of another delivery, of an earlier attempt of this one, or of a network that shares the account.
 */
async function freeOf(
  { db }: Context,
  { delivery, channel }: Pick<Claimed, 'delivery' | 'channel'>,
  refs: readonly string[],
): Promise<string[]> {
  if (refs.length === 0) return []
  const { networkId, id, attempt } = delivery
  const owners = await db
    .select({ ref: attempts.providerRef })
    .from(attempts)
    .where(
      and(
        eq(attempts.provider, channel.provider),
        oneOf(attempts.providerRef, [...refs]),
        not(and(eq(attempts.networkId, networkId), eq(attempts.deliveryId, id), eq(attempts.number, attempt))!),
      ),
    )
  const owned = new Set(owners.map(({ ref }) => ref))
  return refs.filter((ref) => !owned.has(ref))
}

/** The delivery with its fixed words, as its claim had it; undefined when its people or its provider are gone. */
const asClaimed = (context: Context, network: Network, delivery: Delivery, now: Date): Promise<Claimed | undefined> =>
  context.db.transaction(async (tx) => {
    const batch = await readBatch(tx, context, network, [delivery])
    const { step, people } = batch.of(delivery)
    const channel = chooseChannel(context.channels, network, delivery.channel, delivery.provider ?? undefined)
    if (!channel || people.length === 0) return undefined
    const fixed = (await fixWords(tx, context, network, batch, [delivery], now)).get(delivery.id)
    return fixed && { delivery, step, people, channel, fixed }
  })
