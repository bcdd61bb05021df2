import { and, desc, eq, isNotNull } from 'drizzle-orm'
import { audit } from '../accounts/audit.ts'
import type { Context, Network } from '../context.ts'
import { newId, type Tx } from '../db/index.ts'
import { conversationMessages, conversations, deliveries, deliveryMembers, messages } from '../db/schema.ts'
import { contentVersion } from '../deliver/content-version.ts'
import { addSpending } from '../outbox/spend.ts'
import { rendererVersion } from '../render/render.ts'
import { urgencies } from '../words.ts'
import { answersCampaignId } from './answer-campaign.ts'
import { type Answerable, answerableNow } from './answerable.ts'
import { type Composed, composeAnswer } from './compose.ts'
import { excerptOf } from './excerpt.ts'
import { holdConversation } from './hold.ts'
import type { Conversation } from './record.ts'

/** The answer cannot be given as things are; `code` is routing's or the inbox's own. Nothing was kept. */
export class AnswerRefused extends Error {
  override name = 'AnswerRefused'
  readonly code: string
  constructor(code: string) {
    super(`This conversation cannot be answered: ${code}.`)
    this.code = code
  }
}

export interface GivenAnswer {
  conversationId: string
  text: string
  /** One for each time the form was shown: sent twice, it is answered once. */
  key: string
  /** A user's id; null where Relais answers by itself, as to a keyword. */
  author: string | null
  /** Who did it, as the audit trail names them; the author otherwise. */
  actor?: string
}

/**
 * Answers somebody on the channel and from the sender they wrote to. The answer is a message and a delivery like any
 * other, owed in this transaction and carried out by delivering, which asks again whether it may leave. It is never
 * measured. Returns the delivery, and whether it is a new one. Throws AnswerRefused.
 */
export async function answerConversation(
  context: Context,
  network: Network,
  { conversationId, text, key, author, actor = author ?? 'relais' }: GivenAnswer,
  now: Date,
): Promise<{ deliveryId: string; isNew: boolean }> {
  return context.db.transaction(async (tx) => {
    const conversation = await holdConversation(tx, network.id, conversationId)
    if (!conversation) throw new AnswerRefused('gone')
    const dedupeKey = `answer:${conversationId}:${key}`
    const before = await answeredAs(tx, network.id, dedupeKey)
    if (before) return { deliveryId: before, isNew: false }
    const answerable = await answerableNow(tx, context, network, conversation, now)
    if (!answerable.can) throw new AnswerRefused(answerable.code)
    const answer = { text, ...(await lastMail(tx, conversation)) }
    const composed = await composeAnswer(tx, context, network, answerable, answer, now)
    if ('problem' in composed) throw new AnswerRefused(composed.problem)
    const deliveryId = await owe(tx, context, network, conversation, answerable, composed, now)
    await tx.insert(conversationMessages).values({
      ...{ networkId: network.id, id: newId(), conversationId, direction: 'out', text: text.trim(), dedupeKey },
      ...{ at: now, authorId: author, deliveryId, details: {}, createdAt: now },
      subject: composed.content.channel === 'email' ? composed.content.subject : null,
    })
    await tx
      .update(conversations)
      .set({
        ...{ lastAt: now, lastDirection: 'out', excerpt: excerptOf(text), updatedAt: now },
        // Only a person has read what came in.
        ...(author === null ? {} : { unread: 0 }),
        assignedTo: conversation.assignedTo ?? author,
      })
      .where(and(eq(conversations.networkId, network.id), eq(conversations.id, conversationId)))
    await audit(tx, {
      ...{ networkId: network.id, actor, action: 'conversation.answer', subject: conversationId },
      data: { delivery: deliveryId, channel: conversation.channel },
      at: context.wall.now(),
    })
    return { deliveryId, isNew: true }
  })
}

async function answeredAs(tx: Tx, networkId: string, dedupeKey: string): Promise<string | undefined> {
  const [row] = await tx
    .select({ deliveryId: conversationMessages.deliveryId })
    .from(conversationMessages)
    .where(and(eq(conversationMessages.networkId, networkId), eq(conversationMessages.dedupeKey, dedupeKey)))
  return row?.deliveryId ?? undefined
}

/** The thread an answer goes on with: the last mail that came in. */
export async function lastMail(tx: Tx, { networkId, id, channel }: Conversation) {
  if (channel !== 'email') return {}
  const [row] = await tx
    .select({ subject: conversationMessages.subject, details: conversationMessages.details })
    .from(conversationMessages)
    .where(
      and(
        eq(conversationMessages.networkId, networkId),
        eq(conversationMessages.conversationId, id),
        eq(conversationMessages.direction, 'in'),
        isNotNull(conversationMessages.subject),
      ),
    )
    .orderBy(desc(conversationMessages.at), desc(conversationMessages.id))
    .limit(1)
  return row ? { subject: row.subject ?? undefined, answers: row.details } : {}
}

async function owe(
  tx: Tx,
  context: Context,
  network: Network,
  conversation: Conversation,
  { people, sender, step }: Extract<Answerable, { can: true }>,
  { words, values, parts, costMillis, currency }: Composed,
  now: Date,
): Promise<string> {
  const networkId = network.id
  const campaignId = await answersCampaignId(tx, networkId, now)
  const deliveryId = newId()
  const { message } = step
  await tx.insert(messages).values({ ...message, campaignId, occurrence: deliveryId })
  const version = await contentVersion(tx, networkId, words, now)
  const [first] = people
  const isForSite = conversation.channel === 'email' && people.length > 1 && conversation.siteId !== null
  const delivery: typeof deliveries.$inferInsert = {
    ...{ networkId, id: deliveryId, messageId: message.id, occurrence: '1', channel: conversation.channel },
    recipientKey: isForSite ? `site:${conversation.siteId}` : `contact:${first.contact.id}`,
    ...{ status: 'queued' as const, class: message.class, priority: urgencies.indexOf(message.urgency) },
    addressId: (conversation.channel === 'sms' ? first.routable.mobile : first.routable.email)?.id ?? null,
    ...{ senderId: sender.id, dueAt: now, expiresAt: message.expiresAt, parts, costMillis, currency },
    // The words are the author's, and fixed from now on; nothing of them is measured.
    ...{ contentVersionId: version.id, trackingMode: 'none' as const },
    ...{ mergeValues: { values, links: { links: {} } }, tokenKeyId: context.keys.current, rendererVersion },
    ...{ createdAt: now, updatedAt: now },
  }
  await tx.insert(deliveries).values(delivery)
  await tx.insertRows(
    deliveryMembers,
    people.map(({ contact }) => ({ networkId, deliveryId, contactId: contact.id })),
  )
  await addSpending(tx, network, [delivery], now)
  return deliveryId
}
