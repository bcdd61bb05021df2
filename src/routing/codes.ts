import type { Because } from './types.ts'

export type CodeParams = NonNullable<Because['params']>

/** What the decision comes to; each `because` begins with one of these. */
export const headCodes = ['chosen', 'unreachable', 'expired', 'held_out', 'dropped_for_hours', 'no_rule'] as const
export type HeadCode = (typeof headCodes)[number]

/** Why the chosen channel, when and for how much. */
export const factCodes = [
  'urgent_order',
  'author_order',
  'rule_order',
  'contact_preference',
  'learned',
  'profile_habit',
  'switched',
  'not_worth_default',
  'explored',
  'learning_refused',
  'only_channel',
  'last_resort',
  'shared_for_site',
  'within_window',
  'preferred_hours',
  'exempt_from_hours',
  'deferred',
  'deadline_window',
  'reach_of_two',
  'cost',
] as const
export type FactCode = (typeof factCodes)[number]

/** Why a channel was not taken, with the rule that said so; `channel` is always among the parameters. */
export const exclusionRules = {
  already_used: 'policy.exclude',
  no_address: 'gate.address',
  address_unusable: 'gate.address',
  shared_mailbox: 'gate.shared',
  country_closed: 'gate.country',
  consent_denied: 'gate.consent',
  consent_missing: 'gate.consent',
  consent_unstated: 'gate.consent',
  consent_basis: 'gate.consent',
  no_sender: 'gate.sender',
  sender_country: 'gate.sender',
  sender_one_way: 'gate.sender',
  suppressed_address: 'gate.suppression',
  suppressed_sender: 'gate.suppression',
  suppressed_topic: 'gate.suppression',
  suppressed_marketing: 'gate.suppression',
  budget_spent: 'gate.budget',
  timezone_unknown: 'hours.timezone',
  never_open: 'hours.window',
  expires_before_window: 'hours.expiry',
  station_closed: 'hours.counter',
  closed_now: 'hours.switch',
  cap_reached: 'pressure.cap',
  no_content: 'gate.content',
  content_problem: 'gate.content',
  weaker: 'score.utility',
} as const
export type ExclusionCode = keyof typeof exclusionRules
export const exclusionCodes = Object.keys(exclusionRules) as ExclusionCode[]

export type ReasonCode = HeadCode | FactCode | ExclusionCode
export const reasonCodes: readonly ReasonCode[] = [...headCodes, ...factCodes, ...exclusionCodes]

/** A reason as routing gives it: its code is one of the closed list. */
export interface Reason extends Because {
  code: ReasonCode
}
export interface Exclusion extends Because {
  code: ExclusionCode
  params: CodeParams
}

export const isReasonCode = (code: string): code is ReasonCode => (reasonCodes as readonly string[]).includes(code)
