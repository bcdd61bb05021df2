import { and, asc, count, desc, eq, gt, lt, sql } from 'drizzle-orm'
import type { Challenge } from '../../../challenge/challenge.ts'
import type { Db } from '../../../db/index.ts'
import type { EntryWay } from '../../../db/schema/challenge.ts'
import {
  challengeEvidence,
  challengeLedger,
  challengeParticipants,
  challengeResults,
  challengeSites,
  challengeTotals,
  contacts,
  sites,
} from '../../../db/schema.ts'

const p = challengeParticipants
const ofSite = and(eq(sites.networkId, p.networkId), eq(sites.id, p.siteId))
const ofContact = and(eq(contacts.networkId, p.networkId), eq(contacts.id, p.contactId))
const here = ({ networkId, id }: Challenge) => and(eq(p.networkId, networkId), eq(p.challengeId, id))

interface Named {
  firstName: string | null
  lastName: string | null
  site: string
}

/** Somebody with their outlet, or the outlet alone. */
export const nameOf = ({ firstName, lastName, site }: Named): string => {
  const person = `${firstName ?? ''} ${lastName ?? ''}`.trim()
  return person === '' ? site : `${person} · ${site}`
}

const naming = { firstName: contacts.firstName, lastName: contacts.lastName, site: sites.name }

/** The figures at the head of the page. */
export async function headOf(db: Db, challenge: Challenge) {
  const { networkId, id } = challenge
  const counts = await db
    .select({ kind: p.kind, status: p.status, way: p.way, count: count() })
    .from(p)
    .where(here(challenge))
    .groupBy(p.kind, p.status, p.way)
  const [waiting] = await db
    .select({ count: count() })
    .from(challengeResults)
    .where(
      and(
        eq(challengeResults.networkId, networkId),
        eq(challengeResults.challengeId, id),
        eq(challengeResults.status, 'pending'),
      ),
    )
  const [given] = await db
    .select({ points: sql<number>`coalesce(sum(${challengeTotals.points}), 0)`.mapWith(Number) })
    .from(challengeTotals)
    .where(
      and(
        eq(challengeTotals.networkId, networkId),
        eq(challengeTotals.challengeId, id),
        eq(challengeTotals.criterion, ''),
      ),
    )
  const sum = (keep: (row: (typeof counts)[number]) => boolean) =>
    counts.filter(keep).reduce((all, row) => all + row.count, 0)
  const ways = [...new Set(counts.map(({ way }) => way))].sort()
  return {
    people: sum((row) => row.kind === 'person' && row.status === 'registered'),
    companies: sum((row) => row.kind === 'company' && row.status === 'registered'),
    withdrawn: sum((row) => row.status === 'withdrawn'),
    waiting: waiting?.count ?? 0,
    points: given?.points ?? 0,
    byWay: ways.map((way): { way: EntryWay; count: number } => ({
      way,
      count: sum((row) => row.way === way && row.status === 'registered'),
    })),
  }
}
export type Head = Awaited<ReturnType<typeof headOf>>

/** Participants in the order they came, a page at a time. */
export const participantPage = (db: Db, challenge: Challenge, after: string | undefined, limit: number) =>
  db
    .select({
      ...{ id: p.id, kind: p.kind, subjectKey: p.subjectKey, role: p.role, status: p.status, way: p.way, team: p.team },
      ...{ registeredAt: p.registeredAt, registeredBy: p.registeredBy, agreedVersion: p.agreedVersion, ...naming },
      ...{ siteCode: sites.externalId, externalId: contacts.externalId },
      ...{ points: challengeTotals.points, league: challengeSites.league },
    })
    .from(p)
    .innerJoin(sites, ofSite)
    .leftJoin(contacts, ofContact)
    .leftJoin(
      challengeTotals,
      and(
        eq(challengeTotals.networkId, p.networkId),
        eq(challengeTotals.participantId, p.id),
        eq(challengeTotals.criterion, ''),
      ),
    )
    .leftJoin(
      challengeSites,
      and(
        eq(challengeSites.networkId, p.networkId),
        eq(challengeSites.challengeId, p.challengeId),
        eq(challengeSites.siteId, p.siteId),
      ),
    )
    .where(and(here(challenge), after === undefined ? undefined : gt(p.id, after)))
    .orderBy(asc(p.id))
    .limit(limit)
export type ParticipantLine = Awaited<ReturnType<typeof participantPage>>[number]

/** Results: those that wait the longest first, of all others the latest. */
export const resultPage = (
  db: Db,
  { networkId, id }: Challenge,
  { status, after, limit }: { status?: 'pending' | 'validated'; after?: string; limit: number },
) =>
  db
    .select({
      ...{ id: challengeResults.id, criterion: challengeResults.criterion, quantity: challengeResults.quantity },
      ...{ doneOn: challengeResults.doneOn, way: challengeResults.way, reference: challengeResults.reference },
      ...{ status: challengeResults.status, suspicion: challengeResults.suspicion, reason: challengeResults.reason },
      ...{ statement: challengeResults.statement, recordedAt: challengeResults.recordedAt },
      ...{ participantId: challengeResults.participantId, evidenceId: challengeEvidence.id, ...naming },
      ...{ siteCode: sites.externalId, externalId: contacts.externalId },
    })
    .from(challengeResults)
    .innerJoin(p, and(eq(p.networkId, challengeResults.networkId), eq(p.id, challengeResults.participantId)))
    .innerJoin(sites, ofSite)
    .leftJoin(contacts, ofContact)
    .leftJoin(
      challengeEvidence,
      and(
        eq(challengeEvidence.networkId, challengeResults.networkId),
        eq(challengeEvidence.resultId, challengeResults.id),
      ),
    )
    .where(
      and(
        eq(challengeResults.networkId, networkId),
        eq(challengeResults.challengeId, id),
        status === undefined ? undefined : eq(challengeResults.status, status),
        after === undefined
          ? undefined
          : status === 'pending'
            ? gt(challengeResults.id, after)
            : lt(challengeResults.id, after),
      ),
    )
    .orderBy(status === 'pending' ? asc(challengeResults.id) : desc(challengeResults.id))
    .limit(limit)
export type ResultLine = Awaited<ReturnType<typeof resultPage>>[number]

/** The ledger as it was written, a page at a time. */
export const ledgerPage = (db: Db, { networkId, id }: Challenge, after: string | undefined, limit: number) =>
  db
    .select({
      ...{ id: challengeLedger.id, at: challengeLedger.at, day: challengeLedger.day, kind: challengeLedger.kind },
      ...{ criterion: challengeLedger.criterion, quantity: challengeLedger.quantity, points: challengeLedger.points },
      ...{ reason: challengeLedger.reason, reversesId: challengeLedger.reversesId, madeBy: challengeLedger.madeBy },
      ...{ rulesVersion: challengeLedger.rulesVersion, resultId: challengeLedger.resultId, ...naming },
      ...{ siteCode: sites.externalId, externalId: contacts.externalId },
    })
    .from(challengeLedger)
    .innerJoin(p, and(eq(p.networkId, challengeLedger.networkId), eq(p.id, challengeLedger.participantId)))
    .innerJoin(sites, ofSite)
    .leftJoin(contacts, ofContact)
    .where(
      and(
        eq(challengeLedger.networkId, networkId),
        eq(challengeLedger.challengeId, id),
        after === undefined ? undefined : gt(challengeLedger.id, after),
      ),
    )
    .orderBy(asc(challengeLedger.id))
    .limit(limit)
