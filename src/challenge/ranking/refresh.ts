import { and, asc, eq, gt, ne, type SQL, sql } from 'drizzle-orm'
import { type Db, oneOf, prepared, type Tx } from '../../db/index.ts'
import type { Board } from '../../db/schema/standing.ts'
import {
  challengeObjectives,
  challengeParticipants,
  challengeRules,
  challengeSites,
  challengeStandings,
  challenges,
  challengeTotals,
  contacts,
  sites,
} from '../../db/schema.ts'
import { fold } from '../../network/folding.ts'
import { checkPoints } from '../../segment/check-points.ts'
import type { ChallengeRules } from '../definition.ts'
import { type CriterionProgress, noObjective, progressOf } from './progress.ts'

export interface Refreshed {
  networkId: string
  challengeId: string
  participantIds: readonly string[]
  /** Business time. */
  at: Date
}

interface Member {
  id: string
  kind: 'company' | 'person'
  siteId: string
  subjectKey: string
  contactId: string | null
  role: string
  team: string
  isIn: boolean
  name: string
  league: number
}

interface Sum {
  points: number
  reachedAt: Date | null
  quantities: Map<string, number>
}

/** Rows of a page, and so of a transaction. */
const pageSize = 200

/**
 * Works out anew where these participants, their outlets and their teams stand, from the sums over the ledger; call
 * it in the transaction that changed the sums, once, with everybody concerned. Rows of outlets and teams are taken in
 * one order and before the sums are read, so that of two transactions for one outlet the second sees the first's.
 */
export async function refreshStandings(
  tx: Tx,
  { networkId, challengeId, participantIds, at }: Refreshed,
): Promise<void> {
  for (let from = 0; from < participantIds.length; from += pageSize) {
    const page = await membersOf(tx, membersNamed, networkId, challengeId, participantIds.slice(from, from + pageSize))
    if (page.length > 0) await refreshPage(tx, { networkId, challengeId, page, at })
  }
}

/** Works out where the next participants of a challenge stand. Returns where to go on, or undefined at the end. */
export async function standPage(
  tx: Tx,
  { networkId, challengeId, at }: { networkId: string; challengeId: string; at: Date },
  after: string,
): Promise<string | undefined> {
  const rows = await tx
    .select({ id: challengeParticipants.id })
    .from(challengeParticipants)
    .where(
      and(
        eq(challengeParticipants.networkId, networkId),
        eq(challengeParticipants.challengeId, challengeId),
        gt(challengeParticipants.id, after),
      ),
    )
    .orderBy(asc(challengeParticipants.id))
    .limit(pageSize)
  await refreshStandings(tx, { networkId, challengeId, participantIds: rows.map(({ id }) => id), at })
  return rows.length < pageSize ? undefined : rows.at(-1)!.id
}

/**
 * Works out all standings of a challenge anew, in pages: after leagues were drawn, names changed, or when in doubt.
 * What was kept as things went on is the same; a test holds it.
 */
export async function rebuildStandings(
  db: Db,
  of: { networkId: string; challengeId: string; at: Date },
): Promise<void> {
  let after: string | undefined = ''
  while (after !== undefined) {
    const from: string = after
    after = await db.transaction((tx) => standPage(tx, of, from))
  }
}

const inNetwork = sql.placeholder('networkId')
const ofChallenge = sql.placeholder('challengeId')
const these = sql.placeholder('keys')
const here = and(eq(challengeParticipants.networkId, inNetwork), eq(challengeParticipants.challengeId, ofChallenge))

const membersWhere = (chosen: SQL) =>
  prepared((tx) =>
    tx
      .select({
        participant: challengeParticipants,
        firstName: contacts.firstName,
        lastName: contacts.lastName,
        site: sites.name,
        league: challengeSites.league,
      })
      .from(challengeParticipants)
      .innerJoin(
        sites,
        and(eq(sites.networkId, challengeParticipants.networkId), eq(sites.id, challengeParticipants.siteId)),
      )
      .leftJoin(
        contacts,
        and(eq(contacts.networkId, challengeParticipants.networkId), eq(contacts.id, challengeParticipants.contactId)),
      )
      .leftJoin(
        challengeSites,
        and(
          eq(challengeSites.networkId, challengeParticipants.networkId),
          eq(challengeSites.challengeId, challengeParticipants.challengeId),
          eq(challengeSites.siteId, challengeParticipants.siteId),
        ),
      )
      .where(and(here, chosen)),
  )
const membersNamed = membersWhere(oneOf(challengeParticipants.id, these))
const membersAt = membersWhere(oneOf(challengeParticipants.siteId, these))
const membersOfTeams = membersWhere(oneOf(challengeParticipants.team, these))

async function membersOf(
  tx: Tx,
  found: ReturnType<typeof membersWhere>,
  networkId: string,
  challengeId: string,
  keys: readonly string[],
): Promise<Member[]> {
  const rows = await found(tx, { networkId, challengeId, keys })
  return rows.map(({ participant, firstName, lastName, site, league }) => ({
    ...{ id: participant.id, kind: participant.kind, siteId: participant.siteId, role: participant.role },
    ...{ subjectKey: participant.subjectKey, contactId: participant.contactId },
    ...{ team: participant.team, isIn: participant.status === 'registered' },
    name:
      participant.shownAs ?? (participant.kind === 'company' ? site : [firstName, lastName].filter(Boolean).join(' ')),
    league: league ?? 0,
  }))
}

const companiesAt = prepared((tx) =>
  tx
    .select({ id: challengeParticipants.id })
    .from(challengeParticipants)
    .where(and(here, eq(challengeParticipants.kind, 'company'), oneOf(challengeParticipants.siteId, these))),
)

interface Page {
  networkId: string
  challengeId: string
  page: readonly Member[]
  at: Date
}

async function refreshPage(tx: Tx, { networkId, challengeId, page, at }: Page): Promise<void> {
  const siteIds = [...new Set(page.map(({ siteId }) => siteId))]
  const teams = [...new Set(page.flatMap(({ team }) => (team === '' ? [] : [team])))].sort()
  const companies = await companiesAt(tx, { networkId, challengeId, keys: siteIds })
  const joint = [
    ...companies.map(({ id }) => ({ board: 'company' as const, subjectKey: id })),
    ...teams.map((team) => ({ board: 'team' as const, subjectKey: team })),
  ].sort((a, b) => (a.board === b.board ? (a.subjectKey < b.subjectKey ? -1 : 1) : a.board < b.board ? -1 : 1))
  await takeRows(tx, networkId, challengeId, joint, at)
  const atSites = companies.length > 0 ? await membersOf(tx, membersAt, networkId, challengeId, siteIds) : []
  const inTeams = teams.length > 0 ? await membersOf(tx, membersOfTeams, networkId, challengeId, teams) : []
  const everybody = new Map([...page, ...atSites, ...inTeams].map((member) => [member.id, member]))
  const roles = await rolesOf(tx, networkId, challengeId)
  const sums = await sumsOf(tx, networkId, [...everybody.keys()])
  const objectives = await objectivesOf(tx, networkId, challengeId, [...everybody.values()])
  const own = (member: Member, sum: Sum): number =>
    progressOf(criteriaOf(member, sum.quantities, roles, objectives)) ?? noObjective

  const rows = page
    .filter(({ kind }) => kind === 'person')
    .map((member) => {
      const sum = sums.get(member.id) ?? nothing
      return {
        board: 'person' as Board,
        subjectKey: member.id,
        league: member.league,
        name: member.name,
        sum: member.isIn ? sum : nothing,
        progress: own(member, sum),
      }
    })
  for (const { id } of companies) {
    const company = everybody.get(id)!
    const members = atSites.filter(({ siteId, isIn }) => isIn && siteId === company.siteId)
    const sum = addUp(members.map((member) => sums.get(member.id) ?? nothing))
    const alone = own(company, sum)
    const progress =
      alone !== noObjective
        ? alone
        : meanOf(
            members.filter((member) => member.id !== id).map((member) => own(member, sums.get(member.id) ?? nothing)),
          )
    rows.push({
      board: 'company',
      subjectKey: id,
      league: company.league,
      name: company.name,
      sum: company.isIn ? sum : nothing,
      progress,
    })
  }
  for (const team of teams) {
    const members = inTeams.filter((member) => member.isIn && member.team === team)
    const sum = addUp(members.map((member) => sums.get(member.id) ?? nothing))
    rows.push({
      board: 'team',
      subjectKey: team,
      league: 0,
      name: team,
      sum,
      progress: meanOf(members.map((member) => own(member, sums.get(member.id) ?? nothing))),
    })
  }
  const written = rows.map(({ board, subjectKey, league, name, sum, progress }) => ({
    ...{ networkId, challengeId, board, subjectKey, league, progress, updatedAt: at },
    ...{ points: sum.points, reachedAt: sum.reachedAt ?? at, nameKey: fold(name) },
  }))
  await tx.insertRows(challengeStandings, written, 'ignore')
  await tx.updateRows(
    challengeStandings,
    {
      set: ['league', 'progress', 'points', 'reachedAt', 'nameKey', 'updatedAt'],
      where: ['networkId', 'challengeId', 'board', 'subjectKey'],
    },
    written,
  )
  await checkPoints(tx, networkId, { contactIds: page.flatMap(({ contactId }) => contactId ?? []), siteIds })
}

const nothing: Sum = { points: 0, reachedAt: null, quantities: new Map() }

/** Makes the rows where they are missing and takes hold of each, in the order given. */
async function takeRows(
  tx: Tx,
  networkId: string,
  challengeId: string,
  keys: readonly { board: Board; subjectKey: string }[],
  at: Date,
): Promise<void> {
  await tx.insertRows(
    challengeStandings,
    keys.map((key) => ({
      ...{ networkId, challengeId, ...key, league: 0, points: 0, progress: noObjective },
      ...{ reachedAt: at, nameKey: '', updatedAt: at },
    })),
    'ignore',
  )
  for (const { board, subjectKey } of keys)
    await tx
      .update(challengeStandings)
      .set({ updatedAt: at })
      .where(
        and(
          eq(challengeStandings.networkId, networkId),
          eq(challengeStandings.challengeId, challengeId),
          eq(challengeStandings.board, board),
          eq(challengeStandings.subjectKey, subjectKey),
        ),
      )
}

const rulesInForce = prepared((tx) =>
  tx
    .select({ rules: challengeRules.rules })
    .from(challengeRules)
    .innerJoin(
      challenges,
      and(
        eq(challenges.networkId, challengeRules.networkId),
        eq(challenges.id, challengeRules.challengeId),
        eq(challenges.rulesVersion, challengeRules.version),
      ),
    )
    .where(and(eq(challengeRules.networkId, inNetwork), eq(challengeRules.challengeId, ofChallenge))),
)

async function rolesOf(
  tx: Tx,
  networkId: string,
  challengeId: string,
): Promise<Map<string, ChallengeRules['roles'][number]>> {
  const [row] = await rulesInForce(tx, { networkId, challengeId })
  return new Map(((row?.rules as ChallengeRules | undefined)?.roles ?? []).map((role) => [role.name, role]))
}

const totalsOf = prepared((tx) =>
  tx
    .select()
    .from(challengeTotals)
    .where(and(eq(challengeTotals.networkId, inNetwork), oneOf(challengeTotals.participantId, these))),
)

async function sumsOf(tx: Tx, networkId: string, participantIds: string[]): Promise<Map<string, Sum>> {
  const sums = new Map<string, Sum>()
  if (participantIds.length === 0) return sums
  const rows = await totalsOf(tx, { networkId, keys: participantIds })
  for (const { participantId, criterion, points, quantity, reachedAt } of rows) {
    const sum = sums.get(participantId) ?? { points: 0, reachedAt: null, quantities: new Map() }
    sums.set(participantId, sum)
    if (criterion === '') {
      sum.points = points
      sum.reachedAt = reachedAt
    } else sum.quantities.set(criterion, quantity)
  }
  return sums
}

const objectivesAsked = prepared((tx) =>
  tx
    .select({
      subjectKey: challengeObjectives.subjectKey,
      criterion: challengeObjectives.criterion,
      asked: sql<number>`coalesce(${challengeObjectives.override}, ${challengeObjectives.computed})`.mapWith(Number),
    })
    .from(challengeObjectives)
    .where(
      and(
        eq(challengeObjectives.networkId, inNetwork),
        eq(challengeObjectives.challengeId, ofChallenge),
        ne(challengeObjectives.criterion, ''),
        oneOf(challengeObjectives.subjectKey, these),
      ),
    ),
)

async function objectivesOf(tx: Tx, networkId: string, challengeId: string, members: readonly Member[]) {
  const found = new Map<string, Map<string, number>>()
  if (members.length === 0) return found
  const keys = members.map(({ subjectKey }) => subjectKey)
  const rows = await objectivesAsked(tx, { networkId, challengeId, keys })
  for (const { subjectKey, criterion, asked } of rows)
    found.set(subjectKey, (found.get(subjectKey) ?? new Map<string, number>()).set(criterion, asked))
  return found
}

const criteriaOf = (
  member: Member,
  done: ReadonlyMap<string, number>,
  roles: ReadonlyMap<string, ChallengeRules['roles'][number]>,
  objectives: ReadonlyMap<string, ReadonlyMap<string, number>>,
): CriterionProgress[] =>
  (roles.get(member.role)?.criteria ?? []).map(({ name, weight }) => ({
    weight,
    done: done.get(name) ?? 0,
    asked: objectives.get(member.subjectKey)?.get(name),
  }))

function addUp(sums: readonly Sum[]): Sum {
  const all: Sum = { points: 0, reachedAt: null, quantities: new Map() }
  for (const { points, reachedAt, quantities } of sums) {
    all.points += points
    if (reachedAt && (all.reachedAt === null || reachedAt > all.reachedAt)) all.reachedAt = reachedAt
    for (const [name, quantity] of quantities) all.quantities.set(name, (all.quantities.get(name) ?? 0) + quantity)
  }
  return all
}

/** The mean of those who have an objective. */
function meanOf(progress: readonly number[]): number {
  const known = progress.filter((one) => one !== noObjective)
  return known.length === 0 ? noObjective : Math.round(known.reduce((all, one) => all + one, 0) / known.length)
}
