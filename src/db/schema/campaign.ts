import { campaignStatuses, channelNames, intents, languages, messageClasses, urgencies } from '../../words.ts'
import { columns } from '../columns.ts'
import { createdAt, id, networkId, updatedAt } from './keys.ts'
import { networks, sites } from './network.ts'

const { table, index, uniqueIndex, primaryKey, foreignKey, text, integer, boolean, json, instant, bytes } = columns

/** How many of how many, against the share the network allows: why a campaign was stopped. */
export interface StopFigures {
  kind: 'bounced' | 'complained' | 'filtered'
  channel: (typeof channelNames)[number]
  bad: number
  sent: number
  /** The share allowed, 0 … 1. */
  rate: number
}

/** How the control group was drawn; the outlets themselves are in `holdouts`. */
export interface HoldoutDraw {
  /** 0 … 1, as the campaign asked. */
  share: number
  outlets: number
  heldOut: number
}

export const campaigns = table(
  'campaigns',
  {
    networkId: networkId().references(() => networks.id, { onDelete: 'cascade' }),
    id: id(),
    /** Unique per network: launching the same file twice launches once. */
    name: text('name').notNull(),
    title: json('title').$type<Record<string, string>>().notNull(),
    class: text('class', { enum: messageClasses }).notNull(),
    status: text('status', { enum: campaignStatuses }).notNull(),
    version: integer('version').notNull().default(1),
    statusReason: text('status_reason'),
    /** What Relais counted when it paused the campaign by itself; null when somebody did. */
    statusFigures: json('status_figures').$type<StopFigures>(),
    /** The user it belongs to, who hears of what befalls it; null when a command or the system made it. */
    ownerId: text('owner_id'),
    createdAt: createdAt(),
    launchedAt: instant('launched_at'),
    finishedAt: instant('finished_at'),
    /** Launched, but nothing leaves before this business time: until then it may be taken back. */
    heldUntil: instant('held_until'),
    /** The draw of the control group, made once when the first step begins: see `src/outbox/holdout.ts`. */
    holdout: json('holdout').$type<HoldoutDraw>(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.id] }),
    uniqueIndex('campaigns_name').on(t.networkId, t.name),
    index('campaigns_by_date').on(t.networkId, t.status, t.createdAt),
  ],
)

/** What a campaign said at a version; starting records one, an edit while running makes the next. */
export const campaignVersions = table(
  'campaign_versions',
  {
    networkId: networkId(),
    campaignId: text('campaign_id').notNull(),
    version: integer('version').notNull(),
    definition: json('definition').$type<unknown>().notNull(),
    source: text('source').notNull(),
    hash: text('hash').notNull(),
    /** The hash of the snapshot of all it says, kept once a running campaign is changed. */
    snapshot: text('snapshot'),
    createdBy: text('created_by').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.campaignId, t.version] }),
    foreignKey({
      columns: [t.networkId, t.campaignId],
      foreignColumns: [campaigns.networkId, campaigns.id],
      name: 'campaign_versions_campaign_fk',
    }).onDelete('cascade'),
  ],
)

/** A template's words for one channel and language, frozen: the same source is the same row. */
export const contentVersions = table(
  'content_versions',
  {
    networkId: networkId().references(() => networks.id, { onDelete: 'cascade' }),
    id: id(),
    template: text('template').notNull(),
    channel: text('channel', { enum: channelNames }).notNull(),
    language: text('language', { enum: languages }).notNull(),
    source: text('source').notNull(),
    hash: text('hash').notNull(),
    /** These words for nobody in particular: what is kept of each message is packed against it. */
    dictionary: bytes('dictionary'),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.id] }),
    uniqueIndex('content_versions_hash').on(t.networkId, t.template, t.channel, t.language, t.hash),
  ],
)

/** A step's content before it is anyone's: one per step and occurrence. */
export const messages = table(
  'messages',
  {
    networkId: networkId(),
    id: id(),
    campaignId: text('campaign_id').notNull(),
    campaignVersion: integer('campaign_version').notNull(),
    step: text('step').notNull(),
    position: integer('position').notNull(),
    occurrence: text('occurrence').notNull(),
    class: text('class', { enum: messageClasses }).notNull(),
    urgency: text('urgency', { enum: urgencies }).notNull(),
    intent: text('intent', { enum: intents }).notNull(),
    template: text('template').notNull(),
    topic: text('topic').notNull().default(''),
    /** The step as validated, from the campaign's version. */
    definition: json('definition').$type<unknown>().notNull(),
    dueAt: instant('due_at').notNull(),
    expiresAt: instant('expires_at'),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.id] }),
    uniqueIndex('messages_once').on(t.networkId, t.campaignId, t.step, t.occurrence),
    foreignKey({
      columns: [t.networkId, t.campaignId],
      foreignColumns: [campaigns.networkId, campaigns.id],
      name: 'messages_campaign_fk',
    }).onDelete('cascade'),
  ],
)

/** How far a step's fan-out has come: killed after any page, it goes on from the cursor. */
export const stepRuns = table(
  'step_runs',
  {
    networkId: networkId(),
    messageId: text('message_id').notNull(),
    status: text('status', { enum: ['waiting', 'running', 'watching', 'done', 'skipped', 'canceled'] }).notNull(),
    /** The last contact id decided; pages go on after it. */
    cursor: text('cursor').notNull().default(''),
    audience: integer('audience').notNull().default(0),
    reached: integer('reached').notNull().default(0),
    /** People whose letter is not handed over yet, whom the step waits for. */
    awaiting: integer('awaiting').notNull().default(0),
    /** Somebody said to wait for no letter any more. */
    isReleased: boolean('is_released').notNull().default(false),
    policyVersion: integer('policy_version'),
    /** The segments that chose this step's people, by name, as they stood when it started. */
    segments: json('segments').$type<Record<string, { version: number; rule: unknown }>>(),
    startedAt: instant('started_at'),
    finishedAt: instant('finished_at'),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.messageId] }),
    index('step_runs_status').on(t.status, t.networkId),
    foreignKey({
      columns: [t.networkId, t.messageId],
      foreignColumns: [messages.networkId, messages.id],
      name: 'step_runs_message_fk',
    }).onDelete('cascade'),
  ],
)

/** The words a network wrote itself: they stand beside, and before, the templates that came with the program. */
export const templates = table(
  'templates',
  {
    networkId: networkId().references(() => networks.id, { onDelete: 'cascade' }),
    template: text('template').notNull(),
    channel: text('channel', { enum: channelNames }).notNull(),
    language: text('language', { enum: languages }).notNull(),
    source: text('source').notNull(),
    updatedBy: text('updated_by').notNull(),
    updatedAt: updatedAt(),
  },
  (t) => [primaryKey({ columns: [t.networkId, t.template, t.channel, t.language] })],
)

/** The routing policy as data, versioned; decisions name the version they were taken under. */
export const policies = table(
  'policies',
  {
    networkId: networkId().references(() => networks.id, { onDelete: 'cascade' }),
    version: integer('version').notNull(),
    policy: json('policy').$type<unknown>().notNull(),
    hash: text('hash').notNull(),
    /** Why, in the words of whoever saved it. */
    note: text('note').notNull().default(''),
    /** The version whose rules were made current again. */
    restoredFrom: integer('restored_from'),
    createdBy: text('created_by').notNull(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.networkId, t.version] })],
)

/**
 * What left of a campaign on a channel and how it was taken, counted as it happens so that no threshold ever scans
 * deliveries. Split over shards, so that workers do not wait for one another's row; shard -1 holds what somebody has
 * looked at and let pass, as negative figures.
 */
export const campaignCounts = table(
  'campaign_counts',
  {
    networkId: networkId(),
    campaignId: text('campaign_id').notNull(),
    channel: text('channel', { enum: channelNames }).notNull(),
    shard: integer('shard').notNull(),
    sent: integer('sent').notNull().default(0),
    bounced: integer('bounced').notNull().default(0),
    complained: integer('complained').notNull().default(0),
    filtered: integer('filtered').notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.campaignId, t.channel, t.shard] }),
    foreignKey({
      columns: [t.networkId, t.campaignId],
      foreignColumns: [campaigns.networkId, campaigns.id],
      name: 'campaign_counts_campaign_fk',
    }).onDelete('cascade'),
  ],
)

/** Outlets that a campaign leaves out, drawn by lot, to measure what it changes. */
export const holdouts = table(
  'holdouts',
  {
    networkId: networkId(),
    campaignId: text('campaign_id').notNull(),
    siteId: text('site_id').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.campaignId, t.siteId] }),
    foreignKey({
      columns: [t.networkId, t.campaignId],
      foreignColumns: [campaigns.networkId, campaigns.id],
      name: 'holdouts_campaign_fk',
    }).onDelete('cascade'),
    foreignKey({
      columns: [t.networkId, t.siteId],
      foreignColumns: [sites.networkId, sites.id],
      name: 'holdouts_site_fk',
    }).onDelete('cascade'),
  ],
)

/** A calendar somebody subscribes to: whoever has its address reads it, until it is revoked. */
export const calendarFeeds = table(
  'calendar_feeds',
  {
    networkId: networkId().references(() => networks.id, { onDelete: 'cascade' }),
    id: id(),
    /** Null: every campaign of the network. */
    campaignId: text('campaign_id'),
    userId: text('user_id').notNull(),
    language: text('language', { enum: languages }).notNull(),
    /** SHA-256 of the secret in its address; the secret itself is shown once. */
    tokenHash: text('token_hash').notNull(),
    createdAt: createdAt(),
    /** Wall time, by the hour: whether anybody still reads it. */
    readAt: instant('read_at'),
    revokedAt: instant('revoked_at'),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.id] }),
    uniqueIndex('calendar_feeds_token').on(t.tokenHash),
    foreignKey({
      columns: [t.networkId, t.campaignId],
      foreignColumns: [campaigns.networkId, campaigns.id],
      name: 'calendar_feeds_campaign_fk',
    }).onDelete('cascade'),
  ],
)
