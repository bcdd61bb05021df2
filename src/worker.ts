import { and, eq, inArray, isNull, notExists } from 'drizzle-orm'
import type { InboundEvent } from './channel.ts'
import { businessNow } from './clock.ts'
import type { Context, Network } from './context.ts'
import type { Tx } from './db/index.ts'
import { campaigns, deliveries, messages, stepRuns, timers } from './db/schema.ts'
import { claim, owesAnything, release } from './deliver/claim.ts'
import { reclaimOrphans, resolveDoubts } from './deliver/doubt.ts'
import { handOver } from './deliver/hand-over.ts'
import { settle } from './deliver/settle.ts'
import { matureDue } from './engagement/record.ts'
import { listNetworks } from './network/networks.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { fallBack } from './outbox/fall-back.ts'
import { fanOut, startStep } from './outbox/fan-out.ts'
import { composeWaiting } from './print-shop/compose.ts'
import { refreshSegments } from './segment/refresh.ts'
import { dueTimers, fire, type Timer } from './timer/timers.ts'
import { applyPending, receive } from './tracking/inbox.ts'

/** Deliveries claimed at once: a claim is one durable commit, and what it holds waits for the slowest answer. */
const claimSize = 100
const timerPage = 200

/**
 * One look of the worker at one network, at business time `now`: what is due starts, what is owed leaves, what
 * came in is applied. Returns whether anything was done; call again until it was not.
 */
export async function tick(context: Context, network: Network, now: Date): Promise<boolean> {
  let didSomething = false
  const did = (count: number | boolean) => {
    didSomething = didSomething || Number(count) > 0
  }
  did(await fireTimers(context, network, now))
  did(await runSteps(context, network, now))
  did(await deliverDue(context, network, now))
  did(await applyPending(context.db, context.wall, { limit: 500 }))
  did(await matureDue(context.db, network, now))
  did(await reclaimOrphans(context, network, now))
  did(await resolveDoubts(context, network, now))
  did(await composeWaiting(context, network, now))
  await finishCampaigns(context, network, now)
  return didSomething
}

/** Every network, until nothing is due. What `relais serve` calls each second. */
export async function tickAll(context: Context): Promise<void> {
  for (const { id } of await listNetworks(context.db))
    await oneAtATime(context.db, id, async () => {
      for (;;) {
        // Read anew each time: somebody may have moved the clock, or deleted the network.
        const network = (await listNetworks(context.db)).find((candidate) => candidate.id === id)
        if (!network || !(await tick(context, network, businessNow(context.wall.now(), network)))) return
      }
    })
}

/** Starts what waits are over. A step's audience is refreshed first, so that it is who belongs to it now. */
async function fireTimers(context: Context, network: Network, now: Date): Promise<number> {
  const due = await dueTimers(context.db, network.id, now, timerPage)
  if (due.length === 0) return 0
  if (due.some((timer) => timer.kind === 'step')) await refreshSegments(context.db, network, now)
  let fired = 0
  for (const timer of due.filter((candidate) => candidate.kind !== 'carrier'))
    fired += await context.db.transaction((tx) => fireOne(tx, context, network, timer, now))
  return (
    fired +
    (await hearCarriers(
      context,
      network,
      due.filter((timer) => timer.kind === 'carrier'),
      now,
    ))
  )
}

async function fireOne(tx: Tx, context: Context, network: Network, timer: Timer, now: Date): Promise<number> {
  const mine = await fire(tx, network.id, [timer.id], now)
  if (mine.size === 0) return 0
  if (timer.kind === 'step') await startStep(tx, network, timer.subject, now)
  if (timer.kind === 'fallback') await fallBack(tx, context, network, timer, now)
  return 1
}

/** The simulated carriers' answers reach us as a provider's would: into the raw inbox, then applied. */
async function hearCarriers(context: Context, network: Network, due: Timer[], now: Date): Promise<number> {
  if (due.length === 0) return 0
  const heard = due.map((timer) => ({
    ...(timer.payload.event as InboundEvent),
    networkId: network.id,
    occurredAt: timer.dueAt,
  }))
  await receive(context.db, 'preview', heard, context.wall.now())
  await context.db.transaction((tx) =>
    fire(
      tx,
      network.id,
      due.map((timer) => timer.id),
      now,
    ),
  )
  return due.length
}

async function runSteps(context: Context, network: Network, now: Date): Promise<number> {
  const running = await context.db
    .select({ messageId: stepRuns.messageId })
    .from(stepRuns)
    .innerJoin(messages, and(eq(messages.networkId, stepRuns.networkId), eq(messages.id, stepRuns.messageId)))
    .innerJoin(campaigns, and(eq(campaigns.networkId, messages.networkId), eq(campaigns.id, messages.campaignId)))
    .where(and(eq(stepRuns.networkId, network.id), eq(stepRuns.status, 'running'), eq(campaigns.status, 'running')))
  for (const { messageId } of running) await fanOut(context, network, messageId, now)
  return running.length
}

/** Hands over everything due, urgent first, a batch at a time. */
export async function deliverDue(context: Context, network: Network, now: Date): Promise<number> {
  await release(context.db, network.id, now)
  let sent = 0
  for (;;) {
    const batch = await claim(context, network, now, claimSize)
    if (batch.length === 0) return sent
    await settle(context, network, await handOver(context, network, batch, now), now)
    sent += batch.length
  }
}

/** A campaign is finished when every step has run, nothing is owed and no fallback can come any more. */
async function finishCampaigns(context: Context, network: Network, now: Date): Promise<void> {
  const { db } = context
  const openRuns = db
    .select({ id: stepRuns.messageId })
    .from(stepRuns)
    .innerJoin(messages, and(eq(messages.networkId, stepRuns.networkId), eq(messages.id, stepRuns.messageId)))
    .where(
      and(
        eq(stepRuns.networkId, network.id),
        eq(messages.campaignId, campaigns.id),
        inArray(stepRuns.status, ['waiting', 'running']),
      ),
    )
  const candidates = await db
    .select({ id: campaigns.id })
    .from(campaigns)
    .where(and(eq(campaigns.networkId, network.id), eq(campaigns.status, 'running'), notExists(openRuns)))
  for (const { id } of candidates) {
    if (await owesAnything(db, network.id, id)) continue
    if (await mayStillFallBack(db, network.id, id)) continue
    await db
      .update(campaigns)
      .set({ status: 'finished', finishedAt: now })
      .where(and(eq(campaigns.networkId, network.id), eq(campaigns.id, id), eq(campaigns.status, 'running')))
  }
}

async function mayStillFallBack(tx: Tx, networkId: string, campaignId: string): Promise<boolean> {
  const rows = await tx
    .select({ id: timers.id })
    .from(timers)
    .innerJoin(deliveries, and(eq(deliveries.networkId, timers.networkId), eq(deliveries.id, timers.subject)))
    .innerJoin(messages, and(eq(messages.networkId, deliveries.networkId), eq(messages.id, deliveries.messageId)))
    .where(
      and(
        eq(timers.networkId, networkId),
        inArray(timers.kind, ['fallback', 'carrier']),
        isNull(timers.firedAt),
        eq(messages.campaignId, campaignId),
      ),
    )
    .limit(1)
  return rows.length > 0
}
