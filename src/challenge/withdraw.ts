import { and, eq } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import { challengeParticipants } from '../db/schema.ts'
import type { Participant } from './participants.ts'
import { refreshStandings } from './ranking/refresh.ts'

/**
 * Takes somebody out of a challenge, by themselves or by others: from then on the campaign says nothing more to them
 * and they stand in no ranking. What they did stays in the ledger. False where they were not in it (any more).
 */
export async function withdraw(tx: Tx, participant: Participant, by: string, at: Date): Promise<boolean> {
  const left = await tx
    .update(challengeParticipants)
    .set({ status: 'withdrawn', withdrawnAt: at, withdrawnBy: by, updatedAt: at })
    .where(
      and(
        eq(challengeParticipants.networkId, participant.networkId),
        eq(challengeParticipants.id, participant.id),
        eq(challengeParticipants.status, 'registered'),
      ),
    )
    .returning({ id: challengeParticipants.id })
  if (left.length === 0) return false
  const { networkId, challengeId } = participant
  await refreshStandings(tx, { networkId, challengeId, participantIds: [participant.id], at })
  return true
}
