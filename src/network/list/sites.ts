import { and, eq, gte, inArray, lt, or, type SQL, sql } from 'drizzle-orm'
import type { Scope } from '../../accounts/policy.ts'
import { sitesWithin } from '../../accounts/scope.ts'
import type { Db } from '../../db/index.ts'
import { sites } from '../../db/schema.ts'
import { fold } from '../folding.ts'
import { beginsWith, cityKeyOf } from '../search-keys.ts'
import { afterKey, inOrder } from './keyset.ts'
import { type Direction, type Key, type Stream, type Walked, walk } from './walk.ts'

export type SiteRow = typeof sites.$inferSelect

export const siteSorts = ['name', 'city', 'area'] as const
export type SiteSort = (typeof siteSorts)[number]

export interface SiteListQuery {
  /** The beginning of a name, a town or a code. */
  text?: string
  area?: string
  /** `active` unless told. */
  state?: 'active' | 'inactive' | 'all'
  /** Without effect beside a text. */
  sort?: SiteSort
  direction?: Direction
  cursor?: string
}

export interface ListedSite {
  site: SiteRow
  contacts: number
  /** There are more contacts than were counted. */
  hasMoreContacts: boolean
}

const pageSize = 50
const budget = 4_000

/**
 * One page of a network's sites as far as the scope goes. Costs the same however many there are, see `walk`.
 * Throws CursorProblem for a cursor made elsewhere.
 */
export async function listSites(
  db: Db,
  networkId: string,
  scope: Scope,
  query: SiteListQuery,
): Promise<Omit<Walked<unknown>, 'rows'> & { rows: ListedSite[] }> {
  const { text, area, state = 'active', sort = 'name', direction = 'up', cursor } = query
  const within = sitesWithin(scope)
  const isSearch = text !== undefined && text.trim() !== ''
  const streams = isSearch
    ? byText(db, networkId, text)
    : [
        sort === 'area' || (area !== undefined && sort === 'name')
          ? byArea(db, networkId, direction, area)
          : bySort(db, networkId, sort, direction),
      ]
  const page = await walk(streams, { cursor, pageSize, budget }, async (rows) => {
    const left = rows.filter(
      (row) => (state === 'all' || row.isActive === (state === 'active')) && (area === undefined || row.area === area),
    )
    if (!within || left.length === 0) return new Set(left)
    const covered = await idsWithin(
      db,
      networkId,
      within,
      left.map((row) => row.id),
    )
    return new Set(left.filter((row) => covered.has(row.id)))
  })
  const counts = await contactCounts(
    db,
    networkId,
    page.rows.map((row) => row.id),
  )
  return {
    ...page,
    rows: page.rows.map((site) => {
      const count = counts.get(site.id) ?? 0
      return { site, contacts: Math.min(count, mostCounted), hasMoreContacts: count > mostCounted }
    }),
  }
}

/** The first few sites that a text means, for a search box. */
export async function findSites(
  db: Db,
  networkId: string,
  scope: Scope,
  text: string,
  most: number,
): Promise<{ rows: SiteRow[]; hasMore: boolean }> {
  const within = sitesWithin(scope)
  const page = await walk(
    byText(db, networkId, text),
    { cursor: undefined, pageSize: most, budget: 1_000 },
    async (rows) => {
      if (!within || rows.length === 0) return new Set(rows)
      const covered = await idsWithin(
        db,
        networkId,
        within,
        rows.map((row) => row.id),
      )
      return new Set(rows.filter((row) => covered.has(row.id)))
    },
  )
  return { rows: page.rows, hasMore: page.next !== undefined }
}

async function idsWithin(db: Db, networkId: string, within: SQL, ids: string[]): Promise<ReadonlySet<string>> {
  const rows = await db
    .select({ id: sites.id })
    .from(sites)
    .where(and(eq(sites.networkId, networkId), inArray(sites.id, ids), within))
  return new Set(rows.map((row) => row.id))
}

const keyColumns = {
  name: [sites.nameKey, sites.id],
  city: [sites.cityKey, sites.id],
  area: [sites.area, sites.nameKey, sites.id],
  code: [sites.externalId, sites.id],
} as const
const keyOf: Record<keyof typeof keyColumns, (row: SiteRow) => Key> = {
  name: (row) => [row.nameKey, row.id],
  city: (row) => [row.cityKey, row.id],
  area: (row) => [row.area, row.nameKey, row.id],
  code: (row) => [row.externalId, row.id],
}

function bySort(
  db: Db,
  networkId: string,
  sort: keyof typeof keyColumns,
  direction: Direction,
  only?: SQL,
): Stream<SiteRow> {
  const columns = keyColumns[sort]
  return {
    read: async (after, limit) => {
      const rows = await db
        .select()
        .from(sites)
        .where(and(eq(sites.networkId, networkId), only, afterKey(columns, after, direction)))
        .orderBy(...inOrder(columns, direction))
        .limit(limit)
      return { rows: rows.map((row) => ({ key: keyOf[sort](row), row })), isEnd: rows.length < limit }
    },
  }
}

const byArea = (db: Db, networkId: string, direction: Direction, area: string | undefined): Stream<SiteRow> =>
  bySort(db, networkId, 'area', direction, area === undefined ? undefined : eq(sites.area, area))

/** A code is typed with or without its capitals. */
const codesOf = (typed: string): string[] => [...new Set([typed, typed.toUpperCase(), typed.toLowerCase()])].sort()

function byText(db: Db, networkId: string, typed: string): Stream<SiteRow>[] {
  const name = fold(typed)
  const city = cityKeyOf(typed)
  const code = typed.trim()
  const streams: Stream<SiteRow>[] = []
  const isNot = (column: typeof sites.nameKey, prefix: string) =>
    prefix === '' ? undefined : or(lt(column, prefix), gte(column, `${prefix}\u{10FFFF}`))
  if (name !== '') streams.push(bySort(db, networkId, 'name', 'up', beginsWith(sites.nameKey, name)))
  if (city !== '')
    streams.push(bySort(db, networkId, 'city', 'up', and(beginsWith(sites.cityKey, city), isNot(sites.nameKey, name))))
  if (code !== '')
    for (const spelling of codesOf(code))
      streams.push(
        bySort(
          db,
          networkId,
          'code',
          'up',
          and(beginsWith(sites.externalId, spelling), isNot(sites.nameKey, name), isNot(sites.cityKey, city)),
        ),
      )
  return streams
}

const mostCounted = 999

/** How many contacts each site has, counted no further than it is shown. */
async function contactCounts(db: Db, networkId: string, siteIds: string[]): Promise<Map<string, number>> {
  if (siteIds.length === 0) return new Map()
  // Named by hand: a query of one table would take the site's columns for the contact's.
  const ofSite = sql`c.network_id = ${networkId} and c.site_id = "sites"."id"`
  const rows = await db
    .select({
      id: sites.id,
      count: sql<number>`(select count(*) from (select 1 from contacts c where ${ofSite} limit ${mostCounted + 1}) counted)`,
    })
    .from(sites)
    .where(and(eq(sites.networkId, networkId), inArray(sites.id, siteIds)))
  return new Map(rows.map((row) => [row.id, Number(row.count)]))
}
