/** What routing reads and what it answers. It is pure: everything it knows is in `RoutingInput`. */
import type {
  ChannelName,
  ConsentBasis,
  Intent,
  Language,
  MessageClass,
  PreferredHours,
  Profile,
  SuppressionScope,
  TrackingMode,
  Urgency,
} from '../words.ts'
import type { OpeningBases } from './bases.ts'
import type { Closure } from './closures.ts'

/** A code and its parameters; `explain` turns it into a sentence in the reader's language. */
export interface Because {
  code: string
  params?: Record<string, string | number | boolean | null>
}

export interface TraceEntry {
  /** The rule's id, such as `gate.consent` or `hours.soft`. */
  rule: string
  channel?: ChannelName
  verdict: 'allowed' | 'excluded' | 'deferred' | 'preferred' | 'chosen' | 'noted'
  detail?: Record<string, string | number | boolean | null>
}

export interface RoutableAddress {
  id: string
  hash: string
  value: string
  status: 'valid' | 'invalid' | 'bounced' | 'dead' | 'quarantined'
  isShared: boolean
  /** Country of the number or the place, ISO 3166-1 alpha-2 (overseas departments by their own key). */
  country: string | null
}

/** Minutes from local midnight by ISO weekday, 1 = Monday; a missing day is closed, undefined hours are unknown. */
export type OpeningHours = Partial<Record<'1' | '2' | '3' | '4' | '5' | '6' | '7', [number, number][]>>

export interface RoutableContact {
  id: string
  siteId: string
  profile: Profile
  language: Language
  preferredChannel?: ChannelName
  /** When they asked to be written to; it narrows the habitual hours and never widens the legal ones. */
  preferredHours?: PreferredHours
  site: {
    typology?: string
    tier?: string
    country: string
    /** FR, FR-57/67/68, or GP MQ GF RE YT … : whose public holidays count. */
    region: string
    timezone: string
    openingHours?: OpeningHours
    hasStation: boolean
  }
  email?: RoutableAddress
  mobile?: RoutableAddress
  postal?: RoutableAddress
  /** The fold of the consent ledger for purpose `receive`. */
  consents: Partial<Record<ChannelName, { state: 'granted' | 'denied' | 'unstated'; basis: ConsentBasis }>>
  /** The last tracking choice. */
  tracking: {
    opens: 'granted' | 'refused' | 'unstated'
    clicks: 'granted' | 'refused' | 'unstated'
    /** Refused: the rule of their profile decides, whatever their acts have shown (GDPR art. 21). */
    learning?: 'granted' | 'refused' | 'unstated'
  }
  suppressions: {
    scope: SuppressionScope
    addressHash: string
    channel: string
    senderId: string
    topic: string
    reason: string
  }[]
}

export interface RoutableMessage {
  id: string
  campaign: string
  step: string
  occurrence: string
  class: MessageClass
  urgency: Urgency
  intent: Intent
  topic: string
  /** Fixed by the author; without it the policy decides. */
  channels?: ChannelName[]
  /** Asks for an answer by reply: needs a two-way sender on SMS. */
  asksReply: boolean
  /** Its words speak to one person: never to a shared mailbox. Without it, transactional and relationship do. */
  isPersonal?: boolean
  onQuiet: 'defer' | 'drop' | 'switch_channel'
  expiresAt?: Date
  /** `then: next-best` of a campaign file: who does not act within it is asked again on another channel, once. */
  fallback?: { ifNot: 'opened' | 'acted' | 'acknowledged'; afterMs: number }
}

export interface RoutableSender {
  id: string
  channel: ChannelName
  isTwoWay: boolean
  isDefault: boolean
  countries: string[]
}

export interface Touch {
  at: number
  channel: ChannelName
  class: MessageClass
  /** The message's id: a site's cap over all channels counts other messages than the one being routed. */
  message?: string
}

/** What is believed of a contact on a channel: a Beta posterior, see `src/engagement/formula.ts`. */
export interface Belief {
  mean: number
  /** Weighted mature exposures behind it. */
  n: number
  /** Weighted actions behind it. */
  s: number
  exposures: number
  actions: number
  /** How many exposures the group's mean behind it weighs, where that was estimated, and when (business time). */
  kappa?: number
  kappaAt?: Date
}

/** The size of a message on a channel for this very contact; undefined when there are no words for it. */
export interface Measured {
  language: Language
  parts: number
  /** Set when the words cannot go out as they are (too long, an unknown field …). */
  problem?: string
}

export interface RoutingInput {
  contact: RoutableContact
  message: RoutableMessage
  policy: Policy
  beliefs: Partial<Record<ChannelName, Belief>>
  touches: { contact: readonly Touch[]; site: readonly Touch[] }
  senders: readonly RoutableSender[]
  /** Countries of numbers (overseas departments by their own key) that may be texted; all of them where it is not said. */
  smsCountries?: readonly string[]
  /** True once the budget for the day or the campaign is spent. */
  isSpent: boolean
  measure(channel: ChannelName, language: Language): Measured | undefined
  now: Date
  /** `network|campaign|step|contact`: what exploration, hold-out and jitter are drawn from. */
  seed: string
  /** Channels already used for this message: a fallback goes to another. */
  exclude?: readonly ChannelName[]
  /** Set for who is kept without the message, to measure its effect: the share (0 … 1) drawn. Urgent messages ignore it. */
  holdout?: { share: number }
  /** The network's own closing days. */
  closures?: readonly Closure[]
}

export interface Fallback {
  channel: ChannelName
  /** `failed`: on a late failure · `not_acted`: when nothing came within `afterMs` of sending. */
  when: 'failed' | 'not_acted'
  ifNot?: 'opened' | 'acted' | 'acknowledged'
  afterMs: number
}

export interface Decision {
  outcome: 'send' | 'defer' | 'none' | 'holdout'
  channel?: ChannelName
  /** Business time at which it should leave; later than now when deferred. */
  at?: Date
  addressId?: string
  senderId?: string
  /** `contact:…`, or `site:…` for a letter or a screen that covers the outlet. */
  recipientKey?: string
  language: Language
  parts: number
  costMillis: number
  trackingMode: TrackingMode
  /** Channels that also store or show it, from `at` on; the intranet nearly always. `targetOf` says for whom. */
  companions: ChannelName[]
  fallbacks: Fallback[]
  because: Because[]
  trace: TraceEntry[]
  policyVersion: number
}

/** The first rule that matches urgency × intent × profile (and typology, tier) gives the ordered channels. */
export interface PolicyTable {
  rules: PolicyRule[]
  /** Also stored or shown, beside the chosen channel. */
  companions: { intranet: boolean }
}

/** The routing policy as data; `src/routing/default-policy.ts` is version 1, each network keeps its own versions. */
export interface Policy extends PolicyTable {
  version: number
  /** Dated values. Kept whole with the version, so an old decision can be replayed. */
  values: PolicyValues
}

export interface PolicyRule {
  id: string
  when: {
    urgency?: Urgency[]
    intent?: Intent[]
    profile?: Profile[]
    typology?: string[]
    tier?: string[]
    class?: MessageClass[]
  }
  channels: ChannelName[]
  /** Also sent at once beside the first (the urgent waterfall: SMS and screen at t0). */
  together?: ChannelName[]
  /** Minutes until the next channel when nobody acted. */
  waterfallMinutes?: number
  /** What is not urgent goes once to the next channel when this did not happen; a message’s own wish comes first. */
  fallback?: { ifNot: 'acted' | 'acknowledged'; afterMinutes: number }
  /** False: the order stands whatever engagement says. A letter is sent for its weight, not for its answer rate. */
  learns?: boolean
}

/** A figure with where it comes from: law and tariffs are data, never constants in code. */
export interface Dated<T> {
  value: T
  source: string
  status: 'sourced' | 'believed' | 'measured' | 'set by the network'
  checkedOn: string
}

export interface PolicyValues {
  quietHours: Dated<Record<string, QuietHours>>
  /** Marketing and relational: at most `max` in `days` rolling days. */
  caps: Dated<{ channel: ChannelName | 'any'; subject: 'contact' | 'site'; max: number; days: number }[]>
  /** Thousandths of a minor unit: e-mail 100 (0.001 €), SMS 6,500 a part, letter 110,000. */
  costs: Dated<Record<ChannelName, number>>
  currency: string
  /** What reaching someone is worth, in thousandths of a minor unit, by intent. */
  worth: Dated<Record<Intent, number>>
  /** Price of a full quota of touches, in thousandths of a minor unit. */
  fatigueLambda: Dated<number>
  hysteresis: Dated<number>
  exploration: Dated<number>
  jitterMinutes: Dated<number>
  /** Which bases open what asks for agreement; without it, `defaultBases`. */
  bases?: Dated<OpeningBases>
  /** Marketing consent needed: `opt_in`, `opt_out` or `free`, by country, channel and whose address it is. */
  basis: Dated<
    Record<string, Partial<Record<'email_personal' | 'email_shared' | 'sms' | 'print', 'opt_in' | 'opt_out' | 'free'>>>
  >
  /** Default tracking by country when the contact has not said. */
  tracking: Dated<Record<string, TrackingMode>>
  /** Price of one SMS part where it differs from `costs`, by country of the number. */
  smsCosts?: Dated<Record<string, number>>
  /** When a mailbox is read, by profile; without it e-mail keeps the soft window of the country. */
  emailHours?: Dated<{ default: OpeningHours } & Partial<Record<Profile, OpeningHours>>>
  /** When a phone may ring for an urgent_service message that is not immediate. */
  nightRest?: Dated<OpeningHours>
  /** How many exposures a prior weighs. */
  kappa?: Dated<number>
  /** Leaves the default channel when the other is better with at least this probability. */
  switchProbability?: Dated<number>
  /** The most a class may measure, whatever country and contact allow. */
  trackingByClass?: Dated<Partial<Record<MessageClass, TrackingMode>>>
}

/** Local windows by ISO weekday in minutes; `hard` binds marketing SMS, `soft` is the habit everyone else keeps. */
export interface QuietHours {
  hard: OpeningHours | null
  soft: OpeningHours
  holidaysClosed: boolean
}
