import { and, eq, sql } from 'drizzle-orm'
import { findChallenge } from '../../challenge/challenge.ts'
import { mergeParticipants } from '../../challenge/merge-participants.ts'
import { refreshStandings } from '../../challenge/ranking/refresh.ts'
import type { Tx } from '../../db/index.ts'
import {
  challengeObjectives,
  challengeParticipants,
  challengeResults,
  imageConsents,
  pastResults,
  rewardBeneficiaries,
  rewards,
  winnerClaims,
  winnerPictures,
  winners,
} from '../../db/schema.ts'
import type { Merging } from './consents.ts'

/**
 * What somebody is in challenges goes on being theirs. Where both took part in one, they are made one place with the
 * points of both, see `mergeParticipants`.
 */
export async function mergeChallenges(tx: Tx, merging: Merging): Promise<void> {
  const { networkId, keepId, otherId, actor, at } = merging
  const keepKey = `contact:${keepId}`
  const otherKey = `contact:${otherId}`
  await mergePlaces(tx, merging, keepKey, otherKey)

  const ownObjectives = and(eq(challengeObjectives.networkId, networkId), eq(challengeObjectives.subjectKey, otherKey))
  const objectives = await tx.select().from(challengeObjectives).where(ownObjectives)
  await tx.delete(challengeObjectives).where(ownObjectives)
  const moved = objectives.map((row) => ({ ...row, subjectKey: keepKey, contactId: keepId }))
  await tx.insertRows(challengeObjectives, moved, 'ignore')

  const ownPast = and(eq(pastResults.networkId, networkId), eq(pastResults.subjectKey, otherKey))
  const past = await tx.select().from(pastResults).where(ownPast)
  await tx.delete(pastResults).where(ownPast)
  for (const row of past)
    await tx
      .insert(pastResults)
      .values({ ...row, subjectKey: keepKey, updatedAt: at })
      .onConflictDoUpdate({
        target: [pastResults.networkId, pastResults.subjectKey, pastResults.measure, pastResults.month],
        set: { quantity: sql`${pastResults.quantity} + ${row.quantity}`, updatedAt: at },
      })

  await tx
    .update(winners)
    .set({ contactId: keepId })
    .where(and(eq(winners.networkId, networkId), eq(winners.contactId, otherId)))
  for (const table of [winnerClaims, winnerPictures, imageConsents, rewards])
    await tx
      .update(table)
      .set({ contactId: keepId })
      .where(and(eq(table.networkId, networkId), eq(table.contactId, otherId)))

  const ownRegime = and(eq(rewardBeneficiaries.networkId, networkId), eq(rewardBeneficiaries.contactId, otherId))
  const regimes = await tx.select().from(rewardBeneficiaries).where(ownRegime)
  await tx.delete(rewardBeneficiaries).where(ownRegime)
  const regime = regimes.map((row) => ({ ...row, contactId: keepId, saidBy: actor, updatedAt: at }))
  await tx.insertRows(rewardBeneficiaries, regime, 'ignore')
}

async function mergePlaces(
  tx: Tx,
  { networkId, keepId, now }: Merging,
  keepKey: string,
  otherKey: string,
): Promise<void> {
  const placesOf = (key: string) =>
    tx
      .select()
      .from(challengeParticipants)
      .where(and(eq(challengeParticipants.networkId, networkId), eq(challengeParticipants.subjectKey, key)))
  const kept = new Map((await placesOf(keepKey)).map((place) => [place.challengeId, place]))
  for (const other of await placesOf(otherKey)) {
    const { id, challengeId } = other
    const own = kept.get(challengeId)
    const challenge = own && (await findChallenge(tx, networkId, challengeId))
    if (own && challenge) {
      await mergeParticipants(tx, challenge, own, other, { by: keepKey, at: now })
      // Who won with the other place has won with this one.
      await tx
        .update(winners)
        .set({ subjectKey: own.id })
        .where(and(eq(winners.networkId, networkId), eq(winners.challengeId, challengeId), eq(winners.subjectKey, id)))
      continue
    }
    await tx
      .update(challengeParticipants)
      .set({ contactId: keepId, subjectKey: keepKey, updatedAt: now })
      .where(and(eq(challengeParticipants.networkId, networkId), eq(challengeParticipants.id, id)))
    await refreshStandings(tx, { networkId, challengeId, participantIds: [id], at: now })
  }
  await tx
    .update(challengeParticipants)
    .set({ registeredBy: keepKey })
    .where(and(eq(challengeParticipants.networkId, networkId), eq(challengeParticipants.registeredBy, otherKey)))
  await tx
    .update(challengeResults)
    .set({ recordedBy: keepKey })
    .where(and(eq(challengeResults.networkId, networkId), eq(challengeResults.recordedBy, otherKey)))
}
