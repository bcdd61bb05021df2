import { and, eq, gt, inArray } from 'drizzle-orm'
import type { Context, Network } from '../context.ts'
import { unindexed } from '../db/index.ts'
import { deliveries } from '../db/schema.ts'
import { type Claimed, leaseMs } from './claim.ts'

/** Twice missed, a lease still stands (wall time). */
const beatMs = leaseMs / 3

/** Extends the leases of a batch while it is under way, until what it returns is called. */
export function keepLeases(context: Context, network: Network, batch: readonly Claimed[]): () => void {
  const beat = setInterval(() => {
    extendLeases(context, network, batch).catch((error: unknown) =>
      context.log.warn({ err: error }, 'The lease of what is being handed over could not be extended'),
    )
  }, beatMs)
  beat.unref()
  return () => clearInterval(beat)
}

/**
 * Extends the lease of what of a batch is still `sending` in this worker's hands, to a whole lease from now; returns how
 * many that was. What ran out is not taken back, and what another has taken is not touched: its lease in memory stays
 * over too, so that no call of it is begun.
 */
export async function extendLeases(context: Context, network: Network, batch: readonly Claimed[]): Promise<number> {
  const now = context.wall.now()
  const leaseUntil = new Date(now.getTime() + leaseMs)
  const held = await context.db
    .update(deliveries)
    .set({ leaseUntil })
    .where(
      and(
        eq(deliveries.networkId, network.id),
        inArray(
          deliveries.id,
          batch.map(({ delivery }) => delivery.id),
        ),
        eq(unindexed(deliveries.status), 'sending'),
        eq(deliveries.claimedBy, context.worker),
        gt(deliveries.leaseUntil, now),
      ),
    )
    .returning({ id: deliveries.id })
  const ids = new Set(held.map(({ id }) => id))
  for (const { delivery } of batch) if (ids.has(delivery.id)) delivery.leaseUntil = leaseUntil
  return held.length
}
