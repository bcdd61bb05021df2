import { and, eq, sql } from 'drizzle-orm'
import { refreshStandings } from '../../challenge/ranking/refresh.ts'
import type { Tx } from '../../db/index.ts'
import {
  challengeObjectives,
  challengeParticipants,
  challengeResults,
  challengeStandings,
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
 * What somebody is in challenges goes on being theirs. Where both took part in one, the contact that stays keeps its
 * place and the other is withdrawn: the same person's sales were most likely told twice. Its ledger stays as it is,
 * since a ledger is only added to.
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
    .set({ contactId: keepId, subjectKey: keepKey })
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
  { networkId, keepId, at }: Merging,
  keepKey: string,
  otherKey: string,
): Promise<void> {
  const placesOf = (key: string) =>
    tx
      .select({ id: challengeParticipants.id, challengeId: challengeParticipants.challengeId })
      .from(challengeParticipants)
      .where(and(eq(challengeParticipants.networkId, networkId), eq(challengeParticipants.subjectKey, key)))
  const kept = new Map((await placesOf(keepKey)).map(({ challengeId, id }) => [challengeId, id]))
  for (const { id, challengeId } of await placesOf(otherKey)) {
    const isTwice = kept.has(challengeId)
    await tx
      .update(challengeParticipants)
      .set({
        contactId: keepId,
        subjectKey: isTwice ? `merged:${id}` : keepKey,
        ...(isTwice ? { status: 'withdrawn', withdrawnAt: at, withdrawnBy: keepKey } : {}),
        updatedAt: at,
      })
      .where(and(eq(challengeParticipants.networkId, networkId), eq(challengeParticipants.id, id)))
    await tx
      .delete(challengeStandings)
      .where(
        and(
          eq(challengeStandings.networkId, networkId),
          eq(challengeStandings.challengeId, challengeId),
          eq(challengeStandings.subjectKey, otherKey),
        ),
      )
    const participantIds = [id, kept.get(challengeId)].filter((one) => one !== undefined)
    await refreshStandings(tx, { networkId, challengeId, participantIds, at })
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
