import { and, asc, eq, isNull } from 'drizzle-orm'
import { resolveAt } from '../../campaign/schedule.ts'
import type { Network } from '../../context.ts'
import { newId, type Tx } from '../../db/index.ts'
import type { Board } from '../../db/schema/standing.ts'
import { challengeClosings, challengeSites, challengeStandings, winnerClaims, winners } from '../../db/schema.ts'
import { isClosedDate } from '../../routing/closures.ts'
import { isPublicHoliday } from '../../routing/holidays.ts'
import type { Challenge } from '../challenge.ts'
import { type Ranked, topOf } from '../ranking/board.ts'

export type Closing = typeof challengeClosings.$inferSelect
export type Winner = typeof winners.$inferSelect

/** Winners of each league, and of the finest progress. */
export const winnersOfLeague = 3
export const winnersOfProgress = 1
/** Working days in which somebody may object to the provisional ranking. */
export const claimDays = 5

export const closingOf = async (tx: Tx, networkId: string, challengeId: string): Promise<Closing | undefined> => {
  const [row] = await tx
    .select()
    .from(challengeClosings)
    .where(and(eq(challengeClosings.networkId, networkId), eq(challengeClosings.challengeId, challengeId)))
  return row
}

type Zone = Pick<Network, 'id' | 'timezone' | 'country' | 'settings'>

/** The end of the last of five working days after a moment, on the network's calendar. */
export function claimsEnd(network: Zone, from: Date): Date {
  const closures = network.settings.closures ?? []
  return resolveAt(
    `published + ${claimDays} working days, 23:59`,
    { published: `${from.toISOString().slice(0, 19)}Z` },
    {
      timezone: network.timezone,
      isHoliday: (date) => isPublicHoliday(network.country, date) || isClosedDate(closures, network.country, date),
    },
  )
}

export const closingRefusals = [
  'not_over',
  'results_open',
  'published',
  'not_published',
  'claims_open',
  'unanswered',
  'approved',
] as const
export type ClosingRefusal = (typeof closingRefusals)[number]

type Outcome = { outcome: 'done' } | { outcome: 'refused'; code: ClosingRefusal }
const refused = (code: ClosingRefusal): Outcome => ({ outcome: 'refused', code })

/**
 * Publishes the provisional ranking: results are no longer told, rankings are shown again, winners are drawn, and
 * five working days begin in which somebody may object.
 */
export async function publishProvisional(
  tx: Tx,
  network: Zone,
  challenge: Challenge,
  by: string,
  now: Date,
): Promise<Outcome> {
  if (now < challenge.endsAt) return refused('not_over')
  if (now < challenge.resultsUntil) return refused('results_open')
  const opened = await tx
    .insert(challengeClosings)
    .values({
      ...{ networkId: network.id, challengeId: challenge.id, provisionalAt: now, provisionalBy: by },
      claimsUntil: claimsEnd(network, now),
    })
    .onConflictDoNothing()
    .returning({ id: challengeClosings.challengeId })
  if (opened.length === 0) return refused('published')
  await drawWinners(tx, challenge, now)
  return { outcome: 'done' }
}

/** Who is ranked, and so wins: people, outlets, teams, as the rules have it. */
export function boardsOf({ rules }: Pick<Challenge, 'rules'>): Board[] {
  const { people, companies, teams } = rules.participants
  const isTeamed = typeof teams === 'object' || (teams === 'site' && !companies)
  return [
    ...(people ? (['person'] as const) : []),
    ...(companies ? (['company'] as const) : []),
    ...(people && isTeamed ? (['team'] as const) : []),
  ]
}

/** The leagues there are, in order; one where nobody drew any. */
export async function leaguesOf(
  tx: Tx,
  challenge: Pick<Challenge, 'networkId' | 'id'>,
  board: Board,
): Promise<number[]> {
  if (board === 'team') return [0]
  const rows = await tx
    .selectDistinct({ league: challengeStandings.league })
    .from(challengeStandings)
    .where(
      and(
        eq(challengeStandings.networkId, challenge.networkId),
        eq(challengeStandings.challengeId, challenge.id),
        eq(challengeStandings.board, board),
      ),
    )
    .orderBy(asc(challengeStandings.league))
  if (rows.length > 0) return rows.map(({ league }) => league)
  const drawn = await tx
    .selectDistinct({ league: challengeSites.league })
    .from(challengeSites)
    .where(and(eq(challengeSites.networkId, challenge.networkId), eq(challengeSites.challengeId, challenge.id)))
    .orderBy(asc(challengeSites.league))
  return drawn.length > 0 ? drawn.map(({ league }) => league) : [0]
}

/**
 * Draws the winners anew from the standings: the first three of each league by points, and of each board the one who
 * went furthest beyond their own objective. Of equals the order of the list decides, so a place has one winner.
 */
export async function drawWinners(tx: Tx, challenge: Challenge, at: Date): Promise<number> {
  const { networkId, id: challengeId } = challenge
  const rows: (typeof winners.$inferInsert)[] = []
  for (const board of boardsOf(challenge)) {
    const finest: Ranked[] = []
    for (const league of await leaguesOf(tx, challenge, board)) {
      const list = { networkId, challengeId, board, league }
      const first = await topOf(tx, { ...list, by: 'points' }, winnersOfLeague)
      rows.push(...first.map((one, index) => rowOf(challenge, board, 'points', league, index + 1, one, at)))
      finest.push(...(await topOf(tx, { ...list, by: 'progress' }, winnersOfProgress)))
    }
    finest.sort(
      (a, b) =>
        b.progress - a.progress ||
        a.reachedAt.getTime() - b.reachedAt.getTime() ||
        (a.subjectKey < b.subjectKey ? -1 : 1),
    )
    rows.push(
      ...finest
        .slice(0, winnersOfProgress)
        .map((one, index) => rowOf(challenge, board, 'progress', 0, index + 1, one, at)),
    )
  }
  await tx.delete(winners).where(and(eq(winners.networkId, networkId), eq(winners.challengeId, challengeId)))
  await tx.insertRows(winners, rows)
  return rows.length
}

const rowOf = (
  { networkId, id: challengeId }: Challenge,
  board: Board,
  by: 'points' | 'progress',
  league: number,
  place: number,
  { subjectKey, contactId, siteId, points, progress }: Ranked,
  at: Date,
): typeof winners.$inferInsert => ({
  ...{ networkId, id: newId(), challengeId, board, by, league, place, subjectKey, createdAt: at },
  ...{ contactId: board === 'person' ? contactId : null, siteId: board === 'company' ? siteId : null },
  score: by === 'points' ? points : progress,
})

/**
 * Approves the list of winners for good, after the days to object and once every objection is answered. The list is
 * drawn once more, with what answers changed.
 */
export async function approveWinners(tx: Tx, challenge: Challenge, by: string, now: Date): Promise<Outcome> {
  const { networkId, id: challengeId } = challenge
  const closing = await closingOf(tx, networkId, challengeId)
  if (!closing) return refused('not_published')
  if (closing.approvedAt) return refused('approved')
  if (now <= closing.claimsUntil) return refused('claims_open')
  const open = await tx.$count(
    winnerClaims,
    and(
      eq(winnerClaims.networkId, networkId),
      eq(winnerClaims.challengeId, challengeId),
      eq(winnerClaims.status, 'open'),
    ),
  )
  if (open > 0) return refused('unanswered')
  const approved = await tx
    .update(challengeClosings)
    .set({ approvedAt: now, approvedBy: by })
    .where(
      and(
        ...[eq(challengeClosings.networkId, networkId), eq(challengeClosings.challengeId, challengeId)],
        isNull(challengeClosings.approvedAt),
      ),
    )
    .returning({ id: challengeClosings.challengeId })
  if (approved.length === 0) return refused('approved')
  await drawWinners(tx, challenge, now)
  return { outcome: 'done' }
}

/** Whoever objects, while they may. False outside of the days for it. */
export async function raiseClaim(
  tx: Tx,
  challenge: Pick<Challenge, 'networkId' | 'id'>,
  { contactId, text, now }: { contactId: string; text: string; now: Date },
): Promise<boolean> {
  const closing = await closingOf(tx, challenge.networkId, challenge.id)
  if (!closing || closing.approvedAt || now < closing.provisionalAt || now > closing.claimsUntil) return false
  await tx.insert(winnerClaims).values({
    ...{ networkId: challenge.networkId, id: newId(), challengeId: challenge.id, contactId, text },
    ...{ status: 'open', raisedAt: now },
  })
  return true
}

/** Answers an objection; what it changes is changed in the ledger, not here. False where it was answered before. */
export async function answerClaim(
  tx: Tx,
  networkId: string,
  claimId: string,
  { status, answer, by, now }: { status: 'upheld' | 'rejected'; answer: string; by: string; now: Date },
): Promise<boolean> {
  const answered = await tx
    .update(winnerClaims)
    .set({ status, answer, answeredBy: by, answeredAt: now })
    .where(and(eq(winnerClaims.networkId, networkId), eq(winnerClaims.id, claimId), eq(winnerClaims.status, 'open')))
    .returning({ id: winnerClaims.id })
  return answered.length > 0
}
