import { audit } from '../accounts/audit.ts'
import type { Tx } from '../db/index.ts'
import { conversations } from '../db/schema.ts'
import { type Acting, holdConversation, isConversation } from './hold.ts'

/** Closes a conversation: nothing is left to do until somebody writes again. False where there is none. */
export const closeConversation = (tx: Tx, acting: Acting): Promise<boolean> => setStatus(tx, acting, 'closed')

/** Opens a closed conversation again. False where there is none. */
export const reopenConversation = (tx: Tx, acting: Acting): Promise<boolean> => setStatus(tx, acting, 'open')

async function setStatus(
  tx: Tx,
  { networkId, conversationId, actor, now, at }: Acting,
  status: 'open' | 'closed',
): Promise<boolean> {
  const conversation = await holdConversation(tx, networkId, conversationId)
  if (!conversation) return false
  if (conversation.status === status) return true
  await tx
    .update(conversations)
    .set({
      status,
      closedAt: status === 'closed' ? now : null,
      unread: status === 'closed' ? 0 : conversation.unread,
      updatedAt: now,
    })
    .where(isConversation(networkId, conversationId))
  const action = status === 'closed' ? 'conversation.close' : 'conversation.reopen'
  await audit(tx, { networkId, actor, action, subject: conversationId, at })
  return true
}
