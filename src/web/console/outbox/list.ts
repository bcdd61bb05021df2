import { and, asc, desc, eq, lt, ne } from 'drizzle-orm'
import type { Scope } from '../../../accounts/policy.ts'
import { deliveriesWithin } from '../../../accounts/scope.ts'
import type { Db } from '../../../db/index.ts'
import { campaigns, deliveries, messages } from '../../../db/schema.ts'
import { answerTemplate } from '../../../inbox/answer-step.ts'
import { decisionsBehind } from '../../../outbox/decided.ts'
import type { Because } from '../../../routing/types.ts'
import type { ChannelName, DeliveryStatus } from '../../../words.ts'
import { type Recipient, recipientsOf } from './recipients.ts'

const pageSize = 50

export interface OutboxFilter {
  channel?: ChannelName
  status?: DeliveryStatus
  /** A message's id: one step of one campaign. */
  step?: string
  /** The last id of the page before. */
  cursor?: string
}

export interface OutboxRow {
  id: string
  channel: ChannelName
  status: DeliveryStatus
  reason: string | null
  isCompanion: boolean
  isReceiptMissing: boolean
  step: string
  dueAt: Date
  sentAt: Date | null
  recipient: Recipient | undefined
  /** Why this channel and this moment; absent where no decision about a person is behind it. */
  because?: readonly Because[]
}

/** One page of the outbox, the newest first, of what the scope covers. UUIDv7 ids sort by creation: they are the cursor. */
export async function listOutbox(
  db: Db,
  networkId: string,
  scope: Scope,
  filter: OutboxFilter,
): Promise<{ rows: OutboxRow[]; next?: string }> {
  const found = await db
    .select({
      id: deliveries.id,
      channel: deliveries.channel,
      status: deliveries.status,
      reason: deliveries.reason,
      isCompanion: deliveries.isCompanion,
      isReceiptMissing: deliveries.isReceiptMissing,
      recipientKey: deliveries.recipientKey,
      step: messages.step,
      dueAt: deliveries.dueAt,
      sentAt: deliveries.sentAt,
    })
    .from(deliveries)
    .innerJoin(messages, and(eq(messages.networkId, deliveries.networkId), eq(messages.id, deliveries.messageId)))
    .where(
      and(
        eq(deliveries.networkId, networkId),
        deliveriesWithin(db, scope, networkId),
        filter.channel ? eq(deliveries.channel, filter.channel) : undefined,
        filter.status ? eq(deliveries.status, filter.status) : undefined,
        filter.step ? eq(deliveries.messageId, filter.step) : undefined,
        filter.cursor ? lt(deliveries.id, filter.cursor) : undefined,
      ),
    )
    .orderBy(desc(deliveries.id))
    .limit(pageSize + 1)
  const page = found.slice(0, pageSize)
  const recipients = await recipientsOf(
    db,
    networkId,
    page.map((row) => row.recipientKey),
  )
  const behind = await decisionsBehind(
    db,
    networkId,
    page.map((row) => row.id),
  )
  return {
    rows: page.map(({ recipientKey, ...row }) => ({
      ...row,
      recipient: recipients.get(recipientKey),
      because: behind.get(row.id)?.because,
    })),
    next: found.length > pageSize ? page.at(-1)?.id : undefined,
  }
}

/** The steps one may filter by, the newest campaign first. */
export async function stepChoices(db: Db, networkId: string) {
  return db
    .select({ id: messages.id, step: messages.step, occurrence: messages.occurrence, title: campaigns.title })
    .from(messages)
    .innerJoin(campaigns, and(eq(campaigns.networkId, messages.networkId), eq(campaigns.id, messages.campaignId)))
    .where(and(eq(messages.networkId, networkId), ne(messages.template, answerTemplate)))
    .orderBy(desc(messages.campaignId), asc(messages.position), asc(messages.dueAt))
    .limit(100)
}
