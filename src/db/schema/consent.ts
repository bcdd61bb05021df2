import {
  channelNames,
  consentActions,
  consentBases,
  consentPurposes,
  languages,
  suppressionScopes,
} from '../../words.ts'
import { columns } from '../columns.ts'
import { id, networkId } from './keys.ts'
import { contacts, networks } from './network.ts'

const { table, index, uniqueIndex, primaryKey, foreignKey, text, integer, instant } = columns

/** Append-only: the present state is the last entry per contact, channel and purpose. Never updated, never deleted. */
export const consents = table(
  'consents',
  {
    networkId: networkId(),
    id: id(),
    contactId: text('contact_id').notNull(),
    channel: text('channel', { enum: channelNames }).notNull(),
    purpose: text('purpose', { enum: consentPurposes }).notNull(),
    action: text('action', { enum: consentActions }).notNull(),
    /** For `import`: what the file said. A wish under basis `unstated` opens nothing. */
    value: text('value', { enum: ['yes', 'no'] }).notNull(),
    basis: text('basis', { enum: consentBases }).notNull(),
    wordingVersion: text('wording_version'),
    wordingHash: text('wording_hash'),
    language: text('language', { enum: languages }),
    source: text('source').notNull(),
    actor: text('actor').notNull(),
    evidenceRef: text('evidence_ref'),
    occurredAt: instant('occurred_at').notNull(),
    recordedAt: instant('recorded_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.id] }),
    index('consents_contact').on(t.networkId, t.contactId, t.channel, t.purpose, t.occurredAt),
    foreignKey({
      columns: [t.networkId, t.contactId],
      foreignColumns: [contacts.networkId, contacts.id],
      name: 'consents_contact_fk',
    }),
  ],
)

/** What a contact said of being measured (domain §1.5). Append-only, the last one holds; it acts backwards too. */
export const trackingChoices = table(
  'tracking_choices',
  {
    networkId: networkId(),
    id: id(),
    contactId: text('contact_id').notNull(),
    subject: text('subject', { enum: ['opens', 'clicks', 'learning'] }).notNull(),
    choice: text('choice', { enum: ['granted', 'refused', 'unstated'] }).notNull(),
    source: text('source').notNull(),
    occurredAt: instant('occurred_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.id] }),
    index('tracking_choices_contact').on(t.networkId, t.contactId, t.subject, t.occurredAt),
    foreignKey({
      columns: [t.networkId, t.contactId],
      foreignColumns: [contacts.networkId, contacts.id],
      name: 'tracking_choices_contact_fk',
    }),
  ],
)

/**
 * Who must not be written to, and how far that reaches. Keyed by the address hash, so it outlives an erasure
 * and stops a re-import.
 */
export const suppressions = table(
  'suppressions',
  {
    networkId: networkId().references(() => networks.id, { onDelete: 'cascade' }),
    id: id(),
    scope: text('scope', { enum: suppressionScopes }).notNull(),
    addressHash: text('address_hash').notNull(),
    /** Empty when the scope does not use it, so that the unique key holds on both databases. */
    channel: text('channel').notNull().default(''),
    senderId: text('sender_id').notNull().default(''),
    topic: text('topic').notNull().default(''),
    reason: text('reason').notNull(),
    source: text('source').notNull(),
    occurredAt: instant('occurred_at').notNull(),
    liftedAt: instant('lifted_at'),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.id] }),
    uniqueIndex('suppressions_once').on(t.networkId, t.addressHash, t.scope, t.channel, t.senderId, t.topic),
  ],
)

/**
 * Who was asked, after years without a word, whether they wish to stay, or is withheld from it; one row a person, of the
 * last time. Without a row nobody is erased for silence.
 */
export const silenceAsks = table(
  'silence_asks',
  {
    networkId: networkId(),
    contactId: text('contact_id').notNull(),
    /** Business time, as all of them here. */
    askedAt: instant('asked_at').notNull(),
    /** From when on it is looked at again: the end of the time for an answer, counted from when the message left. */
    eraseAt: instant('erase_at').notNull(),
    /** Null while the answer is awaited; `unreached`: the message never left, `withheld`: somebody keeps them. */
    outcome: text('outcome', { enum: ['stayed', 'erased', 'unreached', 'withheld'] }),
    endedAt: instant('ended_at'),
    /** The user who withholds them; `relais` where they were asked. */
    askedBy: text('asked_by').notNull(),
    /** The message that asked; null where they were never asked. */
    messageId: text('message_id'),
    /** Which time it is. */
    round: integer('round').notNull().default(0),
    /** Days the message gave to answer; what the network sets later does not shorten them. */
    answerDays: integer('answer_days').notNull().default(30),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.contactId] }),
    index('silence_asks_due').on(t.networkId, t.outcome, t.eraseAt),
    foreignKey({
      columns: [t.networkId, t.contactId],
      foreignColumns: [contacts.networkId, contacts.id],
      name: 'silence_asks_contact_fk',
    }),
  ],
)
