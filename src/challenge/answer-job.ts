import { and, eq } from 'drizzle-orm'
import { businessNow } from '../clock.ts'
import { conversationMessages } from '../db/schema.ts'
import { AnswerRefused, answerConversation } from '../inbox/answer.ts'
import type { JobWork } from '../job/job.ts'
import { doAsSaid } from './sms/do-as-said.ts'
import type { SaidToChallenge } from './sms/listen.ts'

/**
 * Does what somebody texted about a challenge, then answers in the conversation it came in. What is answered is kept
 * with what was done, so that a job killed between the two says what was true then. Where they may not be answered
 * (they said STOP since, the number takes nothing), that is how it ends.
 */
export const work: JobWork = async function* answerText(context, network, run) {
  const told = run.payload as SaidToChallenge
  let text = run.cursor ?? undefined
  if (text === undefined) {
    text = await context.db.transaction(async (tx) => {
      const said = await doAsSaid(tx, network.id, told)
      if (said !== undefined) await run.checkpoint(tx, { cursor: said, done: 1 })
      return said
    })
    yield
  }
  if (text === undefined) return { answered: false }
  const [message] = await context.db
    .select({ conversationId: conversationMessages.conversationId })
    .from(conversationMessages)
    .where(
      and(eq(conversationMessages.networkId, network.id), eq(conversationMessages.dedupeKey, `in:${told.dedupeKey}`)),
    )
  if (!message) return { answered: false }
  const now = businessNow(context.wall.now(), network)
  try {
    const answer = { conversationId: message.conversationId, text, key: told.dedupeKey, author: null }
    const { deliveryId } = await answerConversation(context, network, answer, now)
    return { answered: true, deliveryId }
  } catch (error) {
    if (error instanceof AnswerRefused) return { answered: false, code: error.code }
    throw error
  }
}
