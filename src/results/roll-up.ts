import { and, asc, desc, eq, gt, gte, like, lt, type SQL, sql } from 'drizzle-orm'
import { deliveriesWithin } from '../accounts/scope.ts'
import type { Db } from '../db/index.ts'
import { contacts, segmentMembers, segments, sites } from '../db/schema.ts'
import { type Asked, stepsOf } from './funnel.ts'
import { factsOf, type Measures, measuresOf } from './measures.ts'
import { fewest } from './rate.ts'

export const dimensions = ['site', 'region', 'tier', 'typology', 'profile', 'segment'] as const
export type Dimension = (typeof dimensions)[number]

export const rollUpSorts = ['name', 'sent', 'delivered', 'acted', 'cost'] as const
export type RollUpSort = (typeof rollUpSorts)[number]

/** One group of deliveries. Copies beside another channel are not counted. */
export interface RollUpRow extends Measures {
  /** A site's id, else what the group is called; empty where nothing is said. */
  key: string
  name: string
  /** A site's code. */
  code: string
}

export interface RollUpQuery {
  by: Dimension
  sort?: RollUpSort
  direction?: 'up' | 'down'
  /** What `next` said on the page before. */
  after?: readonly [value: string | number, key: string]
  limit?: number
}

export const rollUpPage = 50

const nothing = sql<string>`''`

/** What a group is known by, how it is called and what its name sorts by. */
function keysOf(by: Dimension) {
  const said = {
    site: [sites.id, sites.name, sites.externalId, sites.nameKey],
    region: [sites.area, sites.area, nothing, sites.area],
    tier: [sites.tier, sites.tier, nothing, sites.tier],
    typology: [sites.typology, sites.typology, nothing, sites.typology],
    profile: [contacts.profile, contacts.profile, nothing, contacts.profile],
    segment: [segments.id, segments.name, nothing, segments.name],
  } as const
  const [key, name, code, sorts] = said[by].map((part) => sql<string>`coalesce(${part}, '')`)
  return {
    select: {
      key: key!.as('group_key'),
      name: name!.as('group_name'),
      code: code!.as('group_code'),
      sorts: sorts!.as('group_sorts'),
    },
    group: said[by].filter((part) => part !== nothing),
  }
}

/**
 * Deliveries of a campaign in groups, as a subquery to sort, cut or count; undefined for one without steps. What is
 * joined is joined left, and those without it left out in words no planner sees through: an inner join may be turned
 * round, and then everything is counted anew for each site.
 */
async function groupsOf(db: Db, { networkId, scope, currency, campaignId }: Asked, by: Dimension) {
  const steps = await stepsOf(db, { networkId, campaignId })
  if (steps.length === 0) return undefined
  const facts = factsOf(
    db,
    networkId,
    steps.map(({ id }) => id),
    deliveriesWithin(db, scope, networkId),
  )
  const keys = keysOf(by)
  const query = db
    .select({ ...keys.select, ...measuresOf(facts, currency) })
    .from(facts)
    .leftJoin(sites, and(eq(sites.networkId, networkId), eq(sites.id, facts.siteId)))
    .$dynamic()
  if (by === 'profile')
    query.leftJoin(contacts, and(eq(contacts.networkId, networkId), eq(contacts.id, facts.contactId)))
  if (by === 'segment')
    query
      .leftJoin(
        segmentMembers,
        and(eq(segmentMembers.networkId, networkId), eq(segmentMembers.contactId, facts.contactId)),
      )
      .leftJoin(segments, and(eq(segments.networkId, networkId), eq(segments.id, segmentMembers.segmentId)))
  const owner = by === 'profile' ? contacts.id : by === 'segment' ? segments.id : sites.id
  return query
    .where(
      and(
        eq(facts.isCompanion, 0),
        sql`coalesce(${owner}, '') <> ''`,
        by === 'profile' || by === 'segment' ? like(facts.recipientKey, 'contact:%') : undefined,
      ),
    )
    .groupBy(...keys.group)
    .as('groups')
}

/**
 * A campaign's results by group: sites and what is said of them count every delivery once, at the site it reached,
 * so that a shared mailbox, a letter or a screen is credited to the site. Profiles and segments count people, so what
 * is a whole site's is not in them; who is in several segments is in each.
 *
 * The database groups, sorts and cuts: never more than a page is in memory.
 */
export async function rollUp(
  db: Db,
  asked: Asked,
  { by, sort = 'name', direction = 'up', after, limit = rollUpPage }: RollUpQuery,
): Promise<{ rows: RollUpRow[]; next?: [string | number, string] }> {
  const groups = await groupsOf(db, asked, by)
  if (!groups) return { rows: [] }
  const value = {
    name: groups.sorts,
    sent: groups.sent,
    delivered: groups.delivered,
    acted: groups.acted,
    cost: groups.costMillis,
  }[sort]
  const order = direction === 'up' ? asc : desc
  const found = await db
    .select()
    .from(groups)
    .where(after && afterGroup(value as unknown as SQL, groups.key as unknown as SQL, after, direction))
    .orderBy(order(value), order(groups.key))
    .limit(limit + 1)
  const rows = found.slice(0, limit)
  const last = rows.at(-1)
  const sortedBy = {
    name: last?.sorts,
    sent: last?.sent,
    delivered: last?.delivered,
    acted: last?.acted,
    cost: last?.costMillis,
  }
  return {
    rows: rows.map(({ sorts: _, ...row }) => row as RollUpRow),
    next: found.length > limit && last ? [sortedBy[sort] ?? '', last.key] : undefined,
  }
}

/** Beyond a group in the order asked, as a row value, which both databases compare alike. */
const afterGroup = (value: SQL, key: SQL, [at, id]: readonly [string | number, string], direction: 'up' | 'down') => {
  const given = typeof at === 'number' ? sql`cast(${at} as bigint)` : sql`cast(${at} as text)`
  return direction === 'up'
    ? sql`(${value}, ${key}) > (${given}, cast(${id} as text))`
    : sql`(${value}, ${key}) < (${given}, cast(${id} as text))`
}

/**
 * The one group that must not tell its opens although it is large enough: where a single other one is too small to
 * tell them, its own could be had by subtracting all others from the whole. It is the smallest that could tell.
 */
export async function withheldGroup(db: Db, asked: Asked, by: Dimension): Promise<string | undefined> {
  const groups = await groupsOf(db, asked, by)
  if (!groups) return undefined
  const few = await db
    .select({ key: groups.key })
    .from(groups)
    .where(and(gt(groups.openable, 0), lt(groups.openable, fewest)))
    .limit(2)
  if (few.length !== 1) return undefined
  const [smallest] = await db
    .select({ key: groups.key })
    .from(groups)
    .where(gte(groups.openable, fewest))
    .orderBy(asc(groups.openable), asc(groups.key))
    .limit(1)
  return smallest?.key
}
