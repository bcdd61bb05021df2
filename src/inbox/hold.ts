import { and, eq, sql } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import { conversations } from '../db/schema.ts'
import type { Conversation } from './record.ts'

export const isConversation = (networkId: string, id: string) =>
  and(eq(conversations.networkId, networkId), eq(conversations.id, id))

/** Written to before it is read: on PostgreSQL two forms sent at once then follow each other. */
export async function holdConversation(tx: Tx, networkId: string, id: string): Promise<Conversation | undefined> {
  const [held] = await tx
    .update(conversations)
    // A column of no index: holding must not write one.
    .set({ excerpt: sql`${conversations.excerpt}` })
    .where(isConversation(networkId, id))
    .returning()
  return held
}

/** Who does something in a conversation, and when. */
export interface Acting {
  networkId: string
  conversationId: string
  /** A user's id. */
  actor: string
  /** Business time. */
  now: Date
  /** Wall time. */
  at: Date
}
