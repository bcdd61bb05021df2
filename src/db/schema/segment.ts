import { columns } from '../columns.ts'
import { id, networkId, updatedAt } from './keys.ts'
import { contacts, networks } from './network.ts'

const { table, index, uniqueIndex, primaryKey, foreignKey, text, integer, json, instant } = columns

export const segments = table(
  'segments',
  {
    networkId: networkId().references(() => networks.id, { onDelete: 'cascade' }),
    id: id(),
    name: text('name').notNull(),
    title: json('title').$type<Record<string, string>>().notNull(),
    /** The rule as written; parsed by `src/segment/rule.ts`. */
    rule: json('rule').$type<unknown>().notNull(),
    version: integer('version').notNull().default(1),
    updatedAt: updatedAt(),
  },
  (t) => [primaryKey({ columns: [t.networkId, t.id] }), uniqueIndex('segments_name').on(t.networkId, t.name)],
)

export const segmentMembers = table(
  'segment_members',
  {
    networkId: networkId(),
    segmentId: text('segment_id').notNull(),
    contactId: text('contact_id').notNull(),
    since: instant('since').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.segmentId, t.contactId] }),
    // To its end, so that SQLite does not prefer the primary key, which has all columns but the wrong order.
    index('segment_members_contact').on(t.networkId, t.contactId, t.segmentId),
    foreignKey({
      columns: [t.networkId, t.segmentId],
      foreignColumns: [segments.networkId, segments.id],
      name: 'segment_members_segment_fk',
    }).onDelete('cascade'),
    foreignKey({
      columns: [t.networkId, t.contactId],
      foreignColumns: [contacts.networkId, contacts.id],
      name: 'segment_members_contact_fk',
    }).onDelete('cascade'),
  ],
)

/**
 * When somebody's memberships have to be looked at again: at once, because something happened, or at the moment a
 * window ends. One row for each contact, whatever the number of segments; none when time alone changes nothing.
 */
export const segmentChecks = table(
  'segment_checks',
  {
    networkId: networkId(),
    contactId: text('contact_id').notNull(),
    /** Business time. */
    dueAt: instant('due_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.contactId] }),
    index('segment_checks_due').on(t.networkId, t.dueAt, t.contactId),
    foreignKey({
      columns: [t.networkId, t.contactId],
      foreignColumns: [contacts.networkId, contacts.id],
      name: 'segment_checks_contact_fk',
    }).onDelete('cascade'),
  ],
)
