import { and, asc, eq, inArray, lt, ne } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import { engagementCheckpoints, exposures } from '../db/schema.ts'
import { learningOf } from './defaults.ts'
import { foldExposures } from './rebuild.ts'

/**
 * Adds the oldest exposures, sent before `before` and over, to the checkpoints of their contacts and removes them, at
 * most `limit`: engagement rebuilds to the same numbers afterwards. Returns how many were removed.
 *
 * In the order of sending: an act on a later exposure comes after every one of these was sent, so that the misses
 * since the last act can be told from the checkpoint alone.
 */
export async function foldOldExposures(tx: Tx, networkId: string, before: Date, limit: number): Promise<number> {
  const old = await tx
    .select()
    .from(exposures)
    .where(and(eq(exposures.networkId, networkId), ne(exposures.outcome, 'pending'), lt(exposures.sentAt, before)))
    .orderBy(asc(exposures.contactId), asc(exposures.channel), asc(exposures.sentAt))
    .limit(limit)
  if (old.length === 0) return 0
  const contactIds = [...new Set(old.map((exposure) => exposure.contactId))]
  const theirs = and(
    eq(engagementCheckpoints.networkId, networkId),
    inArray(engagementCheckpoints.contactId, contactIds),
  )
  const kept = await tx.select().from(engagementCheckpoints).where(theirs)
  const rows = foldExposures(kept, old, await learningOf(tx, networkId))
  await tx.delete(engagementCheckpoints).where(theirs)
  await tx.insertRows(engagementCheckpoints, [...rows.values()])
  await tx.delete(exposures).where(
    and(
      eq(exposures.networkId, networkId),
      inArray(
        exposures.id,
        old.map((exposure) => exposure.id),
      ),
    ),
  )
  return old.length
}
