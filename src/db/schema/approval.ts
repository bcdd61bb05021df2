import { channelNames, languages } from '../../words.ts'
import { columns } from '../columns.ts'
import { campaigns } from './campaign.ts'
import { createdAt, id, networkId } from './keys.ts'
import { networks } from './network.ts'

const { table, index, uniqueIndex, primaryKey, foreignKey, text, plainText, integer, boolean, json, instant } = columns

/** Words by the hash of their source, each kept once: what a launched step says is read here, not in the templates. */
export const keptWords = table(
  'kept_words',
  {
    networkId: networkId().references(() => networks.id, { onDelete: 'cascade' }),
    hash: text('hash').notNull(),
    source: text('source').notNull(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.networkId, t.hash] })],
)

/**
 * What a step of a launched campaign says on a channel and in a language, at each of its occurrences, since the launch
 * or since somebody took newer words over.
 */
export const campaignWords = table(
  'campaign_words',
  {
    networkId: networkId(),
    campaignId: text('campaign_id').notNull(),
    step: text('step').notNull(),
    channel: text('channel', { enum: channelNames }).notNull(),
    language: text('language', { enum: languages }).notNull(),
    template: text('template').notNull(),
    /** Of `kept_words`. */
    hash: text('hash').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.campaignId, t.step, t.channel, t.language] }),
    foreignKey({
      columns: [t.networkId, t.campaignId],
      foreignColumns: [campaigns.networkId, campaigns.id],
      name: 'campaign_words_campaign_fk',
    }).onDelete('cascade'),
  ],
)

/** One text of a template in one moment. */
export interface WordsRef {
  template: string
  channel: (typeof channelNames)[number]
  language: (typeof languages)[number]
  /** Of `kept_words`. */
  hash: string
}

/** A campaign's file and all its words at one moment: what a proof showed and an approval was given for. */
export const campaignSnapshots = table(
  'campaign_snapshots',
  {
    networkId: networkId(),
    campaignId: text('campaign_id').notNull(),
    /** Of the file and the words together, see `src/approval/snapshot.ts`. */
    hash: text('hash').notNull(),
    source: text('source').notNull(),
    words: json('words').$type<WordsRef[]>().notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.campaignId, t.hash] }),
    foreignKey({
      columns: [t.networkId, t.campaignId],
      foreignColumns: [campaigns.networkId, campaigns.id],
      name: 'campaign_snapshots_campaign_fk',
    }).onDelete('cascade'),
  ],
)

/** Mailboxes and phones of the house: the only ones a proof is ever sent to. */
export const seedAddresses = table(
  'seed_addresses',
  {
    networkId: networkId().references(() => networks.id, { onDelete: 'cascade' }),
    id: id(),
    name: text('name').notNull(),
    channel: text('channel', { enum: ['email', 'sms'] }).notNull(),
    /** Lower-cased mailbox or E.164 number. */
    value: plainText('value').notNull(),
    createdBy: text('created_by').notNull(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.networkId, t.id] }), uniqueIndex('seed_addresses_once').on(t.networkId, t.value)],
)

/** Why somebody was chosen to show a proof by. */
export const sampleReasons = ['longest', 'shortest', 'incomplete', 'profile', 'language', 'first'] as const

export interface ProofSample {
  contactId: string
  because: (typeof sampleReasons)[number]
}

/** A proof (BAT) of a campaign: one for a text and its words, however often it is asked for. */
export const proofs = table(
  'proofs',
  {
    networkId: networkId(),
    id: id(),
    campaignId: text('campaign_id').notNull(),
    /** Of the snapshot it shows. */
    hash: text('hash').notNull(),
    /** In the order of the proof; they may be gone since. */
    samples: json('samples').$type<ProofSample[]>().notNull(),
    createdBy: text('created_by').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.id] }),
    uniqueIndex('proofs_once').on(t.networkId, t.campaignId, t.hash),
    foreignKey({
      columns: [t.networkId, t.campaignId],
      foreignColumns: [campaigns.networkId, campaigns.id],
      name: 'proofs_campaign_fk',
    }).onDelete('cascade'),
  ],
)

export const proofItemStatuses = ['queued', 'sending', 'sent', 'refused', 'unknown'] as const

/** One test message of a proof, to one address of the house. Never a delivery: nothing counts or learns from it. */
export const proofItems = table(
  'proof_items',
  {
    networkId: networkId(),
    id: id(),
    proofId: text('proof_id').notNull(),
    step: text('step').notNull(),
    channel: text('channel', { enum: ['email', 'sms'] }).notNull(),
    language: text('language', { enum: languages }).notNull(),
    /** Place in the proof's samples. */
    sample: integer('sample').notNull(),
    seedId: text('seed_id').notNull(),
    status: text('status', { enum: proofItemStatuses }).notNull(),
    /** Why it was refused or is in doubt, as a code. */
    reason: text('reason'),
    ref: text('ref'),
    /** Of what was rendered. */
    contentHash: text('content_hash'),
    parts: integer('parts'),
    currency: text('currency').notNull(),
    costMillis: integer('cost_millis').notNull().default(0),
    sentAt: instant('sent_at'),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.id] }),
    uniqueIndex('proof_items_once').on(t.networkId, t.proofId, t.step, t.channel, t.language, t.sample, t.seedId),
    foreignKey({
      columns: [t.networkId, t.proofId],
      foreignColumns: [proofs.networkId, proofs.id],
      name: 'proof_items_proof_fk',
    }).onDelete('cascade'),
  ],
)

export const approvalStatuses = ['asked', 'approved', 'sent_back', 'void'] as const

/** An approval asked for, of one text and its words. The newest of a campaign is the one that counts. */
export const approvals = table(
  'approvals',
  {
    networkId: networkId(),
    id: id(),
    campaignId: text('campaign_id').notNull(),
    /** 1, 2, 3 … within the campaign. */
    round: integer('round').notNull(),
    /** Of the snapshot it is for: any other text or words void it. */
    hash: text('hash').notNull(),
    status: text('status', { enum: approvalStatuses }).notNull(),
    askedBy: text('asked_by').notNull(),
    /** Business time, as the deadline. */
    askedAt: instant('asked_at').notNull(),
    dueAt: instant('due_at').notNull(),
    /** How many have to approve. */
    needed: integer('needed').notNull(),
    decidedAt: instant('decided_at'),
    isReminded: boolean('is_reminded').notNull().default(false),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.id] }),
    uniqueIndex('approvals_round').on(t.networkId, t.campaignId, t.round),
    foreignKey({
      columns: [t.networkId, t.campaignId],
      foreignColumns: [campaigns.networkId, campaigns.id],
      name: 'approvals_campaign_fk',
    }).onDelete('cascade'),
  ],
)

/** What one user said of it. */
export const approvalVotes = table(
  'approval_votes',
  {
    networkId: networkId(),
    approvalId: text('approval_id').notNull(),
    userId: text('user_id').notNull(),
    verdict: text('verdict', { enum: ['approve', 'send_back'] }).notNull(),
    comment: text('comment').notNull().default(''),
    at: instant('at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.approvalId, t.userId] }),
    foreignKey({
      columns: [t.networkId, t.approvalId],
      foreignColumns: [approvals.networkId, approvals.id],
      name: 'approval_votes_approval_fk',
    }).onDelete('cascade'),
  ],
)

/** Who agrees to a change, and to which steps taking over the words of their templates. */
export interface Agreement {
  by: string[]
  takeOver: string[]
}

/** A change to a launched campaign, kept until somebody applies it or throws it away. */
export const campaignChanges = table(
  'campaign_changes',
  {
    networkId: networkId(),
    id: id(),
    campaignId: text('campaign_id').notNull(),
    /** The version it was written from: when another has been made since, it no longer applies. */
    baseVersion: integer('base_version').notNull(),
    source: text('source').notNull(),
    hash: text('hash').notNull(),
    status: text('status', { enum: ['proposed', 'applied', 'discarded'] }).notNull(),
    createdBy: text('created_by').notNull(),
    createdAt: createdAt(),
    decidedBy: text('decided_by'),
    decidedAt: instant('decided_at'),
    /** Where several have to agree: who has so far, and with which words taken over. */
    agreed: json('agreed').$type<Agreement>(),
    /** How often `agreed` was written: whoever writes it names what they have read. */
    agreedRound: integer('agreed_round').notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.id] }),
    index('campaign_changes_campaign').on(t.networkId, t.campaignId, t.status),
    foreignKey({
      columns: [t.networkId, t.campaignId],
      foreignColumns: [campaigns.networkId, campaigns.id],
      name: 'campaign_changes_campaign_fk',
    }).onDelete('cascade'),
  ],
)

/** Whether a link of a campaign answered when it was last tried. */
export const linkChecks = table(
  'link_checks',
  {
    networkId: networkId().references(() => networks.id, { onDelete: 'cascade' }),
    /** SHA-256 of the address. */
    urlHash: text('url_hash').notNull(),
    outcome: text('outcome').notNull(),
    status: integer('status'),
    /** Wall time. */
    checkedAt: instant('checked_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.networkId, t.urlHash] })],
)
