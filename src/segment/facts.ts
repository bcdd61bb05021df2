import { and, eq, type SQL } from 'drizzle-orm'
import { pointStandings } from '../challenge/standing-facts.ts'
import { challengeWordsOf } from '../challenge/state-facts.ts'
import { oneOf, type Tx } from '../db/index.ts'
import { contacts, segmentMembers, segments, sites } from '../db/schema.ts'
import { type Engagement, engagementOf, type IsSeen } from '../engagement/standing.ts'
import { type ContactConsents, currentConsents, trackingOf } from '../network/consent.ts'
import { currentPolicy } from '../outbox/step.ts'
import { isSeen } from '../routing/tracking-mode.ts'
import { historyOf } from './history.ts'
import type { ContactFacts } from './matches.ts'
import { needsOf } from './needs.ts'
import { type Member, reachableOf } from './reachable.ts'
import type { SegmentRule } from './rule.ts'

export interface FactsOptions {
  /** Business time. */
  now: Date
  /** The campaign that `registered`, `opened`, `acted`, `acknowledged` and `started` speak of. */
  campaignId?: string
  /** Only what these rules ask is read; without them, everything. */
  rules?: readonly SegmentRule[]
}

const noEngagement: Engagement = { overall: 'new', byChannel: {}, beliefs: {} }

/** All that rules may ask about contacts, in a fixed number of queries. Pass at most a page (500). */
export async function factsOf(
  tx: Tx,
  networkId: string,
  contactIds: readonly string[],
  options: FactsOptions,
): Promise<Map<string, ContactFacts>> {
  const found = await factsAround(tx, networkId, contactIds, options)
  return new Map(contactIds.flatMap((id) => (found.has(id) ? [[id, found.get(id)!]] : [])))
}

/** As `factsOf`; where the rules ask of the people of a site, these too. */
export async function factsAround(
  tx: Tx,
  networkId: string,
  contactIds: readonly string[],
  options: FactsOptions,
): Promise<Map<string, ContactFacts>> {
  if (contactIds.length === 0) return new Map()
  const needs = needsOf(options.rules)
  const people = await membersOf(tx, networkId, contactIds, needs.colleagues)
  const ids = people.map(({ contact }) => contact.id)
  const memberships = await membershipsOf(tx, networkId, ids)
  const named = new Map<string, Set<string>>()
  for (const { contactId, name } of memberships) named.set(contactId, (named.get(contactId) ?? new Set()).add(name))
  const engagement = needs.engagement ? await standings(tx, networkId, people, memberships, options.now) : undefined
  const happened = needs.events ? await historyOf(tx, networkId, ids, needs, options) : undefined
  const inChallenge =
    needs.challenge && options.campaignId
      ? await challengeWordsOf(tx, networkId, options.campaignId, ids, options.now)
      : undefined
  const reachable = needs.reachable ? await reachableOf(tx, networkId, people) : undefined
  const consents = needs.consent ? await currentConsents(tx, networkId, ids) : undefined
  const places = people.map(({ contact, site }) => ({ contactId: contact.id, siteId: site.id }))
  const standing = needs.points?.length === 0 ? undefined : await pointStandings(tx, networkId, places, needs.points)
  const bySite = new Map<string, ContactFacts[]>()
  const facts = new Map<string, ContactFacts>()
  for (const { contact, site } of people) {
    const atSite = bySite.get(site.id) ?? []
    bySite.set(site.id, atSite)
    const own: ContactFacts = {
      contactId: contact.id,
      profile: contact.profile,
      language: contact.language,
      attributes: contactAttributes(contact),
      site: {
        typology: site.typology ?? undefined,
        tier: site.tier ?? undefined,
        region: site.region,
        area: site.area ?? undefined,
        attributes: siteAttributes(site),
      },
      segments: named.get(contact.id) ?? new Set(),
      states: new Set([...(happened?.states.get(contact.id) ?? []), ...(inChallenge?.get(contact.id) ?? [])]),
      engagement: engagement?.get(contact.id) ?? noEngagement,
      events: happened?.events.get(contact.id) ?? [],
      reachable: reachable?.get(contact.id) ?? new Set(),
      consents: statesOnly(consents?.get(contact.id)),
      lastActivityAt: latest(engagement?.get(contact.id)?.lastActionAt, contact.lastActivityOn),
      standings: standing?.get(contact.id),
      isActive: contact.isActive,
      atSite,
      now: options.now,
    }
    if (contact.isActive) atSite.push(own)
    facts.set(contact.id, own)
  }
  return facts
}

async function membersOf(tx: Tx, networkId: string, contactIds: readonly string[], withColleagues: boolean) {
  const people = (these: SQL | undefined): Promise<Member[]> =>
    tx
      .select({ contact: contacts, site: sites })
      .from(contacts)
      .innerJoin(sites, and(eq(sites.networkId, contacts.networkId), eq(sites.id, contacts.siteId)))
      .where(and(eq(contacts.networkId, networkId), these))
  const asked = await people(oneOf(contacts.id, [...contactIds]))
  if (!withColleagues || asked.length === 0) return asked
  const known = new Set(asked.map(({ contact }) => contact.id))
  const around = await people(oneOf(contacts.siteId, [...new Set(asked.map(({ site }) => site.id))]))
  return [...asked, ...around.filter(({ contact }) => !known.has(contact.id))]
}

const statesOnly = (consents: ContactConsents = {}): ContactFacts['consents'] =>
  Object.fromEntries(Object.entries(consents).map(([channel, { state }]) => [channel, state]))

function latest(actedAt: Date | undefined, day: string | null): Date | undefined {
  const onDay = day === null ? Number.NaN : Date.parse(day)
  const times = [actedAt?.getTime() ?? Number.NaN, onDay].filter((time) => !Number.isNaN(time))
  return times.length > 0 ? new Date(Math.max(...times)) : undefined
}

const present = (entries: Record<string, string | number | boolean | null>) =>
  Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== null)) as ContactFacts['attributes']

const contactAttributes = (contact: Member['contact']) => ({
  ...contact.attributes,
  ...present({
    externalId: contact.externalId,
    function: contact.function,
    isCorrespondent: contact.isCorrespondent,
    hasContract: contact.hasContract,
    preferredChannel: contact.preferredChannel,
    lastActivityOn: contact.lastActivityOn,
  }),
})

const siteAttributes = (site: Member['site']) => ({
  ...site.attributes,
  ...present({
    externalId: site.externalId,
    name: site.name,
    postcode: site.postcode,
    city: site.city,
    country: site.country,
    isActive: site.isActive,
  }),
})

interface Membership {
  contactId: string
  name: string
  rule: unknown
}

/** In two queries: joined, SQLite goes through all members of every segment to find those of a page. */
async function membershipsOf(tx: Tx, networkId: string, contactIds: readonly string[]): Promise<Membership[]> {
  const rows = await tx
    .select({ contactId: segmentMembers.contactId, segmentId: segmentMembers.segmentId })
    .from(segmentMembers)
    .where(and(eq(segmentMembers.networkId, networkId), oneOf(segmentMembers.contactId, [...contactIds])))
  if (rows.length === 0) return []
  const named = await tx
    .select({ id: segments.id, name: segments.name, rule: segments.rule })
    .from(segments)
    .where(eq(segments.networkId, networkId))
  const byId = new Map(named.map((segment) => [segment.id, segment]))
  return rows.flatMap(({ contactId, segmentId }) => {
    const segment = byId.get(segmentId)
    return segment ? [{ contactId, name: segment.name, rule: segment.rule }] : []
  })
}

/** Being hot is remembered by membership of a segment that only who is hot belongs to, see `hotOn`. */
async function standings(
  tx: Tx,
  networkId: string,
  people: readonly Member[],
  memberships: readonly Membership[],
  now: Date,
) {
  const hot = new Set<string>()
  for (const { contactId, rule } of memberships) for (const channel of hotOn(rule)) hot.add(`${contactId} ${channel}`)
  const wanted = people.map(({ contact }) => ({ id: contact.id, profile: contact.profile }))
  const seen = await seenOf(tx, networkId, people)
  return engagementOf(tx, networkId, wanted, now, (id, channel) => hot.has(`${id} ${channel ?? ''}`), seen)
}

/** Whose own opens are seen, by their choice and the law of their outlet’s country as the network’s policy has it. */
async function seenOf(tx: Tx, networkId: string, people: readonly Member[]): Promise<IsSeen> {
  const policy = await currentPolicy(tx, networkId)
  const ids = people.map(({ contact }) => contact.id)
  const choices = await trackingOf(tx, networkId, ids)
  const countries = new Map(people.map(({ contact, site }) => [contact.id, site.country]))
  const unstated = { opens: 'unstated', clicks: 'unstated' } as const
  return (id, channel) =>
    isSeen({ tracking: choices.get(id) ?? unstated, site: { country: countries.get(id) ?? '' } }, policy, channel)
}

/**
 * On which channels, or overall (empty), whoever satisfies a rule is hot: it says `engagement: hot`, by itself or under
 * `all` with whatever else; of hot *or* warm it says nothing.
 */
export function hotOn(rule: unknown): string[] {
  if (typeof rule !== 'object' || rule === null) return []
  if ('all' in rule && Array.isArray(rule.all)) return rule.all.flatMap(hotOn)
  if (!('engagement' in rule) || [rule.engagement].flat().join(' ') !== 'hot') return []
  return ['channel' in rule ? String(rule.channel) : '']
}

/** How people stand as of `now` (business time), remembering who was hot. Pass at most a page. */
export async function engagementsOf(tx: Tx, networkId: string, people: readonly Member[], now: Date) {
  const ids = people.map(({ contact }) => contact.id)
  return standings(tx, networkId, people, await membershipsOf(tx, networkId, ids), now)
}
