import { languages } from '../../words.ts'
import { columns } from '../columns.ts'
import { createdAt, id, networkId } from './keys.ts'
import { networks, sites } from './network.ts'

const { table, index, uniqueIndex, primaryKey, foreignKey, text, json, instant } = columns

export const accessLevels = ['owner', 'correspondent', 'member'] as const

/** An intranet article; the intranet stores everything, by access level. */
export const posts = table(
  'posts',
  {
    networkId: networkId().references(() => networks.id, { onDelete: 'cascade' }),
    id: id(),
    /** The delivery that put it there; one post per delivery. */
    deliveryId: text('delivery_id').notNull(),
    messageId: text('message_id').notNull(),
    recipientKey: text('recipient_key').notNull(),
    accessLevel: text('access_level', { enum: accessLevels }).notNull(),
    language: text('language', { enum: languages }).notNull(),
    title: text('title').notNull(),
    /** Sanitised HTML. */
    body: text('body').notNull(),
    publishedAt: instant('published_at').notNull(),
    closesAt: instant('closes_at'),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.id] }),
    uniqueIndex('posts_delivery').on(t.networkId, t.deliveryId),
    index('posts_recipient').on(t.networkId, t.recipientKey, t.publishedAt),
  ],
)

/** An article somebody publishes on the intranet for everybody, under a topic that campaigns listen to. */
export const articles = table(
  'articles',
  {
    networkId: networkId().references(() => networks.id, { onDelete: 'cascade' }),
    id: id(),
    topic: text('topic').notNull(),
    title: text('title').notNull(),
    /** Plain text; an empty line begins a paragraph. */
    body: text('body').notNull(),
    /** Who signs it: there is none without. */
    author: text('author').notNull(),
    publishedBy: text('published_by').notNull(),
    /** Business time. */
    publishedAt: instant('published_at').notNull(),
    /** Taken back: nobody reads it any more, and it stays on record. */
    withdrawnAt: instant('withdrawn_at'),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.id] }),
    index('articles_published').on(t.networkId, t.publishedAt, t.id),
  ],
)

/** A message on the screens of a site: gone once read. */
export const broadcasts = table(
  'broadcasts',
  {
    networkId: networkId(),
    id: id(),
    deliveryId: text('delivery_id').notNull(),
    messageId: text('message_id').notNull(),
    siteId: text('site_id').notNull(),
    recipientKey: text('recipient_key').notNull(),
    title: text('title').notNull(),
    body: text('body').notNull(),
    startsAt: instant('starts_at').notNull(),
    endsAt: instant('ends_at'),
    shownAt: instant('shown_at'),
    readAt: instant('read_at'),
    readBy: text('read_by'),
    options: json('options').$type<Record<string, unknown>>().notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.id] }),
    uniqueIndex('broadcasts_delivery').on(t.networkId, t.deliveryId),
    index('broadcasts_site').on(t.networkId, t.siteId, t.readAt),
    foreignKey({
      columns: [t.networkId, t.siteId],
      foreignColumns: [sites.networkId, sites.id],
      name: 'broadcasts_site_fk',
    }),
  ],
)
