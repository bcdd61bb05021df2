import { and, eq, inArray, isNull, or } from 'drizzle-orm'
import { oneOf, type Tx } from '../db/index.ts'
import { silenceAsks } from '../db/schema.ts'

const asksOf = (networkId: string, contactIds: readonly string[]) =>
  and(eq(silenceAsks.networkId, networkId), oneOf(silenceAsks.contactId, [...contactIds]))

/** Whether somebody behind a link was asked, did not answer in time and was erased. */
export async function isErasedForSilence(tx: Tx, networkId: string, contactIds: readonly string[]): Promise<boolean> {
  if (contactIds.length === 0) return false
  const rows = await tx
    .select({ id: silenceAsks.contactId })
    .from(silenceAsks)
    .where(and(asksOf(networkId, contactIds), eq(silenceAsks.outcome, 'erased')))
    .limit(1)
  return rows.length > 0
}

/**
 * Somebody who was asked says that they stay, in the caller’s transaction. The row is written before it is read, so that
 * an erasure under way either sees the answer or has come first. Returns false where it has; pressed twice is once, and
 * whoever is withheld stays so.
 */
export async function noteStay(tx: Tx, networkId: string, contactIds: readonly string[], at: Date): Promise<boolean> {
  if (contactIds.length === 0) return false
  await tx
    .update(silenceAsks)
    .set({ outcome: 'stayed', endedAt: at })
    .where(
      and(
        asksOf(networkId, contactIds),
        or(isNull(silenceAsks.outcome), inArray(silenceAsks.outcome, ['stayed', 'unreached'])),
      ),
    )
  return !(await isErasedForSilence(tx, networkId, contactIds))
}
