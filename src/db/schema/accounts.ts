import { columns } from '../columns.ts'
import { createdAt, id, networkId, updatedAt } from './keys.ts'
import { networks } from './network.ts'

const { table, index, uniqueIndex, primaryKey, text, integer, long, boolean, json, instant } = columns

export const roles = [
  'owner',
  'marketer',
  'broadcaster',
  'approver',
  'viewer',
  'region_manager',
  'auditor',
  'print_shop',
  'partner',
] as const
export type Role = (typeof roles)[number]

// users, sessions, accounts, verifications: the tables better-auth reads and writes.
export const users = table(
  'users',
  {
    id: id().primaryKey(),
    name: text('name').notNull(),
    email: text('email').notNull(),
    emailVerified: boolean('email_verified').notNull().default(false),
    image: text('image'),
    language: text('language').notNull().default('fr'),
    twoFactorEnabled: boolean('two_factor_enabled').notNull().default(false),
    /** A disabled user keeps their name in what they did, and opens nothing more. */
    disabledAt: instant('disabled_at'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [uniqueIndex('users_email').on(t.email)],
)

export const sessions = table(
  'sessions',
  {
    id: id().primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    token: text('token').notNull(),
    expiresAt: instant('expires_at').notNull(),
    ipAddress: text('ip_address'),
    userAgent: text('user_agent'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [uniqueIndex('sessions_token').on(t.token), index('sessions_user').on(t.userId)],
)

export const accounts = table(
  'accounts',
  {
    id: id().primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    accountId: text('account_id').notNull(),
    providerId: text('provider_id').notNull(),
    accessToken: text('access_token'),
    refreshToken: text('refresh_token'),
    idToken: text('id_token'),
    accessTokenExpiresAt: instant('access_token_expires_at'),
    refreshTokenExpiresAt: instant('refresh_token_expires_at'),
    scope: text('scope'),
    password: text('password'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [index('accounts_user').on(t.userId), uniqueIndex('accounts_provider').on(t.providerId, t.accountId)],
)

export const verifications = table(
  'verifications',
  {
    id: id().primaryKey(),
    identifier: text('identifier').notNull(),
    value: text('value').notNull(),
    expiresAt: instant('expires_at').notNull(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [index('verifications_identifier').on(t.identifier)],
)

export const passkeys = table(
  'passkeys',
  {
    id: id().primaryKey(),
    name: text('name'),
    publicKey: text('public_key').notNull(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    credentialID: text('credential_id').notNull(),
    counter: integer('counter').notNull(),
    deviceType: text('device_type').notNull(),
    backedUp: boolean('backed_up').notNull(),
    transports: text('transports'),
    aaguid: text('aaguid'),
    createdAt: instant('created_at'),
  },
  (t) => [index('passkeys_user').on(t.userId), uniqueIndex('passkeys_credential').on(t.credentialID)],
)

export const twoFactors = table(
  'two_factors',
  {
    id: id().primaryKey(),
    secret: text('secret').notNull(),
    backupCodes: text('backup_codes').notNull(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    verified: boolean('verified').default(true),
    failedVerificationCount: integer('failed_verification_count').default(0),
    lockedUntil: instant('locked_until'),
  },
  (t) => [index('two_factors_user').on(t.userId), index('two_factors_secret').on(t.secret)],
)

/** How often a caller tried, by path and address: kept here so that every web process counts together. */
export const rateLimits = table(
  'rate_limits',
  {
    id: id().primaryKey(),
    key: text('key').notNull(),
    count: integer('count').notNull(),
    lastRequest: long('last_request').notNull(),
  },
  (t) => [uniqueIndex('rate_limits_key').on(t.key)],
)

/** A place offered to an address: whoever opens the link becomes a user, or adds the network to the user they are. */
export const invitations = table(
  'invitations',
  {
    networkId: networkId().references(() => networks.id, { onDelete: 'cascade' }),
    id: id(),
    email: text('email').notNull(),
    name: text('name').notNull(),
    role: text('role', { enum: roles }).notNull(),
    scope: json('scope').$type<MembershipScope>().notNull(),
    language: text('language').notNull(),
    tokenHash: text('token_hash').notNull(),
    invitedBy: text('invited_by').notNull(),
    expiresAt: instant('expires_at').notNull(),
    acceptedAt: instant('accepted_at'),
    revokedAt: instant('revoked_at'),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.networkId, t.id] }), uniqueIndex('invitations_token').on(t.tokenHash)],
)

/** Inside a network: commercial areas and sites, or one print shop by name. Empty means the whole network. */
export interface MembershipScope {
  areas?: string[]
  sites?: string[]
  shop?: string
}

/** What a user may do, in one network and inside it perhaps only in some areas or sites. */
export const memberships = table(
  'memberships',
  {
    networkId: networkId().references(() => networks.id, { onDelete: 'cascade' }),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    role: text('role', { enum: roles }).notNull(),
    /** Empty means the whole network. */
    scope: json('scope').$type<MembershipScope>().notNull(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.networkId, t.userId, t.role] }), index('memberships_user').on(t.userId)],
)

/** API keys are shown once and stored as a SHA-256. */
export const apiKeys = table(
  'api_keys',
  {
    networkId: networkId().references(() => networks.id, { onDelete: 'cascade' }),
    id: id(),
    name: text('name').notNull(),
    hash: text('hash').notNull(),
    /** The last characters, so that people can tell their keys apart. */
    ending: text('ending').notNull().default(''),
    createdBy: text('created_by').notNull().default(''),
    scopes: json('scopes').$type<string[]>().notNull(),
    perMinute: integer('per_minute').notNull(),
    expiresAt: instant('expires_at'),
    lastUsedAt: instant('last_used_at'),
    revokedAt: instant('revoked_at'),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.networkId, t.id] }), uniqueIndex('api_keys_hash').on(t.hash)],
)
