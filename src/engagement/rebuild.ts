import { and, asc, eq, gt, inArray } from 'drizzle-orm'
import type { Db, Tx } from '../db/index.ts'
import { contacts, engagementCheckpoints, engagements, exposures, groupEngagements } from '../db/schema.ts'
import { checkSoon } from '../segment/check.ts'
import type { ChannelName, Profile } from '../words.ts'
import { type LearningValues, learningOf } from './defaults.ts'
import { actedAt, type Exposure } from './exposure.ts'
import { add, type Sums } from './formula.ts'

type Row = typeof engagements.$inferSelect
type Groups = Map<string, Sums & { profile: Profile; channel: ChannelName }>

const pageSize = 100

/**
 * Works out engagement anew from exposures and the checkpoints that retention has left; the same numbers come out
 * as by learning step by step. To be run while no worker is learning. A checkpoint counts for the group of the
 * contact's present profile.
 */
export async function rebuildEngagement(db: Db, network: { id: string }): Promise<void> {
  const learning = await learningOf(db, network.id)
  const groups: Groups = new Map()
  for (let after = ''; ; ) {
    const page = await db
      .select({ id: contacts.id, profile: contacts.profile })
      .from(contacts)
      .where(and(eq(contacts.networkId, network.id), gt(contacts.id, after)))
      .orderBy(asc(contacts.id))
      .limit(pageSize)
    if (page.length > 0) await db.transaction((tx) => rebuildPage(tx, network.id, page, learning, groups))
    if (page.length < pageSize) break
    after = page.at(-1)!.id
  }
  await db.transaction(async (tx) => {
    await tx.delete(groupEngagements).where(eq(groupEngagements.networkId, network.id))
    await tx.insertRows(
      groupEngagements,
      [...groups.values()].map((group) => ({ ...group, networkId: network.id })),
    )
  })
}

/** As `rebuildEngagement` for a few contacts, in the transaction that changed their exposures; groups stay as they are. */
export async function rebuildContacts(tx: Tx, networkId: string, contactIds: readonly string[]): Promise<void> {
  const page = await tx
    .select({ id: contacts.id, profile: contacts.profile })
    .from(contacts)
    .where(and(eq(contacts.networkId, networkId), inArray(contacts.id, [...contactIds])))
  if (page.length > 0) await rebuildPage(tx, networkId, page, await learningOf(tx, networkId), new Map())
}

async function rebuildPage(
  tx: Tx,
  networkId: string,
  page: readonly { id: string; profile: Profile }[],
  learning: LearningValues,
  groups: Groups,
): Promise<void> {
  const ids = page.map((contact) => contact.id)
  const profiles = new Map(page.map((contact) => [contact.id, contact.profile]))
  const kept = await tx
    .select()
    .from(engagementCheckpoints)
    .where(and(eq(engagementCheckpoints.networkId, networkId), inArray(engagementCheckpoints.contactId, ids)))
  const known = await tx
    .select()
    .from(exposures)
    .where(and(eq(exposures.networkId, networkId), inArray(exposures.contactId, ids)))
    .orderBy(asc(exposures.sentAt))
  const rows = new Map<string, Row>(kept.map((row) => [keyOf(row), row]))
  for (const row of kept) addToGroup(groups, profiles.get(row.contactId)!, row.channel, row, learning)
  for (const exposure of known) {
    if (exposure.outcome === 'pending') continue
    const isCounted = exposure.outcome !== 'void'
    const last = actedAt(exposure)
    if (!isCounted && !last) continue
    const before = rows.get(keyOf(exposure)) ?? emptyRow(exposure)
    rows.set(keyOf(exposure), withExposure(before, exposure, isCounted, last, learning))
    if (isCounted) {
      const counted = { sentAt: exposure.sentAt, s: exposure.outcome === 'acted' ? 1 : 0, n: 1 }
      addToGroup(groups, exposure.profile, exposure.channel, counted, learning)
    }
  }
  countMisses(rows, known, kept)
  await tx.delete(engagements).where(and(eq(engagements.networkId, networkId), inArray(engagements.contactId, ids)))
  await tx.insertRows(engagements, [...rows.values()])
  await checkSoon(tx, networkId, ids)
}

const keyOf = (row: { contactId: string; channel: string }) => `${row.contactId} ${row.channel}`

const emptyRow = ({ networkId, contactId, channel, sentAt }: Exposure): Row => ({
  ...{ networkId, contactId, channel, s: 0, n: 0, at: sentAt, exposures: 0, actions: 0, misses: 0 },
  ...{ firstExposureAt: null, lastActionAt: null },
})

function withExposure(
  row: Row,
  { sentAt, channel, outcome }: Exposure,
  isCounted: boolean,
  last: Date | undefined,
  learning: LearningValues,
): Row {
  const s = outcome === 'acted' ? 1 : 0
  const n = isCounted ? 1 : 0
  const isFirst = isCounted && (row.firstExposureAt === null || sentAt < row.firstExposureAt)
  return {
    ...row,
    ...add(row, { sentAt, s, n }, sentAt, learning.halfLifeDays[channel]),
    exposures: row.exposures + n,
    actions: row.actions + s,
    firstExposureAt: isFirst ? sentAt : row.firstExposureAt,
    lastActionAt: last && (row.lastActionAt === null || last > row.lastActionAt) ? last : row.lastActionAt,
  }
}

/** Misses sent after the last act; those of a checkpoint count while nothing has been acted upon since. */
function countMisses(rows: Map<string, Row>, known: readonly Exposure[], kept: readonly Row[]): void {
  const checkpoints = new Map(kept.map((row) => [keyOf(row), row]))
  for (const [key, row] of rows) {
    const checkpoint = checkpoints.get(key)
    const isSame = checkpoint?.lastActionAt?.getTime() === row.lastActionAt?.getTime()
    rows.set(key, { ...row, misses: checkpoint && isSame ? checkpoint.misses : 0 })
  }
  for (const exposure of known) {
    const row = rows.get(keyOf(exposure))
    if (!row || exposure.outcome !== 'missed') continue
    if (row.lastActionAt === null || exposure.sentAt > row.lastActionAt) row.misses++
  }
}

function addToGroup(
  groups: Groups,
  profile: Profile,
  channel: ChannelName,
  counted: { s: number; n: number } & ({ at: Date } | { sentAt: Date }),
  learning: LearningValues,
): void {
  const sentAt = 'at' in counted ? counted.at : counted.sentAt
  const key = `${profile} ${channel}`
  const before = groups.get(key) ?? { profile, channel, s: 0, n: 0, at: sentAt }
  const sums = add(before, { sentAt, s: counted.s, n: counted.n }, sentAt, learning.halfLifeDays[channel])
  groups.set(key, { ...before, ...sums })
}
