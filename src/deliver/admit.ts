import { and, asc, eq, inArray, isNull } from 'drizzle-orm'
import type { Context, Network } from '../context.ts'
import { deliveries, senders } from '../db/schema.ts'
import type { Sender } from '../network/senders.ts'
import type { Limit } from '../pace/pace.ts'
import type { ChannelName, Urgency } from '../words.ts'
import { type Account, accountOf } from './account.ts'
import { giveTryBack, takeTry } from './breaker.ts'
import { chooseChannel } from './choose-channel.ts'
import { type Claimed, isDue, type Share } from './claim.ts'
import type { Gate } from './gate.ts'
import type { Lane } from './lane.ts'
import { limitsOf } from './limits.ts'

/** What of a lane may be claimed now. */
export interface Admission {
  share: Share
  limit: number
  /** What was taken of the pace for it, in the unit of its limits. */
  paid: { limits: readonly Limit[]; units: number }
  /** The account it is to try, of which nothing is known but that it took nothing. */
  tries?: Account
}

/** Nothing of it may leave now: whether anything is due at all, and when to ask again (milliseconds). */
export interface Waiting {
  waitMs?: number
}

/** How soon bulk that has let urgent messages go first asks again. */
const yieldMs = 100

const urgent: readonly Urgency[] = ['immediate', 'high']

/** What a delivery costs of its sender's rate: carriers count the parts of a text (twilio.com/docs/api/errors/30001). */
const costOf = (channel: ChannelName, parts: number | null): number => (channel === 'sms' ? Math.max(1, parts ?? 1) : 1)

/**
 * Those a lane's messages leave in the name of; undefined stands for what no sender was chosen for. Bulk does not leave
 * in the name of one the provider refuses.
 */
export async function sendersOfLane(
  { db }: Context,
  network: Network,
  lane: Pick<Lane, 'channels' | 'urgencies'>,
): Promise<(Sender | undefined)[]> {
  const rows = await db
    .select()
    .from(senders)
    .where(
      and(
        eq(senders.networkId, network.id),
        inArray(senders.channel, [...lane.channels]),
        lane.urgencies?.some((one) => urgent.includes(one)) ? undefined : isNull(senders.refusedAt),
      ),
    )
    .orderBy(asc(senders.id))
  return [...rows, undefined]
}

/**
 * Says what a lane may claim at this instant, one sender at a time: as much as its pace and its provider allow, and
 * what was taken of the pace for it. Bulk that may wait lets what is urgent in the same name go first. Nothing is claimed before it may leave, so that nothing waits under a lease.
 */
export async function admit(
  context: Context,
  network: Network,
  now: Date,
  lane: Lane,
  among: readonly (Sender | undefined)[],
  gate: Gate,
  mayWait: boolean,
): Promise<Admission | Waiting> {
  const [name] = lane.channels
  if (name === undefined) return {}
  const isUrgent = lane.urgencies?.every((urgency) => urgent.includes(urgency)) ?? false
  let waitMs: number | undefined
  for (const sender of among) {
    const share: Share = { ...lane, senderId: sender?.id ?? null }
    const channel = chooseChannel(context.channels, network, name, sender?.provider)
    if (!channel || channel.isLocal) {
      if ((await dueCosts(context, network, now, name, share, 1)).length === 0) continue
      return { share, limit: lane.size, paid: { limits: [], units: 0 } }
    }
    const account = accountOf(context, network, channel)
    const breaker = await gate.breaker(account)
    const pausedMs = breaker?.retryAt ? breaker.retryAt.getTime() - context.wall.now().getTime() : 0
    const isOpen = breaker?.openedAt != null
    // Somebody may ask that it be tried sooner: it is looked at again before its pause is over.
    if (isOpen && pausedMs > 0) continue
    if (!isUrgent && (isOpen || mayWait) && (await isUrgentDue(context, network, now, name, share))) {
      // What is urgent has its turn first, and the one try where the provider is down.
      if (!isOpen) waitMs = Math.min(waitMs ?? yieldMs, yieldMs)
      continue
    }
    const most = isOpen ? 1 : gate.together(breaker, lane.size)
    const costs = await dueCosts(context, network, now, name, share, most)
    if (costs.length === 0) continue
    const limits = limitsOf(context, network, account, channel, sender)
    const { granted, waitMs: pauseMs, isSlowed } = await context.pace.take(limits, costs, isUrgent)
    if (granted === 0) {
      waitMs = Math.min(waitMs ?? pauseMs, pauseMs)
      continue
    }
    const units = costs.slice(0, granted).reduce((sum, cost) => sum + cost, 0)
    if (isOpen && !(await takeTry(context.db, account, context.wall.now()))) {
      await context.pace.correct(limits, -units)
      continue
    }
    if (isSlowed) gate.watch(channel)
    gate.open(channel)
    return { share, limit: granted, paid: { limits, units }, tries: isOpen ? account : undefined }
  }
  return { waitMs }
}

const isUrgentDue = async (
  context: Context,
  network: Network,
  now: Date,
  channel: ChannelName,
  { channels, senderId }: Share,
): Promise<boolean> =>
  (await dueCosts(context, network, now, channel, { channels, senderId, urgencies: urgent }, 1)).length > 0

/** What the next due deliveries of a share cost, the first to leave first. */
async function dueCosts(
  { db }: Context,
  network: Network,
  now: Date,
  channel: ChannelName,
  share: Share,
  most: number,
): Promise<number[]> {
  const rows = await db
    .select({ parts: deliveries.parts })
    .from(deliveries)
    .where(isDue(network, now, share))
    .orderBy(asc(deliveries.priority), asc(deliveries.dueAt))
    .limit(most)
  return rows.map(({ parts }) => costOf(channel, parts))
}

/** Puts right what was taken of the pace when another number was claimed, or longer texts, and a try that was none. */
export async function settleUp(
  context: Context,
  { paid, tries }: Admission,
  claimed: readonly Claimed[],
): Promise<void> {
  if (tries && claimed.length === 0) await giveTryBack(context.db, tries, context.wall.now())
  if (paid.limits.length === 0) return
  const left = claimed.reduce((sum, { delivery }) => sum + costOf(delivery.channel, delivery.parts), 0)
  if (left !== paid.units) await context.pace.correct(paid.limits, left - paid.units)
}
