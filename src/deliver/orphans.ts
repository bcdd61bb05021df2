import { and, eq, gt, inArray, lte, or, sql } from 'drizzle-orm'
import type { Context, Network } from '../context.ts'
import type { Tx } from '../db/index.ts'
import { deliveries, deliveryMembers } from '../db/schema.ts'
import { schedule } from '../timer/timers.ts'
import { graceMs } from './after-receipt.ts'
import { leaseMs } from './claim.ts'
import { hopsAfter } from './waits.ts'

/** Ends every lease at once: whoever holds the data folder's lock knows that no other worker lives. */
export async function endLeases(tx: Tx, wallNow: Date): Promise<void> {
  await tx.update(deliveries).set({ leaseUntil: wallNow }).where(eq(deliveries.status, 'sending'))
}

/**
 * Deliveries whose worker has gone: a lease ran out while they were `sending`. Where handing over has no effect
 * outside our own database they are simply owed again; elsewhere they may have left, so their fate is unknown. After
 * the clock was set nothing is taken from anybody until every lease of before is surely over.
 */
export async function reclaimOrphans(context: Context, network: Network, now: Date): Promise<number> {
  if ((context.leaps?.sinceLeapMs() ?? Number.POSITIVE_INFINITY) < leaseMs) return 0
  const local = context.channels.filter((channel) => channel.isLocal).map((channel) => channel.provider)
  const orphans = and(eq(deliveries.networkId, network.id), eq(deliveries.status, 'sending'), isOver(context))
  const [orphan] = await context.db.select({ id: deliveries.id }).from(deliveries).where(orphans).limit(1)
  if (!orphan) return 0
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
      .returning()
    if (doubtful.length > 0) {
      const covered = await coveredBy(
        tx,
        network.id,
        doubtful.map((delivery) => delivery.id),
      )
      // Nobody was there to set the waits that follow a hand-over, which it may have been.
      const leading = doubtful.map((delivery) => ({ delivery, contactIds: covered.get(delivery.id) ?? [] }))
      await schedule(tx, network.id, await hopsAfter(tx, network.id, leading, now), now)
    }
    return again.length + doubtful.length
  })
}

/** A lease that ran out, or one from before the clock was set back: no lease reaches that far. */
function isOver({ wall, leaps }: Context) {
  const wallNow = wall.now()
  const ranOut = lte(deliveries.leaseUntil, wallNow)
  if (!leaps || leaps.steadyMs() < leaseMs) return ranOut
  return or(ranOut, gt(deliveries.leaseUntil, new Date(wallNow.getTime() + 2 * leaseMs)))
}

async function coveredBy(tx: Tx, networkId: string, deliveryIds: string[]): Promise<Map<string, string[]>> {
  const rows = await tx
    .select({ deliveryId: deliveryMembers.deliveryId, contactId: deliveryMembers.contactId })
    .from(deliveryMembers)
    .where(and(eq(deliveryMembers.networkId, networkId), inArray(deliveryMembers.deliveryId, deliveryIds)))
  const covered = new Map<string, string[]>()
  for (const { deliveryId, contactId } of rows) covered.set(deliveryId, [...(covered.get(deliveryId) ?? []), contactId])
  return covered
}
