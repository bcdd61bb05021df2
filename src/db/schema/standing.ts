import { columns } from '../columns.ts'
import { challenges } from './challenge.ts'
import { networkId, updatedAt } from './keys.ts'

const { table, index, primaryKey, foreignKey, text, plainText, integer, long, instant } = columns

/** Who is ranked against whom: people, outlets with the people in them, or teams. */
export const boards = ['person', 'company', 'team'] as const
export type Board = (typeof boards)[number]

/**
 * Where everybody stands who has points, kept in the transaction that changes them: a ranking is read by index, from
 * the top or around one place, however many take part. `rebuildStandings` finds the same.
 */
export const challengeStandings = table(
  'challenge_standings',
  {
    networkId: networkId(),
    challengeId: text('challenge_id').notNull(),
    board: text('board', { enum: boards }).notNull(),
    /** The participant's id; of a team, its name. */
    subjectKey: plainText('subject_key').notNull(),
    /** 0 where there are none, and for teams. */
    league: integer('league').notNull(),
    points: long('points').notNull(),
    /** Of one's own objective, in thousandths; -1 without one. */
    progress: long('progress').notNull(),
    /** When what counts first added up to these points. */
    reachedAt: instant('reached_at').notNull(),
    /** The name they are shown by, folded: the last thing an order is decided by. */
    nameKey: plainText('name_key').notNull(),
    updatedAt: updatedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.challengeId, t.board, t.subjectKey] }),
    index('challenge_standings_points').on(
      t.networkId,
      t.challengeId,
      t.board,
      t.league,
      t.points,
      t.reachedAt,
      t.nameKey,
      t.subjectKey,
    ),
    index('challenge_standings_progress').on(
      t.networkId,
      t.challengeId,
      t.board,
      t.league,
      t.progress,
      t.reachedAt,
      t.nameKey,
      t.subjectKey,
    ),
    foreignKey({
      columns: [t.networkId, t.challengeId],
      foreignColumns: [challenges.networkId, challenges.id],
      name: 'challenge_standings_challenge_fk',
    }).onDelete('cascade'),
  ],
)
