import { and, desc, eq, lt } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import type { EntryWay, ResultStatus, Suspicion } from '../db/schema/challenge.ts'
import { challengeLedger, challengeResults } from '../db/schema.ts'

export interface StatementLine {
  id: string
  at: Date
  day: string
  criterion: string
  kind: 'credit' | 'reversal'
  quantity: number
  points: number
  reason: string
  reversesId: string | null
  resultId: string
  way: EntryWay | null
  reference: string | null
  rulesVersion: number
}

/** What a participant earned and lost, the latest first, a page at a time. */
export async function statementOf(
  tx: Tx,
  networkId: string,
  participantId: string,
  { before, limit = 50 }: { before?: string; limit?: number } = {},
): Promise<StatementLine[]> {
  return await tx
    .select({
      id: challengeLedger.id,
      at: challengeLedger.at,
      day: challengeLedger.day,
      criterion: challengeLedger.criterion,
      kind: challengeLedger.kind,
      quantity: challengeLedger.quantity,
      points: challengeLedger.points,
      reason: challengeLedger.reason,
      reversesId: challengeLedger.reversesId,
      resultId: challengeLedger.resultId,
      way: challengeResults.way,
      reference: challengeResults.reference,
      rulesVersion: challengeLedger.rulesVersion,
    })
    .from(challengeLedger)
    .leftJoin(
      challengeResults,
      and(eq(challengeResults.networkId, challengeLedger.networkId), eq(challengeResults.id, challengeLedger.resultId)),
    )
    .where(
      and(
        eq(challengeLedger.networkId, networkId),
        eq(challengeLedger.participantId, participantId),
        before === undefined ? undefined : lt(challengeLedger.id, before),
      ),
    )
    .orderBy(desc(challengeLedger.id))
    .limit(limit)
}

export interface ToldResult {
  id: string
  criterion: string
  quantity: number
  doneOn: string
  way: EntryWay
  status: ResultStatus
  suspicion: Suspicion | null
  reason: string | null
  recordedAt: Date
}

/** What a participant told, the latest first: also what waits or was refused, which no ledger shows. */
export const resultsOfParticipant = (
  tx: Tx,
  networkId: string,
  participantId: string,
  limit = 20,
): Promise<ToldResult[]> =>
  tx
    .select({
      id: challengeResults.id,
      criterion: challengeResults.criterion,
      quantity: challengeResults.quantity,
      doneOn: challengeResults.doneOn,
      way: challengeResults.way,
      status: challengeResults.status,
      suspicion: challengeResults.suspicion,
      reason: challengeResults.reason,
      recordedAt: challengeResults.recordedAt,
    })
    .from(challengeResults)
    .where(and(eq(challengeResults.networkId, networkId), eq(challengeResults.participantId, participantId)))
    .orderBy(desc(challengeResults.id))
    .limit(limit)
