import { channelNames, eventTypes, verdicts } from '../../words.ts'
import { columns } from '../columns.ts'
import { messages } from './campaign.ts'
import { createdAt, id, networkId } from './keys.ts'
import { networks } from './network.ts'

const { table, index, uniqueIndex, primaryKey, foreignKey, text, integer, json, instant } = columns

/** Links are rows: no destination ever stands in a URL, so there is no open redirect. */
export const links = table(
  'links',
  {
    networkId: networkId(),
    id: id(),
    messageId: text('message_id').notNull(),
    /** Null when every recipient shares the link (aggregate tracking). */
    deliveryId: text('delivery_id'),
    /** 8 characters for SMS and paper (`/q/:code`); e-mail links travel as signed tokens instead. */
    code: text('code'),
    kind: text('kind', { enum: ['click', 'qr', 'sms'] }).notNull(),
    url: text('url').notNull(),
    createdAt: createdAt(),
    expiresAt: instant('expires_at'),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.id] }),
    uniqueIndex('links_code').on(t.code),
    index('links_message').on(t.networkId, t.messageId),
    foreignKey({
      columns: [t.networkId, t.messageId],
      foreignColumns: [messages.networkId, messages.id],
      name: 'links_message_fk',
    }),
  ],
)

/** Everything that came in, raw and first; applied afterwards. A duplicate is stored once. */
export const inboundEvents = table(
  'inbound_events',
  {
    id: id().primaryKey(),
    source: text('source').notNull(),
    dedupeKey: text('dedupe_key').notNull(),
    /** Null until the event is matched to a delivery; an orphan waits for the commit it beat. */
    networkId: text('network_id'),
    body: json('body').$type<unknown>().notNull(),
    receivedAt: instant('received_at').notNull(),
    appliedAt: instant('applied_at'),
    attempts: integer('attempts').notNull().default(0),
    error: text('error'),
  },
  (t) => [
    uniqueIndex('inbound_events_once').on(t.source, t.dedupeKey),
    index('inbound_events_pending').on(t.appliedAt, t.attempts, t.receivedAt),
    // Whether a provider calls at all: without that, its silence on a message says nothing.
    index('inbound_events_heard').on(t.source, t.receivedAt),
  ],
)

/** Something that happened, with its classification beside it. Statuses are states; what people did are events. */
export const events = table(
  'events',
  {
    networkId: networkId().references(() => networks.id, { onDelete: 'cascade' }),
    id: id(),
    type: text('type', { enum: eventTypes }).notNull(),
    deliveryId: text('delivery_id'),
    messageId: text('message_id'),
    contactId: text('contact_id'),
    siteId: text('site_id'),
    channel: text('channel', { enum: channelNames }),
    dedupeKey: text('dedupe_key').notNull(),
    inboundEventId: text('inbound_event_id'),
    verdict: text('verdict', { enum: verdicts }),
    classifierVersion: text('classifier_version'),
    data: json('data').$type<Record<string, unknown>>().notNull(),
    occurredAt: instant('occurred_at').notNull(),
    recordedAt: instant('recorded_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.id] }),
    uniqueIndex('events_once').on(t.networkId, t.dedupeKey),
    index('events_contact').on(t.networkId, t.contactId, t.occurredAt),
    index('events_delivery').on(t.networkId, t.deliveryId),
    index('events_message').on(t.networkId, t.messageId, t.type),
  ],
)
