import { and, eq, min, sql } from 'drizzle-orm'
import { type Db, oneOf } from '../db/index.ts'
import { decisions, deliveries, deliveryMembers } from '../db/schema.ts'
import type { Because } from '../routing/types.ts'

export interface DecidedBehind {
  because: readonly Because[]
  policyVersion: number
  isExplored: boolean
  /** Business time. */
  decidedAt: Date
}

/**
 * The decisions behind deliveries, at most a page of them: that of the first of its people where one covers several.
 * Absent for what follows no decision about a person, and where it was erased.
 */
export async function decisionsBehind(
  db: Db,
  networkId: string,
  deliveryIds: readonly string[],
): Promise<Map<string, DecidedBehind>> {
  if (deliveryIds.length === 0) return new Map()
  const firsts = db
    .select({ deliveryId: deliveryMembers.deliveryId, contactId: min(deliveryMembers.contactId).as('first_contact') })
    .from(deliveryMembers)
    .where(and(eq(deliveryMembers.networkId, networkId), oneOf(deliveryMembers.deliveryId, [...deliveryIds])))
    .groupBy(deliveryMembers.deliveryId)
    .as('firsts')
  const rows = await db
    .select({
      ...{ deliveryId: deliveries.id, because: decisions.because, policyVersion: decisions.policyVersion },
      ...{ isExplored: decisions.isExplored, decidedAt: decisions.createdAt },
    })
    .from(firsts)
    .innerJoin(deliveries, and(eq(deliveries.networkId, networkId), eq(deliveries.id, firsts.deliveryId)))
    .innerJoin(
      decisions,
      and(
        eq(decisions.networkId, networkId),
        eq(decisions.messageId, deliveries.messageId),
        sql`${decisions.contactId} = ${firsts.contactId}`,
        eq(decisions.occurrence, deliveries.occurrence),
      ),
    )
  return new Map(rows.map(({ deliveryId, ...decided }) => [deliveryId, decided]))
}
