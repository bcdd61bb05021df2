import { and, asc, count, desc, eq, gt, lt, or, type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../db/index.ts'
import type { Board } from '../../db/schema/standing.ts'
import { challengeParticipants, challengeStandings, contacts, sites } from '../../db/schema.ts'
import { windowFor } from './shown.ts'

export const rankedBy = ['points', 'progress'] as const
export type RankedBy = (typeof rankedBy)[number]

/** One list: who is ranked against whom, and by what. */
export interface RankingOf {
  networkId: string
  challengeId: string
  board: Board
  league: number
  by: RankedBy
}

export interface Ranked {
  subjectKey: string
  rank: number
  /** Place in listing order, from 0. */
  place: number
  points: number
  /** Thousandths of the own objective; -1 without one. */
  progress: number
  reachedAt: Date
  /** As the participant wishes to be called, else their name or their outlet's. */
  name: string
  siteId: string | null
  contactId: string | null
}

const { points, progress, reachedAt, nameKey, subjectKey } = challengeStandings
const scoreOf = (by: RankedBy) => (by === 'points' ? points : progress)

/** Whoever has points, or for the progress has begun: the rest have no place yet, and nobody is last for not starting. */
const inList = ({ networkId, challengeId, board, league, by }: RankingOf): SQL =>
  and(
    eq(challengeStandings.networkId, networkId),
    eq(challengeStandings.challengeId, challengeId),
    eq(challengeStandings.board, board),
    eq(challengeStandings.league, league),
    gt(scoreOf(by), 0),
  )!

const inOrder = (by: RankedBy): SQL[] => [desc(scoreOf(by)), asc(reachedAt), asc(nameKey), asc(subjectKey)]

/** How many are in the list. */
export async function sizeOf(tx: Tx, of: RankingOf): Promise<number> {
  const [row] = await tx.select({ size: count() }).from(challengeStandings).where(inList(of))
  return row?.size ?? 0
}

type Row = typeof challengeStandings.$inferSelect

async function rowsAt(tx: Tx, of: RankingOf, from: number, size: number): Promise<Row[]> {
  return tx
    .select()
    .from(challengeStandings)
    .where(inList(of))
    .orderBy(...inOrder(of.by))
    .limit(size)
    .offset(from)
}

const countAbove = async (tx: Tx, of: RankingOf, score: number): Promise<number> => {
  const [row] = await tx
    .select({ above: count() })
    .from(challengeStandings)
    .where(and(inList(of), gt(scoreOf(of.by), score)))
  return row?.above ?? 0
}

/** A name for each row: at most a page. */
async function named(tx: Tx, of: RankingOf, rows: readonly Row[]) {
  if (rows.length === 0 || of.board === 'team')
    return new Map<string, { name: string; siteId: string; contactId: string | null }>()
  const found = await tx
    .select({
      id: challengeParticipants.id,
      siteId: challengeParticipants.siteId,
      contactId: challengeParticipants.contactId,
      shownAs: challengeParticipants.shownAs,
      firstName: contacts.firstName,
      lastName: contacts.lastName,
      site: sites.name,
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
    .where(
      and(
        eq(challengeParticipants.networkId, of.networkId),
        or(...rows.map((row) => eq(challengeParticipants.id, row.subjectKey))),
      ),
    )
  return new Map(
    found.map(({ id, siteId, contactId, shownAs, firstName, lastName, site }) => [
      id,
      {
        siteId,
        contactId,
        name: shownAs ?? (contactId ? [firstName, lastName].filter(Boolean).join(' ') || site : site),
      },
    ]),
  )
}

/** Rows that follow one another in the list, ranked 1-2-2-4; the first of them has the place `from`. */
async function ranked(tx: Tx, of: RankingOf, rows: readonly Row[], from: number): Promise<Ranked[]> {
  const names = await named(tx, of, rows)
  const placed: Ranked[] = []
  for (const [at, row] of rows.entries()) {
    const score = of.by === 'points' ? row.points : row.progress
    const before = rows[at - 1]
    const isEqual = before && (of.by === 'points' ? before.points : before.progress) === score
    const rank = isEqual ? placed.at(-1)!.rank : at === 0 ? (await countAbove(tx, of, score)) + 1 : from + at + 1
    const name = names.get(row.subjectKey)
    placed.push({
      ...{ subjectKey: row.subjectKey, rank, place: from + at, points: row.points, progress: row.progress },
      ...{ reachedAt: row.reachedAt, name: name?.name ?? row.subjectKey },
      ...{ siteId: name?.siteId ?? null, contactId: name?.contactId ?? null },
    })
  }
  return placed
}

/** The first of the list: what winners are taken from. */
export const topOf = async (tx: Tx, of: RankingOf, most: number): Promise<Ranked[]> =>
  ranked(tx, of, await rowsAt(tx, of, 0, most), 0)

/** A page of the whole list for head office, from a place on. */
export async function pageOf(
  tx: Tx,
  of: RankingOf,
  from: number,
  size: number,
): Promise<{ rows: Ranked[]; next?: number }> {
  const rows = await rowsAt(tx, of, from, size + 1)
  const page = await ranked(tx, of, rows.slice(0, size), from)
  return rows.length > size ? { rows: page, next: from + size } : { rows: page }
}

export interface Own {
  rank: number
  /** In listing order, from 0. */
  place: number
  points: number
  progress: number
  /** What is missing to whoever is next above: 0 for the first. */
  gap: number
}

/** Where one stands: three counts by index. Undefined without points, or without a row. */
export async function ownIn(tx: Tx, of: RankingOf, key: string): Promise<Own | undefined> {
  const [row] = await tx
    .select()
    .from(challengeStandings)
    .where(and(inList(of), eq(subjectKey, key)))
  if (!row) return undefined
  const score = of.by === 'points' ? row.points : row.progress
  const above = await countAbove(tx, of, score)
  const column = scoreOf(of.by)
  const [ties] = await tx
    .select({ before: count() })
    .from(challengeStandings)
    .where(
      and(
        inList(of),
        eq(column, score),
        or(
          lt(reachedAt, row.reachedAt),
          and(eq(reachedAt, row.reachedAt), lt(nameKey, row.nameKey)),
          and(eq(reachedAt, row.reachedAt), eq(nameKey, row.nameKey), lt(subjectKey, key)),
        ),
      ),
    )
  const [next] = await tx
    .select({ score: sql<number | null>`min(${column})`.mapWith((value) => (value === null ? null : Number(value))) })
    .from(challengeStandings)
    .where(and(inList(of), gt(column, score)))
  return {
    ...{ rank: above + 1, place: above + (ties?.before ?? 0), points: row.points, progress: row.progress },
    gap: next?.score == null ? 0 : next.score - score,
  }
}

export interface BoardView {
  rows: (Ranked & { isOwn: boolean })[]
  /** The index of the row behind a gap in the list. */
  gapBefore?: number
  own?: Own
}

/**
 * What one who takes part is shown of a list, see `windowFor`: read from the top and around one place by index,
 * whatever the size of the list. `key` is undefined for whoever looks on.
 */
export async function viewFor(db: Tx, of: RankingOf, key: string | undefined): Promise<BoardView> {
  const size = await sizeOf(db, of)
  const own = key === undefined ? undefined : await ownIn(db, of, key)
  const { places, gapBefore } = windowFor(size, own?.place)
  const rows: Ranked[] = []
  for (let at = 0; at < places.length; ) {
    let end = at + 1
    while (end < places.length && places[end] === places[end - 1]! + 1) end += 1
    const from = places[at]!
    rows.push(...(await ranked(db, of, await rowsAt(db, of, from, end - at), from)))
    at = end
  }
  return {
    rows: rows.map((row) => ({ ...row, isOwn: row.subjectKey === key })),
    ...(gapBefore === undefined ? {} : { gapBefore }),
    ...(own ? { own } : {}),
  }
}
