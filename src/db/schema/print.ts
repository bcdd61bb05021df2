import { columns } from '../columns.ts'
import { createdAt, id, networkId, updatedAt } from './keys.ts'
import { networks } from './network.ts'
import { deliveries } from './outbox.ts'

const { table, index, uniqueIndex, primaryKey, foreignKey, text, integer, json, instant } = columns

export const batchStatuses = [
  'composing',
  'composed',
  'bat_pending',
  'bat_approved',
  'released',
  'printed',
  'posted',
  'closed',
  'canceled',
] as const

/** Pieces produced together for one shop. Sealed at `composed`: bytes, manifest and hash never change afterwards. */
export const batches = table(
  'batches',
  {
    networkId: networkId().references(() => networks.id, { onDelete: 'cascade' }),
    id: id(),
    /** Shown to people: R-2026-0042. */
    number: text('number').notNull(),
    revision: integer('revision').notNull().default(1),
    messageId: text('message_id').notNull(),
    status: text('status', { enum: batchStatuses }).notNull(),
    pieces: integer('pieces').notNull(),
    pages: integer('pages').notNull(),
    sha256: text('sha256'),
    /** Folder of the package, relative to RELAIS_DATA. */
    path: text('path'),
    /** The worker composing it holds it until then (wall time); past it, another takes over. */
    leaseUntil: instant('lease_until'),
    job: json('job').$type<Record<string, unknown>>().notNull(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.id] }),
    uniqueIndex('batches_number').on(t.networkId, t.number, t.revision),
  ],
)

export const pieceStatuses = [
  'queued',
  'excluded',
  'composed',
  'printed',
  'spoiled',
  'reprinted',
  'posted',
  'returned',
  'destroyed',
] as const

/** One printed item. `send` of the print channel only appends it; a batch is composed from these by its own job. */
export const pieces = table(
  'pieces',
  {
    networkId: networkId(),
    id: id(),
    deliveryId: text('delivery_id').notNull(),
    messageId: text('message_id').notNull(),
    batchId: text('batch_id'),
    seq: integer('seq'),
    status: text('status', { enum: pieceStatuses }).notNull(),
    /** Why it is excluded or returned, as a code. */
    reason: text('reason'),
    addressLines: json('address_lines').$type<string[]>().notNull(),
    postcode: text('postcode').notNull(),
    country: text('country').notNull(),
    firstPage: integer('first_page'),
    pages: integer('pages'),
    contentHash: text('content_hash').notNull(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.id] }),
    uniqueIndex('pieces_delivery').on(t.networkId, t.deliveryId),
    index('pieces_batch').on(t.networkId, t.batchId, t.seq),
    index('pieces_waiting').on(t.networkId, t.status, t.messageId),
    foreignKey({
      columns: [t.networkId, t.deliveryId],
      foreignColumns: [deliveries.networkId, deliveries.id],
      name: 'pieces_delivery_fk',
    }),
  ],
)
