import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm'
import type { Db, Tx } from '../db/index.ts'
import { contacts, engagementCheckpoints, engagements, exposures, groupEngagements } from '../db/schema.ts'
import { checkSoon } from '../segment/check.ts'
import type { ChannelName, Profile } from '../words.ts'
import { type LearningValues, learningOf } from './defaults.ts'
import { actedAt, type Exposure } from './exposure.ts'
import { add, decay, type Sums } from './formula.ts'
import { rebuildSites } from './sites.ts'

type Row = typeof engagements.$inferSelect
type Groups = Map<string, Sums & { profile: Profile; channel: ChannelName }>

/** Each contact has at most five rows, read, held and written: a page stays below 500 writes. */
const pageSize = 40

export interface RebuildCounts {
  contacts: number
  /** Contacts on a channel. */
  rows: number
  /** Rows that had drifted from what the exposures say. */
  corrected: number
  exposures: number
  groups: number
}

/** How far a rebuild has come; plain data, so that it can be kept and gone on with. */
export interface Rebuilding {
  after: string
  /** Once all contacts are done: the last outlet that is. */
  afterSite?: string
  counts: RebuildCounts
  /** What the groups add up to so far. */
  groups: Group[]
  /** The groups as they stood at the start: should they move meanwhile, somebody has learned. */
  stood: string
}

interface Group {
  profile: Profile
  channel: ChannelName
  s: number
  n: number
  /** Milliseconds since 1970. */
  at: number
}

export async function beginRebuild(db: Db, networkId: string): Promise<Rebuilding> {
  const counts = { contacts: 0, rows: 0, corrected: 0, exposures: 0, groups: 0 }
  return { after: '', counts, groups: [], stood: await standOf(db, networkId) }
}

/** Works out the next contacts anew, and after them the next outlets, within the transaction; undefined once there are none. */
export async function rebuildNext(tx: Tx, networkId: string, state: Rebuilding): Promise<Rebuilding | undefined> {
  const page = await tx
    .select({ id: contacts.id, profile: contacts.profile })
    .from(contacts)
    .where(and(eq(contacts.networkId, networkId), gt(contacts.id, state.after)))
    .orderBy(asc(contacts.id))
    .limit(pageSize)
  if (page.length === 0) {
    const afterSite = await rebuildSites(tx, networkId, state.afterSite ?? '', await learningOf(tx, networkId))
    return afterSite === undefined ? undefined : { ...state, afterSite }
  }
  const groups: Groups = new Map(
    state.groups.map((group) => [`${group.profile} ${group.channel}`, { ...group, at: new Date(group.at) }]),
  )
  const found = await rebuildPage(tx, networkId, page, await learningOf(tx, networkId), groups)
  const { counts } = state
  return {
    ...state,
    after: page.at(-1)!.id,
    groups: [...groups.values()].map((group) => ({ ...group, at: group.at.getTime() })),
    counts: {
      contacts: counts.contacts + page.length,
      rows: counts.rows + found.rows,
      corrected: counts.corrected + found.corrected,
      exposures: counts.exposures + found.exposures,
      groups: groups.size,
    },
  }
}

/** Writes the groups' sums. False, and nothing written, when something was learned since the start: begin again. */
export async function finishRebuild(tx: Tx, networkId: string, { groups, stood }: Rebuilding): Promise<boolean> {
  const ours = eq(groupEngagements.networkId, networkId)
  await tx
    .update(groupEngagements)
    .set({ s: sql`${groupEngagements.s}` })
    .where(ours)
  if ((await standOf(tx, networkId)) !== stood) return false
  const known = await tx.select().from(groupEngagements).where(ours)
  const keyOfGroup = (group: { profile: string; channel: string }) => `${group.profile} ${group.channel}`
  const kept = new Map(known.map((row) => [keyOfGroup(row), row]))
  await tx.delete(groupEngagements).where(ours)
  await tx.insertRows(
    groupEngagements,
    groups.map((group) => ({
      ...{ networkId, ...group, at: new Date(group.at) },
      // How much the mean weighs is the clock's to work out, from the rows of contacts.
      ...{ kappa: kept.get(keyOfGroup(group))?.kappa ?? null, kappaAt: kept.get(keyOfGroup(group))?.kappaAt ?? null },
    })),
  )
  return true
}

async function standOf(tx: Tx, networkId: string): Promise<string> {
  const rows = await tx
    .select({
      profile: groupEngagements.profile,
      channel: groupEngagements.channel,
      s: groupEngagements.s,
      n: groupEngagements.n,
    })
    .from(groupEngagements)
    .where(eq(groupEngagements.networkId, networkId))
    .orderBy(groupEngagements.profile, groupEngagements.channel)
  return JSON.stringify(rows)
}

/**
 * Works out engagement anew from exposures and the checkpoints that retention has left; the same numbers come out
 * as by learning step by step. A checkpoint counts for the group of the contact's present profile. In pages, each a
 * transaction of its own that holds its contacts' rows, so that acts counted meanwhile are not lost.
 */
export async function rebuildEngagement(db: Db, network: { id: string }): Promise<RebuildCounts> {
  for (;;) {
    let state = await beginRebuild(db, network.id)
    for (;;) {
      const next = await db.transaction((tx) => rebuildNext(tx, network.id, state))
      if (!next) break
      state = next
    }
    if (await db.transaction((tx) => finishRebuild(tx, network.id, state))) return state.counts
  }
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
): Promise<Pick<RebuildCounts, 'rows' | 'corrected' | 'exposures'>> {
  const ids = page.map((contact) => contact.id)
  const theirs = and(eq(engagements.networkId, networkId), inArray(engagements.contactId, ids))
  // Held before the exposures are read: who learns meanwhile waits, and adds to what is written here.
  const before = await tx
    .update(engagements)
    .set({ exposures: sql`${engagements.exposures}` })
    .where(theirs)
    .returning()
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
  await writeRows(tx, networkId, before, rows)
  await checkSoon(tx, networkId, ids)
  return { rows: rows.size, corrected: drifted(before, rows, learning), exposures: known.length }
}

async function writeRows(tx: Tx, networkId: string, before: readonly Row[], rows: ReadonlyMap<string, Row>) {
  const known = new Set(before.map(keyOf))
  const unfounded = before.filter((row) => !rows.has(keyOf(row)))
  for (const { contactId, channel } of unfounded)
    await tx
      .delete(engagements)
      .where(
        and(
          eq(engagements.networkId, networkId),
          eq(engagements.contactId, contactId),
          eq(engagements.channel, channel),
        ),
      )
  const [old, fresh] = [[...rows].filter(([key]) => known.has(key)), [...rows].filter(([key]) => !known.has(key))]
  await tx.updateRows(
    engagements,
    {
      set: ['s', 'n', 'at', 'exposures', 'actions', 'misses', 'firstExposureAt', 'lastActionAt'],
      where: ['networkId', 'contactId', 'channel'],
    },
    old.map(([, row]) => row),
  )
  await tx.insertRows(
    engagements,
    fresh.map(([, row]) => row),
  )
}

/** How many rows said something else than the exposures do. */
function drifted(before: readonly Row[], rows: ReadonlyMap<string, Row>, learning: LearningValues): number {
  const known = new Map(before.map((row) => [keyOf(row), row]))
  const isEmpty = (row: Row) => row.exposures === 0 && row.lastActionAt === null
  const extra = before.filter((row) => !rows.has(keyOf(row)) && !isEmpty(row)).length
  return [...rows].reduce((count, [key, row]) => {
    const was = known.get(key)
    return count + (was && isSame(was, row, learning.halfLifeDays[row.channel]) ? 0 : 1)
  }, extra)
}

function isSame(a: Row, b: Row, halfLifeDays: number): boolean {
  const at = a.at > b.at ? a.at : b.at
  const [one, other] = [decay(a, at, halfLifeDays), decay(b, at, halfLifeDays)]
  return (
    Math.abs(one.s - other.s) < 1e-9 &&
    Math.abs(one.n - other.n) < 1e-9 &&
    a.exposures === b.exposures &&
    a.actions === b.actions &&
    a.misses === b.misses &&
    a.firstExposureAt?.getTime() === b.firstExposureAt?.getTime() &&
    a.lastActionAt?.getTime() === b.lastActionAt?.getTime()
  )
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

/** What checkpoints and exposures that are over, in the order of sending, add up to, by contact and channel. */
export function foldExposures(
  kept: readonly Row[],
  known: readonly Exposure[],
  learning: LearningValues,
): ReadonlyMap<string, Row> {
  const rows = new Map<string, Row>(kept.map((row) => [keyOf(row), row]))
  for (const exposure of known) {
    const isCounted = exposure.outcome !== 'void'
    const last = actedAt(exposure)
    if (!isCounted && !last) continue
    const before = rows.get(keyOf(exposure)) ?? emptyRow(exposure)
    rows.set(keyOf(exposure), withExposure(before, exposure, isCounted, last, learning))
  }
  countMisses(rows, known, kept)
  return rows
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
