import { and, eq, sql } from 'drizzle-orm'
import { aimPerson } from '../../challenge/aim.ts'
import { findChallenge } from '../../challenge/challenge.ts'
import { mergeParticipants } from '../../challenge/merge-participants.ts'
import { participantOf } from '../../challenge/participants.ts'
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

  await mergeObjectives(tx, merging, keepKey, otherKey)

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

/**
 * What was set by hand stays set: by the contact who stays, or else by the other. Where both were, and not to the same
 * number, the reason says so, for whoever looks at objectives to decide.
 */
async function mergeObjectives(
  tx: Tx,
  { networkId, keepId, at }: Merging,
  keepKey: string,
  otherKey: string,
): Promise<void> {
  const objectivesOf = (key: string) =>
    tx
      .select()
      .from(challengeObjectives)
      .where(and(eq(challengeObjectives.networkId, networkId), eq(challengeObjectives.subjectKey, key)))
  const known = new Map((await objectivesOf(keepKey)).map((row) => [`${row.challengeId} ${row.criterion}`, row]))
  const theirs = await objectivesOf(otherKey)
  await tx
    .delete(challengeObjectives)
    .where(and(eq(challengeObjectives.networkId, networkId), eq(challengeObjectives.subjectKey, otherKey)))
  for (const { override, overrideReason, overrideBy, overrideAt, ...other } of theirs) {
    const { challengeId, criterion } = other
    const own = known.get(`${challengeId} ${criterion}`)
    const byHand = { override, overrideReason, overrideBy, overrideAt }
    if (!own) {
      await tx.insert(challengeObjectives).values({ ...other, ...byHand, subjectKey: keepKey, contactId: keepId })
      continue
    }
    if (override === null || own.override === override) continue
    const both = [own.overrideReason, `≠ ${override}`, overrideReason].filter(Boolean).join(' · ')
    await tx
      .update(challengeObjectives)
      .set(own.override === null ? { ...byHand, updatedAt: at } : { overrideReason: both, updatedAt: at })
      .where(
        and(
          eq(challengeObjectives.networkId, networkId),
          eq(challengeObjectives.challengeId, challengeId),
          eq(challengeObjectives.subjectKey, keepKey),
          eq(challengeObjectives.criterion, criterion),
        ),
      )
  }
}

/**
 * Works out anew what is asked of the person in challenges that are not over, from the history and the facts of both;
 * call it once these are one. What was set by hand stays, and so does what was asked in a challenge that has ended.
 */
export async function aimMerged(tx: Tx, { networkId, keepId, now }: Merging): Promise<void> {
  const rows = await tx
    .selectDistinct({ id: challengeObjectives.challengeId })
    .from(challengeObjectives)
    .where(and(eq(challengeObjectives.networkId, networkId), eq(challengeObjectives.contactId, keepId)))
  for (const { id } of rows) {
    const challenge = await findChallenge(tx, networkId, id)
    if (!challenge || challenge.endsAt <= now) continue
    await aimPerson(tx, challenge, keepId, now)
    const place = await participantOf(tx, networkId, id, { contactId: keepId })
    if (place) await refreshStandings(tx, { networkId, challengeId: id, participantIds: [place.id], at: now })
  }
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
