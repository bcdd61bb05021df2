import { columns } from '../columns.ts'
import { createdAt, id, networkId, updatedAt } from './keys.ts'
import { networks } from './network.ts'

const { table, index, uniqueIndex, primaryKey, text, integer, json, instant } = columns

/** Work longer than a request: its progress and where to go on after a kill. */
export const jobs = table(
  'jobs',
  {
    networkId: networkId().references(() => networks.id, { onDelete: 'cascade' }),
    id: id(),
    kind: text('kind').notNull(),
    status: text('status', { enum: ['queued', 'running', 'done', 'failed', 'canceled'] }).notNull(),
    payload: json('payload').$type<Record<string, unknown>>().notNull(),
    cursor: text('cursor'),
    done: integer('done').notNull().default(0),
    total: integer('total'),
    error: text('error'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [primaryKey({ columns: [t.networkId, t.id] }), index('jobs_status').on(t.status, t.createdAt)],
)

/** Who did what, append-only; each entry's hash covers the one before it. */
export const auditEntries = table(
  'audit_entries',
  {
    id: id().primaryKey(),
    /** Null for what concerns the installation and no network. */
    networkId: text('network_id'),
    seq: integer('seq').notNull(),
    actor: text('actor').notNull(),
    action: text('action').notNull(),
    subject: text('subject').notNull(),
    data: json('data').$type<Record<string, unknown>>().notNull(),
    at: instant('at').notNull(),
    previousHash: text('previous_hash').notNull(),
    hash: text('hash').notNull(),
  },
  (t) => [uniqueIndex('audit_entries_seq').on(t.seq), index('audit_entries_network').on(t.networkId, t.at)],
)

/** A repeated POST with the same key gets the first answer back (docs: Stripe's idempotent requests). */
export const idempotencyKeys = table(
  'idempotency_keys',
  {
    networkId: networkId().references(() => networks.id, { onDelete: 'cascade' }),
    caller: text('caller').notNull(),
    key: text('key').notNull(),
    requestHash: text('request_hash').notNull(),
    status: integer('status'),
    body: text('body'),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.networkId, t.caller, t.key] })],
)

/** What belongs to the installation itself, such as its identity and the first-start state. */
export const installation = table('installation', {
  key: text('key').primaryKey(),
  value: text('value').notNull(),
  updatedAt: updatedAt(),
})
