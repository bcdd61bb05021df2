import { and, count, eq, inArray } from 'drizzle-orm'
import { localise } from '../campaign/definition.ts'
import type { Context, Network } from '../context.ts'
import { campaigns, deliveries, messages } from '../db/schema.ts'
import { notify } from '../notification/notify.ts'

/** Says to the people concerned that deliveries of these messages wait for their decision: once a day for a campaign. */
export async function tellOfReviews(
  { db, wall }: Context,
  network: Network,
  messageIds: ReadonlySet<string>,
): Promise<void> {
  if (messageIds.size === 0) return
  await db.transaction(async (tx) => {
    const concerned = await tx
      .selectDistinct({ id: campaigns.id, title: campaigns.title, ownerId: campaigns.ownerId })
      .from(messages)
      .innerJoin(campaigns, and(eq(campaigns.networkId, messages.networkId), eq(campaigns.id, messages.campaignId)))
      .where(and(eq(messages.networkId, network.id), inArray(messages.id, [...messageIds])))
    for (const { id, title, ownerId } of concerned) {
      const own = tx
        .select({ id: messages.id })
        .from(messages)
        .where(and(eq(messages.networkId, network.id), eq(messages.campaignId, id)))
      const [waiting] = await tx
        .select({ count: count() })
        .from(deliveries)
        .where(
          and(
            eq(deliveries.networkId, network.id),
            eq(deliveries.status, 'needs_review'),
            inArray(deliveries.messageId, own),
          ),
        )
      await notify(tx, {
        networkId: network.id,
        userId: ownerId,
        kind: 'deliveries_to_review',
        params: { count: waiting?.count ?? 0, campaign: localise(title, network.language) },
        href: `/console/outbox/review?network=${encodeURIComponent(network.name)}`,
        dedupeKey: `deliveries_to_review:${id}:${wall.now().toISOString().slice(0, 10)}`,
        at: wall.now(),
      })
    }
  })
}
