import { and, count, eq, inArray, isNull } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import { deliveries } from '../db/schema.ts'

/** How many deliveries of each message are decided and not yet claimed; messages that have none are left out. */
export async function unclaimedOf(
  tx: Tx,
  networkId: string,
  messageIds: readonly string[],
): Promise<Map<string, number>> {
  if (messageIds.length === 0) return new Map()
  const rows = await tx
    .select({ messageId: deliveries.messageId, total: count() })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.networkId, networkId),
        inArray(deliveries.messageId, [...messageIds]),
        inArray(deliveries.status, ['planned', 'held', 'queued']),
        isNull(deliveries.contentVersionId),
      ),
    )
    .groupBy(deliveries.messageId)
  return new Map(rows.map((row) => [row.messageId, row.total]))
}
