import { audit } from '../accounts/audit.ts'
import type { Tx } from '../db/index.ts'
import { conversations } from '../db/schema.ts'
import { type Acting, holdConversation, isConversation } from './hold.ts'
import { answering } from './tell.ts'

/**
 * Hands a conversation to a user who may answer in it, or to nobody. False where there is no such conversation, or
 * where that user may not: then nothing was changed.
 */
export async function assignConversation(
  tx: Tx,
  { networkId, conversationId, actor, now, at }: Acting,
  to: string | null,
): Promise<boolean> {
  const conversation = await holdConversation(tx, networkId, conversationId)
  if (!conversation) return false
  if (conversation.assignedTo === to) return true
  if (to !== null && !(await answering(tx, conversation)).includes(to)) return false
  await tx
    .update(conversations)
    .set({ assignedTo: to, updatedAt: now })
    .where(isConversation(networkId, conversationId))
  await audit(tx, {
    ...{ networkId, actor, action: 'conversation.assign', subject: conversationId, at },
    data: { to: to ?? '' },
  })
  return true
}
