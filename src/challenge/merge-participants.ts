import { and, asc, eq } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import { challengeParticipants, challengeResults } from '../db/schema.ts'
import { type Challenge, rulesAt } from './challenge.ts'
import { creditDay, type Made, reverseCredits } from './ledger.ts'
import { holdParticipants, type Participant } from './participants.ts'
import { refreshStandings } from './ranking/refresh.ts'
import { twinOf } from './result.ts'
import { criterionOf } from './roles.ts'

/**
 * Makes one of two participations of the same person: what the other told is told by the one that stays, and counts
 * for them as of when it was told. The ledger is only added to: credits of the other are reversed and given anew.
 * What both told – as many of one criterion within the days the rules say – is held for a person, as any double is.
 * Whoever is still registered by either stays registered; the other participation is left without a person.
 */
export async function mergeParticipants(
  tx: Tx,
  challenge: Challenge,
  kept: Participant,
  other: Participant,
  made: Made,
): Promise<void> {
  const { networkId, id: challengeId } = challenge
  const { at } = made
  await holdParticipants(tx, networkId, [kept.id, other.id], at)
  const told = await tx
    .select()
    .from(challengeResults)
    .where(and(eq(challengeResults.networkId, networkId), eq(challengeResults.participantId, other.id)))
    .orderBy(asc(challengeResults.recordedAt), asc(challengeResults.id))
  for (const result of told) {
    await reverseCredits(tx, result, 'merged', made)
    const isOpen = result.status === 'validated' || (result.status === 'pending' && result.suspicion === null)
    const suspectId = isOpen
      ? await twinOf(tx, challenge, kept, { ...result, reference: result.reference ?? undefined })
      : undefined
    const [moved] = await tx
      .update(challengeResults)
      .set({
        participantId: kept.id,
        ...(suspectId === undefined
          ? {}
          : { status: 'pending', suspicion: 'same_entry', suspectId, decidedBy: null, decidedAt: null }),
      })
      .where(and(eq(challengeResults.networkId, networkId), eq(challengeResults.id, result.id)))
      .returning()
    if (moved?.status !== 'validated') continue
    const { rulesVersion } = moved
    const rules = (await rulesAt(tx, networkId, challengeId, rulesVersion)) ?? challenge.rules
    const criterion = criterionOf(rules, kept.role, moved.criterion) ?? criterionOf(rules, other.role, moved.criterion)
    if (criterion) await creditDay(tx, moved, criterion, 'merged', { ...made, rulesVersion })
  }
  await tx
    .update(challengeParticipants)
    .set({
      ...{ status: 'withdrawn', withdrawnAt: at, withdrawnBy: made.by, updatedAt: at },
      ...{ subjectKey: `merged:${other.id}`, contactId: null, shownAs: null },
    })
    .where(and(eq(challengeParticipants.networkId, networkId), eq(challengeParticipants.id, other.id)))
  const { status, way, registeredBy, registeredAt, withdrawnAt, withdrawnBy } =
    kept.status === 'withdrawn' && other.status === 'registered' ? other : kept
  await tx
    .update(challengeParticipants)
    .set({
      ...{ status, way, registeredBy, registeredAt, withdrawnAt, withdrawnBy },
      agreedVersion: kept.agreedVersion ?? other.agreedVersion,
      agreedAt: kept.agreedVersion === null ? other.agreedAt : kept.agreedAt,
      shownAs: kept.shownAs ?? other.shownAs,
    })
    .where(and(eq(challengeParticipants.networkId, networkId), eq(challengeParticipants.id, kept.id)))
  await refreshStandings(tx, { networkId, challengeId, participantIds: [kept.id, other.id], at })
}
