import { and, desc, eq, or } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import { conversationMessages, conversations } from '../db/schema.ts'

/** The conversations with one person, the latest first. */
export const conversationsOf = (tx: Tx, networkId: string, contactId: string) =>
  tx
    .select({
      id: conversations.id,
      channel: conversations.channel,
      status: conversations.status,
      excerpt: conversations.excerpt,
      lastAt: conversations.lastAt,
    })
    .from(conversations)
    .where(and(eq(conversations.networkId, networkId), eq(conversations.contactId, contactId)))
    .orderBy(desc(conversations.lastAt))
    .limit(10)

export type ContactConversation = Awaited<ReturnType<typeof conversationsOf>>[number]

/** The conversation a delivery stands in: one that answers it, or that it is an answer of. */
export async function conversationAbout(tx: Tx, networkId: string, deliveryId: string): Promise<string | undefined> {
  const [row] = await tx
    .select({ id: conversationMessages.conversationId })
    .from(conversationMessages)
    .where(
      and(
        eq(conversationMessages.networkId, networkId),
        eq(conversationMessages.deliveryId, deliveryId),
        or(eq(conversationMessages.direction, 'in'), eq(conversationMessages.direction, 'out')),
      ),
    )
    .limit(1)
  return row?.id
}
