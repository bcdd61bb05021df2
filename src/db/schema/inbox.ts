import { sql } from 'drizzle-orm'
import { channelNames } from '../../words.ts'
import { columns } from '../columns.ts'
import { users } from './accounts.ts'
import { createdAt, id, networkId, updatedAt } from './keys.ts'
import { networks } from './network.ts'

const { table, index, uniqueIndex, primaryKey, foreignKey, text, plainText, integer, json, instant } = columns

/** What a message said that no person has to answer: its own rule has dealt with it. */
export const handledKinds = ['stop', 'start', 'acknowledge', 'out_of_office', 'automatic', 'challenge'] as const

/** Some has come in that nobody has read yet; said as SQL so that its index is seen to serve. */
export const isUnread = sql`unread > 0`

/** What one address and the network have written to each other on one channel, answers to campaigns first of all. */
export const conversations = table(
  'conversations',
  {
    networkId: networkId().references(() => networks.id, { onDelete: 'cascade' }),
    id: id(),
    channel: text('channel', { enum: channelNames }).notNull(),
    /** Who wrote: an E.164 phone or a lower-cased mailbox. */
    address: plainText('address').notNull(),
    /** Null where the address is nobody's in this network. */
    addressId: text('address_id'),
    /** Null where several people share the address, or nobody is known by it. */
    contactId: text('contact_id'),
    /** Null where the people who share the address are of several sites, or nobody is known by it. */
    siteId: text('site_id'),
    /** The sender that was written to last: an answer leaves from it. */
    senderId: text('sender_id'),
    status: text('status', { enum: ['open', 'closed'] }).notNull(),
    assignedTo: text('assigned_to').references(() => users.id, { onDelete: 'set null' }),
    /** Messages that came in since somebody last looked. */
    unread: integer('unread').notNull().default(0),
    /** The beginning of the last message, for the list. */
    excerpt: text('excerpt').notNull().default(''),
    lastDirection: text('last_direction', { enum: ['in', 'out'] }).notNull(),
    lastAt: instant('last_at').notNull(),
    /** What the last message that came in answers. */
    deliveryId: text('delivery_id'),
    campaignId: text('campaign_id'),
    closedAt: instant('closed_at'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.id] }),
    uniqueIndex('conversations_once').on(t.networkId, t.channel, t.address),
    index('conversations_by_date').on(t.networkId, t.status, t.lastAt, t.id),
    index('conversations_assigned').on(t.networkId, t.assignedTo, t.status, t.lastAt, t.id),
    index('conversations_contact').on(t.networkId, t.contactId),
    index('conversations_campaign').on(t.networkId, t.campaignId, t.lastAt, t.id),
    index('conversations_unread').on(t.networkId, t.siteId).where(isUnread),
  ],
)

/** What a channel says of a message beside its words; nothing of it is needed to read them. */
export interface MessageDetails {
  /** E-mail: its own Message-ID and those before it, so that an answer stands in the same thread (RFC 5322, 3.6.4). */
  mailId?: string
  references?: string[]
  attachments?: { name: string; type: string; size?: number }[]
  /** All of the text as it came, where what was quoted has been left out. */
  original?: string
  /** Who wrote, as the mail says it. */
  writerName?: string
  /** The day of return that an automatic answer states. */
  backOn?: string
  /** Pictures that came with a text message and were not kept. */
  media?: number
  /** A stop word stands in it, though it is more than that: a person should read it. */
  isNearStop?: boolean
}

/** One message of a conversation, in either direction, or a note among colleagues. */
export const conversationMessages = table(
  'conversation_messages',
  {
    networkId: networkId(),
    id: id(),
    conversationId: text('conversation_id').notNull(),
    direction: text('direction', { enum: ['in', 'out', 'note'] }).notNull(),
    text: text('text').notNull(),
    subject: text('subject'),
    at: instant('at').notNull(),
    /** Who wrote the answer or the note. */
    authorId: text('author_id'),
    /** Of what came in, the delivery it answers; of an answer, the delivery it left as. */
    deliveryId: text('delivery_id'),
    inboundEventId: text('inbound_event_id'),
    /** Set where its own rule has dealt with it: shown, and no work for anybody. */
    handledAs: text('handled_as', { enum: handledKinds }),
    details: json('details').$type<MessageDetails>().notNull(),
    /** The same thing told twice, or the same form sent twice, is one message. */
    dedupeKey: text('dedupe_key').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.id] }),
    uniqueIndex('conversation_messages_once').on(t.networkId, t.dedupeKey),
    index('conversation_messages_thread').on(t.networkId, t.conversationId, t.at, t.id),
    index('conversation_messages_delivery').on(t.networkId, t.deliveryId),
    foreignKey({
      columns: [t.networkId, t.conversationId],
      foreignColumns: [conversations.networkId, conversations.id],
      name: 'conversation_messages_conversation_fk',
    }).onDelete('cascade'),
  ],
)

/** Answers a network gives again and again, by language; `{prénom}` and `{firstName}` stand for whoever is answered. */
export const savedAnswers = table(
  'saved_answers',
  {
    networkId: networkId().references(() => networks.id, { onDelete: 'cascade' }),
    id: id(),
    name: text('name').notNull(),
    text: json('text').$type<Record<string, string>>().notNull(),
    updatedBy: text('updated_by').notNull(),
    updatedAt: updatedAt(),
  },
  (t) => [primaryKey({ columns: [t.networkId, t.id] }), uniqueIndex('saved_answers_name').on(t.networkId, t.name)],
)
