import { type Column, type SQL, sql } from 'drizzle-orm'
import {
  addresses,
  arrivals,
  attempts,
  broadcasts,
  challengeEvidence,
  challengeLedger,
  challengeObjectives,
  challengeParticipants,
  challengeResults,
  challengeStandings,
  challengeTotals,
  consents,
  contactAddresses,
  contactDates,
  contacts,
  conversationMessages,
  conversations,
  decisions,
  deliveries,
  deliveryMembers,
  duplicates,
  engagementCheckpoints,
  engagements,
  events,
  exposures,
  idempotencyKeys,
  identityAliases,
  imageConsents,
  inboundEvents,
  journeys,
  links,
  notifications,
  pastResults,
  pieces,
  posts,
  pressures,
  proposalMembers,
  renderedContents,
  rewardBeneficiaries,
  rewards,
  segmentChecks,
  segmentMembers,
  silenceAsks,
  suppressions,
  tasks,
  timers,
  trackingChoices,
  winnerClaims,
  winnerPictures,
  winners,
} from '../db/schema.ts'
import {
  conversationIds,
  inboundIds,
  ownAddressIds,
  ownDeliveryIds,
  type PersonSubject,
  recipientOf,
  sharedDeliveryIds,
} from './subject.ts'

/** Which rows of a table are about a person, without its network. */
export type AboutPerson = (person: PersonSubject) => SQL

export interface ErasureStep {
  /** The rows erased; those about the person where absent. */
  of?: AboutPerson
  /** `delete`, or what is written over what they said. */
  do: 'delete' | ((person: PersonSubject) => Record<string, unknown>)
}

export interface PersonTable {
  about: AboutPerson
  /** What an erasure does, in this order; none where the rows stay, and `kept` says why. */
  erasure: readonly ErasureStep[]
  kept?: 'proof' | 'figures' | 'refusal'
}

/** A delivery that may yet leave for colleagues must still find its words. */
const isOver = sql`${deliveries.status} not in ('planned', 'held', 'queued', 'sending', 'unknown', 'needs_review')`

const either = (person: PersonSubject): SQL =>
  sql`${ownDeliveryIds(person)} union ${sharedDeliveryIds(person)} and ${deliveryMembers.deliveryId} in (select ${deliveries.id} from ${deliveries} where ${deliveries.networkId} = ${person.networkId} and ${isOver})`

const anyDelivery = (person: PersonSubject): SQL => sql`${ownDeliveryIds(person)} union ${sharedDeliveryIds(person)}`

const aboutDeliveries =
  (column: Column): AboutPerson =>
  (person) =>
    sql`${column} in (${anyDelivery(person)})`

/** Text that names one of their own addresses, or the person by their id; `%` and `_` are no wildcards here. */
const names =
  (column: SQL): AboutPerson =>
  ({ contactId, ownValues }) =>
    sql.join(
      [contactId, ...ownValues].map(
        (value) => sql`${column} like ${`%${value.replaceAll(/[\\%_]/g, '\\$&')}%`} escape '\\'`,
      ),
      sql` or `,
    )

/** What a person takes part as, in any challenge. */
const participations = (person: PersonSubject): SQL =>
  sql`select ${challengeParticipants.id} from ${challengeParticipants} where ${challengeParticipants.networkId} = ${person.networkId} and ${challengeParticipants.contactId} = ${person.contactId}`

const ownResults = (person: PersonSubject): SQL =>
  sql`select ${challengeResults.id} from ${challengeResults} where ${challengeResults.networkId} = ${person.networkId} and ${challengeResults.participantId} in (${participations(person)})`

const says = (...kinds: (SQL | undefined)[]): SQL =>
  sql`(${sql.join(
    kinds.filter((one) => one !== undefined),
    sql` or `,
  )})`

/**
 * Every table that can hold something about a contact, in the order in which an erasure goes through them: what is
 * found by way of another row comes before that row. A table of the schema is either here or in `impersonal`, which
 * a test holds.
 *
 * Kept, without a name: who was sent what and when, so that the figures of campaigns stay (GDPR art. 17(3), recital 26);
 * what was agreed to, as proof (GDPR art. 7(1), 17(3)(e)); and closures by hash, so that no file brings anybody back
 * (EDPB guidelines 5/2019: an erased refusal would be a refusal ignored).
 */
export const personTables = {
  idempotency_keys: { about: names(sql`${idempotencyKeys.body}`), erasure: [{ do: 'delete' }] },
  notifications: {
    about: (person) =>
      says(
        sql`${notifications.href} like ${`%/contacts/${person.contactId}%`}`,
        sql`${notifications.dedupeKey} like ${`%${person.contactId}%`}`,
      ),
    erasure: [{ do: 'delete' }],
  },
  timers: {
    about: (person) =>
      says(
        sql`${timers.subject} = ${person.contactId}`,
        sql`${timers.subject} = ${recipientOf(person)}`,
        sql`${timers.subject} in (${ownDeliveryIds(person)})`,
      ),
    erasure: [{ do: 'delete' }],
  },
  inbound_events: {
    about: (person) =>
      says(
        sql`${inboundEvents.id} in (${inboundIds(person)})`,
        person.ownValues.length > 0
          ? sql`${inboundEvents.appliedAt} is not null and (${names(sql`cast(${inboundEvents.body} as text)`)(person)})`
          : undefined,
      ),
    erasure: [{ do: 'delete' }],
  },
  conversation_messages: {
    about: (person) => sql`${conversationMessages.conversationId} in (${conversationIds(person)})`,
    erasure: [{ do: 'delete' }],
  },
  conversations: {
    about: (person) => sql`${conversations.id} in (${conversationIds(person)})`,
    erasure: [{ do: 'delete' }],
  },
  rendered_contents: {
    about: aboutDeliveries(renderedContents.deliveryId),
    erasure: [{ of: (person) => sql`${renderedContents.deliveryId} in (${either(person)})`, do: 'delete' }],
  },
  links: {
    about: (person) => sql`${links.deliveryId} in (${ownDeliveryIds(person)})`,
    erasure: [{ do: 'delete' }],
  },
  pieces: {
    about: aboutDeliveries(pieces.deliveryId),
    erasure: [
      {
        of: (person) => says(sql`${pieces.deliveryId} in (${ownDeliveryIds(person)}) and ${pieces.status} = 'queued'`),
        do: () => ({ status: 'excluded', reason: 'erased' }),
      },
      {
        of: (person) => sql`${pieces.deliveryId} in (${either(person)})`,
        do: () => ({ addressLines: [], postcode: '' }),
      },
    ],
  },
  posts: {
    about: (person) => sql`${posts.recipientKey} = ${recipientOf(person)}`,
    erasure: [{ do: 'delete' }],
  },
  broadcasts: {
    about: (person) => sql`${broadcasts.recipientKey} = ${recipientOf(person)}`,
    erasure: [{ do: 'delete' }],
  },
  attempts: {
    about: aboutDeliveries(attempts.deliveryId),
    erasure: [{ of: (person) => sql`${attempts.deliveryId} in (${either(person)})`, do: () => ({ detail: null }) }],
  },
  events: {
    about: (person) =>
      says(sql`${events.contactId} = ${person.contactId}`, sql`${events.deliveryId} in (${ownDeliveryIds(person)})`),
    erasure: [{ do: () => ({ data: {} }) }],
  },
  decisions: {
    about: (person) => sql`${decisions.contactId} = ${person.contactId}`,
    erasure: [{ do: () => ({ trace: [] }) }],
  },
  deliveries: {
    about: (person) => sql`${deliveries.id} in (${anyDelivery(person)})`,
    erasure: [{ of: (person) => sql`${deliveries.id} in (${either(person)})`, do: () => ({ mergeValues: null }) }],
  },
  delivery_members: {
    about: (person) => sql`${deliveryMembers.contactId} = ${person.contactId}`,
    erasure: [],
    kept: 'figures',
  },
  exposures: { about: (person) => sql`${exposures.contactId} = ${person.contactId}`, erasure: [], kept: 'figures' },
  engagements: { about: (person) => sql`${engagements.contactId} = ${person.contactId}`, erasure: [], kept: 'figures' },
  engagement_checkpoints: {
    about: (person) => sql`${engagementCheckpoints.contactId} = ${person.contactId}`,
    erasure: [],
    kept: 'figures',
  },
  silence_asks: {
    about: (person) => sql`${silenceAsks.contactId} = ${person.contactId}`,
    erasure: [{ do: () => ({ askedBy: 'erased' }) }],
    kept: 'proof',
  },
  arrivals: {
    about: (person) => sql`${arrivals.contactId} = ${person.contactId}`,
    erasure: [{ do: () => ({ data: {}, cause: { code: 'erased' }, decidedAs: null }) }],
    kept: 'figures',
  },
  journeys: {
    about: (person) => sql`${journeys.contactId} = ${person.contactId}`,
    erasure: [{ do: () => ({ data: {}, cause: { code: 'erased' }, leftFor: null }) }],
    kept: 'figures',
  },
  tasks: {
    about: (person) =>
      says(sql`${tasks.contactId} = ${person.contactId}`, sql`${tasks.correspondentId} = ${person.contactId}`),
    erasure: [{ of: (person) => sql`${tasks.contactId} = ${person.contactId}`, do: () => ({ note: '', remark: '' }) }],
    kept: 'figures',
  },
  proposal_members: {
    about: (person) => sql`${proposalMembers.contactId} = ${person.contactId}`,
    erasure: [{ do: 'delete' }],
  },
  contact_dates: {
    about: (person) => sql`${contactDates.contactId} = ${person.contactId}`,
    erasure: [{ do: 'delete' }],
  },
  pressures: {
    about: (person) => sql`${pressures.subjectKey} = ${recipientOf(person)}`,
    erasure: [{ do: 'delete' }],
  },
  segment_members: {
    about: (person) => sql`${segmentMembers.contactId} = ${person.contactId}`,
    erasure: [{ do: 'delete' }],
  },
  segment_checks: {
    about: (person) => sql`${segmentChecks.contactId} = ${person.contactId}`,
    erasure: [{ do: 'delete' }],
  },
  duplicates: {
    about: (person) =>
      says(sql`${duplicates.contactId} = ${person.contactId}`, sql`${duplicates.otherId} = ${person.contactId}`),
    erasure: [{ do: 'delete' }],
  },
  identity_aliases: {
    about: (person) => sql`${identityAliases.contactId} = ${person.contactId}`,
    erasure: [],
    kept: 'refusal',
  },
  challenge_standings: {
    about: (person) => sql`${challengeStandings.subjectKey} in (${participations(person)})`,
    erasure: [{ do: () => ({ nameKey: '' }) }],
    kept: 'figures',
  },
  rewards: {
    about: (person) => sql`${rewards.contactId} = ${person.contactId}`,
    erasure: [{ do: () => ({ title: {}, reason: '', cancelReason: null }) }],
    kept: 'proof',
  },
  reward_beneficiaries: {
    about: (person) => sql`${rewardBeneficiaries.contactId} = ${person.contactId}`,
    erasure: [{ do: 'delete' }],
  },
  winners: {
    about: (person) => sql`${winners.contactId} = ${person.contactId}`,
    erasure: [],
    kept: 'figures',
  },
  winner_claims: {
    about: (person) => sql`${winnerClaims.contactId} = ${person.contactId}`,
    erasure: [{ do: () => ({ text: '', answer: null }) }],
    kept: 'figures',
  },
  image_consents: {
    about: (person) => sql`${imageConsents.contactId} = ${person.contactId}`,
    erasure: [{ do: () => ({ signedName: '' }) }],
    kept: 'proof',
  },
  winner_pictures: {
    about: (person) => sql`${winnerPictures.contactId} = ${person.contactId}`,
    erasure: [{ do: 'delete' }],
  },
  challenge_evidence: {
    about: (person) => sql`${challengeEvidence.resultId} in (${ownResults(person)})`,
    erasure: [{ do: 'delete' }],
  },
  challenge_results: {
    about: (person) => sql`${challengeResults.participantId} in (${participations(person)})`,
    erasure: [{ do: () => ({ statement: null, reason: null, reference: null, referenceKey: null }) }],
    kept: 'figures',
  },
  challenge_ledger: {
    about: (person) => sql`${challengeLedger.participantId} in (${participations(person)})`,
    erasure: [],
    kept: 'figures',
  },
  challenge_totals: {
    about: (person) => sql`${challengeTotals.participantId} in (${participations(person)})`,
    erasure: [],
    kept: 'figures',
  },
  challenge_objectives: {
    about: (person) => sql`${challengeObjectives.contactId} = ${person.contactId}`,
    erasure: [{ do: 'delete' }],
  },
  challenge_participants: {
    about: (person) => sql`${challengeParticipants.contactId} = ${person.contactId}`,
    erasure: [{ do: () => ({ shownAs: null }) }],
    kept: 'figures',
  },
  past_results: {
    about: (person) => sql`${pastResults.subjectKey} = ${recipientOf(person)}`,
    erasure: [{ do: 'delete' }],
  },
  consents: { about: (person) => sql`${consents.contactId} = ${person.contactId}`, erasure: [], kept: 'proof' },
  tracking_choices: {
    about: (person) => sql`${trackingChoices.contactId} = ${person.contactId}`,
    erasure: [],
    kept: 'proof',
  },
  suppressions: {
    about: (person) =>
      sql`${suppressions.addressHash} in (select ${addresses.hash} from ${addresses} where ${addresses.networkId} = ${person.networkId} and ${addresses.id} in (${ownAddressIds(person)}))`,
    erasure: [],
    kept: 'refusal',
  },
  addresses: {
    about: (person) => sql`${addresses.id} in (${ownAddressIds(person)})`,
    erasure: [{ do: () => ({ normalised: null, statusReason: null }) }],
    kept: 'refusal',
  },
  contact_addresses: {
    about: (person) => sql`${contactAddresses.contactId} = ${person.contactId}`,
    erasure: [{ do: 'delete' }],
  },
  contacts: {
    about: (person) => sql`${contacts.id} = ${person.contactId}`,
    erasure: [
      {
        do: () => ({
          ...{ externalId: null, salutation: null, firstName: null, lastName: null, nameKey: '', givenKey: '' },
          ...{
            function: null,
            preferredChannel: null,
            preferredHours: null,
            lastActivityOn: null,
            attributes: {},
            isCorrespondent: false,
            hasContract: false,
          },
        }),
      },
    ],
    kept: 'refusal',
  },
} as const satisfies Record<string, PersonTable>

export type PersonTableName = keyof typeof personTables

/** Tables that say nothing of a contact, each with why. */
export const impersonal: Readonly<Record<string, string>> = {
  open_calls: 'ids of deliveries alone, for thirty days at most',
  users: 'people who sign in, not contacts',
  sessions: 'of users',
  accounts: 'of users',
  verifications: 'of users',
  passkeys: 'of users',
  two_factors: 'of users',
  memberships: 'of users',
  invitations: 'of users',
  rate_limits: 'calls counted by path and caller; gone within the hour',
  api_keys: 'of programs',
  calendar_feeds: 'of users: which plan they follow',
  breakers: 'of provider accounts',
  campaigns: 'what is said, before it is anybody’s',
  campaign_versions: 'what is said, before it is anybody’s',
  campaign_counts: 'sums over a campaign',
  challenges: 'what is said, before it is anybody’s',
  challenge_rules: 'rules',
  challenge_sites: 'what an outlet could sell',
  challenge_closings: 'dates',
  prizes: 'what there is to win',
  reward_budgets: 'sums over a challenge',
  simulations: 'sums over what was done before',
  experiments: 'sums over a step',
  content_versions: 'words for nobody in particular',
  messages: 'what is said, before it is anybody’s',
  kept_words: 'words for nobody in particular',
  campaign_words: 'words for nobody in particular',
  campaign_snapshots: 'what is said, before it is anybody’s',
  campaign_changes: 'what is said, before it is anybody’s',
  seed_addresses: 'test addresses of the house, not of contacts',
  proofs: 'names the people it shows by id only',
  proof_items: 'names no contact: messages to test addresses of the house',
  approvals: 'of users',
  approval_votes: 'of users',
  link_checks: 'whether an address on the web answers',
  templates: 'words for nobody in particular',
  watches: 'what campaigns listen for',
  articles: 'signed by the house, for everybody',
  proposals: 'sums over the people of a step',
  step_runs: 'how far a fan-out has come',
  policies: 'rules',
  group_engagements: 'sums over a profile',
  site_engagements: 'sums over the people of an outlet',
  holdouts: 'outlets left out of a campaign',
  networks: 'the tenant',
  senders: 'who writes',
  sites: 'an outlet, with the mailbox and the letterbox it shares',
  stations: 'a device of an outlet',
  segments: 'rules',
  policy_cases: 'examples',
  policy_drafts: 'rules',
  imports: 'counts of a file; the file itself goes with its retention',
  mappings: 'names of columns',
  batches: 'counts of letters; a sealed batch goes with its retention',
  spends: 'sums by day',
  jobs: 'names people by id only',
  audit_entries: 'names people by id only, and is never changed',
  installation: 'of the installation',
  files: 'pictures of the library',
  brands: 'how a network looks',
  secrets: 'credentials of providers',
  saved_answers: 'words for nobody in particular',
}

export const personTableNames = Object.keys(personTables) as PersonTableName[]
