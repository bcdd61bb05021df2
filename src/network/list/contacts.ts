import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm'
import type { Scope } from '../../accounts/policy.ts'
import { sitesWithin } from '../../accounts/scope.ts'
import type { Network } from '../../context.ts'
import type { Db } from '../../db/index.ts'
import { contacts, segmentMembers, segments, sites } from '../../db/schema.ts'
import { engagementsOf } from '../../segment/facts.ts'
import { reachableOf } from '../../segment/reachable.ts'
import type { ChannelName, EngagementState, Profile } from '../../words.ts'
import { byName, bySite, byText, type Candidate, candidateColumns } from './contact-streams.ts'
import { type Direction, type Stream, streamOf, type Walked, walk } from './walk.ts'

export const contactStates = ['active', 'inactive', 'erased', 'all'] as const
export type ContactStateFilter = (typeof contactStates)[number]

export interface ContactFilter {
  /** The beginning of a name, either way round, of an e-mail address, or of a phone number as people write it. */
  text?: string
  profile?: Profile
  siteId?: string
  area?: string
  /** A segment's name. */
  segment?: string
  /** Those with an address that is valid and not closed; consent depends on what is sent and is not asked. */
  channel?: ChannelName
  /** `active` unless told. */
  state?: ContactStateFilter
}

export interface ContactListQuery extends ContactFilter {
  /** Without effect beside a text, which orders by how well people match. */
  sort?: 'name' | 'site'
  direction?: Direction
  cursor?: string
}

export interface ContactRow {
  contact: typeof contacts.$inferSelect
  site: typeof sites.$inferSelect
  /** On which channels there is an address that is valid and not closed. */
  channels: ReadonlySet<ChannelName>
  engagement: EngagementState
}

const pageSize = 50
/** Looked at for one page, at most; with a channel, whose addresses must be read as well. */
const budget = 4_000
const channelBudget = 1_000
/** So few that they are read whole and sorted, rather than sought along the list. */
const few = 1_000
const fewSites = 250

/**
 * One page of a network's contacts as far as the scope goes, in the order asked for. However many contacts there
 * are, it costs the same; where few match, the page may be short and says after how many rows looking stopped.
 * `now` is business time. Throws CursorProblem for a cursor made elsewhere.
 */
export async function listContacts(
  db: Db,
  network: Pick<Network, 'id' | 'country'>,
  scope: Scope,
  query: ContactListQuery,
  now: Date,
): Promise<Omit<Walked<unknown>, 'rows'> & { rows: ContactRow[] }> {
  const segmentId = query.segment === undefined ? undefined : await segmentIdOf(db, network.id, query.segment)
  if (query.segment !== undefined && segmentId === undefined) return { rows: [] }
  const streams = await streamsFor(db, network, scope, query, segmentId)
  const page = await walk(
    streams,
    { cursor: query.cursor, pageSize, budget: query.channel ? channelBudget : budget },
    (rows) => keep(db, network.id, scope, query, segmentId, rows),
  )
  return { ...page, rows: await detailed(db, network.id, page.rows, now) }
}

/** The first few whom a text means, for a search box. */
export async function findContacts(
  db: Db,
  network: Pick<Network, 'id' | 'country'>,
  scope: Scope,
  text: string,
  most: number,
): Promise<{ rows: { contact: typeof contacts.$inferSelect; site: typeof sites.$inferSelect }[]; hasMore: boolean }> {
  const page = await walk(
    byText(db, network.id, text, network.country),
    { cursor: undefined, pageSize: most, budget: channelBudget },
    (rows) =>
      keep(
        db,
        network.id,
        scope,
        { state: 'all' },
        undefined,
        rows.filter((row) => row.erasedAt === null),
      ),
  )
  return { rows: await members(db, network.id, page.rows), hasMore: page.next !== undefined }
}

async function segmentIdOf(db: Db, networkId: string, name: string): Promise<string | undefined> {
  const [row] = await db
    .select({ id: segments.id })
    .from(segments)
    .where(and(eq(segments.networkId, networkId), eq(segments.name, name)))
  return row?.id
}

async function streamsFor(
  db: Db,
  network: Pick<Network, 'id' | 'country'>,
  scope: Scope,
  query: ContactListQuery,
  segmentId: string | undefined,
): Promise<Stream<Candidate>[]> {
  const { text, siteId, state = 'active', sort = 'name', direction = 'up' } = query
  const networkId = network.id
  if (text?.trim()) return byText(db, networkId, text, network.country)
  if (siteId !== undefined) return [byName(db, networkId, direction, eq(contacts.siteId, siteId))]
  const chosen = (await fewOfSegment(db, networkId, segmentId)) ?? (await fewOfSites(db, networkId, scope, query.area))
  if (chosen) return [await sorted(db, networkId, chosen, sort, direction)]
  if (sort === 'site') return [bySite(db, networkId, direction)]
  const isSetAside = state === 'inactive' || state === 'erased'
  return [byName(db, networkId, direction, isSetAside ? sql`not ${contacts.isActive}` : undefined)]
}

async function fewOfSegment(db: Db, networkId: string, segmentId: string | undefined) {
  if (segmentId === undefined) return undefined
  const rows = await db
    .select(candidateColumns)
    .from(segmentMembers)
    .innerJoin(
      contacts,
      and(eq(contacts.networkId, segmentMembers.networkId), eq(contacts.id, segmentMembers.contactId)),
    )
    .where(and(eq(segmentMembers.networkId, networkId), eq(segmentMembers.segmentId, segmentId)))
    .limit(few + 1)
  return rows.length <= few ? rows : undefined
}

async function fewOfSites(db: Db, networkId: string, scope: Scope, area: string | undefined) {
  const within = sitesWithin(scope)
  if (!within && area === undefined) return undefined
  const found = await db
    .select({ id: sites.id })
    .from(sites)
    .where(and(eq(sites.networkId, networkId), within, area === undefined ? undefined : eq(sites.area, area)))
    .limit(fewSites + 1)
  if (found.length > fewSites) return undefined
  if (found.length === 0) return []
  const rows = await db
    .select(candidateColumns)
    .from(contacts)
    .where(
      and(
        eq(contacts.networkId, networkId),
        inArray(
          contacts.siteId,
          found.map((site) => site.id),
        ),
      ),
    )
    .limit(few + 1)
  return rows.length <= few ? rows : undefined
}

async function sorted(
  db: Db,
  networkId: string,
  rows: Candidate[],
  sort: 'name' | 'site',
  direction: Direction,
): Promise<Stream<Candidate>> {
  if (sort === 'name') return streamOf(rows, (row) => [row.nameKey, row.id], direction)
  const siteIds = [...new Set(rows.map((row) => row.siteId))]
  const named = siteIds.length
    ? await db
        .select({ id: sites.id, nameKey: sites.nameKey })
        .from(sites)
        .where(and(eq(sites.networkId, networkId), inArray(sites.id, siteIds)))
    : []
  const nameOf = new Map(named.map((site) => [site.id, site.nameKey]))
  return streamOf(rows, (row) => [nameOf.get(row.siteId) ?? '', row.siteId, row.nameKey, row.id], direction)
}

const isInState = (row: Candidate, state: ContactStateFilter): boolean => {
  if (state === 'all') return true
  if (state === 'erased') return row.erasedAt !== null
  return row.erasedAt === null && row.isActive === (state === 'active')
}

async function keep(
  db: Db,
  networkId: string,
  scope: Scope,
  { profile, siteId, area, channel, state = 'active' }: ContactFilter,
  segmentId: string | undefined,
  rows: Candidate[],
): Promise<ReadonlySet<Candidate>> {
  let left = rows.filter(
    (row) =>
      isInState(row, state) &&
      (profile === undefined || row.profile === profile) &&
      (siteId === undefined || row.siteId === siteId),
  )
  const within = sitesWithin(scope)
  if (left.length > 0 && (within || area !== undefined)) {
    const covered = await db
      .select({ id: sites.id })
      .from(sites)
      .where(
        and(
          eq(sites.networkId, networkId),
          inArray(sites.id, [...new Set(left.map((row) => row.siteId))]),
          within,
          area === undefined ? undefined : eq(sites.area, area),
        ),
      )
    const ids = new Set(covered.map((site) => site.id))
    left = left.filter((row) => ids.has(row.siteId))
  }
  if (left.length > 0 && segmentId !== undefined) {
    const belonging = await db
      .select({ id: segmentMembers.contactId })
      .from(segmentMembers)
      .where(
        and(
          eq(segmentMembers.networkId, networkId),
          eq(segmentMembers.segmentId, segmentId),
          inArray(
            segmentMembers.contactId,
            left.map((row) => row.id),
          ),
        ),
      )
    const ids = new Set(belonging.map((row) => row.id))
    left = left.filter((row) => ids.has(row.id))
  }
  if (left.length > 0 && channel !== undefined) {
    const reachable = await reachableOf(db, networkId, await members(db, networkId, left))
    left = left.filter((row) => reachable.get(row.id)?.has(channel))
  }
  return new Set(left)
}

/** The contacts with their sites, in the order given. */
async function members(db: Db, networkId: string, rows: readonly { id: string }[]) {
  if (rows.length === 0) return []
  const found = await db
    .select({ contact: contacts, site: sites })
    .from(contacts)
    .innerJoin(sites, and(eq(sites.networkId, contacts.networkId), eq(sites.id, contacts.siteId)))
    .where(
      and(
        eq(contacts.networkId, networkId),
        inArray(
          contacts.id,
          rows.map((row) => row.id),
        ),
      ),
    )
  const byId = new Map(found.map((one) => [one.contact.id, one]))
  return rows.flatMap((row) => byId.get(row.id) ?? [])
}

async function detailed(db: Db, networkId: string, rows: readonly Candidate[], now: Date): Promise<ContactRow[]> {
  const people = await members(db, networkId, rows)
  if (people.length === 0) return []
  const reachable = await reachableOf(db, networkId, people)
  const engagement = await engagementsOf(db, networkId, people, now)
  return people.map((one) => ({
    ...one,
    channels: one.contact.erasedAt ? new Set() : (reachable.get(one.contact.id) ?? new Set()),
    engagement: engagement.get(one.contact.id)?.overall ?? 'new',
  }))
}

const mostAreas = 60

/** The areas a list can be narrowed to: one look into the index for each, however many sites there are. */
export async function areasOf(db: Db, networkId: string, scope: Scope): Promise<string[]> {
  const within = sitesWithin(scope)
  if (within) {
    const rows = await db
      .selectDistinct({ area: sites.area })
      .from(sites)
      .where(and(eq(sites.networkId, networkId), within))
      .limit(mostAreas)
    return rows.flatMap(({ area }) => area || []).sort()
  }
  const areas: string[] = []
  for (let after = ''; areas.length < mostAreas; ) {
    const [row] = await db
      .select({ area: sites.area })
      .from(sites)
      .where(and(eq(sites.networkId, networkId), gt(sites.area, after)))
      .orderBy(asc(sites.area))
      .limit(1)
    if (!row) break
    areas.push(row.area)
    after = row.area
  }
  return areas
}
