import { channelNames, profiles } from '../../words.ts'
import { columns } from '../columns.ts'
import { id, networkId } from './keys.ts'
import { contacts, sites } from './network.ts'
import { deliveries } from './outbox.ts'

const { table, index, uniqueIndex, primaryKey, foreignKey, text, integer, real, boolean, instant } = columns

/** A measurable chance to act. Engagement is rebuilt from these and from checkpoints, never from raw events. */
export const exposures = table(
  'exposures',
  {
    networkId: networkId(),
    id: id(),
    deliveryId: text('delivery_id').notNull(),
    contactId: text('contact_id').notNull(),
    channel: text('channel', { enum: channelNames }).notNull(),
    profile: text('profile', { enum: profiles }).notNull(),
    /** Where the contact was when it was sent; null where that is not known. */
    siteId: text('site_id'),
    sentAt: instant('sent_at').notNull(),
    matureAt: instant('mature_at').notNull(),
    isMeasurable: boolean('is_measurable').notNull(),
    outcome: text('outcome', { enum: ['pending', 'acted', 'missed', 'void'] }).notNull(),
    outcomeAt: instant('outcome_at'),
    classifierVersion: text('classifier_version').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.id] }),
    uniqueIndex('exposures_once').on(t.networkId, t.deliveryId, t.contactId),
    index('exposures_mature').on(t.networkId, t.outcome, t.matureAt),
    index('exposures_contact').on(t.networkId, t.contactId, t.channel, t.sentAt),
    index('exposures_site').on(t.networkId, t.siteId),
    foreignKey({
      columns: [t.networkId, t.deliveryId],
      foreignColumns: [deliveries.networkId, deliveries.id],
      name: 'exposures_delivery_fk',
    }),
    foreignKey({
      columns: [t.networkId, t.contactId],
      foreignColumns: [contacts.networkId, contacts.id],
      name: 'exposures_contact_fk',
    }),
  ],
)

/** The O(1) state (S, N, t) of a contact on a channel. */
export const engagements = table(
  'engagements',
  {
    networkId: networkId(),
    contactId: text('contact_id').notNull(),
    channel: text('channel', { enum: channelNames }).notNull(),
    /** Decayed sum of actions, as of `at`. */
    s: real('s').notNull(),
    /** Decayed sum of mature exposures, as of `at`. */
    n: real('n').notNull(),
    at: instant('at').notNull(),
    exposures: integer('exposures').notNull(),
    actions: integer('actions').notNull(),
    misses: integer('misses').notNull(),
    firstExposureAt: instant('first_exposure_at'),
    lastActionAt: instant('last_action_at'),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.contactId, t.channel] }),
    foreignKey({
      columns: [t.networkId, t.contactId],
      foreignColumns: [contacts.networkId, contacts.id],
      name: 'engagements_contact_fk',
    }).onDelete('cascade'),
  ],
)

/** The group level of the hierarchy: profile × channel of a network. */
export const groupEngagements = table(
  'group_engagements',
  {
    networkId: networkId(),
    profile: text('profile', { enum: profiles }).notNull(),
    channel: text('channel', { enum: channelNames }).notNull(),
    s: real('s').notNull(),
    n: real('n').notNull(),
    at: instant('at').notNull(),
    /** How many exposures the mean is worth to one contact, estimated; null while there is too little to tell. */
    kappa: real('kappa'),
    /** When that was last worked out, also to no result (business time). */
    kappaAt: instant('kappa_at'),
  },
  (t) => [primaryKey({ columns: [t.networkId, t.profile, t.channel] })],
)

/** The level between a group and its contacts: site × profile × channel. */
export const siteEngagements = table(
  'site_engagements',
  {
    networkId: networkId(),
    siteId: text('site_id').notNull(),
    profile: text('profile', { enum: profiles }).notNull(),
    channel: text('channel', { enum: channelNames }).notNull(),
    s: real('s').notNull(),
    n: real('n').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.siteId, t.profile, t.channel] }),
    foreignKey({
      columns: [t.networkId, t.siteId],
      foreignColumns: [sites.networkId, sites.id],
      name: 'site_engagements_site_fk',
    }).onDelete('cascade'),
  ],
)

/** What retention leaves of the exposures it removes, so that a rebuild reaches the same numbers. */
export const engagementCheckpoints = table(
  'engagement_checkpoints',
  {
    networkId: networkId(),
    contactId: text('contact_id').notNull(),
    channel: text('channel', { enum: channelNames }).notNull(),
    s: real('s').notNull(),
    n: real('n').notNull(),
    at: instant('at').notNull(),
    exposures: integer('exposures').notNull(),
    actions: integer('actions').notNull(),
    misses: integer('misses').notNull(),
    firstExposureAt: instant('first_exposure_at'),
    lastActionAt: instant('last_action_at'),
  },
  (t) => [primaryKey({ columns: [t.networkId, t.contactId, t.channel] })],
)
