import { and, asc, count, eq, gt, inArray, lte, sql } from 'drizzle-orm'
import { type Db, newId, type Tx } from '../db/index.ts'
import { deliveries, exposures } from '../db/schema.ts'
import type { ChannelName, Profile } from '../words.ts'
import { type LearningValues, learningOf } from './defaults.ts'
import { actedAt, type Exposure, isAct, lockExposures } from './exposure.ts'
import { applyChanges, type Change } from './sums.ts'

export { type Beliefs, beliefsOf } from './beliefs.ts'
export { voidExposures } from './void.ts'

/** The version of the reading of acts that outcomes are recorded under. */
export const learningVersion = '1'

export interface NewExposure {
  networkId: string
  deliveryId: string
  contactId: string
  channel: ChannelName
  profile: Profile
  /** Business time of the hand-over. */
  sentAt: Date
  /** See `isMeasurable`; what is not is kept, so that an act is still remembered, but never counts. */
  isMeasurable: boolean
}

/** Writes down chances to act, at the hand-over and in its transaction. Repeated, it changes nothing. */
export async function expose(tx: Tx, rows: readonly NewExposure[]): Promise<void> {
  const learning = new Map<string, LearningValues>()
  for (const networkId of new Set(rows.map((row) => row.networkId)))
    learning.set(networkId, await learningOf(tx, networkId))
  await tx.insertRows(
    exposures,
    rows.map((row) => ({
      ...row,
      id: newId(),
      matureAt: new Date(row.sentAt.getTime() + learning.get(row.networkId)!.windowHours[row.channel] * 3_600_000),
      outcome: row.isMeasurable ? ('pending' as const) : ('void' as const),
      classifierVersion: learningVersion,
    })),
    'ignore',
  )
}

/**
 * Counts the silences whose window has closed by `now` (business time), at most `limit` of them: S and N of the
 * contact and of its group. Returns how many; call again while it returns `limit`.
 */
export function matureDue(db: Db, network: { id: string }, now: Date, limit = 500): Promise<number> {
  return db.transaction(async (tx) => {
    const due = tx
      .select({ id: exposures.id })
      .from(exposures)
      .where(and(eq(exposures.networkId, network.id), eq(exposures.outcome, 'pending'), lte(exposures.matureAt, now)))
      .orderBy(asc(exposures.matureAt), asc(exposures.id))
      .limit(Math.min(limit, 500))
    const missed = await tx
      .update(exposures)
      .set({ outcome: 'missed', outcomeAt: sql`${exposures.matureAt}` })
      .where(and(eq(exposures.networkId, network.id), eq(exposures.outcome, 'pending'), inArray(exposures.id, due)))
      .returning()
    const counted = await withoutFailed(tx, network.id, missed)
    const changes = counted.map((exposure) => ({ ...exposure, s: 0, n: 1, misses: 1 }))
    await applyChanges(tx, network.id, changes, now, await learningOf(tx, network.id))
    return missed.length
  })
}

/** A delivery whose failure was told before its exposures were written down was no chance to act. */
async function withoutFailed(tx: Tx, networkId: string, missed: readonly Exposure[]): Promise<Exposure[]> {
  if (missed.length === 0) return []
  const failed = await tx
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.networkId, networkId),
        inArray(deliveries.id, [...new Set(missed.map((exposure) => exposure.deliveryId))]),
        inArray(deliveries.status, ['failed', 'returned']),
      ),
    )
  const isFailed = new Set(failed.map((row) => row.id))
  const voided = missed.filter((exposure) => isFailed.has(exposure.deliveryId))
  await tx.updateRows(
    exposures,
    { set: ['outcome', 'outcomeAt'], where: ['networkId', 'id'] },
    voided.map((exposure) => ({ ...exposure, outcome: 'void' as const, outcomeAt: null })),
  )
  return missed.filter((exposure) => !isFailed.has(exposure.deliveryId))
}

/**
 * What an act makes of an exposure. Within the window it is the sought outcome, whenever we hear of it; later it
 * remains a miss, and only the date of the act is kept. A void exposure that was measurable (the delivery was
 * reported failed) was received after all. Pure, and the same for acts told twice or in any order.
 */
export function afterAct(exposure: Exposure, at: Date): { outcome: Exposure['outcome']; s: number; n: number } {
  const { outcome, isMeasurable, matureAt } = exposure
  if (outcome === 'acted' || !isMeasurable) return { outcome, s: 0, n: 0 }
  if (at <= matureAt) return { outcome: 'acted', s: 1, n: outcome === 'missed' ? 0 : 1 }
  return { outcome: 'missed', s: 0, n: outcome === 'missed' ? 0 : 1 }
}

export interface Act {
  networkId: string
  deliveryId: string
  /** Who acted; everyone the delivery covers when it cannot be told. */
  contactIds?: readonly string[]
  /** Business time at which it happened. */
  at: Date
  /** Business time now. */
  now: Date
}

/** Counts an act on a delivery: clicked as a person, scanned, replied, acknowledged, registered, read. */
export async function act(tx: Tx, { networkId, deliveryId, contactIds, at, now }: Act): Promise<void> {
  const held = await lockExposures(tx, networkId, deliveryId, contactIds)
  if (held.length === 0) return
  const changes: Change[] = []
  const updated: Exposure[] = []
  for (const exposure of held) {
    const { outcome, s, n } = afterAct(exposure, at)
    const before = actedAt(exposure)
    const outcomeAt = before && before > at ? before : at
    updated.push({ ...exposure, outcome, outcomeAt })
    changes.push({ ...exposure, s, n, misses: 0, actedAt: at })
  }
  await tx.updateRows(exposures, { set: ['outcome', 'outcomeAt'], where: ['networkId', 'id'] }, updated)
  const learning = await learningOf(tx, networkId)
  await applyChanges(tx, networkId, await withMisses(tx, networkId, changes), now, learning)
}

/** An act starts the count of misses in a row anew, from the exposures sent after the last act. */
async function withMisses(tx: Tx, networkId: string, changes: readonly Change[]): Promise<Change[]> {
  const [{ channel } = { channel: undefined }] = changes
  if (!channel) return []
  const ids = changes.map((change) => change.contactId)
  const theirs = and(
    eq(exposures.networkId, networkId),
    inArray(exposures.contactId, ids),
    eq(exposures.channel, channel),
  )
  const acts = await tx
    .select({
      contactId: exposures.contactId,
      at: sql<Date>`max(${exposures.outcomeAt})`.mapWith(exposures.outcomeAt),
    })
    .from(exposures)
    .where(and(theirs, isAct))
    .groupBy(exposures.contactId)
  const lastActs = new Map(acts.map((row) => [row.contactId, row.at]))
  const misses = new Map<string, number>()
  for (const at of new Set([...lastActs.values()].map((date) => date.getTime()))) {
    const since = ids.filter((id) => lastActs.get(id)?.getTime() === at)
    const rows = await tx
      .select({ contactId: exposures.contactId, misses: count() })
      .from(exposures)
      .where(
        and(
          theirs,
          inArray(exposures.contactId, since),
          eq(exposures.outcome, 'missed'),
          gt(exposures.sentAt, new Date(at)),
        ),
      )
      .groupBy(exposures.contactId)
    for (const row of rows) misses.set(row.contactId, row.misses)
  }
  return changes.map((change) => ({ ...change, missesNow: misses.get(change.contactId) ?? 0 }))
}
