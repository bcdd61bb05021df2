import { columns } from '../columns.ts'
import { campaigns } from './campaign.ts'
import { createdAt, id, networkId, updatedAt } from './keys.ts'
import { contacts, networks, sites } from './network.ts'

const {
  table,
  index,
  uniqueIndex,
  primaryKey,
  foreignKey,
  text,
  plainText,
  integer,
  long,
  boolean,
  json,
  instant,
  bytes,
} = columns

/** Who scores: an outlet as such, or somebody who works there. */
export const participantKinds = ['company', 'person'] as const
export type ParticipantKind = (typeof participantKinds)[number]

/** How somebody registered, or a result reached us. */
export const entryWays = ['link', 'sms', 'portal', 'csv', 'coupon', 'console', 'api'] as const
export type EntryWay = (typeof entryWays)[number]

export const resultStatuses = ['pending', 'validated', 'refused', 'reversed'] as const
export type ResultStatus = (typeof resultStatuses)[number]

/** Why a person must look at a result before it counts. */
export const suspicions = ['same_entry', 'same_reference'] as const
export type Suspicion = (typeof suspicions)[number]

export const ledgerKinds = ['credit', 'reversal'] as const

/** The challenge of a campaign, opened when the campaign is launched: its dates, as instants of the network's clock. */
export const challenges = table(
  'challenges',
  {
    networkId: networkId(),
    id: id(),
    campaignId: text('campaign_id').notNull(),
    /** The rules in force, see `challenge_rules`. */
    rulesVersion: integer('rules_version').notNull().default(1),
    registrationOpensAt: instant('registration_opens_at').notNull(),
    registrationClosesAt: instant('registration_closes_at').notNull(),
    startsAt: instant('starts_at').notNull(),
    endsAt: instant('ends_at').notNull(),
    /** From then on rankings are hidden; null where they never are. */
    freezesAt: instant('freezes_at'),
    /** Last instant at which results of the period may still be told. */
    resultsUntil: instant('results_until').notNull(),
    /** Once set, no outlet changes its league. */
    leaguesFixedAt: instant('leagues_fixed_at'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.id] }),
    uniqueIndex('challenges_campaign').on(t.networkId, t.campaignId),
    index('challenges_by_end').on(t.networkId, t.endsAt, t.id),
    foreignKey({
      columns: [t.networkId, t.campaignId],
      foreignColumns: [campaigns.networkId, campaigns.id],
      name: 'challenges_campaign_fk',
    }).onDelete('cascade'),
  ],
)

/** The rules of a challenge at a version; points say under which they were counted, people which they agreed to. */
export const challengeRules = table(
  'challenge_rules',
  {
    networkId: networkId(),
    challengeId: text('challenge_id').notNull(),
    version: integer('version').notNull(),
    /** The `challenge:` block of the campaign as validated. */
    rules: json('rules').$type<unknown>().notNull(),
    hash: text('hash').notNull(),
    inForceFrom: instant('in_force_from').notNull(),
    createdBy: text('created_by').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.challengeId, t.version] }),
    foreignKey({
      columns: [t.networkId, t.challengeId],
      foreignColumns: [challenges.networkId, challenges.id],
      name: 'challenge_rules_challenge_fk',
    }).onDelete('cascade'),
  ],
)

/** Who has registered, and by which way; somebody who left stays, as withdrawn. */
export const challengeParticipants = table(
  'challenge_participants',
  {
    networkId: networkId(),
    id: id(),
    challengeId: text('challenge_id').notNull(),
    kind: text('kind', { enum: participantKinds }).notNull(),
    /** `site:…` or `contact:…`: registering twice is registering once. */
    subjectKey: text('subject_key').notNull(),
    siteId: text('site_id').notNull(),
    /** Null for a company. */
    contactId: text('contact_id'),
    /** The role of the rules whose criteria count for them. */
    role: text('role').notNull(),
    /** The team they play in; empty where there are none. */
    team: text('team').notNull().default(''),
    /** How they wish to be called in rankings; null: by their name. */
    shownAs: text('shown_as'),
    status: text('status', { enum: ['registered', 'withdrawn'] }).notNull(),
    way: text('way', { enum: entryWays }).notNull(),
    /** `contact:…`, `user:…`, `key:…` or the name of a command: who registered them. */
    registeredBy: text('registered_by').notNull(),
    registeredAt: instant('registered_at').notNull(),
    /** The version of the rules agreed to, and when; null where somebody else registered them and they have not yet. */
    agreedVersion: integer('agreed_version'),
    agreedAt: instant('agreed_at'),
    withdrawnAt: instant('withdrawn_at'),
    withdrawnBy: text('withdrawn_by'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.id] }),
    uniqueIndex('challenge_participants_once').on(t.networkId, t.challengeId, t.subjectKey),
    index('challenge_participants_site').on(t.networkId, t.challengeId, t.siteId, t.id),
    index('challenge_participants_contact').on(t.networkId, t.contactId),
    foreignKey({
      columns: [t.networkId, t.challengeId],
      foreignColumns: [challenges.networkId, challenges.id],
      name: 'challenge_participants_challenge_fk',
    }).onDelete('cascade'),
    foreignKey({
      columns: [t.networkId, t.siteId],
      foreignColumns: [sites.networkId, sites.id],
      name: 'challenge_participants_site_fk',
    }),
    foreignKey({
      columns: [t.networkId, t.contactId],
      foreignColumns: [contacts.networkId, contacts.id],
      name: 'challenge_participants_contact_fk',
    }),
  ],
)

/** What an outlet could sell, and the league that puts it in. */
export const challengeSites = table(
  'challenge_sites',
  {
    networkId: networkId(),
    challengeId: text('challenge_id').notNull(),
    siteId: text('site_id').notNull(),
    /** As the rules measure it, in their unit; 0 where nothing is known. */
    potential: long('potential').notNull(),
    /** 1 holds the largest. */
    league: integer('league').notNull(),
    assignedAt: instant('assigned_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.challengeId, t.siteId] }),
    index('challenge_sites_league').on(t.networkId, t.challengeId, t.league, t.siteId),
    foreignKey({
      columns: [t.networkId, t.challengeId],
      foreignColumns: [challenges.networkId, challenges.id],
      name: 'challenge_sites_challenge_fk',
    }).onDelete('cascade'),
    foreignKey({
      columns: [t.networkId, t.siteId],
      foreignColumns: [sites.networkId, sites.id],
      name: 'challenge_sites_site_fk',
    }).onDelete('cascade'),
  ],
)

/** The numbers an objective came from; the sentence is written in the reader's language. */
export interface ObjectiveGrounds {
  /** What was done in the months compared with; null where nothing is known. */
  past: number | null
  /** Where that stands: a column of the file, or results of the year before. */
  source: 'attribute' | 'history' | 'peers' | 'fixed'
  /** Share more than before that is asked, in hundredths. */
  growth: number
  /** What is asked of somebody new or experienced, in hundredths of the whole. */
  seniority: number
  /** Months since they began, where known. */
  months?: number
  /** The part of a year's business that falls into the period, in hundredths. */
  season: number
  /** The part of the period that was left when they joined, in hundredths. */
  proRata: number
}

/** What each may aim for, by criterion, whether registered or not: people see it before they decide. */
export const challengeObjectives = table(
  'challenge_objectives',
  {
    networkId: networkId(),
    challengeId: text('challenge_id').notNull(),
    subjectKey: text('subject_key').notNull(),
    criterion: text('criterion').notNull(),
    siteId: text('site_id').notNull(),
    /** Null for a company's. */
    contactId: text('contact_id'),
    /** In units of the criterion. */
    computed: long('computed').notNull(),
    grounds: json('grounds').$type<ObjectiveGrounds>().notNull(),
    /** Why somebody should look at it: nobody reaches that. */
    isUnattainable: boolean('is_unattainable').notNull().default(false),
    /** Set by hand instead; null: as computed. */
    override: long('override'),
    overrideReason: text('override_reason'),
    overrideBy: text('override_by'),
    overrideAt: instant('override_at'),
    rulesVersion: integer('rules_version').notNull(),
    updatedAt: updatedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.challengeId, t.subjectKey, t.criterion] }),
    index('challenge_objectives_contact').on(t.networkId, t.contactId),
    index('challenge_objectives_site').on(t.networkId, t.challengeId, t.siteId),
    foreignKey({
      columns: [t.networkId, t.challengeId],
      foreignColumns: [challenges.networkId, challenges.id],
      name: 'challenge_objectives_challenge_fk',
    }).onDelete('cascade'),
    foreignKey({
      columns: [t.networkId, t.siteId],
      foreignColumns: [sites.networkId, sites.id],
      name: 'challenge_objectives_site_fk',
    }).onDelete('cascade'),
    foreignKey({
      columns: [t.networkId, t.contactId],
      foreignColumns: [contacts.networkId, contacts.id],
      name: 'challenge_objectives_contact_fk',
    }).onDelete('cascade'),
  ],
)

/** What was done before, month by month: what objectives and simulations rest on. Belongs to the network. */
export const pastResults = table(
  'past_results',
  {
    networkId: networkId().references(() => networks.id, { onDelete: 'cascade' }),
    /** `site:…` or `contact:…`. */
    subjectKey: plainText('subject_key').notNull(),
    /** The name criteria call it by, such as `ventes`. */
    measure: text('measure').notNull(),
    /** YYYY-MM */
    month: text('month').notNull(),
    quantity: long('quantity').notNull(),
    updatedAt: updatedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.subjectKey, t.measure, t.month] }),
    index('past_results_measure').on(t.networkId, t.measure, t.month, t.subjectKey),
  ],
)

/** Something done that counts, as it was told; what it earned is in the ledger. */
export const challengeResults = table(
  'challenge_results',
  {
    networkId: networkId(),
    id: id(),
    challengeId: text('challenge_id').notNull(),
    participantId: text('participant_id').notNull(),
    criterion: text('criterion').notNull(),
    /** In units of the criterion, 1 or more. */
    quantity: long('quantity').notNull(),
    /** The day it was done, YYYY-MM-DD on the wall of the outlet. */
    doneOn: text('done_on').notNull(),
    way: text('way', { enum: entryWays }).notNull(),
    /** An invoice, an order: what the network calls it elsewhere. */
    reference: text('reference'),
    /** The reference folded, held by one result that stands; null where there is none or another one holds it. */
    referenceKey: plainText('reference_key'),
    /** The same line of the same source; told again it is this one. */
    sourceKey: text('source_key').notNull(),
    /** A correction of the same line is its next revision; the one before is reversed. */
    revision: integer('revision').notNull().default(1),
    status: text('status', { enum: resultStatuses }).notNull(),
    suspicion: text('suspicion', { enum: suspicions }),
    /** The result it may be the double of. */
    suspectId: text('suspect_id'),
    /** What the teller says in support. */
    statement: text('statement'),
    /** Why it was refused or reversed. */
    reason: text('reason'),
    rulesVersion: integer('rules_version').notNull(),
    recordedBy: text('recorded_by').notNull(),
    recordedAt: instant('recorded_at').notNull(),
    decidedBy: text('decided_by'),
    decidedAt: instant('decided_at'),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.id] }),
    uniqueIndex('challenge_results_once').on(t.networkId, t.challengeId, t.sourceKey, t.revision),
    index('challenge_results_day').on(t.networkId, t.participantId, t.criterion, t.doneOn),
    uniqueIndex('challenge_results_reference').on(t.networkId, t.challengeId, t.referenceKey),
    index('challenge_results_status').on(t.networkId, t.challengeId, t.status, t.id),
    foreignKey({
      columns: [t.networkId, t.participantId],
      foreignColumns: [challengeParticipants.networkId, challengeParticipants.id],
      name: 'challenge_results_participant_fk',
    }).onDelete('cascade'),
  ],
)

/** A photo or a paper that supports a result. */
export const challengeEvidence = table(
  'challenge_evidence',
  {
    networkId: networkId(),
    id: id(),
    resultId: text('result_id').notNull(),
    name: text('name').notNull(),
    type: text('type').notNull(),
    size: integer('size').notNull(),
    content: bytes('content').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.id] }),
    index('challenge_evidence_result').on(t.networkId, t.resultId),
    foreignKey({
      columns: [t.networkId, t.resultId],
      foreignColumns: [challengeResults.networkId, challengeResults.id],
      name: 'challenge_evidence_result_fk',
    }).onDelete('cascade'),
  ],
)

/** Points, one row for each time they changed. Rows are only ever added: what was wrong is reversed by another row. */
export const challengeLedger = table(
  'challenge_ledger',
  {
    networkId: networkId(),
    id: id(),
    challengeId: text('challenge_id').notNull(),
    participantId: text('participant_id').notNull(),
    resultId: text('result_id').notNull(),
    criterion: text('criterion').notNull(),
    kind: text('kind', { enum: ledgerKinds }).notNull(),
    /** Below zero in a reversal. */
    quantity: long('quantity').notNull(),
    points: long('points').notNull(),
    /** The row a reversal takes back. */
    reversesId: text('reverses_id'),
    /** The day the result was done: caps are by day, and a score is reached on the last of them. */
    day: text('day').notNull(),
    rulesVersion: integer('rules_version').notNull(),
    /** Why, as a code: `counted`, `refused`, `corrected`, `withdrawn`, `room` … */
    reason: text('reason').notNull(),
    madeBy: text('made_by').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.id] }),
    uniqueIndex('challenge_ledger_reversed_once').on(t.networkId, t.reversesId),
    index('challenge_ledger_participant').on(t.networkId, t.participantId, t.id),
    index('challenge_ledger_result').on(t.networkId, t.resultId),
    index('challenge_ledger_challenge').on(t.networkId, t.challengeId, t.id),
    foreignKey({
      columns: [t.networkId, t.participantId],
      foreignColumns: [challengeParticipants.networkId, challengeParticipants.id],
      name: 'challenge_ledger_participant_fk',
    }).onDelete('cascade'),
  ],
)

/** Sums over the ledger, kept in the transaction that adds to it; `rebuildTotals` finds the same. */
export const challengeTotals = table(
  'challenge_totals',
  {
    networkId: networkId(),
    challengeId: text('challenge_id').notNull(),
    participantId: text('participant_id').notNull(),
    /** Empty: all of them together. */
    criterion: text('criterion').notNull(),
    quantity: long('quantity').notNull(),
    points: long('points').notNull(),
    /** When this score was reached: the latest recording among the credits that stand; null at nothing. */
    reachedAt: instant('reached_at'),
    updatedAt: updatedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.participantId, t.criterion] }),
    index('challenge_totals_ranking').on(t.networkId, t.challengeId, t.criterion, t.points, t.participantId),
    foreignKey({
      columns: [t.networkId, t.participantId],
      foreignColumns: [challengeParticipants.networkId, challengeParticipants.id],
      name: 'challenge_totals_participant_fk',
    }).onDelete('cascade'),
  ],
)
