import { and, asc, eq, inArray, isNull, lte } from 'drizzle-orm'
import type { Channel, InboundEvent, Progress } from '../channel.ts'
import { businessNow } from '../clock.ts'
import type { Context, Network } from '../context.ts'
import type { Tx } from '../db/index.ts'
import { deliveries, timers } from '../db/schema.ts'
import { notify } from '../notification/notify.ts'
import { fire, schedule, type Timer } from '../timer/timers.ts'
import { askedOf, receive } from '../tracking/inbox.ts'
import { chooseChannel } from './choose-channel.ts'
import { withOwnCarriers } from './own-carriers.ts'
import { type Awaiting, roundOf, waitsFor } from './receipt-rounds.ts'
import { hasCalled } from './webhook-health.ts'

/** Waits looked after together, and questions to a provider at a time. */
const pageSize = 20
const askedTogether = 8

/**
 * Looks after receipts that have not come: asks the provider, tells when it does not call at all, and in the end writes
 * the silence down. Returns how many waits were over; where the worker keeps lanes, asking goes on in one of its own.
 */
export async function askForReceipts(context: Context, network: Network, now: Date): Promise<number> {
  const [some] = await dueWaits(context, network, now, 1)
  if (!some) return 0
  const ask = () => withOwnCarriers(context, network, (own) => askAll(own, context.channels, network, now))
  if (!context.lanes) return ask()
  context.lanes.begin(`${network.id} receipts`, async (signal) => {
    // Nobody else counts what is left, so this goes on while there is some.
    while (!signal.isOver() && !context.stop?.aborted && (await ask()) > 0);
  })
  return 0
}

const dueWaits = ({ db }: Context, network: Network, now: Date, limit: number): Promise<Timer[]> =>
  db
    .select()
    .from(timers)
    .where(
      and(eq(timers.networkId, network.id), eq(timers.kind, 'receipt'), isNull(timers.firedAt), lte(timers.dueAt, now)),
    )
    .orderBy(asc(timers.dueAt), asc(timers.id))
    .limit(limit)

async function askAll(
  context: Context,
  installation: readonly Channel[],
  network: Network,
  now: Date,
): Promise<number> {
  const waits = await dueWaits(context, network, now, pageSize)
  for (const some of ofOneRound(waits)) {
    if (context.stop?.aborted) break
    await lookAfter(context, installation, network, some).catch((error: unknown) => {
      if (!(error instanceof LookedAfter)) throw error
    })
  }
  return waits.length
}

/** Another worker was faster with some of them: it has seen to those, and the next look sees to what is left. */
class LookedAfter extends Error {
  override name = 'LookedAfter'
}

/** Waits that are looked after as one, and from then on are one. */
interface Joined {
  ids: string[]
  awaiting: Awaiting
}

function ofOneRound(waits: readonly Timer[]): Joined[] {
  const joined = new Map<string, Joined>()
  for (const { id, payload } of waits) {
    const awaiting = payload as unknown as Awaiting
    const key = `${awaiting.channel} ${awaiting.provider} ${awaiting.round}`
    const there = joined.get(key)
    const sentAt = there && there.awaiting.sentAt > awaiting.sentAt ? there.awaiting.sentAt : awaiting.sentAt
    const attempts = [...(there?.awaiting.attempts ?? []), ...awaiting.attempts]
    joined.set(key, { ids: [...(there?.ids ?? []), id], awaiting: { ...awaiting, sentAt, attempts } })
  }
  return [...joined.values()]
}

type Open = Pick<typeof deliveries.$inferSelect, 'id' | 'attempt' | 'providerRef'>

async function lookAfter(
  context: Context,
  installation: readonly Channel[],
  network: Network,
  { ids, awaiting }: Joined,
): Promise<void> {
  const round = roundOf(awaiting)
  const open = round ? await stillOpen(context.db, network, awaiting) : []
  const channel = chooseChannel(context.channels, network, awaiting.channel, awaiting.provider)
  const told =
    round?.asks && channel?.receipt && channel.provider === awaiting.provider
      ? await askEach(context, network, channel, open)
      : new Map<string, Progress>()
  const wallNow = context.wall.now()
  const now = businessNow(wallNow, network)
  const isSilent = round?.minds === true && open.length > 0 && !(await hasCalledSince(context, awaiting, now))
  if (isSilent)
    context.log.warn(
      { network: network.name, provider: awaiting.provider },
      'A provider has taken messages and has not called since: its webhooks do not reach us',
    )
  // An own account's calls are told apart by their network, as they are when it calls.
  const isOwn = channel !== undefined && !installation.includes(channel)
  await context.db.transaction(async (tx) => {
    const mine = await fire(tx, network.id, ids, now)
    if (mine.size < ids.length) throw new LookedAfter()
    const events = [...told.values()].flatMap(({ event }) => (event ? [isOwn ? namedBy(network, event) : event] : []))
    await receive(tx, askedOf(awaiting.provider), events, wallNow)
    await tx.updateRows(
      deliveries,
      { set: ['parts'], where: ['networkId', 'id'] },
      [...told].flatMap(([id, { parts }]) => (parts === undefined ? [] : [{ networkId: network.id, id, parts }])),
    )
    if (isSilent) await tellOfSilence(tx, network, awaiting.provider, wallNow)
    const left = open.filter(({ id }) => told.get(id)?.isFinal !== true)
    if (round?.ends) await writeSilence(tx, network, left, now)
    else {
      const attempts = left.map(({ id, attempt }): [string, number] => [id, attempt])
      await schedule(tx, network.id, waitsFor({ ...awaiting, round: awaiting.round + 1, attempts }), now)
    }
  })
}

/** Whether the provider has called since it was handed the last of these. */
const hasCalledSince = ({ db, wall }: Context, { provider, sentAt }: Awaiting, now: Date): Promise<boolean> =>
  hasCalled(db, provider, new Date(wall.now().getTime() - (now.getTime() - Date.parse(sentAt))))

const namedBy = ({ id }: Network, event: InboundEvent): InboundEvent => ({
  ...event,
  dedupeKey: `${id}:${event.dedupeKey}`,
})

/** Those of a wait that no carrier has spoken the last word on. */
async function stillOpen(db: Tx, network: Network, { attempts }: Awaiting): Promise<Open[]> {
  const attemptOf = new Map(attempts)
  const rows = await db
    .select({ id: deliveries.id, attempt: deliveries.attempt, providerRef: deliveries.providerRef })
    .from(deliveries)
    .where(and(eq(deliveries.networkId, network.id), inArray(deliveries.id, [...attemptOf.keys()]), isAwaited))
  return rows.filter(({ id, attempt }) => attemptOf.get(id) === attempt)
}

const isAwaited = and(inArray(deliveries.status, ['accepted', 'sent']), eq(deliveries.isReceiptMissing, false))

/** A question that fails is no answer: the next round asks again. */
async function askEach(context: Context, network: Network, channel: Channel, open: readonly Open[]) {
  const told = new Map<string, Progress>()
  const queue = open.flatMap(({ id, attempt, providerRef }) => (providerRef ? [{ id, attempt, ref: providerRef }] : []))
  let failure: unknown
  const ask = async () => {
    for (let one = queue.shift(); one; one = queue.shift()) {
      try {
        const { id, attempt, ref } = one
        const progress = await channel.receipt?.({ networkId: network.id, deliveryId: id, attempt, ref })
        if (progress) told.set(id, progress)
      } catch (error) {
        failure = error
      }
    }
  }
  await Promise.all(Array.from({ length: askedTogether }, ask))
  if (failure !== undefined)
    context.log.warn({ network: network.name, provider: channel.provider, err: failure }, 'A receipt was asked in vain')
  return told
}

/** Sent, and nobody says what became of it: a later word still counts. */
async function writeSilence(tx: Tx, network: Network, left: readonly Open[], now: Date): Promise<void> {
  if (left.length === 0) return
  await tx
    .update(deliveries)
    .set({ status: 'sent', isReceiptMissing: true, updatedAt: now })
    .where(
      and(
        eq(deliveries.networkId, network.id),
        inArray(
          deliveries.id,
          left.map(({ id }) => id),
        ),
        isAwaited,
      ),
    )
}

const properNames: Record<string, string> = { twilio: 'Twilio', sendgrid: 'SendGrid' }

const tellOfSilence = (tx: Tx, network: Network, provider: string, at: Date) =>
  notify(tx, {
    networkId: network.id,
    userId: null,
    kind: 'provider_silent',
    params: { provider: properNames[provider] ?? provider },
    href: '/console/settings/senders',
    // Once a day, as long as it lasts.
    dedupeKey: `provider_silent:${provider}:${at.toISOString().slice(0, 10)}`,
    at,
  })
