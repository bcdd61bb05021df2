import { and, eq } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import { challengeResults } from '../db/schema.ts'
import { type Challenge, rulesAt } from './challenge.ts'
import { creditDay, type ResultRow } from './ledger.ts'
import { holdParticipants, participantsById } from './participants.ts'
import { takeBack } from './result.ts'
import { criterionOf } from './roles.ts'

export interface Verdict {
  /** A user’s `user:…`. */
  by: string
  /** Business time. */
  at: Date
}

export async function resultById(tx: Tx, networkId: string, id: string): Promise<ResultRow | undefined> {
  const [row] = await tx
    .select()
    .from(challengeResults)
    .where(and(eq(challengeResults.networkId, networkId), eq(challengeResults.id, id)))
  return row
}

/**
 * Lets a result count that waited for a person, under the rules it was told under. False where it is not there or no
 * longer waits: somebody was faster.
 */
export async function validateResult(tx: Tx, challenge: Challenge, id: string, { by, at }: Verdict): Promise<boolean> {
  const found = await heldResult(tx, challenge, id, at)
  if (!found) return false
  const [validated] = await tx
    .update(challengeResults)
    .set({ status: 'validated', decidedBy: by, decidedAt: at })
    .where(
      and(
        eq(challengeResults.networkId, challenge.networkId),
        eq(challengeResults.id, id),
        eq(challengeResults.status, 'pending'),
      ),
    )
    .returning()
  if (!validated) return false
  const { rulesVersion } = validated
  const rules = await rulesAt(tx, challenge.networkId, challenge.id, rulesVersion)
  const criterion = criterionOf(rules ?? challenge.rules, found.role, validated.criterion)
  if (criterion) await creditDay(tx, validated, criterion, 'counted', { by, at, rulesVersion })
  return true
}

/** Refuses a result that waits, or takes one out that counted; both say why. False where somebody was faster. */
export async function refuseResult(
  tx: Tx,
  challenge: Challenge,
  id: string,
  reason: string,
  verdict: Verdict,
): Promise<boolean> {
  const found = await heldResult(tx, challenge, id, verdict.at)
  if (!found) return false
  const why = found.result.status === 'pending' ? ('refused' as const) : ('reversed' as const)
  return takeBack(tx, challenge, found.role, found.result, { why, reason, ...verdict })
}

/** The result as it stands once its participant is held. */
async function heldResult(tx: Tx, { networkId, id: challengeId }: Challenge, id: string, at: Date) {
  const seen = await resultById(tx, networkId, id)
  if (seen?.challengeId !== challengeId) return undefined
  await holdParticipants(tx, networkId, [seen.participantId], at)
  const [participant] = await participantsById(tx, networkId, [seen.participantId])
  const result = await resultById(tx, networkId, id)
  return participant && result && { result, role: participant.role }
}
