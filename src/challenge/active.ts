import { and, asc, countDistinct, eq, gt, gte, lte, sql } from 'drizzle-orm'
import type { Network } from '../context.ts'
import { oneOf, type Tx } from '../db/index.ts'
import { challengeLedger, challengeParticipants, contacts, sites } from '../db/schema.ts'
import type { Challenge } from './challenge.ts'
import {
  type Drop,
  type DropRule,
  leastHistory,
  mostHistory,
  type NotNow,
  notNow,
  type ParticipantState,
  participantState,
  participationDrop,
} from './participation.ts'
import { localDay } from './result.ts'
import { leastWorkingDays, mergedStarts, type Week, weeksOf, workingDaysIn } from './weeks.ts'

type NetworkFacts = Pick<Network, 'id' | 'timezone' | 'settings'>

/** Who is counted: people where people take part, outlets otherwise. */
const countedKind = (challenge: Challenge) => (challenge.rules.participants.people ? 'person' : 'company')

const registeredIn = (network: NetworkFacts, challenge: Challenge) =>
  and(
    eq(challengeParticipants.networkId, network.id),
    eq(challengeParticipants.challengeId, challenge.id),
    eq(challengeParticipants.kind, countedKind(challenge)),
    eq(challengeParticipants.status, 'registered'),
  )

const ofSite = and(eq(sites.networkId, challengeParticipants.networkId), eq(sites.id, challengeParticipants.siteId))

/** The weeks of a challenge on the network's calendar. */
export const challengeWeeks = (network: Pick<Network, 'timezone'>, challenge: Pick<Challenge, 'startsAt' | 'endsAt'>) =>
  weeksOf(
    localDay(challenge.startsAt, network.timezone),
    localDay(new Date(challenge.endsAt.getTime() - 1), network.timezone),
  )

/** The last week that is over on a local day, by index; -1 in the first. */
export const lastOver = (weeks: readonly Week[], today: string): number => weeks.findLastIndex(({ to }) => to < today)

/** August, when most of France is away, and the days on which the network says it is closed. */
function isSlackIn(network: NetworkFacts, region: string, { from, to }: { from: string; to: string }): boolean {
  if (from.slice(5) <= '08-31' && to.slice(5) >= '08-01') return true
  return (network.settings.closures ?? []).some(
    (closure) => closure.from <= to && closure.to >= from && (!closure.region || closure.region === region),
  )
}

interface Period {
  from: string
  to: string
  /** As many working days as a week needs to be counted by itself: the one of a launch on a Tuesday is. */
  isFull: boolean
  isSlack: boolean
}

/** The periods of a region that are over after week `at`: weeks, short ones joined. The last is the one asked about. */
function periodsIn(network: NetworkFacts, region: string, weeks: readonly Week[], at: number): Period[] {
  const starts = mergedStarts(weeks, region)
  const periods: Period[] = []
  for (const start of [...new Set(starts.slice(0, at + 1))]) {
    const joined = weeks.slice(start, at + 1).filter((_, index) => starts[start + index] === start)
    const range = { from: joined[0]!.from, to: joined.at(-1)!.to }
    periods.push({
      ...range,
      isFull: workingDaysIn(range, region) >= leastWorkingDays,
      isSlack: isSlackIn(network, region, range),
    })
  }
  return periods
}

/** Participation in the last week that is over, and in the full ones before it. */
export interface WeekOfParticipation {
  /** By index, from 0, and how many the challenge has. */
  week: number
  weeks: number
  from: string
  to: string
  registered: number
  active: number
  history: number[]
  isSlack: boolean
  /** Those looked at. */
  regions: string[]
}

/**
 * How many registered participants had a validated act in the last week that is over, and in up to three full
 * periods before it; each in the periods of their own region, where a week of fewer than four working days is
 * counted with the one before. A region whose time is slack is left out while another's is not: its few acts say nothing,
 * and must not keep the others from being looked at. Undefined before the first week is over. A handful of counts by index.
 */
export async function participationOf(
  tx: Tx,
  network: NetworkFacts,
  challenge: Challenge,
  now: Date,
): Promise<WeekOfParticipation | undefined> {
  const weeks = challengeWeeks(network, challenge)
  const week = lastOver(weeks, localDay(now, network.timezone))
  const last = weeks[week]
  if (!last) return undefined
  const regions = await tx
    .select({ region: sites.region, people: sql<number>`count(*)`.mapWith(Number) })
    .from(challengeParticipants)
    .innerJoin(sites, ofSite)
    .where(registeredIn(network, challenge))
    .groupBy(sites.region)
    .orderBy(asc(sites.region))
  const periods = regions.map(({ region, people }) => {
    const all = periodsIn(network, region, weeks, week)
    const usual = all.slice(0, -1).filter(({ isFull, isSlack }) => isFull && !isSlack)
    return { region, people, current: all.at(-1)!, usual: usual.slice(-mostHistory) }
  })
  const open = periods.filter(({ current }) => !current.isSlack)
  const looked = open.length > 0 ? open : periods
  const depth = Math.min(...looked.map(({ usual }) => usual.length), mostHistory)
  const found: WeekOfParticipation = {
    ...{ week, weeks: weeks.length, from: last.from, to: last.to },
    registered: looked.reduce((all, { people }) => all + people, 0),
    active: 0,
    history: Array.from({ length: depth }, () => 0),
    isSlack: periods.length > 0 && open.length === 0,
    regions: looked.map(({ region }) => region),
  }
  for (const { region, current, usual } of looked) {
    found.active += await activeIn(tx, network, challenge, region, current)
    for (const [at, period] of usual.slice(usual.length - depth).entries())
      found.history[at]! += await activeIn(tx, network, challenge, region, period)
  }
  return found
}

/** Registered participants of a region with something that still counts in a range of days. */
async function activeIn(
  tx: Tx,
  network: NetworkFacts,
  challenge: Challenge,
  region: string,
  { from, to }: { from: string; to: string },
): Promise<number> {
  const acts = tx
    .select({ participantId: challengeLedger.participantId })
    .from(challengeLedger)
    .innerJoin(
      challengeParticipants,
      and(
        eq(challengeParticipants.networkId, challengeLedger.networkId),
        eq(challengeParticipants.id, challengeLedger.participantId),
      ),
    )
    .innerJoin(sites, ofSite)
    .where(
      and(
        eq(challengeLedger.networkId, network.id),
        eq(challengeLedger.challengeId, challenge.id),
        gte(challengeLedger.day, from),
        lte(challengeLedger.day, to),
        registeredIn(network, challenge),
        eq(sites.region, region),
      ),
    )
    .groupBy(challengeLedger.participantId)
    .having(gt(sql`sum(${challengeLedger.quantity})`, 0))
    .as('acts')
  const [row] = await tx.select({ active: countDistinct(acts.participantId) }).from(acts)
  return Number(row?.active ?? 0)
}

export interface DropAsked extends Partial<DropRule> {
  cooldownDays?: number
  /** When a drop was last told in this challenge, as far as it was. */
  lastFiredAt?: Date | undefined
}

export type DropFound = Drop & { notNow?: NotNow; participation?: WeekOfParticipation }

/**
 * Whether participation in a challenge dropped in the last week that is over, and whether this is a time to say so:
 * from the third week on, not in the last one, not in slack time, and ten days after the last time at the earliest.
 */
export async function findDrop(
  tx: Tx,
  network: NetworkFacts,
  challenge: Challenge,
  now: Date,
  { cooldownDays = 10, lastFiredAt, ...rule }: DropAsked = {},
): Promise<DropFound> {
  const participation = await participationOf(tx, network, challenge, now)
  if (!participation || participation.history.length < leastHistory)
    return { fires: false, because: 'no_baseline', ...(participation ? { participation } : {}) }
  const drop = participationDrop(participation, rule)
  const { week: period, weeks, isSlack } = participation
  // What is looked at is over, and what would be sent is sent in the week after it, which must not be the last.
  const hindrance = notNow({ period, periods: weeks - 1, now, lastFiredAt, cooldownDays, isSlack })
  return {
    ...drop,
    fires: drop.fires && hindrance === undefined,
    participation,
    ...(hindrance ? { notNow: hindrance } : {}),
  }
}

export type ChallengeState = ParticipantState | 'left' | 'not-registered'

/**
 * How these people stand in a challenge: by their acts of each week, those of the week under way counted with the
 * last one that is over; who left, and who never came. Pass at most a page of contacts.
 */
export async function challengeStates(
  tx: Tx,
  network: NetworkFacts,
  challenge: Challenge,
  contactIds: readonly string[],
  now: Date,
): Promise<Map<string, ChallengeState>> {
  const states = new Map<string, ChallengeState>(contactIds.map((id) => [id, 'not-registered']))
  if (contactIds.length === 0) return states
  const people = await tx
    .select({
      id: challengeParticipants.id,
      contactId: challengeParticipants.contactId,
      status: challengeParticipants.status,
    })
    .from(challengeParticipants)
    .where(
      and(
        eq(challengeParticipants.networkId, network.id),
        eq(challengeParticipants.challengeId, challenge.id),
        oneOf(challengeParticipants.contactId, [...contactIds]),
      ),
    )
  const acts = await actsByWeek(
    tx,
    network,
    challenge,
    people.map(({ id }) => id),
    now,
  )
  for (const { id, contactId, status } of people)
    states.set(contactId!, status === 'registered' ? participantState(acts.get(id)!) : 'left')
  return states
}

/** What participants did in each week so far, that under way counted with the last one that is over. At most a page. */
async function actsByWeek(
  tx: Tx,
  network: NetworkFacts,
  challenge: Challenge,
  ids: readonly string[],
  now: Date,
): Promise<Map<string, number[]>> {
  const days = ids.length
    ? await tx
        .select({
          participantId: challengeLedger.participantId,
          day: challengeLedger.day,
          done: sql<number>`sum(${challengeLedger.quantity})`.mapWith(Number),
        })
        .from(challengeLedger)
        .where(and(eq(challengeLedger.networkId, network.id), oneOf(challengeLedger.participantId, [...ids])))
        .groupBy(challengeLedger.participantId, challengeLedger.day)
    : []
  const weeks = challengeWeeks(network, challenge)
  const last = Math.max(0, lastOver(weeks, localDay(now, network.timezone)))
  const acts = new Map(ids.map((id) => [id, Array.from({ length: last + 1 }, () => 0)]))
  for (const { participantId, day, done } of days) {
    const week = weeks.findIndex(({ to }) => day <= to)
    if (done > 0) acts.get(participantId)![Math.min(week < 0 ? last : week, last)]! += done
  }
  return acts
}

const pageSize = 500

export interface Slackening {
  contactId: string
  state: Exclude<ParticipantState, 'active'>
}

/**
 * Whom a drop is about: registered people who never began, stalled or slow down, and those who did nothing in the week
 * that fell, whatever they did before. Where only outlets take part, the active people of such an outlet. Of these regions alone; read by pages.
 */
export async function slackening(
  tx: Tx,
  network: NetworkFacts,
  challenge: Challenge,
  regions: readonly string[],
  now: Date,
): Promise<Slackening[]> {
  const found: Slackening[] = []
  for (let after = ''; ; ) {
    const page = await tx
      .select({
        id: challengeParticipants.id,
        contactId: challengeParticipants.contactId,
        siteId: challengeParticipants.siteId,
      })
      .from(challengeParticipants)
      .innerJoin(sites, ofSite)
      .where(
        and(registeredIn(network, challenge), oneOf(sites.region, [...regions]), gt(challengeParticipants.id, after)),
      )
      .orderBy(asc(challengeParticipants.id))
      .limit(pageSize)
    const ids = page.map(({ id }) => id)
    const acts = await actsByWeek(tx, network, challenge, ids, now)
    const atOutlets = await peopleOf(
      tx,
      network,
      page.flatMap(({ contactId, siteId }) => (contactId === null ? [siteId] : [])),
    )
    for (const { id, contactId, siteId } of page) {
      const own = acts.get(id)!
      const state = participantState(own)
      const slack = state === 'active' && own.at(-1) === 0 ? 'slowing' : state
      if (slack === 'active') continue
      const whom = contactId === null ? (atOutlets.get(siteId) ?? []) : [contactId]
      found.push(...whom.map((one) => ({ contactId: one, state: slack })))
    }
    if (page.length < pageSize) return found
    after = ids.at(-1)!
  }
}

async function peopleOf(tx: Tx, network: NetworkFacts, siteIds: readonly string[]): Promise<Map<string, string[]>> {
  const bySite = new Map<string, string[]>()
  if (siteIds.length === 0) return bySite
  const rows = await tx
    .select({ id: contacts.id, siteId: contacts.siteId })
    .from(contacts)
    .where(and(eq(contacts.networkId, network.id), eq(contacts.isActive, true), oneOf(contacts.siteId, [...siteIds])))
    .orderBy(asc(contacts.id))
  for (const { id, siteId } of rows) bySite.set(siteId, [...(bySite.get(siteId) ?? []), id])
  return bySite
}
