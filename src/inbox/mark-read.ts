import { and, gt } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import { conversations } from '../db/schema.ts'
import { isConversation } from './hold.ts'

/** Somebody who may answer has looked: nothing counts as unread in it, for anybody. */
export async function markConversationRead(tx: Tx, networkId: string, id: string): Promise<void> {
  await tx
    .update(conversations)
    .set({ unread: 0 })
    .where(and(isConversation(networkId, id), gt(conversations.unread, 0)))
}
