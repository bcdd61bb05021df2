/** What becomes of a challenge's dates when those of its campaign move: what has happened stays as it was. */
import { and, eq } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import { challenges } from '../db/schema.ts'
import type { ChallengeDates } from './open.ts'

export const challengeDateNames = [
  'registrationOpensAt',
  'startsAt',
  'registrationClosesAt',
  'freezesAt',
  'endsAt',
  'resultsUntil',
] as const
export type ChallengeDate = (typeof challengeDateNames)[number]

export interface MovedChallengeDate {
  date: ChallengeDate
  from: Date
  to: Date
  /** `past`: it has been, and stays · `stays`: the same day as before · `moves` · `now`: it happens at once. */
  fate: 'past' | 'stays' | 'moves' | 'now'
}

/** Why a challenge's dates cannot be these. */
export class ChallengeDatesRefused extends RangeError {
  override name = 'ChallengeDatesRefused'
  readonly code: ChallengeDatesFault
  readonly dates: { from?: Date; to: Date }

  constructor(message: string, code: ChallengeDatesFault, dates: { from?: Date; to: Date }) {
    super(message)
    this.code = code
    this.dates = dates
  }
}

/** Why dates of a challenge cannot be so: what is settled already, an end in the past, or an order turned round. */
export type ChallengeDatesFault =
  | 'challengeBegun'
  | 'challengeEnded'
  | 'challengeCounted'
  | 'challengePast'
  | 'challengeEndsFirst'
  | 'challengeCountedFirst'
  | 'challengeRegistrationFirst'

/** Somebody counted on these: once past, they are not other ones. */
const settled: Partial<Record<ChallengeDate, { is: string; code: ChallengeDatesFault }>> = {
  startsAt: { is: 'has begun', code: 'challengeBegun' },
  endsAt: { is: 'has ended', code: 'challengeEnded' },
  resultsUntil: { is: 'takes no results any more', code: 'challengeCounted' },
}

/**
 * Each date of a challenge before and after, at `now` (business time). Doors that have opened and rankings that are
 * hidden stay so. Throws ChallengeDatesRefused when a challenge would begin again, end in the past or before it begins.
 */
export function movedChallengeDates(before: ChallengeDates, after: ChallengeDates, now: Date): MovedChallengeDate[] {
  const moved = challengeDateNames.flatMap((date): MovedChallengeDate[] => {
    const from = before[date]
    const to = after[date]
    if (from === null || to === null) return []
    if (from.getTime() === to.getTime()) return [{ date, from, to, fate: from <= now ? 'past' : 'stays' }]
    const over = from <= now ? settled[date] : undefined
    if (over)
      throw new ChallengeDatesRefused(
        `The challenge ${over.is} on ${day(from)}: that does not move to ${day(to)}. Move another date alone.`,
        over.code,
        { from, to },
      )
    if (from <= now && date !== 'registrationClosesAt') return [{ date, from, to: from, fate: 'past' }]
    return [{ date, from, to, fate: to <= now ? 'now' : 'moves' }]
  })
  const at = new Map(moved.map(({ date, to }) => [date, to]))
  const end = moved.find(({ date }) => date === 'endsAt')
  if (end?.fate === 'now')
    throw new ChallengeDatesRefused(
      `The challenge would have ended on ${day(end.to)}, which is past.`,
      'challengePast',
      {
        to: end.to,
      },
    )
  for (const [first, then, what, code] of [
    ['startsAt', 'endsAt', 'end before it begins', 'challengeEndsFirst'],
    ['endsAt', 'resultsUntil', 'take no more results before it ends', 'challengeCountedFirst'],
    [
      'registrationOpensAt',
      'registrationClosesAt',
      'close its registration before it opens',
      'challengeRegistrationFirst',
    ],
  ] as const)
    if (
      at.get(first)! >= at.get(then)! &&
      !(first === 'endsAt' && at.get(first)!.getTime() === at.get(then)!.getTime())
    )
      throw new ChallengeDatesRefused(
        `The challenge would ${what}, on ${day(at.get(then)!)}. Move the other date too.`,
        code,
        {
          to: at.get(then)!,
        },
      )
  return moved
}

const day = (at: Date): string => at.toISOString().slice(0, 10)

/** The dates a campaign's challenge has now; undefined where it has none. */
export async function datesOfChallenge(
  tx: Tx,
  networkId: string,
  campaignId: string,
): Promise<ChallengeDates | undefined> {
  const [row] = await tx
    .select({
      registrationOpensAt: challenges.registrationOpensAt,
      registrationClosesAt: challenges.registrationClosesAt,
      startsAt: challenges.startsAt,
      endsAt: challenges.endsAt,
      freezesAt: challenges.freezesAt,
      resultsUntil: challenges.resultsUntil,
    })
    .from(challenges)
    .where(and(eq(challenges.networkId, networkId), eq(challenges.campaignId, campaignId)))
  return row
}

/** Gives a campaign's challenge its moved dates, in the transaction that moves the campaign's. */
export async function moveChallenge(
  tx: Tx,
  networkId: string,
  campaignId: string,
  moved: readonly MovedChallengeDate[],
  now: Date,
): Promise<void> {
  if (moved.length === 0) return
  await tx
    .update(challenges)
    .set({ ...Object.fromEntries(moved.map(({ date, to }) => [date, to])), updatedAt: now })
    .where(and(eq(challenges.networkId, networkId), eq(challenges.campaignId, campaignId)))
}
