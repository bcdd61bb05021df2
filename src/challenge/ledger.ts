import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { newId, type Tx } from '../db/index.ts'
import { challengeLedger, challengeResults, challengeTotals } from '../db/schema.ts'
import type { Criterion } from './criterion.ts'
import { refreshStandings } from './ranking/refresh.ts'

export type LedgerRow = typeof challengeLedger.$inferSelect
export type ResultRow = typeof challengeResults.$inferSelect

/** Why points changed, as the ledger says it. */
export type LedgerReason = 'counted' | 'room' | 'refused' | 'corrected' | 'reversed' | 'merged'

interface Entry {
  networkId: string
  challengeId: string
  participantId: string
}

/** Who made a change, and when (business time). */
export interface Made {
  by: string
  at: Date
}

/**
 * Credits what a day still has room for, under the rules given: the results of a participant for a criterion on one day, as far as they are
 * validated and not counted yet, up to the cap. The points of a day are those of min(cap, all of it), whatever the
 * order results came in. The participant must be held.
 */
export async function creditDay(
  tx: Tx,
  entry: Entry & { doneOn: string },
  criterion: Pick<Criterion, 'name' | 'points' | 'capPerDay'>,
  reason: LedgerReason,
  { by, at, rulesVersion }: Made & { rulesVersion: number },
): Promise<number> {
  const { networkId, challengeId, participantId, doneOn } = entry
  const results = await tx
    .select()
    .from(challengeResults)
    .where(
      and(
        eq(challengeResults.networkId, networkId),
        eq(challengeResults.participantId, participantId),
        eq(challengeResults.criterion, criterion.name),
        eq(challengeResults.doneOn, doneOn),
        eq(challengeResults.status, 'validated'),
      ),
    )
    .orderBy(asc(challengeResults.recordedAt), asc(challengeResults.id))
  const counted = await countedOf(tx, entry, criterion.name)
  let room = (criterion.capPerDay ?? Number.MAX_SAFE_INTEGER) - [...counted.values()].reduce((all, one) => all + one, 0)
  const rows: (typeof challengeLedger.$inferInsert)[] = []
  let reachedAt: Date | undefined
  for (const { id: resultId, quantity, recordedAt } of results) {
    const more = Math.min(quantity - (counted.get(resultId) ?? 0), room)
    if (more <= 0) continue
    room -= more
    if (!reachedAt || recordedAt > reachedAt) reachedAt = recordedAt
    rows.push({
      ...{ networkId, id: newId(), challengeId, participantId, resultId, criterion: criterion.name, kind: 'credit' },
      ...{ quantity: more, points: more * criterion.points, day: doneOn, rulesVersion, reason, madeBy: by, at },
    })
  }
  if (rows.length === 0) return 0
  await tx.insertRows(challengeLedger, rows)
  await addToTotals(tx, entry, criterion.name, rows, at, reachedAt)
  return rows.reduce((all, row) => all + row.points, 0)
}

/** Takes back all that stands of a result, each row by one of its own. The participant must be held. */
export async function reverseCredits(
  tx: Tx,
  result: ResultRow,
  reason: LedgerReason,
  { by, at }: Made,
): Promise<number> {
  const { networkId, challengeId, participantId, criterion } = result
  const standing = await creditsOf(tx, networkId, result.id)
  if (standing.length === 0) return 0
  const rows = standing.map((row) => ({
    ...{
      networkId,
      id: newId(),
      challengeId,
      participantId,
      resultId: result.id,
      criterion,
      kind: 'reversal' as const,
    },
    ...{ quantity: -row.quantity, points: -row.points, reversesId: row.id, day: row.day, reason, madeBy: by, at },
    rulesVersion: row.rulesVersion,
  }))
  await tx.insertRows(challengeLedger, rows)
  await addToTotals(tx, result, criterion, rows, at)
  return rows.reduce((all, row) => all + row.points, 0)
}

const reversal = alias(challengeLedger, 'reversal')
const isReversal = and(eq(reversal.networkId, challengeLedger.networkId), eq(reversal.reversesId, challengeLedger.id))

/** The credits of a result that nothing has taken back. */
async function creditsOf(tx: Tx, networkId: string, resultId: string): Promise<LedgerRow[]> {
  const rows = await tx
    .select({ row: challengeLedger })
    .from(challengeLedger)
    .leftJoin(reversal, isReversal)
    .where(
      and(
        eq(challengeLedger.networkId, networkId),
        eq(challengeLedger.resultId, resultId),
        eq(challengeLedger.kind, 'credit'),
        isNull(reversal.id),
      ),
    )
  return rows.map(({ row }) => row)
}

/** The points a result stands for; 0 where it does not count, or the day was full. */
export const creditedOf = async (tx: Tx, networkId: string, resultId: string): Promise<number> =>
  (await creditsOf(tx, networkId, resultId)).reduce((all, row) => all + row.points, 0)

/** Units counted on a day, by result. */
async function countedOf(
  tx: Tx,
  { networkId, participantId, doneOn }: Entry & { doneOn: string },
  criterion: string,
): Promise<Map<string, number>> {
  const rows = await tx
    .select({ resultId: challengeLedger.resultId, quantity: challengeLedger.quantity })
    .from(challengeLedger)
    .where(
      and(
        eq(challengeLedger.networkId, networkId),
        eq(challengeLedger.participantId, participantId),
        eq(challengeLedger.criterion, criterion),
        eq(challengeLedger.day, doneOn),
      ),
    )
  const sums = new Map<string, number>()
  for (const { resultId, quantity } of rows) sums.set(resultId, (sums.get(resultId) ?? 0) + quantity)
  return sums
}

/** Of a participant; the empty name stands for all criteria together. */
async function addToTotals(
  tx: Tx,
  { networkId, challengeId, participantId }: Entry,
  criterion: string,
  rows: readonly { quantity: number; points: number }[],
  at: Date,
  /** Known where only credits were added: the latest of their results. */
  credited?: Date,
): Promise<void> {
  const points = rows.reduce((all, row) => all + row.points, 0)
  const quantity = rows.reduce((all, row) => all + row.quantity, 0)
  for (const name of [criterion, '']) {
    const key = and(
      eq(challengeTotals.networkId, networkId),
      eq(challengeTotals.participantId, participantId),
      eq(challengeTotals.criterion, name),
    )
    const [before] = await tx.select().from(challengeTotals).where(key)
    const reachedAt = credited
      ? before?.reachedAt && before.reachedAt > credited
        ? before.reachedAt
        : credited
      : await reachedAtOf(tx, networkId, participantId, name)
    if (before)
      await tx
        .update(challengeTotals)
        .set({
          points: sql`${challengeTotals.points} + ${points}`,
          quantity: sql`${challengeTotals.quantity} + ${quantity}`,
          ...{ reachedAt, updatedAt: at },
        })
        .where(key)
    else
      await tx
        .insert(challengeTotals)
        .values({ networkId, challengeId, participantId, criterion: name, points, quantity, reachedAt, updatedAt: at })
  }
  await refreshStandings(tx, { networkId, challengeId, participantIds: [participantId], at })
}

/** When the last of what still counts was told; null where nothing does. */
export async function reachedAtOf(
  tx: Tx,
  networkId: string,
  participantId: string,
  criterion: string,
): Promise<Date | null> {
  const [row] = await tx
    .select({ at: challengeResults.recordedAt })
    .from(challengeLedger)
    .innerJoin(
      challengeResults,
      and(eq(challengeResults.networkId, challengeLedger.networkId), eq(challengeResults.id, challengeLedger.resultId)),
    )
    .leftJoin(reversal, isReversal)
    .where(
      and(
        eq(challengeLedger.networkId, networkId),
        eq(challengeLedger.participantId, participantId),
        criterion === '' ? undefined : eq(challengeLedger.criterion, criterion),
        eq(challengeLedger.kind, 'credit'),
        isNull(reversal.id),
      ),
    )
    .orderBy(sql`${challengeResults.recordedAt} desc`)
    .limit(1)
  return row?.at ?? null
}
