import { sql } from 'drizzle-orm'
import { addressKinds, addressStatuses, channelNames, languages, preferredHours, profiles } from '../../words.ts'
import { columns } from '../columns.ts'
import { createdAt, id, networkId, updatedAt } from './keys.ts'

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
  real,
  boolean,
  json,
  instant,
} = columns

export interface NetworkSettings {
  /** Overrides of the dated defaults in `src/network/defaults.ts`, by the same keys. */
  defaults?: Record<string, unknown>
  /** Months rendered content is kept before it is erased; its hash stays. */
  contentMonths?: number
  /** Number printed as "STOP au …" under French marketing SMS; without it they are refused. */
  stopNumber?: string
  /** The sandbox carriers' behaviour: probabilities by channel, see `channels/preview`. */
  carriers?: Record<string, unknown>
  /** When another account began to carry a channel (ISO 8601): it cannot answer for what left before. */
  carriersChangedAt?: { sms?: string; email?: string }
  /** Days on which the network is closed, beside public holidays, see `src/routing/closures.ts`. */
  closures?: { id: string; label: string; from: string; to: string; region?: string }[]
  /** Working days printing and the post take, see `src/campaign/lead-times.ts`. */
  leadTimes?: {
    proofToFreeze: number
    freezeToRouting: number
    routingToPosted: number
    postedToArrival: number
    byPost?: { express?: number; letter?: number; bulk?: number }
  }
  /** The same of single print shops by name, where theirs are others. */
  shopTimes?: Record<
    string,
    { proofToFreeze?: number; freezeToRouting?: number; routingToPosted?: number; postedToArrival?: number }
  >
  /** What may be spent in a day of the network, in thousandths of a minor unit; without it there is no limit. */
  dailyBudget?: { millis: number }
  /** What the network's own accounts take in a second at most, see `src/deliver/rates.ts`; without it, the default. */
  accountRates?: { sms?: number; email?: number }
  /** The minimum wage rewards are compared with, beside the rows of `src/challenge/reward/smic.ts`. */
  smic?: {
    rows?: {
      from: string
      hourlyCents: number
      source: string
      reason?: string
      checkedOn: string
      setBy: string
    }[]
    reference?: 'january' | 'latest'
  }
  /** Whether silent prospects are asked if they wish to stay, and erased without an answer; see `src/retention/silence-rule.ts`. */
  silence?: { isAsked: boolean; answerDays?: number }
  /** What a launch asks for, see `src/approval/rules.ts`. */
  launching?: {
    /** Whether somebody has to approve, and when: always, or only these classes or from so many people on. */
    approval?: { isRequired: boolean; classes?: string[]; fromPeople?: number }
    /** Who wrote or asked for it may not approve it. */
    isFourEyes?: boolean
    /** Users who may approve; none: everybody whose role allows it. */
    approvers?: string[]
    /** How many have to. */
    needed?: number
    /** Hours an approver has. */
    deadlineHours?: number
    /** Seconds a launch may be undone, 0–120, and an urgent notice, 0–10. */
    holdSeconds?: number
    urgentHoldSeconds?: number
    /** Urgent notices one sender may launch in a calendar month; see `src/campaign/urgent-quota.ts`. */
    urgentPerMonth?: number
    /** From so many people on, whoever launches types the campaign’s name. */
    typedFrom?: number
  }
}

/** Who stopped all sending, when (ISO 8601, wall time) and why. */
export interface NetworkHalt {
  by: string
  at: string
  reason: string
}

export const networks = table(
  'networks',
  {
    id: id().primaryKey(),
    /** Small and public: travels in tracking tokens instead of the id. */
    number: integer('number').notNull(),
    name: text('name').notNull(),
    title: text('title').notNull(),
    mode: text('mode', { enum: ['sandbox', 'live'] }).notNull(),
    isDemo: boolean('is_demo').notNull().default(false),
    /** businessNow = wallNow + clockOffsetMs; moved by `relais advance`, always 0 in a live network. */
    clockOffsetMs: long('clock_offset_ms').notNull().default(0),
    country: text('country').notNull().default('FR'),
    language: text('language', { enum: languages }).notNull().default('fr'),
    timezone: text('timezone').notNull().default('Europe/Paris'),
    currency: text('currency').notNull().default('EUR'),
    settings: json('settings').$type<NetworkSettings>().notNull(),
    /** Set while nothing may leave this network, see `src/network/halt.ts`. */
    halt: json('halt').$type<NetworkHalt>(),
    createdAt: createdAt(),
  },
  (t) => [uniqueIndex('networks_name').on(t.name), uniqueIndex('networks_number').on(t.number)],
)

export const senders = table(
  'senders',
  {
    networkId: networkId().references(() => networks.id, { onDelete: 'cascade' }),
    id: id(),
    channel: text('channel', { enum: channelNames }).notNull(),
    name: text('name').notNull(),
    provider: text('provider').notNull(),
    /** Where the credentials are (an environment set or a stored secret), never the credentials. */
    credentialsRef: text('credentials_ref'),
    /** What the recipient sees: an address, an alphanumeric name, a short code. */
    address: text('address'),
    isTwoWay: boolean('is_two_way').notNull().default(false),
    countries: json('countries').$type<string[]>().notNull(),
    isDefault: boolean('is_default').notNull().default(false),
    /** Segments (SMS) or messages (e-mail) a second at most; null: the default of its kind, see `src/deliver/rates.ts`. */
    ratePerSecond: real('rate_per_second'),
    /** Since when its provider refuses whatever leaves in its name (wall time), and as which failure; null: it does not. */
    refusedAt: instant('refused_at'),
    refusedFor: text('refused_for'),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.networkId, t.id] }), uniqueIndex('senders_name').on(t.networkId, t.channel, t.name)],
)

/** Minutes from midnight, local; a missing day is closed. Keys are ISO weekdays, 1 = Monday. */
export type OpeningHours = Partial<Record<'1' | '2' | '3' | '4' | '5' | '6' | '7', [opens: number, closes: number][]>>

export type Attributes = Record<string, string | number | boolean>

export const sites = table(
  'sites',
  {
    networkId: networkId().references(() => networks.id, { onDelete: 'cascade' }),
    id: id(),
    externalId: plainText('external_id').notNull(),
    name: text('name').notNull(),
    /** The name folded for sorting and searching by its beginning, see `src/network/folding.ts`. */
    nameKey: plainText('name_key').notNull().default(''),
    /** The commercial area a region manager answers for, as the file says or by the postcode. */
    area: text('area').notNull().default(''),
    typology: text('typology'),
    tier: text('tier'),
    addressLine1: text('address_line1'),
    addressLine2: text('address_line2'),
    postcode: text('postcode'),
    city: text('city'),
    /** The town folded, “St” written out: what lists sort by and search begins with. */
    cityKey: plainText('city_key').notNull().default(''),
    country: text('country').notNull(),
    /** Holiday region: FR, FR-57/67/68 for Alsace-Moselle, or the overseas country key GP MQ GF RE YT. */
    region: text('region').notNull(),
    timezone: text('timezone').notNull(),
    mailboxAddressId: text('mailbox_address_id'),
    postalAddressId: text('postal_address_id'),
    openingHours: json('opening_hours').$type<OpeningHours>(),
    attributes: json('attributes').$type<Attributes>().notNull(),
    isActive: boolean('is_active').notNull().default(true),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.id] }),
    uniqueIndex('sites_external').on(t.networkId, t.externalId),
    index('sites_by_name').on(t.networkId, t.nameKey, t.id),
    index('sites_by_city').on(t.networkId, t.cityKey, t.id),
    index('sites_by_area').on(t.networkId, t.area, t.nameKey, t.id),
    index('sites_by_mailbox').on(t.networkId, t.mailboxAddressId),
    index('sites_by_letterbox').on(t.networkId, t.postalAddressId),
  ],
)

export const contacts = table(
  'contacts',
  {
    networkId: networkId(),
    id: id(),
    siteId: text('site_id').notNull(),
    externalId: text('external_id'),
    /** The first identity rule that applied when the contact was created, see `src/network/identity.ts`. */
    identityKey: text('identity_key').notNull(),
    salutation: text('salutation'),
    firstName: text('first_name'),
    lastName: text('last_name'),
    /** Last then first name, folded: what lists sort by and search begins with. */
    nameKey: plainText('name_key').notNull().default(''),
    /** First then last name, folded: people are looked for both ways. */
    givenKey: plainText('given_key').notNull().default(''),
    function: text('function'),
    profile: text('profile', { enum: profiles }).notNull(),
    isProfileDerived: boolean('is_profile_derived').notNull().default(false),
    language: text('language', { enum: languages }).notNull(),
    preferredChannel: text('preferred_channel', { enum: channelNames }),
    /** When they would rather be written to, by their own choice; null where they have not said. */
    preferredHours: text('preferred_hours', { enum: preferredHours }),
    /** Relays to the colleagues of the site who cannot be reached themselves. */
    isCorrespondent: boolean('is_correspondent').notNull().default(false),
    lastActivityOn: text('last_activity_on'),
    /** Under a running contract, as the file or somebody says; anybody else is a prospect, kept only as long as heard of. */
    hasContract: boolean('has_contract').notNull().default(false),
    attributes: json('attributes').$type<Attributes>().notNull(),
    isActive: boolean('is_active').notNull().default(true),
    erasedAt: instant('erased_at'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.id] }),
    uniqueIndex('contacts_identity').on(t.networkId, t.identityKey),
    index('contacts_site').on(t.networkId, t.siteId, t.nameKey, t.id),
    /** Who is not written to any more: few, and looked for among many. */
    index('contacts_set_aside').on(t.networkId, t.nameKey, t.id).where(sql`not is_active`),
    index('contacts_by_name').on(t.networkId, t.nameKey, t.id),
    index('contacts_by_given_name').on(t.networkId, t.givenKey, t.id),
    foreignKey({
      columns: [t.networkId, t.siteId],
      foreignColumns: [sites.networkId, sites.id],
      name: 'contacts_site_fk',
    }),
  ],
)

/**
 * By what a person was known before they were merged into another: the next import of the file finds who they are
 * now, and an old address of their page leads there.
 */
export const identityAliases = table(
  'identity_aliases',
  {
    networkId: networkId(),
    /** As `contacts.identityKey` was. */
    identityKey: text('identity_key').notNull(),
    contactId: text('contact_id').notNull(),
    /** The contact that is no more. */
    formerId: text('former_id').notNull(),
    mergedAt: instant('merged_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.identityKey] }),
    index('identity_aliases_contact').on(t.networkId, t.contactId),
    index('identity_aliases_former').on(t.networkId, t.formerId),
    foreignKey({
      columns: [t.networkId, t.contactId],
      foreignColumns: [contacts.networkId, contacts.id],
      name: 'identity_aliases_contact_fk',
    }).onDelete('cascade'),
  ],
)

/** Bounces, STOP, threads and returned letters belong to an address, which several contacts may share. */
export const addresses = table(
  'addresses',
  {
    networkId: networkId().references(() => networks.id, { onDelete: 'cascade' }),
    id: id(),
    kind: text('kind', { enum: addressKinds }).notNull(),
    /** Lower-cased mailbox, E.164 phone, or the normalised postal lines joined by newlines. Null once erased. */
    normalised: plainText('normalised'),
    /** SHA-256 of kind and normalised value: what a suppression keeps after an erasure. */
    hash: text('hash').notNull(),
    status: text('status', { enum: addressStatuses }).notNull().default('valid'),
    statusReason: text('status_reason'),
    isShared: boolean('is_shared').notNull().default(false),
    country: text('country'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.id] }),
    uniqueIndex('addresses_hash').on(t.networkId, t.hash),
    index('addresses_by_text').on(t.networkId, t.normalised),
    index('addresses_troubled').on(t.networkId, t.status, t.updatedAt, t.id).where(sql`status <> 'valid'`),
    index('addresses_shared').on(t.networkId, t.id).where(sql`is_shared and kind = 'email'`),
  ],
)

export const contactAddresses = table(
  'contact_addresses',
  {
    networkId: networkId(),
    contactId: text('contact_id').notNull(),
    addressId: text('address_id').notNull(),
    kind: text('kind', { enum: addressKinds }).notNull(),
    /** 0 is the one to use; others are kept for matching what comes in. */
    rank: integer('rank').notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.contactId, t.addressId] }),
    // To its end, so that SQLite does not prefer the primary key, which has all columns but the wrong order.
    index('contact_addresses_address').on(t.networkId, t.addressId, t.contactId),
    foreignKey({
      columns: [t.networkId, t.contactId],
      foreignColumns: [contacts.networkId, contacts.id],
      name: 'contact_addresses_contact_fk',
    }).onDelete('cascade'),
    foreignKey({
      columns: [t.networkId, t.addressId],
      foreignColumns: [addresses.networkId, addresses.id],
      name: 'contact_addresses_address_fk',
    }),
  ],
)

/** A counter's screen: a device with a token. */
export const stations = table(
  'stations',
  {
    networkId: networkId(),
    id: id(),
    siteId: text('site_id').notNull(),
    name: text('name').notNull(),
    tokenHash: text('token_hash').notNull(),
    isActive: boolean('is_active').notNull().default(true),
    lastSeenAt: instant('last_seen_at'),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.id] }),
    uniqueIndex('stations_token').on(t.tokenHash),
    index('stations_site').on(t.networkId, t.siteId),
    foreignKey({
      columns: [t.networkId, t.siteId],
      foreignColumns: [sites.networkId, sites.id],
      name: 'stations_site_fk',
    }),
  ],
)

export interface ImportCounts {
  read: number
  blank: number
  created: number
  updated: number
  unchanged: number
  rejected: number
  warnings: number
  sites: { created: number; updated: number; unchanged: number }
}

export const imports = table(
  'imports',
  {
    networkId: networkId().references(() => networks.id, { onDelete: 'cascade' }),
    id: id(),
    fileName: text('file_name').notNull(),
    fileHash: text('file_hash').notNull(),
    /** `preview`: the file is here and its mapping is being looked at; nothing of it is in the network yet. */
    status: text('status', { enum: ['preview', 'running', 'done', 'failed', 'discarded'] }).notNull(),
    basis: text('basis'),
    mapping: json('mapping').$type<Record<string, string>>().notNull(),
    counts: json('counts').$type<ImportCounts>(),
    rejectsPath: text('rejects_path'),
    /** The uploaded file in the data folder; null when the command line read it from elsewhere. */
    uploadPath: text('upload_path'),
    createdBy: text('created_by'),
    /** Rows read so far, while it runs. */
    progress: integer('progress').notNull().default(0),
    error: text('error'),
    startedAt: instant('started_at').notNull(),
    finishedAt: instant('finished_at'),
  },
  (t) => [primaryKey({ columns: [t.networkId, t.id] })],
)

/**
 * Two contacts who may be one person, found after an import. `contactId` is the smaller id; merging keeps one of
 * them, which a person chooses, and dismissing remembers that they are two.
 */
export const duplicates = table(
  'duplicates',
  {
    networkId: networkId(),
    contactId: text('contact_id').notNull(),
    otherId: text('other_id').notNull(),
    reason: text('reason', {
      enum: ['same_mobile', 'same_mailbox', 'same_name_same_town', 'same_name_same_site'],
    }).notNull(),
    status: text('status', { enum: ['open', 'merged', 'dismissed'] }).notNull(),
    foundAt: instant('found_at').notNull(),
    decidedBy: text('decided_by'),
    decidedAt: instant('decided_at'),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.contactId, t.otherId] }),
    index('duplicates_status').on(t.networkId, t.status, t.contactId),
    foreignKey({
      columns: [t.networkId, t.contactId],
      foreignColumns: [contacts.networkId, contacts.id],
      name: 'duplicates_contact_fk',
    }).onDelete('cascade'),
    foreignKey({
      columns: [t.networkId, t.otherId],
      foreignColumns: [contacts.networkId, contacts.id],
      name: 'duplicates_other_fk',
    }).onDelete('cascade'),
  ],
)

/** A column mapping remembered for files with the same headers. */
export const mappings = table(
  'mappings',
  {
    networkId: networkId().references(() => networks.id, { onDelete: 'cascade' }),
    headersHash: text('headers_hash').notNull(),
    columns: json('columns').$type<Record<string, string>>().notNull(),
    updatedAt: updatedAt(),
  },
  (t) => [primaryKey({ columns: [t.networkId, t.headersHash] })],
)
