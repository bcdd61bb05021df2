import { and, eq, sql } from 'drizzle-orm'
import { oneOf, type Tx } from '../db/index.ts'
import { engagements, groupEngagements } from '../db/schema.ts'
import { checkSoon } from '../segment/check.ts'
import type { ChannelName, Profile } from '../words.ts'
import type { LearningValues } from './defaults.ts'
import { add } from './formula.ts'
import { applyToSites } from './sites.ts'

/** One exposure's effect on what is believed; minus ones take back. */
export interface Change {
  contactId: string
  channel: ChannelName
  profile: Profile
  siteId: string | null
  sentAt: Date
  /** To S, to N and the count of exposures, and to the count of misses in a row. */
  s: number
  n: number
  misses: number
  /** When the contact acted, if this is an act. */
  actedAt?: Date
  /** Replaces the misses in a row, when an act made them known anew. */
  missesNow?: number
  /** Replaces the first exposure, when one was taken back. */
  firstNow?: Date | null
}

type Row = typeof engagements.$inferSelect
const keyOf = (row: { contactId: string; channel: string }) => `${row.contactId} ${row.channel}`

const earlier = (a: Date | null, b: Date) => (a === null || b < a ? b : a)
const firstAfter = ({ firstExposureAt }: Row, { n, sentAt, firstNow }: Change) => {
  if (firstNow !== undefined) return firstNow
  return n > 0 ? earlier(firstExposureAt, sentAt) : firstExposureAt
}
const later = (a: Date | null, b: Date | undefined) => (b && (a === null || b > a) ? b : a)

/** The contact's row after a change; pure. A change older than the last act adds no miss. */
export function changed(row: Row, change: Change, now: Date, learning: LearningValues): Row {
  const halfLife = learning.halfLifeDays[change.channel]
  const countsAsMiss = row.lastActionAt === null || change.sentAt > row.lastActionAt
  const misses = change.missesNow ?? Math.max(0, row.misses + (countsAsMiss ? change.misses : 0))
  return {
    ...row,
    ...add(row, change, now, halfLife),
    exposures: row.exposures + change.n,
    actions: row.actions + change.s,
    misses,
    firstExposureAt: firstAfter(row, change),
    lastActionAt: later(row.lastActionAt, change.actedAt),
  }
}

/** Adds changes to contacts, to their outlets and to their groups, within the transaction that records their cause. */
export async function applyChanges(
  tx: Tx,
  networkId: string,
  changes: readonly Change[],
  now: Date,
  learning: LearningValues,
): Promise<void> {
  if (changes.length === 0) return
  const rows = await lockRows(tx, networkId, changes, now)
  for (const change of changes) rows.set(keyOf(change), changed(rows.get(keyOf(change))!, change, now, learning))
  await tx.updateRows(
    engagements,
    {
      set: ['s', 'n', 'at', 'exposures', 'actions', 'misses', 'firstExposureAt', 'lastActionAt'],
      where: ['networkId', 'contactId', 'channel'],
    },
    [...rows.values()],
  )
  await applyToGroups(tx, networkId, changes, now, learning)
  await applyToSites(tx, networkId, changes, now, learning)
  await checkSoon(
    tx,
    networkId,
    changes.map((change) => change.contactId),
  )
}

/**
 * The rows to change, made where missing. Written to before they are read: on PostgreSQL that holds them until
 * the commit, so that two workers never both add to the same old sum.
 */
async function lockRows(tx: Tx, networkId: string, changes: readonly Change[], now: Date): Promise<Map<string, Row>> {
  const wanted = new Map(changes.map((change) => [keyOf(change), change]))
  const ordered = [...wanted.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  await tx.insertRows(
    engagements,
    ordered.map(({ contactId, channel }) => ({
      ...{ networkId, contactId, channel, s: 0, n: 0, at: now },
      ...{ exposures: 0, actions: 0, misses: 0 },
    })),
    'ignore',
  )
  const theirs = and(
    eq(engagements.networkId, networkId),
    oneOf(engagements.contactId, [...new Set(ordered.map((change) => change.contactId))]),
  )
  await tx
    .update(engagements)
    .set({ exposures: sql`${engagements.exposures}` })
    .where(theirs)
  const rows = await tx.select().from(engagements).where(theirs)
  return new Map(rows.filter((row) => wanted.has(keyOf(row))).map((row) => [keyOf(row), row]))
}

async function applyToGroups(
  tx: Tx,
  networkId: string,
  changes: readonly Change[],
  now: Date,
  learning: LearningValues,
): Promise<void> {
  const counted = changes.filter((change) => change.s !== 0 || change.n !== 0)
  if (counted.length === 0) return
  const groupKey = (row: { profile: string; channel: string }) => `${row.profile} ${row.channel}`
  const wanted = new Map(counted.map((change) => [groupKey(change), change]))
  const ordered = [...wanted.entries()].sort(([a], [b]) => (a < b ? -1 : 1))
  await tx.insertRows(
    groupEngagements,
    ordered.map(([, { profile, channel }]) => ({ networkId, profile, channel, s: 0, n: 0, at: now })),
    'ignore',
  )
  const ours = eq(groupEngagements.networkId, networkId)
  await tx
    .update(groupEngagements)
    .set({ s: sql`${groupEngagements.s}` })
    .where(ours)
  const sums = new Map((await tx.select().from(groupEngagements).where(ours)).map((row) => [groupKey(row), row]))
  for (const change of counted) {
    const row = sums.get(groupKey(change))!
    sums.set(groupKey(change), { ...row, ...add(row, change, now, learning.halfLifeDays[change.channel]) })
  }
  await tx.updateRows(
    groupEngagements,
    { set: ['s', 'n', 'at'], where: ['networkId', 'profile', 'channel'] },
    ordered.map(([key]) => sums.get(key)!),
  )
}
