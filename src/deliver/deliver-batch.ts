import { setImmediate } from 'node:timers/promises'
import { and, eq, inArray } from 'drizzle-orm'
import type { Context, Network } from '../context.ts'
import { campaigns } from '../db/schema.ts'
import { isHalted } from '../network/halt.ts'
import type { Claimed } from './claim.ts'
import { closedSince } from './closed-since.ts'
import type { Gate } from './gate.ts'
import { handOver } from './hand-over.ts'
import { keepLeases } from './heartbeat.ts'
import { leftBeforeRestore } from './left-before-restore.ts'
import type { Outcome } from './outcome.ts'
import { Overtaken, settle } from './settle.ts'

/** A transaction another one got in the way of is tried again so often. */
const triesToSettle = 3

/**
 * Hands a claimed batch over and settles what comes back as it comes, together with whatever has come meanwhile:
 * a crash then leaves in doubt what was under way, not the whole batch. Its leases are kept as long as it takes.
 */
export async function deliverBatch(
  context: Context,
  network: Network,
  batch: readonly Claimed[],
  now: Date,
  gate: Gate,
): Promise<void> {
  const letGo = keepLeases(context, network, batch)
  try {
    await deliverHeld(context, network, batch, now, gate)
  } finally {
    letGo()
  }
}

async function deliverHeld(
  context: Context,
  network: Network,
  batch: readonly Claimed[],
  now: Date,
  gate: Gate,
): Promise<void> {
  let waiting: Outcome[] = []
  let settled = Promise.resolve()
  let failure: unknown
  const settleWaiting = async () => {
    const some = waiting
    waiting = []
    await settleSurely(context, network, some, now).catch((error: unknown) => {
      failure ??= error
    })
  }
  const told = (outcomes: Outcome[]) => {
    // The turn that is waiting takes these along, and what other channels answer in the same moment.
    if (waiting.length === 0) settled = settled.then(() => setImmediate()).then(settleWaiting)
    waiting.push(...outcomes)
  }
  const stopped = await stoppedSince(context, network, batch)
  const closed = await closedSince(context, network, batch)
  const isStopped = ({ step, delivery }: Claimed) => stopped.has(step.campaignId) || closed.has(delivery.id)
  const leftBefore = await leftBeforeRestore(context, network, batch)
  const mayHaveLeft = (claimed: Claimed) => !isStopped(claimed) && leftBefore.has(claimed.delivery.id)
  const doubtful = batch.filter(mayHaveLeft)
  // The provider is asked before anything is sent that an earlier life of this database may have sent.
  if (doubtful.length > 0)
    told(doubtful.map((claimed) => ({ claimed, receipt: { outcome: 'unknown', reason: 'restored' } })))
  if (stopped.size + closed.size > 0)
    told(batch.filter(isStopped).map((claimed) => ({ claimed, receipt: { outcome: 'not_sent' } })))
  await handOver(
    context,
    network,
    batch.filter((claimed) => !isStopped(claimed) && !mayHaveLeft(claimed)),
    now,
    gate,
    told,
  )
  await settled
  // What could not be written down stays `sending`: its lease runs out, and then it is in doubt.
  if (failure !== undefined) throw failure
}

/**
 * The campaigns of a batch that were paused or canceled since it was claimed. A claim that began before such a commit
 * may end after it (on PostgreSQL); asked again here, nothing is handed over once a pause has been confirmed.
 */
async function stoppedSince({ db }: Context, network: Network, batch: readonly Claimed[]): Promise<Set<string>> {
  if (await isHalted(db, network.id)) return new Set(batch.map(({ step }) => step.campaignId))
  const rows = await db
    .select({ id: campaigns.id })
    .from(campaigns)
    .where(
      and(
        eq(campaigns.networkId, network.id),
        inArray(campaigns.id, [...new Set(batch.map(({ step }) => step.campaignId))]),
        inArray(campaigns.status, ['paused', 'canceled']),
      ),
    )
  return new Set(rows.map((row) => row.id))
}

async function settleSurely(context: Context, network: Network, outcomes: Outcome[], now: Date): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await settle(context, network, outcomes, now, tries > 1)
    } catch (error) {
      if (tries === triesToSettle) throw error
      if (!(error instanceof Overtaken))
        context.log.warn({ err: error }, 'What was handed over could not be written down; trying again')
    }
  }
}
