import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import { localise } from '../campaign/definition.ts'
import type { Context, Network } from '../context.ts'
import type { Tx } from '../db/index.ts'
import { campaigns, messages, notifications } from '../db/schema.ts'
import { notify } from '../notification/notify.ts'

/**
 * Tells the people concerned how many deliveries were not sent because their time was over: once a day for a campaign.
 * What follows on the same day adds to the figure as long as nobody has read it. `counts` are by message.
 */
export async function tellOfExpired(
  { db, wall }: Context,
  network: Network,
  counts: ReadonlyMap<string, number>,
): Promise<void> {
  if (counts.size === 0) return
  const at = wall.now()
  await db.transaction(async (tx) => {
    const concerned = await tx
      .select({
        messageId: messages.id,
        campaignId: campaigns.id,
        title: campaigns.title,
        ownerId: campaigns.ownerId,
      })
      .from(messages)
      .innerJoin(campaigns, and(eq(campaigns.networkId, messages.networkId), eq(campaigns.id, messages.campaignId)))
      .where(and(eq(messages.networkId, network.id), inArray(messages.id, [...counts.keys()])))
    const byCampaign = new Map<string, (typeof concerned)[number] & { count: number }>()
    for (const one of concerned) {
      const count = (byCampaign.get(one.campaignId)?.count ?? 0) + (counts.get(one.messageId) ?? 0)
      byCampaign.set(one.campaignId, { ...one, count })
    }
    for (const campaignId of [...byCampaign.keys()].sort()) {
      const { title, ownerId, count } = byCampaign.get(campaignId)!
      const dedupeKey = `deliveries_expired:${campaignId}:${at.toISOString().slice(0, 10)}`
      const told = await notify(tx, {
        networkId: network.id,
        userId: ownerId,
        kind: 'deliveries_expired',
        params: { count, campaign: localise(title, network.language) },
        href: `/console/campaigns/${campaignId}`,
        dedupeKey,
        at,
      })
      if (told === 0) await addTo(tx, network.id, dedupeKey, count)
    }
  })
}

/** Held before it is read: two workers may add to the same figure. */
async function addTo(tx: Tx, networkId: string, dedupeKey: string, count: number): Promise<void> {
  const unread = await tx
    .update(notifications)
    .set({ readAt: sql`${notifications.readAt}` })
    .where(
      and(eq(notifications.networkId, networkId), eq(notifications.dedupeKey, dedupeKey), isNull(notifications.readAt)),
    )
    .returning({ id: notifications.id, params: notifications.params })
  for (const { id, params } of unread)
    await tx
      .update(notifications)
      .set({ params: { ...params, count: Number(params.count ?? 0) + count } })
      .where(and(eq(notifications.networkId, networkId), eq(notifications.id, id)))
}
