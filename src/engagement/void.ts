import { and, eq, inArray, min } from 'drizzle-orm'
import { type Tx, unindexed } from '../db/index.ts'
import { engagementCheckpoints, exposures } from '../db/schema.ts'
import { learningOf } from './defaults.ts'
import { actedAt, type Exposure, lockExposures } from './exposure.ts'
import { applyChanges } from './sums.ts'

/**
 * The delivery failed after the hand-over or came back: it was no chance to act. What had been counted as a miss
 * is taken back; who has acted has certainly received it, and stays counted.
 */
export async function voidExposures(
  tx: Tx,
  { networkId, deliveryId, now }: { networkId: string; deliveryId: string; now: Date },
): Promise<void> {
  const held = await lockExposures(tx, networkId, [deliveryId])
  const unread = held.filter(
    (exposure) => exposure.outcome === 'pending' || (exposure.outcome === 'missed' && !actedAt(exposure)),
  )
  if (unread.length === 0) return
  await tx.updateRows(
    exposures,
    { set: ['outcome', 'outcomeAt'], where: ['networkId', 'id'] },
    unread.map((exposure) => ({ ...exposure, outcome: 'void' as const, outcomeAt: null })),
  )
  const counted = unread.filter((exposure) => exposure.outcome === 'missed')
  const firsts = await firstExposures(tx, networkId, counted)
  const changes = counted.map((exposure) => ({
    ...{ ...exposure, s: 0, n: -1, misses: -1 },
    firstNow: firsts.get(exposure.contactId) ?? null,
  }))
  await applyChanges(tx, networkId, changes, now, await learningOf(tx, networkId))
}

/** Whoever objects to being learned from: what was sent to them and is not over yet will teach nothing. */
export async function forgetPending(tx: Tx, networkId: string, contactId: string): Promise<void> {
  await tx
    .update(exposures)
    .set({ isMeasurable: false, outcome: 'void', outcomeAt: null })
    .where(
      and(
        eq(exposures.networkId, networkId),
        eq(exposures.contactId, contactId),
        eq(unindexed(exposures.outcome), 'pending'),
      ),
    )
}

/** The first exposure that still counts, by contact, on the channel of those taken back. */
async function firstExposures(tx: Tx, networkId: string, takenBack: readonly Exposure[]): Promise<Map<string, Date>> {
  const [first] = takenBack
  if (!first) return new Map()
  const contactIds = takenBack.map((exposure) => exposure.contactId)
  const kept = await tx
    .select({ contactId: exposures.contactId, at: min(exposures.sentAt) })
    .from(exposures)
    .where(
      and(
        eq(exposures.networkId, networkId),
        inArray(exposures.contactId, contactIds),
        eq(exposures.channel, first.channel),
        inArray(exposures.outcome, ['acted', 'missed']),
      ),
    )
    .groupBy(exposures.contactId)
  const before = await tx
    .select({ contactId: engagementCheckpoints.contactId, at: engagementCheckpoints.firstExposureAt })
    .from(engagementCheckpoints)
    .where(
      and(
        eq(engagementCheckpoints.networkId, networkId),
        inArray(engagementCheckpoints.contactId, contactIds),
        eq(engagementCheckpoints.channel, first.channel),
      ),
    )
  const firsts = new Map<string, Date>()
  // A checkpoint is older than every exposure kept.
  for (const { contactId, at } of [...kept, ...before]) if (at) firsts.set(contactId, at)
  return firsts
}
