import { audit } from '../accounts/audit.ts'
import { newId, type Tx } from '../db/index.ts'
import { conversationMessages } from '../db/schema.ts'
import { type Acting, holdConversation } from './hold.ts'

export const longestNote = 2_000

/** Leaves a word among colleagues, which never leaves Relais. `key` as for an answer. False where nothing was new. */
export async function leaveNote(
  tx: Tx,
  { networkId, conversationId, actor, now, at }: Acting,
  { text, key }: { text: string; key: string },
): Promise<boolean> {
  if (!(await holdConversation(tx, networkId, conversationId))) return false
  const stored = await tx.insertRows(
    conversationMessages,
    [
      {
        ...{ networkId, id: newId(), conversationId, direction: 'note' as const, text: text.trim(), details: {} },
        ...{ at: now, authorId: actor, dedupeKey: `note:${conversationId}:${key}`, createdAt: now },
      },
    ],
    'ignore',
  )
  if (stored === 0) return false
  await audit(tx, { networkId, actor, action: 'conversation.note', subject: conversationId, at })
  return true
}
