import { and, count, desc, eq } from 'drizzle-orm'
import type { Db } from '../../../db/index.ts'
import { attempts, campaigns, deliveries, messages } from '../../../db/schema.ts'
import { mayHaveLeft } from '../../../deliver/review.ts'
import type { ChannelName } from '../../../words.ts'

const mostGroups = 100

/** What was tried together and is in doubt for one reason: mostly one call to a provider. */
export interface ReviewGroup {
  campaignId: string
  campaignTitle: Record<string, string>
  campaignName: string
  messageId: string
  step: string
  channel: ChannelName
  reason: string | null
  /** Null where nothing was ever handed over. */
  call: { worker: string; startedAt: Date } | null
  count: number
  mayHaveLeft: boolean
}

/** Everything that waits for a person's decision, by call. */
export async function reviewGroups(db: Db, networkId: string): Promise<ReviewGroup[]> {
  const rows = await db
    .select({
      campaignId: campaigns.id,
      campaignTitle: campaigns.title,
      campaignName: campaigns.name,
      messageId: deliveries.messageId,
      step: messages.step,
      channel: deliveries.channel,
      reason: deliveries.reason,
      worker: attempts.worker,
      startedAt: attempts.startedAt,
      count: count(),
    })
    .from(deliveries)
    .innerJoin(messages, and(eq(messages.networkId, deliveries.networkId), eq(messages.id, deliveries.messageId)))
    .innerJoin(campaigns, and(eq(campaigns.networkId, messages.networkId), eq(campaigns.id, messages.campaignId)))
    .leftJoin(
      attempts,
      and(
        eq(attempts.networkId, deliveries.networkId),
        eq(attempts.deliveryId, deliveries.id),
        eq(attempts.number, deliveries.attempt),
      ),
    )
    .where(and(eq(deliveries.networkId, networkId), eq(deliveries.status, 'needs_review')))
    .groupBy(
      campaigns.id,
      campaigns.title,
      campaigns.name,
      deliveries.messageId,
      messages.step,
      deliveries.channel,
      deliveries.reason,
      attempts.worker,
      attempts.startedAt,
    )
    .orderBy(desc(campaigns.id), desc(attempts.startedAt))
    .limit(mostGroups)
  return rows.map(({ worker, startedAt, ...row }) => ({
    ...row,
    call: worker === null || startedAt === null ? null : { worker, startedAt },
    mayHaveLeft: mayHaveLeft({ attempt: worker === null ? 0 : 1, reason: row.reason }),
  }))
}
