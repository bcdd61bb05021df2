import { columns } from '../columns.ts'
import { users } from './accounts.ts'
import { createdAt, id, networkId, updatedAt } from './keys.ts'
import { networks } from './network.ts'

const { table, index, uniqueIndex, primaryKey, text, integer, bytes, json, instant } = columns

/** What a user should know of, said once: the sentence is written in the reader's language from kind and params. */
export const notifications = table(
  'notifications',
  {
    networkId: networkId().references(() => networks.id, { onDelete: 'cascade' }),
    id: id(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    kind: text('kind').notNull(),
    params: json('params').$type<Record<string, string | number>>().notNull(),
    /** A path of the console that shows what it is about. */
    href: text('href').notNull(),
    /** The same thing told twice is told once. */
    dedupeKey: text('dedupe_key').notNull(),
    createdAt: createdAt(),
    readAt: instant('read_at'),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.id] }),
    uniqueIndex('notifications_once').on(t.networkId, t.userId, t.dedupeKey),
    index('notifications_of_user').on(t.userId, t.readAt, t.createdAt),
  ],
)

/** Pictures of a network's library, as they were uploaded: small enough to live and be backed up with the rest. */
export const files = table(
  'files',
  {
    networkId: networkId().references(() => networks.id, { onDelete: 'cascade' }),
    id: id(),
    name: text('name').notNull(),
    mime: text('mime').notNull(),
    size: integer('size').notNull(),
    width: integer('width').notNull(),
    height: integer('height').notNull(),
    hash: text('hash').notNull(),
    alt: json('alt').$type<Record<string, string>>().notNull(),
    bytes: bytes('bytes').notNull(),
    createdBy: text('created_by').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.id] }),
    uniqueIndex('files_once').on(t.networkId, t.hash),
    index('files_by_date').on(t.networkId, t.createdAt),
  ],
)

/** How a network looks in what it sends, and a partner beside it (`siteId`; empty is the network itself). */
export const brands = table(
  'brands',
  {
    networkId: networkId().references(() => networks.id, { onDelete: 'cascade' }),
    siteId: text('site_id').notNull().default(''),
    brand: json('brand').$type<unknown>().notNull(),
    logoFileId: text('logo_file_id'),
    updatedBy: text('updated_by').notNull(),
    updatedAt: updatedAt(),
  },
  (t) => [primaryKey({ columns: [t.networkId, t.siteId] })],
)

/** A provider's credentials, encrypted under a key derived from the installation's secret; never shown again. */
export const secrets = table(
  'secrets',
  {
    networkId: networkId().references(() => networks.id, { onDelete: 'cascade' }),
    id: id(),
    provider: text('provider').notNull(),
    name: text('name').notNull(),
    /** Which key it is under, so that the installation's secret can be changed. */
    keyId: text('key_id').notNull(),
    sealed: bytes('sealed').notNull(),
    /** What may be shown, such as the account's name and the last characters of a key. */
    hints: json('hints').$type<Record<string, string>>().notNull(),
    updatedBy: text('updated_by').notNull(),
    updatedAt: updatedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.id] }),
    uniqueIndex('secrets_name').on(t.networkId, t.provider, t.name),
  ],
)
