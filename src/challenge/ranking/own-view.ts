import { and, eq } from 'drizzle-orm'
import type { Tx } from '../../db/index.ts'
import { challengeSites } from '../../db/schema.ts'
import type { Challenge } from '../challenge.ts'
import { hidesRankings } from '../merge-fields.ts'
import type { Participant } from '../participants.ts'
import { type BoardView, type Ranked, type RankingOf, topOf, viewFor } from './board.ts'

/** What one who takes part sees of how they and the others stand. */
export interface OwnView {
  /** Thousandths of the own objective. */
  progress: number
  /** Undefined while rankings are hidden. */
  board?: BoardView
  /** The first on the way, for the map; nobody while rankings are hidden. */
  others: Ranked[]
}

const onMap = 8

/** How a participant stands in their league, as far as they may see it. Changes nothing. */
export async function ownViewOf(db: Tx, challenge: Challenge, participant: Participant, now: Date): Promise<OwnView> {
  const { networkId, id: challengeId } = challenge
  const [site] = await db
    .select({ league: challengeSites.league })
    .from(challengeSites)
    .where(
      and(
        eq(challengeSites.networkId, networkId),
        eq(challengeSites.challengeId, challengeId),
        eq(challengeSites.siteId, participant.siteId),
      ),
    )
  const list: RankingOf = {
    ...{ networkId, challengeId, board: participant.kind, league: site?.league ?? 0, by: 'points' as const },
  }
  const board = await viewFor(db, list, participant.id)
  const progress = Math.max(0, board.own?.progress ?? 0)
  if (await hidesRankings(db, challenge, now)) return { progress, others: [] }
  const first = await topOf(db, { ...list, by: 'progress' }, onMap)
  return { progress, board, others: first.filter(({ subjectKey }) => subjectKey !== participant.id) }
}
