import { columns } from '../columns.ts'
import { challenges } from './challenge.ts'
import { createdAt, id, networkId, updatedAt } from './keys.ts'
import { contacts } from './network.ts'

const { table, index, uniqueIndex, primaryKey, foreignKey, text, integer, long, boolean, json, instant } = columns

export const prizeKinds = ['cash', 'gift_card', 'in_kind', 'experience'] as const
export type PrizeKind = (typeof prizeKinds)[number]

export const rewardStatuses = ['awarded', 'delivered', 'canceled'] as const
export type RewardStatus = (typeof rewardStatuses)[number]

export const beneficiaryRegimes = ['employee', 'self_employed'] as const

/** What a challenge gives away, and how often at most. */
export const prizes = table(
  'prizes',
  {
    networkId: networkId(),
    id: id(),
    challengeId: text('challenge_id').notNull(),
    kind: text('kind', { enum: prizeKinds }).notNull(),
    title: json('title').$type<Record<string, string>>().notNull(),
    /** What one is worth, minor units of the network's currency, taxes included. */
    valueCents: long('value_cents').notNull(),
    /** How many there are; null: as many as the budget allows. */
    stock: integer('stock'),
    /** How many are given, those taken back left out. */
    given: integer('given').notNull().default(0),
    isRetired: boolean('is_retired').notNull().default(false),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.id] }),
    index('prizes_challenge').on(t.networkId, t.challengeId, t.id),
    foreignKey({
      columns: [t.networkId, t.challengeId],
      foreignColumns: [challenges.networkId, challenges.id],
      name: 'prizes_challenge_fk',
    }).onDelete('cascade'),
  ],
)

/** What a challenge may give away in all, and what of it is promised. */
export const rewardBudgets = table(
  'reward_budgets',
  {
    networkId: networkId(),
    challengeId: text('challenge_id').notNull(),
    capCents: long('cap_cents').notNull(),
    committedCents: long('committed_cents').notNull().default(0),
    updatedAt: updatedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.challengeId] }),
    foreignKey({
      columns: [t.networkId, t.challengeId],
      foreignColumns: [challenges.networkId, challenges.id],
      name: 'reward_budgets_challenge_fk',
    }).onDelete('cascade'),
  ],
)

/** A prize given to a person; a canceled one stays, and counts nowhere. */
export const rewards = table(
  'rewards',
  {
    networkId: networkId(),
    id: id(),
    challengeId: text('challenge_id').notNull(),
    prizeId: text('prize_id').notNull(),
    contactId: text('contact_id').notNull(),
    /** Who pays: the third party of the yearly sum. */
    payer: text('payer').notNull(),
    kind: text('kind', { enum: prizeKinds }).notNull(),
    title: json('title').$type<Record<string, string>>().notNull(),
    valueCents: long('value_cents').notNull(),
    /** The calendar year it counts in, in the network's zone. */
    year: integer('year').notNull(),
    status: text('status', { enum: rewardStatuses }).notNull(),
    /** Asking twice for the same thing gives one. */
    requestKey: text('request_key').notNull(),
    reason: text('reason').notNull().default(''),
    awardedBy: text('awarded_by').notNull(),
    awardedAt: instant('awarded_at').notNull(),
    deliveredAt: instant('delivered_at'),
    canceledAt: instant('canceled_at'),
    cancelReason: text('cancel_reason'),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.id] }),
    uniqueIndex('rewards_once').on(t.networkId, t.challengeId, t.requestKey),
    index('rewards_year').on(t.networkId, t.year, t.contactId, t.payer),
    index('rewards_contact').on(t.networkId, t.contactId),
    index('rewards_prize').on(t.networkId, t.prizeId),
    foreignKey({
      columns: [t.networkId, t.prizeId],
      foreignColumns: [prizes.networkId, prizes.id],
      name: 'rewards_prize_fk',
    }),
    foreignKey({
      columns: [t.networkId, t.contactId],
      foreignColumns: [contacts.networkId, contacts.id],
      name: 'rewards_contact_fk',
    }),
  ],
)

/** What somebody is to whoever rewards them, as the network says; without a row, nobody has said. */
export const rewardBeneficiaries = table(
  'reward_beneficiaries',
  {
    networkId: networkId(),
    contactId: text('contact_id').notNull(),
    regime: text('regime', { enum: beneficiaryRegimes }).notNull(),
    isCustomerFacing: boolean('is_customer_facing').notNull(),
    isSameGroup: boolean('is_same_group').notNull(),
    saidBy: text('said_by').notNull(),
    updatedAt: updatedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.contactId] }),
    foreignKey({
      columns: [t.networkId, t.contactId],
      foreignColumns: [contacts.networkId, contacts.id],
      name: 'reward_beneficiaries_contact_fk',
    }).onDelete('cascade'),
  ],
)
