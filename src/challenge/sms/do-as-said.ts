import { and, eq } from 'drizzle-orm'
import type { Tx } from '../../db/index.ts'
import { contacts, sites } from '../../db/schema.ts'
import { type Challenge, findChallenge } from '../challenge.ts'
import { creditedOf } from '../ledger.ts'
import { participantOf } from '../participants.ts'
import { register } from '../register.ts'
import { localDay, recordResult } from '../result.ts'
import { pointsOf } from '../totals.ts'
import { withdraw } from '../withdraw.ts'
import { type Answer, answerText } from './answers.ts'
import type { SaidToChallenge } from './listen.ts'
import { readWord, type Said } from './read-word.ts'

/**
 * Does what a text message says of a challenge: registers, withdraws, takes a result. Returns what is answered;
 * undefined where the challenge or its keywords are gone since.
 */
export async function doAsSaid(tx: Tx, networkId: string, told: SaidToChallenge): Promise<string | undefined> {
  const challenge = await findChallenge(tx, networkId, told.challengeId)
  const said = challenge && readWord(told.text, challenge.rules)
  const [person] = await tx
    .select({ language: contacts.language, timezone: sites.timezone })
    .from(contacts)
    .innerJoin(sites, and(eq(sites.networkId, contacts.networkId), eq(sites.id, contacts.siteId)))
    .where(and(eq(contacts.networkId, networkId), eq(contacts.id, told.contactId)))
  if (!challenge || !said || !person) return undefined
  const answer = await done(tx, challenge, told, said, person.timezone)
  const { title } = challenge.campaign
  return answerText(answer, title[person.language] ?? Object.values(title)[0] ?? '', person.language)
}

async function done(
  tx: Tx,
  challenge: Challenge,
  { contactId, dedupeKey, text, at: told }: SaidToChallenge,
  said: Said,
  timezone: string,
): Promise<Answer> {
  const { networkId } = challenge
  const at = new Date(told)
  const by = `contact:${contactId}`
  if (said.says === 'register') {
    const subject = { contactId }
    const registered = await register(tx, challenge, { subject, way: 'sms', by, hasAgreed: true, at })
    return registered.outcome === 'refused' ? { code: 'refused', why: registered.code } : { code: registered.outcome }
  }
  const participant = await participantOf(tx, networkId, challenge.id, { contactId })
  if (said.says === 'leave')
    return { code: participant && (await withdraw(tx, participant, by, at)) ? 'left' : 'not_in' }
  if (!participant) return { code: 'refused', why: 'not_registered' }
  const { criterion, quantity, rest } = said
  const result = {
    ...{ criterion, quantity, doneOn: localDay(at, timezone), way: 'sms' as const, sourceKey: `sms:${dedupeKey}` },
    ...{ by, at },
    ...(rest === '' ? {} : { statement: text.slice(0, 500) }),
  }
  const recorded = await recordResult(tx, challenge, participant, result, timezone)
  if (recorded.outcome === 'refused') return { code: 'refused', why: recorded.code }
  const { status, suspicion, id } = recorded.result
  if (suspicion !== null) return { code: 'double', quantity }
  if (status !== 'validated') return { code: 'waiting', quantity }
  const { points: total } = await pointsOf(tx, networkId, participant.id)
  return { code: 'counted', quantity, points: await creditedOf(tx, networkId, id), total }
}
