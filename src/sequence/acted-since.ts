import { and, eq, gt, inArray, isNull } from 'drizzle-orm'
import { oneOf, type Tx } from '../db/index.ts'
import { challengeParticipants, challengeResults, challenges, contacts } from '../db/schema.ts'
import type { Arrival } from './arrive.ts'

/** Of those whom a drop brought: the code of who has acted since it was proposed. */
export const actedSinceCode = 'acted_since'

/**
 * Whom a drop in participation brought, and who has told a result since, one that stands or is still to be looked at:
 * they would be told that they had slowed down. Who takes no part in person acts with their outlet. At most a page.
 */
export async function actedSinceDrop(
  tx: Tx,
  networkId: string,
  campaignId: string,
  coming: readonly Arrival[],
): Promise<Set<string>> {
  const since = new Map(
    coming.filter(({ cause }) => cause.code === 'participation_drop').map((one) => [one.contactId, one.causeAt]),
  )
  const acted = new Set<string>()
  if (since.size === 0) return acted
  const first = [...since.values()].reduce((one, other) => (other < one ? other : one))
  const own = and(
    eq(challengeParticipants.networkId, networkId),
    eq(challengeParticipants.status, 'registered'),
    eq(challenges.campaignId, campaignId),
  )
  const ofChallenge = and(
    eq(challenges.networkId, challengeParticipants.networkId),
    eq(challenges.id, challengeParticipants.challengeId),
  )
  const ofParticipant = and(
    eq(challengeResults.networkId, challengeParticipants.networkId),
    eq(challengeResults.participantId, challengeParticipants.id),
    inArray(challengeResults.status, ['validated', 'pending']),
    gt(challengeResults.recordedAt, first),
  )
  const playing = new Set<string>()
  for (const { contactId, at } of await tx
    .select({ contactId: challengeParticipants.contactId, at: challengeResults.recordedAt })
    .from(challengeParticipants)
    .innerJoin(challenges, ofChallenge)
    .leftJoin(challengeResults, ofParticipant)
    .where(and(own, oneOf(challengeParticipants.contactId, [...since.keys()])))) {
    if (contactId === null) continue
    playing.add(contactId)
    if (at && at > since.get(contactId)!) acted.add(contactId)
  }
  const others = [...since.keys()].filter((id) => !playing.has(id))
  if (others.length === 0) return acted
  for (const { contactId, at } of await tx
    .select({ contactId: contacts.id, at: challengeResults.recordedAt })
    .from(contacts)
    .innerJoin(
      challengeParticipants,
      and(
        eq(challengeParticipants.networkId, contacts.networkId),
        eq(challengeParticipants.siteId, contacts.siteId),
        isNull(challengeParticipants.contactId),
      ),
    )
    .innerJoin(challenges, ofChallenge)
    .innerJoin(challengeResults, ofParticipant)
    .where(and(own, eq(contacts.networkId, networkId), oneOf(contacts.id, others))))
    if (at > since.get(contactId)!) acted.add(contactId)
  return acted
}
