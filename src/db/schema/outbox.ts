import { sql } from 'drizzle-orm'
import { channelNames, deliveryStatuses, messageClasses, timerKinds, trackingModes } from '../../words.ts'
import { columns } from '../columns.ts'
import { messages } from './campaign.ts'
import { createdAt, id, networkId, updatedAt } from './keys.ts'
import { contacts, networks } from './network.ts'

const { table, index, uniqueIndex, primaryKey, foreignKey, text, integer, long, boolean, json, bytes, instant } =
  columns

/** One argument of a code's sentence; the sentence itself is rendered in the reader's language, never stored. */
export type CodeParams = Record<string, string | number | boolean | null>
export interface Because {
  code: string
  params?: CodeParams
}

/** What routing chose for everyone of an audience, and why; also for those who get nothing. */
export const decisions = table(
  'decisions',
  {
    networkId: networkId(),
    messageId: text('message_id').notNull(),
    contactId: text('contact_id').notNull(),
    occurrence: text('occurrence').notNull(),
    outcome: text('outcome', { enum: ['send', 'defer', 'none', 'holdout'] }).notNull(),
    channel: text('channel', { enum: channelNames }),
    /** When it should leave, the recipient's hours considered. */
    at: instant('at'),
    because: json('because').$type<Because[]>().notNull(),
    trace: json('trace').$type<unknown>().notNull(),
    fallbacks: json('fallbacks').$type<unknown>().notNull(),
    policyVersion: integer('policy_version').notNull(),
    seed: text('seed').notNull(),
    /** The channel was drawn at random, not chosen: what comes of it says what channels are worth, without bias. */
    isExplored: boolean('is_explored').notNull().default(false),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.messageId, t.contactId, t.occurrence] }),
    index('decisions_contact').on(t.networkId, t.contactId),
    foreignKey({
      columns: [t.networkId, t.messageId],
      foreignColumns: [messages.networkId, messages.id],
      name: 'decisions_message_fk',
    }).onDelete('cascade'),
    foreignKey({
      columns: [t.networkId, t.contactId],
      foreignColumns: [contacts.networkId, contacts.id],
      name: 'decisions_contact_fk',
    }),
  ],
)

/** Held until a time comes, rather than for a person, a provider or a campaign that is paused; said as SQL so that its index is seen to serve. */
export const heldForTime = sql`status = 'held' and (reason is null or reason not in ('paused', 'no_provider', 'credentials_unreadable'))`

/** Said as SQL, not as a parameter, so that the index of what is queued is seen to serve. */
export const isQueued = sql`status = 'queued'`

/** Not at its end yet, one way or the other: handed over or laid aside for good. Said as SQL for its index. */
export const isOwed = sql`status in ('planned', 'held', 'queued', 'sending', 'unknown')`

/** The record of one journey to one recipient on one channel. Asking twice sends once (`deliveries_once`). */
export const deliveries = table(
  'deliveries',
  {
    networkId: networkId(),
    id: id(),
    messageId: text('message_id').notNull(),
    /** `contact:…`, `site:…` or `station:…`. */
    recipientKey: text('recipient_key').notNull(),
    channel: text('channel', { enum: channelNames }).notNull(),
    occurrence: text('occurrence').notNull(),
    status: text('status', { enum: deliveryStatuses }).notNull(),
    class: text('class', { enum: messageClasses }).notNull(),
    /** 0 immediate … 3 low: urgent leaves first, marketing yields. */
    priority: integer('priority').notNull(),
    addressId: text('address_id'),
    senderId: text('sender_id'),
    /** When it is next due: its routed time, a retry, or the end of a grace. */
    dueAt: instant('due_at').notNull(),
    expiresAt: instant('expires_at'),
    /** Why it is in this status, as a code; a temporary failure is `queued` with a reason. */
    reason: text('reason'),
    /** Companions (the intranet copy of everything) are not counted as touches. */
    isCompanion: boolean('is_companion').notNull().default(false),
    /** The delivery this one stands in for. */
    fallbackOf: text('fallback_of'),
    provider: text('provider'),
    providerRef: text('provider_ref'),
    attempt: integer('attempt').notNull().default(0),
    /** How often its fate has been in doubt; the second doubt is for a human. */
    doubts: integer('doubts').notNull().default(0),
    claimedBy: text('claimed_by'),
    leaseUntil: instant('lease_until'),
    // Fixed at the first claim; retries read them and produce the same bytes.
    contentVersionId: text('content_version_id'),
    mergeValues: json('merge_values').$type<Record<string, unknown>>(),
    trackingMode: text('tracking_mode', { enum: trackingModes }),
    tokenKeyId: text('token_key_id'),
    rendererVersion: text('renderer_version'),
    contentHash: text('content_hash'),
    parts: integer('parts'),
    /** Thousandths of a minor unit (an e-mail costs a tenth of a cent); totals are rounded once. */
    costMillis: long('cost_millis').notNull().default(0),
    currency: text('currency').notNull(),
    /** A receipt was due and never came; the status stays `sent`. */
    isReceiptMissing: boolean('is_receipt_missing').notNull().default(false),
    sentAt: instant('sent_at'),
    deliveredAt: instant('delivered_at'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.id] }),
    uniqueIndex('deliveries_once').on(t.networkId, t.messageId, t.recipientKey, t.channel, t.occurrence),
    index('deliveries_due').on(t.networkId, t.status, t.priority, t.dueAt),
    /** What leaves next by one sender, however much waits for another channel or for its turn. */
    index('deliveries_queued').on(t.networkId, t.channel, t.senderId, t.priority, t.dueAt).where(isQueued),
    /** Whether anything of a message is still to leave, however many have left. */
    index('deliveries_owed').on(t.networkId, t.messageId, t.channel).where(isOwed),
    index('deliveries_held').on(t.networkId, t.dueAt).where(heldForTime),
    index('deliveries_recipient').on(t.networkId, t.recipientKey),
    foreignKey({
      columns: [t.networkId, t.messageId],
      foreignColumns: [messages.networkId, messages.id],
      name: 'deliveries_message_fk',
    }),
  ],
)

/** The contacts a delivery covers: one, or all those behind a site's letter or a station's screen. */
export const deliveryMembers = table(
  'delivery_members',
  {
    networkId: networkId(),
    deliveryId: text('delivery_id').notNull(),
    contactId: text('contact_id').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.deliveryId, t.contactId] }),
    // To its end, so that SQLite does not prefer the primary key, which has all columns but the wrong order.
    index('delivery_members_contact').on(t.networkId, t.contactId, t.deliveryId),
    foreignKey({
      columns: [t.networkId, t.deliveryId],
      foreignColumns: [deliveries.networkId, deliveries.id],
      name: 'delivery_members_delivery_fk',
    }).onDelete('cascade'),
    foreignKey({
      columns: [t.networkId, t.contactId],
      foreignColumns: [contacts.networkId, contacts.id],
      name: 'delivery_members_contact_fk',
    }),
  ],
)

/** A call that carries several deliveries and is not known to have been answered: the word on one is the word on all. */
export const openCalls = table(
  'open_calls',
  {
    networkId: networkId(),
    id: id(),
    members: json('members').$type<{ id: string; attempt: number }[]>().notNull(),
    /** Business times. */
    startedAt: instant('started_at').notNull(),
    /** When the provider spoke of a delivery it was given in this call. */
    takenAt: instant('taken_at'),
    providerRef: text('provider_ref'),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.id] }),
    foreignKey({ columns: [t.networkId], foreignColumns: [networks.id], name: 'open_calls_network_fk' }),
  ],
)

/** One try at handing a delivery over, written before the provider is called. */
export const attempts = table(
  'attempts',
  {
    networkId: networkId(),
    deliveryId: text('delivery_id').notNull(),
    number: integer('number').notNull(),
    worker: text('worker').notNull(),
    startedAt: instant('started_at').notNull(),
    endedAt: instant('ended_at'),
    outcome: text('outcome', { enum: ['accepted', 'refused', 'unknown', 'not_sent'] }),
    code: text('code'),
    detail: text('detail'),
    provider: text('provider'),
    providerRef: text('provider_ref'),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.deliveryId, t.number] }),
    index('attempts_ref').on(t.provider, t.providerRef),
    foreignKey({
      columns: [t.networkId, t.deliveryId],
      foreignColumns: [deliveries.networkId, deliveries.id],
      name: 'attempts_delivery_fk',
    }).onDelete('cascade'),
  ],
)

/** The very content handed over, gzip, kept for a set time and erased with the person; the delivery keeps its hash. */
export const renderedContents = table(
  'rendered_contents',
  {
    networkId: networkId(),
    deliveryId: text('delivery_id').notNull(),
    body: bytes('body').notNull(),
    keepUntil: instant('keep_until').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.deliveryId] }),
    index('rendered_contents_keep').on(t.networkId, t.keepUntil),
    foreignKey({
      columns: [t.networkId, t.deliveryId],
      foreignColumns: [deliveries.networkId, deliveries.id],
      name: 'rendered_contents_delivery_fk',
    }).onDelete('cascade'),
  ],
)

/** Every wait in one table: steps, fallbacks, waves, maturities, expiries, receipts, digests. Fires once. */
export const timers = table(
  'timers',
  {
    networkId: networkId().references(() => networks.id, { onDelete: 'cascade' }),
    id: id(),
    kind: text('kind', { enum: timerKinds }).notNull(),
    subject: text('subject').notNull(),
    occurrence: text('occurrence').notNull(),
    dueAt: instant('due_at').notNull(),
    payload: json('payload').$type<Record<string, unknown>>().notNull(),
    firedAt: instant('fired_at'),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.id] }),
    uniqueIndex('timers_once').on(t.networkId, t.kind, t.subject, t.occurrence),
    index('timers_due').on(t.networkId, t.firedAt, t.dueAt),
  ],
)

export interface Touch {
  /** Epoch milliseconds. */
  at: number
  channel: (typeof channelNames)[number]
  class: (typeof messageClasses)[number]
  /** The message it came from: colleagues of an outlet who get the same one are one touch of the outlet. */
  message?: string
}

/** Recent touches of a contact or a site; the version is bumped in the routing transaction that adds one. */
export const pressures = table(
  'pressures',
  {
    networkId: networkId().references(() => networks.id, { onDelete: 'cascade' }),
    /** `contact:…` or `site:…`. */
    subjectKey: text('subject_key').notNull(),
    version: integer('version').notNull(),
    touches: json('touches').$type<Touch[]>().notNull(),
    updatedAt: updatedAt(),
  },
  (t) => [primaryKey({ columns: [t.networkId, t.subjectKey] })],
)

/** What was committed per day and channel, for budgets and caps. */
export const spends = table(
  'spends',
  {
    networkId: networkId().references(() => networks.id, { onDelete: 'cascade' }),
    /** The network's own calendar day, YYYY-MM-DD. */
    day: text('day').notNull(),
    channel: text('channel', { enum: channelNames }).notNull(),
    currency: text('currency').notNull(),
    costMillis: long('cost_millis').notNull(),
    deliveries: integer('deliveries').notNull(),
  },
  (t) => [primaryKey({ columns: [t.networkId, t.day, t.channel, t.currency] })],
)
