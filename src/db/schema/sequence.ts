import { columns } from '../columns.ts'
import { campaigns, messages } from './campaign.ts'
import { createdAt, id, networkId } from './keys.ts'
import { contacts } from './network.ts'
import type { CodeParams } from './outbox.ts'

const { table, index, uniqueIndex, primaryKey, foreignKey, text, integer, json, instant } = columns

/** What a campaign listens for, and why: to let somebody in or out, to bring them to a step, to start it for all. */
export const watchRoles = ['entry', 'exit', 'step', 'wait', 'group'] as const
export type WatchRole = (typeof watchRoles)[number]

export const watchKinds = [
  'event',
  'enters',
  'leaves',
  'date',
  'registered',
  'replied',
  'returned',
  'silent',
  'notStarted',
  'opened',
  'acted',
  'goal',
  'posted',
  'participation',
  'late',
] as const
export type WatchKind = (typeof watchKinds)[number]

/** Why somebody came to a step, or what was heard: a code with its parameters, said in the reader’s language. */
export interface Cause {
  code: string
  params?: CodeParams
}

/** What campaigns under way listen for, so that whatever happens asks one index whom it concerns. */
export const watches = table(
  'watches',
  {
    networkId: networkId(),
    id: id(),
    campaignId: text('campaign_id').notNull(),
    /** The step's message; empty for what concerns the campaign as a whole. */
    messageId: text('message_id').notNull().default(''),
    role: text('role', { enum: watchRoles }).notNull(),
    kind: text('kind', { enum: watchKinds }).notNull(),
    /** The event's name, the segment, the attribute, the step's message: what is listened for. Empty for any. */
    key: text('key').notNull().default(''),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.id] }),
    uniqueIndex('watches_once').on(t.networkId, t.campaignId, t.messageId, t.role, t.kind, t.key),
    index('watches_kind').on(t.networkId, t.kind, t.key),
    foreignKey({
      columns: [t.networkId, t.campaignId],
      foreignColumns: [campaigns.networkId, campaigns.id],
      name: 'watches_campaign_fk',
    }).onDelete('cascade'),
  ],
)

/** One person's way through a campaign: when they came in, when and why they left. */
export const journeys = table(
  'journeys',
  {
    networkId: networkId(),
    campaignId: text('campaign_id').notNull(),
    contactId: text('contact_id').notNull(),
    /** 1 the first time, 2 the next; 0 where nobody enters and only the leaving is kept. */
    round: integer('round').notNull(),
    state: text('state', { enum: ['under_way', 'left'] }).notNull(),
    /** What brought them, once: the same event told twice lets nobody in twice. */
    causeKey: text('cause_key').notNull(),
    cause: json('cause').$type<Cause>().notNull(),
    /** What the event that let them in said, for the templates: `{{ entry.slot }}`. */
    data: json('data').$type<Record<string, unknown>>().notNull(),
    /** The moment steps are counted from. */
    enteredAt: instant('entered_at').notNull(),
    leftAt: instant('left_at'),
    leftFor: json('left_for').$type<Cause>(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.campaignId, t.contactId, t.round] }),
    uniqueIndex('journeys_cause').on(t.networkId, t.campaignId, t.contactId, t.causeKey),
    index('journeys_contact').on(t.networkId, t.contactId, t.campaignId),
    index('journeys_state').on(t.networkId, t.campaignId, t.state, t.contactId),
    foreignKey({
      columns: [t.networkId, t.campaignId],
      foreignColumns: [campaigns.networkId, campaigns.id],
      name: 'journeys_campaign_fk',
    }).onDelete('cascade'),
    foreignKey({
      columns: [t.networkId, t.contactId],
      foreignColumns: [contacts.networkId, contacts.id],
      name: 'journeys_contact_fk',
    }).onDelete('cascade'),
  ],
)

export const arrivalStates = ['waiting', 'decided', 'tasked', 'passed', 'met', 'timed_out', 'left'] as const
export type ArrivalState = (typeof arrivalStates)[number]

/**
 * Somebody on their way to a step (`step`), or waited for after one (`wait`), each settled once: decided, given to
 * somebody as a task, passed over, met by what was waited for, timed out, or gone with the person who left.
 */
export const arrivals = table(
  'arrivals',
  {
    networkId: networkId(),
    id: id(),
    campaignId: text('campaign_id').notNull(),
    messageId: text('message_id').notNull(),
    contactId: text('contact_id').notNull(),
    kind: text('kind', { enum: ['step', 'wait'] }).notNull(),
    /** The round of the journey, the year of an anniversary, or how often they have come. */
    occurrence: text('occurrence').notNull(),
    state: text('state', { enum: arrivalStates }).notNull(),
    /** Business time. */
    dueAt: instant('due_at').notNull(),
    /** When that which brought them happened. */
    causeAt: instant('cause_at').notNull(),
    cause: json('cause').$type<Cause>().notNull(),
    /** What the event that brought them said, for the templates. */
    data: json('data').$type<Record<string, unknown>>().notNull(),
    /** Why they were passed over, as a code. */
    reason: text('reason'),
    /** Of the deliveries and the decision made of it. */
    decidedAs: text('decided_as'),
    settledAt: instant('settled_at'),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.id] }),
    uniqueIndex('arrivals_once').on(t.networkId, t.messageId, t.contactId, t.kind, t.occurrence),
    index('arrivals_due').on(t.networkId, t.messageId, t.state, t.dueAt, t.id),
    index('arrivals_contact').on(t.networkId, t.contactId, t.campaignId, t.state),
    foreignKey({
      columns: [t.networkId, t.messageId],
      foreignColumns: [messages.networkId, messages.id],
      name: 'arrivals_message_fk',
    }).onDelete('cascade'),
    foreignKey({
      columns: [t.networkId, t.contactId],
      foreignColumns: [contacts.networkId, contacts.id],
      name: 'arrivals_contact_fk',
    }).onDelete('cascade'),
  ],
)

/** The days some campaign listens for, one row for each contact and attribute, so that a day finds its people. */
export const contactDates = table(
  'contact_dates',
  {
    networkId: networkId(),
    contactId: text('contact_id').notNull(),
    attribute: text('attribute').notNull(),
    /** YYYY-MM-DD, and without its year. */
    day: text('day').notNull(),
    monthDay: text('month_day').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.contactId, t.attribute] }),
    index('contact_dates_day').on(t.networkId, t.attribute, t.day, t.contactId),
    index('contact_dates_yearly').on(t.networkId, t.attribute, t.monthDay, t.contactId),
    foreignKey({
      columns: [t.networkId, t.contactId],
      foreignColumns: [contacts.networkId, contacts.id],
      name: 'contact_dates_contact_fk',
    }).onDelete('cascade'),
  ],
)

export const taskOutcomes = ['reached', 'no_answer', 'booked', 'refused'] as const
export type TaskOutcome = (typeof taskOutcomes)[number]

/** Something for somebody to do for one contact, such as ringing them up. */
export const tasks = table(
  'tasks',
  {
    networkId: networkId(),
    id: id(),
    campaignId: text('campaign_id').notNull(),
    messageId: text('message_id').notNull(),
    contactId: text('contact_id').notNull(),
    siteId: text('site_id').notNull(),
    occurrence: text('occurrence').notNull(),
    kind: text('kind', { enum: ['call'] }).notNull(),
    /** A user; null where it is for whoever takes it. */
    assigneeId: text('assignee_id'),
    /** The correspondent of the outlet, a contact, where it is for them. */
    correspondentId: text('correspondent_id'),
    note: text('note').notNull().default(''),
    status: text('status', { enum: ['open', 'done', 'canceled'] }).notNull(),
    outcome: text('outcome', { enum: taskOutcomes }),
    /** What whoever did it wrote down. */
    remark: text('remark').notNull().default(''),
    dueAt: instant('due_at').notNull(),
    doneAt: instant('done_at'),
    doneBy: text('done_by'),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.id] }),
    uniqueIndex('tasks_once').on(t.networkId, t.messageId, t.contactId, t.occurrence),
    index('tasks_open').on(t.networkId, t.status, t.dueAt, t.id),
    index('tasks_assignee').on(t.networkId, t.assigneeId, t.status, t.dueAt, t.id),
    index('tasks_contact').on(t.networkId, t.contactId),
    index('tasks_campaign').on(t.networkId, t.campaignId, t.status),
    foreignKey({
      columns: [t.networkId, t.messageId],
      foreignColumns: [messages.networkId, messages.id],
      name: 'tasks_message_fk',
    }).onDelete('cascade'),
    foreignKey({
      columns: [t.networkId, t.contactId],
      foreignColumns: [contacts.networkId, contacts.id],
      name: 'tasks_contact_fk',
    }).onDelete('cascade'),
  ],
)

export const proposalGroups = ['everyone', 'never_started', 'stalled', 'slowing'] as const
export type ProposalGroup = (typeof proposalGroups)[number]

/** Why something is proposed, in figures. */
export type ProposalFigures = Record<string, number>

/** A step that waits for somebody to say yes: whom it would reach and why, until it is decided or too late. */
export const proposals = table(
  'proposals',
  {
    networkId: networkId(),
    id: id(),
    campaignId: text('campaign_id').notNull(),
    /** The step's message, which it would start. */
    messageId: text('message_id').notNull(),
    occurrence: text('occurrence').notNull(),
    state: text('state', { enum: ['open', 'approved', 'dismissed', 'expired'] }).notNull(),
    cause: json('cause').$type<Cause>().notNull(),
    figures: json('figures').$type<ProposalFigures>().notNull(),
    proposedAt: instant('proposed_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    decidedAt: instant('decided_at'),
    decidedBy: text('decided_by'),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.id] }),
    uniqueIndex('proposals_once').on(t.networkId, t.messageId, t.occurrence),
    index('proposals_state').on(t.networkId, t.state, t.proposedAt, t.id),
    index('proposals_campaign').on(t.networkId, t.campaignId, t.proposedAt),
    foreignKey({
      columns: [t.networkId, t.messageId],
      foreignColumns: [messages.networkId, messages.id],
      name: 'proposals_message_fk',
    }).onDelete('cascade'),
  ],
)

/** Whom a proposal would reach, and as what. */
export const proposalMembers = table(
  'proposal_members',
  {
    networkId: networkId(),
    proposalId: text('proposal_id').notNull(),
    contactId: text('contact_id').notNull(),
    group: text('group_name', { enum: proposalGroups }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.proposalId, t.contactId] }),
    index('proposal_members_contact').on(t.networkId, t.contactId),
    foreignKey({
      columns: [t.networkId, t.proposalId],
      foreignColumns: [proposals.networkId, proposals.id],
      name: 'proposal_members_proposal_fk',
    }).onDelete('cascade'),
    foreignKey({
      columns: [t.networkId, t.contactId],
      foreignColumns: [contacts.networkId, contacts.id],
      name: 'proposal_members_contact_fk',
    }).onDelete('cascade'),
  ],
)
