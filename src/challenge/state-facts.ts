import { and, eq, isNotNull, isNull } from 'drizzle-orm'
import { oneOf, type Tx } from '../db/index.ts'
import { challengeClosings, challengeParticipants, contacts, networks, winners } from '../db/schema.ts'
import { challengeStates } from './active.ts'
import { type Challenge, findChallenge } from './challenge.ts'
import type { ChallengeWord } from './challenge-words.ts'

/**
 * The words that hold of these people in the challenge of a campaign; nobody has one where it has no challenge. A
 * winner is known once the list is approved: whoever is on it, and who plays for an outlet or a team that is. Pass at most a page.
 */
export async function challengeWordsOf(
  tx: Tx,
  networkId: string,
  campaignId: string,
  contactIds: readonly string[],
  now: Date,
): Promise<Map<string, ChallengeWord[]>> {
  const found = new Map<string, ChallengeWord[]>()
  const challenge = await findChallenge(tx, networkId, campaignId)
  const [network] = await tx.select().from(networks).where(eq(networks.id, networkId))
  if (!challenge || !network) return found
  for (const [contactId, state] of await challengeStates(tx, network, challenge, contactIds, now))
    if (state !== 'not-registered') found.set(contactId, [state])
  for (const contactId of await winnersAmong(tx, challenge, contactIds))
    found.set(contactId, [...(found.get(contactId) ?? []), 'winner'])
  return found
}

async function winnersAmong(tx: Tx, challenge: Challenge, contactIds: readonly string[]): Promise<string[]> {
  const { networkId, id: challengeId } = challenge
  const approved = await tx
    .select({ challengeId: challengeClosings.challengeId })
    .from(challengeClosings)
    .where(
      and(
        ...[eq(challengeClosings.networkId, networkId), eq(challengeClosings.challengeId, challengeId)],
        isNotNull(challengeClosings.approvedAt),
      ),
    )
  if (approved.length === 0 || contactIds.length === 0) return []
  const ofChallenge = and(eq(winners.networkId, networkId), eq(winners.challengeId, challengeId))
  const own = await tx
    .select({ contactId: winners.contactId })
    .from(winners)
    .where(and(ofChallenge, oneOf(winners.contactId, [...contactIds])))
  const joint = await tx
    .select({ siteId: winners.siteId, subjectKey: winners.subjectKey, board: winners.board })
    .from(winners)
    .where(and(ofChallenge, isNull(winners.contactId)))
  const siteIds = new Set(joint.flatMap(({ siteId }) => (siteId === null ? [] : [siteId])))
  const teams = new Set(joint.flatMap(({ board, subjectKey }) => (board === 'team' ? [subjectKey] : [])))
  const playing = await tx
    .select({
      contactId: contacts.id,
      siteId: contacts.siteId,
      team: challengeParticipants.team,
      status: challengeParticipants.status,
    })
    .from(contacts)
    .leftJoin(
      challengeParticipants,
      and(
        eq(challengeParticipants.networkId, contacts.networkId),
        eq(challengeParticipants.contactId, contacts.id),
        eq(challengeParticipants.challengeId, challengeId),
      ),
    )
    .where(and(eq(contacts.networkId, networkId), oneOf(contacts.id, [...contactIds])))
  // Where only outlets take part, everybody there has won with theirs.
  const isIn = (status: string | null) => status === 'registered' || !challenge.rules.participants.people
  const together = playing.filter(
    ({ siteId, team, status }) =>
      isIn(status) && (siteIds.has(siteId) || (team !== null && team !== '' && teams.has(team))),
  )
  return [
    ...new Set([...own.flatMap(({ contactId }) => contactId ?? []), ...together.map(({ contactId }) => contactId)]),
  ]
}
