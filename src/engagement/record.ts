import { and, asc, count, eq, gt, inArray, lte, sql } from 'drizzle-orm'
import { type Db, newId, type Tx, unindexed } from '../db/index.ts'
import { deliveries, exposures } from '../db/schema.ts'
import type { ChannelName, Profile } from '../words.ts'
import { type LearningValues, learningOf } from './defaults.ts'
import { estimateDue } from './estimate.ts'
import { actedAt, type Exposure, isAct, lockExposures } from './exposure.ts'
import { objectorsOf } from './objection.ts'
import { applyChanges, type Change } from './sums.ts'

export { type Beliefs, beliefsOf, boundsOf } from './beliefs.ts'
export { voidExposures } from './void.ts'

/** The version of the reading of acts that outcomes are recorded under. */
export const learningVersion = '1'

export interface NewExposure {
  networkId: string
  deliveryId: string
  contactId: string
  channel: ChannelName
  profile: Profile
  /** Where the contact is; absent, it says nothing of any outlet. */
  siteId?: string
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
  const objectors = await objectorsAmong(tx, rows)
  const told = rows.map((row) => (objectors.has(row.contactId) ? { ...row, isMeasurable: false } : row))
  await tx.insertRows(
    exposures,
    told.map((row) => ({
      ...row,
      id: newId(),
      siteId: row.siteId ?? null,
      matureAt: new Date(row.sentAt.getTime() + learning.get(row.networkId)!.windowHours[row.channel] * 3_600_000),
      outcome: row.isMeasurable ? ('pending' as const) : ('void' as const),
      classifierVersion: learningVersion,
    })),
    'ignore',
  )
}

async function objectorsAmong(tx: Tx, rows: readonly NewExposure[]): Promise<Set<string>> {
  const objectors = new Set<string>()
  for (const networkId of new Set(rows.map((row) => row.networkId))) {
    const ids = rows.filter((row) => row.networkId === networkId).map((row) => row.contactId)
    for (const id of await objectorsOf(tx, networkId, ids)) objectors.add(id)
  }
  return objectors
}

const isDue = (networkId: string, now: Date) =>
  and(eq(exposures.networkId, networkId), eq(exposures.outcome, 'pending'), lte(exposures.matureAt, now))

/**
 * Counts the silences whose window has closed by `now` (business time), at most `limit` of them: S and N of the
 * contact, of its outlet and of its group. Where it is time, how much a group's mean weighs is worked out anew, see `estimateDue`.
 * Returns how many; call again while it returns `limit`.
 */
export async function matureDue(db: Db, network: { id: string }, now: Date, limit = 500): Promise<number> {
  // Mostly none is due, and looking costs less than an empty transaction.
  const [some] = await db.select({ id: exposures.id }).from(exposures).where(isDue(network.id, now)).limit(1)
  if (!some) return 0
  const counted = await countDue(db, network, now, limit)
  // Here rather than at each act: how people differ is looked at by the clock.
  await estimateDue(db, network, now)
  return counted
}

function countDue(db: Db, network: { id: string }, now: Date, limit: number): Promise<number> {
  return db.transaction(async (tx) => {
    const due = tx
      .select({ id: exposures.id })
      .from(exposures)
      .where(isDue(network.id, now))
      .orderBy(asc(exposures.matureAt), asc(exposures.id))
      .limit(Math.min(limit, 500))
    const missed = await tx
      .update(exposures)
      .set({ outcome: 'missed', outcomeAt: sql`${exposures.matureAt}` })
      .where(
        and(
          eq(exposures.networkId, network.id),
          eq(unindexed(exposures.outcome), 'pending'),
          inArray(exposures.id, due),
        ),
      )
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
        inArray(unindexed(deliveries.status), ['failed', 'returned']),
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
export const act = (tx: Tx, given: Act): Promise<void> => actAll(tx, [given])

/** Counts acts, at most a few hundred, with the same end as one after another. */
export async function actAll(tx: Tx, acts: readonly Act[]): Promise<void> {
  for (const networkId of [...new Set(acts.map((one) => one.networkId))].sort())
    await actIn(
      tx,
      networkId,
      acts.filter((one) => one.networkId === networkId),
    )
}

async function actIn(tx: Tx, networkId: string, acts: readonly Act[]): Promise<void> {
  const held = await lockExposures(tx, networkId, [...new Set(acts.map((one) => one.deliveryId))].sort())
  const current = new Map(held.map((exposure) => [exposure.id, exposure]))
  const changes: Change[] = []
  for (const { deliveryId, contactIds, at } of acts)
    for (const exposure of current.values()) {
      if (exposure.deliveryId !== deliveryId || (contactIds && !contactIds.includes(exposure.contactId))) continue
      const { outcome, s, n } = afterAct(exposure, at)
      const before = actedAt(exposure)
      current.set(exposure.id, { ...exposure, outcome, outcomeAt: before && before > at ? before : at })
      changes.push({ ...exposure, s, n, misses: 0, actedAt: at })
    }
  if (changes.length === 0) return
  await tx.updateRows(exposures, { set: ['outcome', 'outcomeAt'], where: ['networkId', 'id'] }, [...current.values()])
  const learning = await learningOf(tx, networkId)
  const now = new Date(Math.max(...acts.map((one) => one.now.getTime())))
  await applyChanges(tx, networkId, await withMisses(tx, networkId, changes), now, learning)
}

/** An act starts the count of misses in a row anew, from the exposures sent after the last act. */
async function withMisses(tx: Tx, networkId: string, changes: readonly Change[]): Promise<Change[]> {
  const misses = new Map<string, number>()
  for (const channel of new Set(changes.map((change) => change.channel))) {
    const ids = [...new Set(changes.filter((change) => change.channel === channel).map((change) => change.contactId))]
    const theirs = and(
      eq(exposures.networkId, networkId),
      inArray(exposures.contactId, ids),
      eq(exposures.channel, channel),
    )
    const lastActs = tx
      .select({ contactId: exposures.contactId, at: sql<Date>`max(${exposures.outcomeAt})`.as('last_act_at') })
      .from(exposures)
      .where(and(theirs, isAct))
      .groupBy(exposures.contactId)
      .as('last_acts')
    const rows = await tx
      .select({ contactId: exposures.contactId, misses: count() })
      .from(exposures)
      .innerJoin(lastActs, eq(lastActs.contactId, exposures.contactId))
      .where(and(theirs, eq(exposures.outcome, 'missed'), gt(exposures.sentAt, lastActs.at)))
      .groupBy(exposures.contactId)
    for (const row of rows) misses.set(`${row.contactId} ${channel}`, row.misses)
  }
  return changes.map((change) => ({
    ...change,
    missesNow: misses.get(`${change.contactId} ${change.channel}`) ?? 0,
  }))
}
