import { channelNames } from '../../words.ts'
import { columns } from '../columns.ts'
import { updatedAt } from './keys.ts'

const { table, primaryKey, text, integer, instant } = columns

/**
 * Provider accounts that refuse everybody, seen by all workers. A row is there once an account has failed; while it
 * is open nothing is handed to that account but one delivery at a time, to see whether it answers again.
 */
export const breakers = table(
  'breakers',
  {
    /** The network whose own account it is, or `installation`. */
    account: text('account').notNull(),
    channel: text('channel', { enum: channelNames }).notNull(),
    provider: text('provider').notNull(),
    /** In a row, since it last took anything. */
    failures: integer('failures').notNull().default(0),
    /** The code of the last failure. */
    reason: text('reason').notNull(),
    /** Wall time; null while it is closed. */
    openedAt: instant('opened_at'),
    /** When one delivery may try it, wall time. */
    retryAt: instant('retry_at'),
    /** Tries that failed since it opened: the pauses between them grow. */
    tries: integer('tries').notNull().default(0),
    updatedAt: updatedAt(),
  },
  (t) => [primaryKey({ columns: [t.account, t.channel, t.provider] })],
)
