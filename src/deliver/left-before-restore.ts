import { and, eq, inArray, lte } from 'drizzle-orm'
import type { Context, Network } from '../context.ts'
import { timers } from '../db/schema.ts'
import type { Claimed, Delivery } from './claim.ts'

/** When a delivery was owed while the restored back-up did not know of it: what of it left, another database knows. */
export const wasDueBeforeRestore = ({ restored }: Pick<Context, 'restored'>, delivery: Delivery): boolean =>
  restored !== undefined && delivery.dueAt <= restored.to

/**
 * Which hand-overs may in truth be second ones, by delivery: a back-up was restored, and they were due while the back-up
 * did not know of them, whether for the first time or again after a refusal. Once asked about, they are due later than
 * that. What was decided only afterwards, late, may have been decided before the loss as well: then it is when its step,
 * or the wait it takes over after, was due that tells, at its first attempt. Own sinks were restored with the database
 * and cannot have more.
 */
export async function leftBeforeRestore(
  context: Pick<Context, 'db' | 'restored'>,
  network: Network,
  batch: readonly Claimed[],
): Promise<Set<string>> {
  const { db, restored } = context
  if (!restored) return new Set()
  const carried = batch.filter(({ channel }) => !channel.isLocal)
  const overdue = await overdueWaits(
    db,
    network,
    carried.flatMap(({ delivery }) => delivery.fallbackOf ?? []),
    restored.to,
  )
  const mayHaveLeft = ({ delivery, step }: Claimed) => {
    if (wasDueBeforeRestore(context, delivery)) return true
    if (delivery.createdAt <= restored.to || delivery.attempt > 1) return false
    return delivery.fallbackOf ? overdue.has(delivery.fallbackOf) : step.message.dueAt <= restored.to
  }
  return new Set(carried.filter(mayHaveLeft).map(({ delivery }) => delivery.id))
}

/** Of these deliveries, those whose successor was due by then. */
async function overdueWaits(
  db: Context['db'],
  network: Network,
  deliveryIds: readonly string[],
  by: Date,
): Promise<Set<string>> {
  if (deliveryIds.length === 0) return new Set()
  const rows = await db
    .select({ subject: timers.subject })
    .from(timers)
    .where(
      and(
        eq(timers.networkId, network.id),
        eq(timers.kind, 'fallback'),
        inArray(timers.subject, [...new Set(deliveryIds)]),
        lte(timers.dueAt, by),
      ),
    )
  return new Set(rows.map((row) => row.subject))
}
