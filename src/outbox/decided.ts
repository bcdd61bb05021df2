import { and, eq, min } from 'drizzle-orm'
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
  const ids = [...deliveryIds]
  const firsts = await db
    .select({ deliveryId: deliveryMembers.deliveryId, contactId: min(deliveryMembers.contactId) })
    .from(deliveryMembers)
    .where(and(eq(deliveryMembers.networkId, networkId), oneOf(deliveryMembers.deliveryId, ids)))
    .groupBy(deliveryMembers.deliveryId)
  const contactOf = new Map(firsts.map(({ deliveryId, contactId }) => [deliveryId, contactId]))
  const asked = await db
    .select({ id: deliveries.id, messageId: deliveries.messageId, occurrence: deliveries.occurrence })
    .from(deliveries)
    .where(and(eq(deliveries.networkId, networkId), oneOf(deliveries.id, ids)))
  // By its own key, and not in one join with the above: SQLite then begins with all decisions of the network.
  const rows = await db
    .select({
      ...{ messageId: decisions.messageId, contactId: decisions.contactId, occurrence: decisions.occurrence },
      ...{ because: decisions.because, policyVersion: decisions.policyVersion },
      ...{ isExplored: decisions.isExplored, decidedAt: decisions.createdAt },
    })
    .from(decisions)
    .where(
      and(
        eq(decisions.networkId, networkId),
        oneOf(decisions.messageId, [...new Set(asked.map(({ messageId }) => messageId))]),
        oneOf(decisions.contactId, [...new Set(firsts.flatMap(({ contactId }) => contactId ?? []))]),
      ),
    )
  const keyOf = (messageId: string, contactId: string | null | undefined, occurrence: string) =>
    [messageId, contactId, occurrence].join(' ')
  const decided = new Map(rows.map((row) => [keyOf(row.messageId, row.contactId, row.occurrence), row]))
  return new Map(
    asked.flatMap(({ id, messageId, occurrence }) => {
      const row = decided.get(keyOf(messageId, contactOf.get(id), occurrence))
      if (!row) return []
      const { because, policyVersion, isExplored, decidedAt } = row
      return [[id, { because, policyVersion, isExplored, decidedAt }] as const]
    }),
  )
}
