import { and, eq } from 'drizzle-orm'
import type { Tx } from '../../db/index.ts'
import { duplicates } from '../../db/schema.ts'

/** Remembers that two contacts are two people: no search brings the pair up again. */
export async function dismissPair(
  tx: Tx,
  pair: { networkId: string; contactId: string; otherId: string },
  actor: string,
  at: Date,
): Promise<void> {
  await tx
    .update(duplicates)
    .set({ status: 'dismissed', decidedBy: actor, decidedAt: at })
    .where(
      and(
        eq(duplicates.networkId, pair.networkId),
        eq(duplicates.contactId, pair.contactId),
        eq(duplicates.otherId, pair.otherId),
        eq(duplicates.status, 'open'),
      ),
    )
}
