import { and, eq, inArray } from 'drizzle-orm'
import type { Tx } from '../../db/index.ts'
import { campaigns, challenges } from '../../db/schema.ts'
import { enqueue } from '../../job/enqueue.ts'
import { findChallenge } from '../challenge.ts'
import { participantOf } from '../participants.ts'
import { readWord } from './read-word.ts'

export interface HeardText {
  networkId: string
  /** Who wrote; nobody else’s number leads to them. */
  contactId: string
  /** The campaign whose message they answer, where they answer one. */
  campaignId?: string
  text: string
  /** Unique in the network: the same text told twice is one. */
  dedupeKey: string
  /** Business time. */
  at: Date
}

/** What the job that does as a text says is given. */
export interface SaidToChallenge extends Record<string, unknown> {
  challengeId: string
  contactId: string
  text: string
  dedupeKey: string
  /** ISO 8601, business time. */
  at: string
}

/**
 * Whether a text message is for a challenge that runs: then its own job does what it says, and answers. False where it
 * says nothing of one: then it is for a person to read. A yes is for the challenge only in answer to one of its
 * messages, since people say yes to everything; a result also out of the blue, from whoever is in it.
 */
export async function listenFor(tx: Tx, heard: HeardText): Promise<boolean> {
  const { networkId, campaignId, contactId, text, dedupeKey, at } = heard
  const running = await tx
    .select({ id: challenges.id, campaignId: challenges.campaignId })
    .from(challenges)
    .innerJoin(campaigns, and(eq(campaigns.networkId, challenges.networkId), eq(campaigns.id, challenges.campaignId)))
    .where(and(eq(challenges.networkId, networkId), inArray(campaigns.status, ['running', 'paused'])))
  // That of the message that is answered first.
  const inTurn = running.sort((a, b) => Number(b.campaignId === campaignId) - Number(a.campaignId === campaignId))
  for (const { id: challengeId, campaignId: own } of inTurn) {
    const challenge = await findChallenge(tx, networkId, challengeId)
    const said = challenge && readWord(text, challenge.rules)
    if (!said) continue
    const isAnswer = own === campaignId
    const isIn = await participantOf(tx, networkId, challengeId, { contactId })
    if (!isAnswer && (said.says === 'register' || !isIn)) continue
    const payload: SaidToChallenge = { challengeId, contactId, text, dedupeKey, at: at.toISOString() }
    await enqueue(tx, { networkId, id: `challenge-${dedupeKey}`, kind: 'challenge.answer', payload, at })
    return true
  }
  return false
}
