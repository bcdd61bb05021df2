import { and, asc, count, eq, gt, inArray, ne, or, type SQL, sql } from 'drizzle-orm'
import type { Scope } from '../../accounts/policy.ts'
import { deliveriesWithin, sitesWithin } from '../../accounts/scope.ts'
import { type Db, oneOf, unindexed } from '../../db/index.ts'
import {
  challengeParticipants,
  challengeSites,
  challengeTotals,
  contacts,
  deliveries,
  deliveryMembers,
  rewards,
  sites,
} from '../../db/schema.ts'
import { stepsOf } from '../../results/funnel.ts'
import { factsOf, handedOver } from '../../results/measures.ts'
import type { Challenge } from '../challenge.ts'

export const groupings = ['league', 'region', 'tier', 'site'] as const
export type Grouping = (typeof groupings)[number]

/** What is counted of a challenge in a group of outlets. Money in thousandths of a minor unit, or minor units. */
export interface Counts {
  /** People a message of the campaign left for, alone or with their colleagues. */
  invited: number
  /** People who take part, and those of them with something that counts. */
  registered: number
  active: number
  /** People who left. */
  withdrawn: number
  /** The same of outlets: registered as such, or by somebody there where outlets do not register. */
  invitedOutlets: number
  registeredOutlets: number
  activeOutlets: number
  points: number
  messagesMillis: number
  /** Messages paid in another currency: not in `messagesMillis`. */
  otherCurrency: number
  prizesCents: number
}

export interface GroupRow extends Counts {
  /** An outlet’s id, a league’s number, else what the group is called; empty where nothing is said. */
  key: string
  name: string
  /** An outlet’s code. */
  code: string
}

export interface ReportAsked {
  challenge: Challenge
  currency: string
  /** How much of the network the reader may see. */
  scope: Scope
}

const none = (): Counts => ({
  ...{ invited: 0, registered: 0, active: 0, withdrawn: 0, points: 0, otherCurrency: 0 },
  ...{ invitedOutlets: 0, registeredOutlets: 0, activeOutlets: 0, messagesMillis: 0, prizesCents: 0 },
})

/** What all outlets of one league, region and tier have in common, or one outlet alone. */
type Place = Record<Grouping, string>

const nothing = sql<string>`''`
const keysOf = (isByOutlet: boolean) => {
  const league = sql<string>`cast(coalesce(${challengeSites.league}, 0) as text)`
  const tier = sql<string>`coalesce(${sites.tier}, '')`
  const region = sql<string>`${sites.area}`
  const site = sql<string>`${sites.id}`
  return isByOutlet
    ? { select: { league: nothing, region: nothing, tier: nothing, site }, group: [site] }
    : { select: { league, region, tier, site: nothing }, group: [league, region, tier] }
}

const p = challengeParticipants
const tally = (condition: SQL | undefined) => sql<number>`sum(case when ${condition} then 1 else 0 end)`.mapWith(Number)
const outletsWhere = (condition: SQL | undefined) =>
  sql<number>`count(distinct case when ${condition} then ${sites.id} end)`.mapWith(Number)

/**
 * The people some messages left for, each once: grouped before anything is joined, and by a status no index has, so that
 * a database without statistics starts from the messages and not from all that was ever handed over.
 */
const reachedBy = (db: Db, networkId: string, messageIds: readonly string[]) =>
  db
    .selectDistinct({ contactId: deliveryMembers.contactId })
    .from(deliveries)
    .innerJoin(
      deliveryMembers,
      and(eq(deliveryMembers.networkId, deliveries.networkId), eq(deliveryMembers.deliveryId, deliveries.id)),
    )
    .where(
      and(
        eq(deliveries.networkId, networkId),
        inArray(deliveries.messageId, [...messageIds]),
        inArray(unindexed(deliveries.status), [...handedOver]),
      ),
    )
    .as('reached')

/**
 * A challenge by league, region and tier at once, or by outlet where `siteIds` names a page of them: who was invited,
 * registered and active, their points, and what messages and prizes came to. Each person, delivery and prize is in
 * one outlet, so that groups add up to the whole. Four grouped queries, whatever the number of groups.
 */
async function countsOf(
  db: Db,
  { challenge, currency, scope }: ReportAsked,
  siteIds?: readonly string[],
): Promise<(Place & Counts)[]> {
  const { networkId, id: challengeId, campaignId, rules } = challenge
  const keys = keysOf(siteIds !== undefined)
  const within = and(sitesWithin(scope), siteIds && oneOf(sites.id, [...siteIds]))
  const groups = new Map<string, Place & Counts>()
  const groupOf = ({ league, region, tier, site }: Place): Counts => {
    const name = JSON.stringify([league, region, tier, site])
    const known = groups.get(name) ?? { league, region, tier, site, ...none() }
    groups.set(name, known)
    return known
  }
  const inLeague = and(
    eq(challengeSites.networkId, networkId),
    eq(challengeSites.challengeId, challengeId),
    eq(challengeSites.siteId, sites.id),
  )
  const atSite = (table: { siteId: typeof contacts.siteId | typeof p.siteId }) =>
    and(eq(sites.networkId, networkId), eq(sites.id, table.siteId))
  const ids = (await stepsOf(db, { networkId, campaignId })).map(({ id }) => id)

  if (ids.length > 0) {
    const reached = reachedBy(db, networkId, ids)
    const invited = await db
      .select({
        ...keys.select,
        people: count(),
        outlets: sql<number>`count(distinct ${sites.id})`.mapWith(Number),
      })
      .from(reached)
      .leftJoin(contacts, and(eq(contacts.networkId, networkId), eq(contacts.id, reached.contactId)))
      .leftJoin(sites, atSite(contacts))
      .leftJoin(challengeSites, inLeague)
      .where(and(sql`coalesce(${sites.id}, '') <> ''`, within))
      .groupBy(...keys.group)
    for (const row of invited) Object.assign(groupOf(row), { invited: row.people, invitedOutlets: row.outlets })

    // The deliveries are narrowed, not their outlets: joined left, no planner counts them anew for each outlet.
    const narrow: Scope = siteIds ? { of: 'sites', areas: [], siteIds: [...siteIds] } : scope
    const facts = factsOf(db, networkId, ids, deliveriesWithin(db, narrow, networkId))
    const paid = await db
      .select({
        ...keys.select,
        millis: sql<number>`sum(case when ${eq(facts.currency, currency)} then ${facts.costMillis} else 0 end)`.mapWith(
          Number,
        ),
        other: tally(sql`${facts.currency} <> ${currency}`),
      })
      .from(facts)
      .leftJoin(sites, and(eq(sites.networkId, networkId), eq(sites.id, facts.siteId)))
      .leftJoin(challengeSites, inLeague)
      .where(sql`coalesce(${sites.id}, '') <> ''`)
      .groupBy(...keys.group)
    for (const row of paid) Object.assign(groupOf(row), { messagesMillis: row.millis, otherCurrency: row.other })
  }

  const isIn = eq(p.status, 'registered')
  const isPerson = eq(p.kind, 'person')
  const isActive = and(isIn, sql`coalesce(${challengeTotals.quantity}, 0) > 0`)
  const taking = await db
    .select({
      ...keys.select,
      registered: tally(and(isIn, isPerson)),
      active: tally(and(isActive, isPerson)),
      withdrawn: tally(and(eq(p.status, 'withdrawn'), isPerson, eq(p.subjectKey, sql`'contact:' || ${p.contactId}`))),
      registeredOutlets: outletsWhere(rules.participants.companies ? and(isIn, eq(p.kind, 'company')) : isIn),
      activeOutlets: outletsWhere(isActive),
      points: sql<number>`sum(case when ${isIn} then coalesce(${challengeTotals.points}, 0) else 0 end)`.mapWith(
        Number,
      ),
    })
    .from(p)
    .innerJoin(sites, atSite(p))
    .leftJoin(challengeSites, inLeague)
    .leftJoin(
      challengeTotals,
      and(
        eq(challengeTotals.networkId, p.networkId),
        eq(challengeTotals.participantId, p.id),
        eq(challengeTotals.criterion, ''),
      ),
    )
    .where(and(eq(p.networkId, networkId), eq(p.challengeId, challengeId), within))
    .groupBy(...keys.group)
  for (const { league, region, tier, site, ...row } of taking)
    Object.assign(groupOf({ league, region, tier, site }), row)

  const given = await db
    .select({ ...keys.select, cents: sql<number>`sum(${rewards.valueCents})`.mapWith(Number) })
    .from(rewards)
    .innerJoin(contacts, and(eq(contacts.networkId, rewards.networkId), eq(contacts.id, rewards.contactId)))
    .innerJoin(sites, atSite(contacts))
    .leftJoin(challengeSites, inLeague)
    .where(
      and(
        ...[eq(rewards.networkId, networkId), eq(rewards.challengeId, challengeId), ne(rewards.status, 'canceled')],
        within,
      ),
    )
    .groupBy(...keys.group)
  for (const row of given) groupOf(row).prizesCents = row.cents
  return [...groups.values()]
}

/** All groups of outlets but the outlets themselves: leagues by number, else by name. */
export async function groupsOf(db: Db, asked: ReportAsked): Promise<Record<Exclude<Grouping, 'site'>, GroupRow[]>> {
  const places = await countsOf(db, asked)
  const folded = (by: Exclude<Grouping, 'site'>): GroupRow[] => {
    const rows = new Map<string, GroupRow>()
    for (const place of places) {
      const key = place[by]
      const row = rows.get(key) ?? { key, name: key, code: '', ...none() }
      rows.set(key, { ...row, ...wholeOf([row, place]) })
    }
    return [...rows.values()].sort((a, b) =>
      by === 'league' ? Number(a.key) - Number(b.key) : a.name < b.name ? -1 : 1,
    )
  }
  return { league: folded('league'), region: folded('region'), tier: folded('tier') }
}

export const outletsAtOnce = 50

/** A page of the outlets that were invited or take part, by name. `after` is the last id of the page before. */
export async function outletPage(
  db: Db,
  asked: ReportAsked,
  after: string | undefined,
  limit = outletsAtOnce,
): Promise<{ rows: GroupRow[]; next?: string }> {
  const { networkId, id: challengeId, campaignId } = asked.challenge
  const ids = (await stepsOf(db, { networkId, campaignId })).map(({ id }) => id)
  const taking = db
    .select({ id: p.siteId })
    .from(p)
    .where(and(eq(p.networkId, networkId), eq(p.challengeId, challengeId)))
  const reached = reachedBy(db, networkId, ids)
  const invited = db
    .selectDistinct({ id: sql<string>`coalesce(${contacts.siteId}, '')`.as('invited_site') })
    .from(reached)
    .leftJoin(contacts, and(eq(contacts.networkId, networkId), eq(contacts.id, reached.contactId)))
  const [last] =
    after === undefined
      ? []
      : await db
          .select({ nameKey: sites.nameKey })
          .from(sites)
          .where(and(eq(sites.networkId, networkId), eq(sites.id, after)))
  const found = await db
    .select({ id: sites.id, name: sites.name, code: sites.externalId })
    .from(sites)
    .where(
      and(
        eq(sites.networkId, networkId),
        sitesWithin(asked.scope),
        or(inArray(sites.id, taking), ids.length > 0 ? inArray(sites.id, invited) : undefined),
        last && or(gt(sites.nameKey, last.nameKey), and(eq(sites.nameKey, last.nameKey), gt(sites.id, after!))),
      ),
    )
    .orderBy(asc(sites.nameKey), asc(sites.id))
    .limit(limit + 1)
  const page = found.slice(0, limit)
  if (page.length === 0) return { rows: [] }
  const counted = await countsOf(
    db,
    asked,
    page.map(({ id }) => id),
  )
  const counts = new Map(counted.map(({ league: _l, region: _r, tier: _t, site, ...own }) => [site, own]))
  return {
    rows: page.map(({ id, name, code }) => ({ key: id, name, code: code ?? '', ...(counts.get(id) ?? none()) })),
    ...(found.length > limit ? { next: page.at(-1)!.id } : {}),
  }
}

/** Groups added up. */
export function wholeOf(rows: readonly Counts[]): Counts {
  const all = none()
  for (const row of rows) for (const name of Object.keys(all) as (keyof Counts)[]) all[name] += row[name]
  return all
}
