import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm'
import { oneOf, type Tx } from '../db/index.ts'
import { contacts, engagementCheckpoints, exposures, siteEngagements, sites } from '../db/schema.ts'
import type { LearningValues } from './defaults.ts'
import { add } from './formula.ts'
import type { Change } from './sums.ts'

type Row = typeof siteEngagements.$inferSelect
type Cell = Pick<Row, 'siteId' | 'profile' | 'channel'>

/** After the groups, which everybody who learns in the network holds by now: nobody waits in a circle. */
export async function applyToSites(
  tx: Tx,
  networkId: string,
  changes: readonly Change[],
  now: Date,
  learning: LearningValues,
): Promise<void> {
  const counted = changes.flatMap(({ siteId, s, n, ...change }) =>
    siteId !== null && (s !== 0 || n !== 0) ? [{ ...change, siteId, s, n }] : [],
  )
  if (counted.length === 0) return
  const wanted = new Map(counted.map((change) => [siteKey(change), change]))
  const ordered = [...wanted.entries()].sort(([a], [b]) => (a < b ? -1 : 1))
  await tx.insertRows(
    siteEngagements,
    ordered.map(([, { siteId, profile, channel }]) => ({ networkId, siteId, profile, channel, s: 0, n: 0, at: now })),
    'ignore',
  )
  const sums = new Map(
    (await heldSites(tx, networkId, [...new Set(ordered.map(([, { siteId }]) => siteId))])).map((row) => [
      siteKey(row),
      row,
    ]),
  )
  for (const change of counted) {
    const row = sums.get(siteKey(change))!
    sums.set(siteKey(change), { ...row, ...add(row, change, now, learning.halfLifeDays[change.channel]) })
  }
  await tx.updateRows(
    siteEngagements,
    { set: ['s', 'n', 'at'], where: ['networkId', 'siteId', 'profile', 'channel'] },
    ordered.map(([key]) => sums.get(key)!),
  )
}

const siteKey = (row: Cell): string => `${row.siteId} ${row.profile} ${row.channel}`

/** What outlets have shown, written to before it is read: held until the commit. */
async function heldSites(tx: Tx, networkId: string, siteIds: readonly string[]): Promise<Row[]> {
  const theirs = and(eq(siteEngagements.networkId, networkId), oneOf(siteEngagements.siteId, [...siteIds]))
  await tx
    .update(siteEngagements)
    .set({ s: sql`${siteEngagements.s}` })
    .where(theirs)
  return tx.select().from(siteEngagements).where(theirs)
}

/** An outlet has at most 25 rows: a page stays within 500 writes. */
const sitesPerPage = 20
const exposuresPerQuery = 2_000

/**
 * Works out anew what the next outlets after `after` have shown, within the transaction; returns the last of them,
 * undefined once there are none. A checkpoint counts for where its contact is now, under their present profile.
 */
export async function rebuildSites(
  tx: Tx,
  networkId: string,
  after: string,
  learning: LearningValues,
): Promise<string | undefined> {
  const page = await tx
    .select({ id: sites.id })
    .from(sites)
    .where(and(eq(sites.networkId, networkId), gt(sites.id, after)))
    .orderBy(asc(sites.id))
    .limit(sitesPerPage)
  if (page.length === 0) return undefined
  const ids = page.map((site) => site.id)
  const checkpoints = await checkpointsAt(tx, networkId, ids)
  const here = and(eq(exposures.networkId, networkId), oneOf(exposures.siteId, ids))
  const seen = await tx
    .selectDistinct({
      siteId: sql<string>`${exposures.siteId}`,
      profile: exposures.profile,
      channel: exposures.channel,
    })
    .from(exposures)
    .where(here)
  // Made and held before anything is read: who learns meanwhile waits, and adds to what is written here.
  const cells = new Map<string, Cell>([...seen, ...checkpoints].map((cell) => [siteKey(cell), cell]))
  const epoch = new Date(0)
  await tx.insertRows(
    siteEngagements,
    [...cells.values()].map(({ siteId, profile, channel }) => ({
      ...{ networkId, siteId, profile, channel, s: 0, n: 0, at: epoch },
    })),
    'ignore',
  )
  const sums = new Map<string, Row>(
    (await heldSites(tx, networkId, ids)).map((row) => [siteKey(row), { ...row, s: 0, n: 0, at: epoch }]),
  )
  const count = (cell: Cell, counted: { sentAt: Date; s: number; n: number }) => {
    const row = sums.get(siteKey(cell))
    if (!row) return
    sums.set(siteKey(cell), { ...row, ...add(row, counted, counted.sentAt, learning.halfLifeDays[cell.channel]) })
  }
  for (const { at, s, n, ...cell } of checkpoints) count(cell, { sentAt: at, s, n })
  for (let last = ''; ; ) {
    const known = await tx
      .select()
      .from(exposures)
      .where(and(here, inArray(exposures.outcome, ['acted', 'missed']), gt(exposures.id, last)))
      .orderBy(asc(exposures.id))
      .limit(exposuresPerQuery)
    for (const { siteId, profile, channel, sentAt, outcome } of known)
      if (siteId !== null) count({ siteId, profile, channel }, { sentAt, s: outcome === 'acted' ? 1 : 0, n: 1 })
    if (known.length < exposuresPerQuery) break
    last = known.at(-1)!.id
  }
  await tx.updateRows(
    siteEngagements,
    { set: ['s', 'n', 'at'], where: ['networkId', 'siteId', 'profile', 'channel'] },
    [...sums.values()],
  )
  return ids.at(-1)
}

const checkpointsAt = (tx: Tx, networkId: string, siteIds: readonly string[]) =>
  tx
    .select({
      ...{ siteId: contacts.siteId, profile: contacts.profile, channel: engagementCheckpoints.channel },
      ...{ s: engagementCheckpoints.s, n: engagementCheckpoints.n, at: engagementCheckpoints.at },
    })
    .from(engagementCheckpoints)
    .innerJoin(
      contacts,
      and(eq(contacts.networkId, engagementCheckpoints.networkId), eq(contacts.id, engagementCheckpoints.contactId)),
    )
    .where(and(eq(engagementCheckpoints.networkId, networkId), oneOf(contacts.siteId, [...siteIds])))
