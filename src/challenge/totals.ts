import { and, asc, eq, gt, sql } from 'drizzle-orm'
import { oneOf, type Tx } from '../db/index.ts'
import { challengeLedger, challengeParticipants, challengeTotals } from '../db/schema.ts'
import { reachedAtOf } from './ledger.ts'
import { holdParticipants } from './participants.ts'

export interface Total {
  points: number
  quantity: number
  /** When that score was reached, in business time; null at nothing. */
  reachedAt: Date | null
}

export interface Points extends Total {
  byCriterion: Record<string, Total>
}

const nothing: Points = { points: 0, quantity: 0, reachedAt: null, byCriterion: {} }

/** The points of participants, as many as a page, from the sums kept with the ledger. */
export async function pointsOfAll(tx: Tx, networkId: string, ids: readonly string[]): Promise<Map<string, Points>> {
  const all = new Map<string, Points>(ids.map((id) => [id, { ...nothing, byCriterion: {} }]))
  if (ids.length === 0) return all
  const rows = await tx
    .select()
    .from(challengeTotals)
    .where(and(eq(challengeTotals.networkId, networkId), oneOf(challengeTotals.participantId, [...ids])))
  for (const { participantId, criterion, points, quantity, reachedAt } of rows) {
    const own = all.get(participantId)!
    if (criterion === '') Object.assign(own, { points, quantity, reachedAt })
    else own.byCriterion[criterion] = { points, quantity, reachedAt }
  }
  return all
}

/** The points of one participant. */
export const pointsOf = async (tx: Tx, networkId: string, participantId: string): Promise<Points> =>
  (await pointsOfAll(tx, networkId, [participantId])).get(participantId)!

/**
 * Works out the sums of a challenge from its ledger alone and writes them anew, participant by participant. Returns
 * how many were found to differ: after a sound history that is none.
 */
export async function rebuildTotals(
  tx: Tx,
  networkId: string,
  challengeId: string,
  now: Date,
  { after = '', limit = 100 }: { after?: string; limit?: number } = {},
): Promise<{ differing: number; last?: string }> {
  const page = await tx
    .select({ id: challengeParticipants.id })
    .from(challengeParticipants)
    .where(
      and(
        eq(challengeParticipants.networkId, networkId),
        eq(challengeParticipants.challengeId, challengeId),
        gt(challengeParticipants.id, after),
      ),
    )
    .orderBy(asc(challengeParticipants.id))
    .limit(limit)
  const ids = page.map((row) => row.id)
  await holdParticipants(tx, networkId, ids, now)
  let differing = 0
  for (const participantId of ids) {
    const sums = await tx
      .select({
        criterion: challengeLedger.criterion,
        points: sql<number>`sum(${challengeLedger.points})`.mapWith(Number),
        quantity: sql<number>`sum(${challengeLedger.quantity})`.mapWith(Number),
      })
      .from(challengeLedger)
      .where(and(eq(challengeLedger.networkId, networkId), eq(challengeLedger.participantId, participantId)))
      .groupBy(challengeLedger.criterion)
    const whole = { criterion: '', points: 0, quantity: 0 }
    for (const sum of sums) {
      whole.points += sum.points
      whole.quantity += sum.quantity
    }
    const known = await pointsOf(tx, networkId, participantId)
    for (const { criterion, points, quantity } of sums.length > 0 ? [...sums, whole] : []) {
      const reachedAt = await reachedAtOf(tx, networkId, participantId, criterion)
      const before = criterion === '' ? known : known.byCriterion[criterion]
      const isSame =
        before?.points === points &&
        before.quantity === quantity &&
        (before.reachedAt?.getTime() ?? null) === (reachedAt?.getTime() ?? null)
      if (isSame) continue
      differing++
      const set = { points, quantity, reachedAt, updatedAt: now }
      await tx
        .insert(challengeTotals)
        .values({ networkId, challengeId, participantId, criterion, ...set })
        .onConflictDoUpdate({
          target: [challengeTotals.networkId, challengeTotals.participantId, challengeTotals.criterion],
          set,
        })
    }
  }
  return { differing, ...(ids.length === limit ? { last: ids.at(-1)! } : {}) }
}
