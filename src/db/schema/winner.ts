import { columns } from '../columns.ts'
import { challenges } from './challenge.ts'
import { createdAt, id, networkId } from './keys.ts'
import { contacts, sites } from './network.ts'
import { boards } from './standing.ts'

const { table, index, uniqueIndex, primaryKey, foreignKey, text, integer, long, json, instant } = columns

export const claimStatuses = ['open', 'upheld', 'rejected'] as const

/** How a challenge ends: the provisional ranking, the days to object, and the approval. */
export const challengeClosings = table(
  'challenge_closings',
  {
    networkId: networkId(),
    challengeId: text('challenge_id').notNull(),
    /** When the provisional ranking was published; from then on rankings are shown again. */
    provisionalAt: instant('provisional_at').notNull(),
    /** Last instant at which somebody may object. */
    claimsUntil: instant('claims_until').notNull(),
    approvedAt: instant('approved_at'),
    approvedBy: text('approved_by'),
    provisionalBy: text('provisional_by').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.challengeId] }),
    foreignKey({
      columns: [t.networkId, t.challengeId],
      foreignColumns: [challenges.networkId, challenges.id],
      name: 'challenge_closings_challenge_fk',
    }).onDelete('cascade'),
  ],
)

/** Who won, provisionally until the closing is approved: drawn anew from the standings until then. */
export const winners = table(
  'winners',
  {
    networkId: networkId(),
    id: id(),
    challengeId: text('challenge_id').notNull(),
    board: text('board', { enum: boards }).notNull(),
    /** For most points, or for the finest progress. */
    by: text('by', { enum: ['points', 'progress'] }).notNull(),
    league: integer('league').notNull(),
    /** 1 is the first; no two share one. */
    place: integer('place').notNull(),
    subjectKey: text('subject_key').notNull(),
    /** Of a person; null for outlets and teams. */
    contactId: text('contact_id'),
    siteId: text('site_id'),
    score: long('score').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.id] }),
    uniqueIndex('winners_place').on(t.networkId, t.challengeId, t.board, t.by, t.league, t.place),
    index('winners_contact').on(t.networkId, t.contactId),
    index('winners_site').on(t.networkId, t.siteId),
    foreignKey({
      columns: [t.networkId, t.challengeId],
      foreignColumns: [challenges.networkId, challenges.id],
      name: 'winners_challenge_fk',
    }).onDelete('cascade'),
    foreignKey({
      columns: [t.networkId, t.contactId],
      foreignColumns: [contacts.networkId, contacts.id],
      name: 'winners_contact_fk',
    }),
    foreignKey({
      columns: [t.networkId, t.siteId],
      foreignColumns: [sites.networkId, sites.id],
      name: 'winners_site_fk',
    }),
  ],
)

/** Somebody says that the provisional ranking is wrong. */
export const winnerClaims = table(
  'winner_claims',
  {
    networkId: networkId(),
    id: id(),
    challengeId: text('challenge_id').notNull(),
    contactId: text('contact_id').notNull(),
    text: text('text').notNull(),
    status: text('status', { enum: claimStatuses }).notNull(),
    raisedAt: instant('raised_at').notNull(),
    answer: text('answer'),
    answeredBy: text('answered_by'),
    answeredAt: instant('answered_at'),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.id] }),
    index('winner_claims_challenge').on(t.networkId, t.challengeId, t.status, t.id),
    index('winner_claims_contact').on(t.networkId, t.contactId),
    foreignKey({
      columns: [t.networkId, t.challengeId],
      foreignColumns: [challenges.networkId, challenges.id],
      name: 'winner_claims_challenge_fk',
    }).onDelete('cascade'),
    foreignKey({
      columns: [t.networkId, t.contactId],
      foreignColumns: [contacts.networkId, contacts.id],
      name: 'winner_claims_contact_fk',
    }),
  ],
)

/** What somebody agreed to about their picture, append-only: the last row of a person and challenge counts. */
export const imageConsents = table(
  'image_consents',
  {
    networkId: networkId(),
    id: id(),
    challengeId: text('challenge_id').notNull(),
    contactId: text('contact_id').notNull(),
    action: text('action', { enum: ['grant', 'withdraw'] }).notNull(),
    /** The wording agreed to, see `src/challenge/winners/wording.ts`. */
    wordingVersion: text('wording_version').notNull(),
    /** The name typed in place of a signature. */
    signedName: text('signed_name').notNull(),
    /** Where it was said: `portal`, `link`, or `paper` kept by the network. */
    source: text('source', { enum: ['portal', 'link', 'paper'] }).notNull(),
    saidBy: text('said_by').notNull(),
    saidAt: instant('said_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.id] }),
    index('image_consents_contact').on(t.networkId, t.contactId, t.challengeId, t.id),
    foreignKey({
      columns: [t.networkId, t.challengeId],
      foreignColumns: [challenges.networkId, challenges.id],
      name: 'image_consents_challenge_fk',
    }).onDelete('cascade'),
    foreignKey({
      columns: [t.networkId, t.contactId],
      foreignColumns: [contacts.networkId, contacts.id],
      name: 'image_consents_contact_fk',
    }),
  ],
)

/** A picture or film of a winner: shown only while the person agrees. */
export const winnerPictures = table(
  'winner_pictures',
  {
    networkId: networkId(),
    id: id(),
    challengeId: text('challenge_id').notNull(),
    contactId: text('contact_id').notNull(),
    kind: text('kind', { enum: ['photo', 'film'] }).notNull(),
    /** A picture of the library, or the address of a film. */
    fileId: text('file_id'),
    url: text('url'),
    caption: json('caption').$type<Record<string, string>>().notNull(),
    publishedAt: instant('published_at'),
    takenDownAt: instant('taken_down_at'),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.networkId, t.id] }),
    index('winner_pictures_contact').on(t.networkId, t.contactId),
    index('winner_pictures_challenge').on(t.networkId, t.challengeId, t.id),
    foreignKey({
      columns: [t.networkId, t.challengeId],
      foreignColumns: [challenges.networkId, challenges.id],
      name: 'winner_pictures_challenge_fk',
    }).onDelete('cascade'),
    foreignKey({
      columns: [t.networkId, t.contactId],
      foreignColumns: [contacts.networkId, contacts.id],
      name: 'winner_pictures_contact_fk',
    }),
  ],
)
