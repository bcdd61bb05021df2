import type { ReasonCode } from '../../src/routing/codes.ts'
import type { Because } from '../../src/routing/types.ts'

const at = '2026-11-23T07:00:00.000Z'
const timezone = 'Europe/Paris'
const channel = 'email'
const params: Record<ReasonCode, NonNullable<Because['params']>> = {
  chosen: { channel },
  unreachable: {},
  expired: { at },
  held_out: {},
  dropped_for_hours: { channel, at, timezone },
  no_rule: {},
  urgent_order: {},
  author_order: {},
  rule_order: {},
  contact_preference: {},
  learned: { actions: 3, exposures: 4, percent: 47 },
  profile_habit: { profile: 'field', percent: 35 },
  switched: { from: 'sms' },
  not_worth_default: { from: 'sms' },
  explored: { from: 'sms' },
  only_channel: {},
  last_resort: {},
  shared_for_site: {},
  preferred_hours: { hours: 'afternoon' },
  within_window: { from: 450, to: 1140 },
  exempt_from_hours: { class: 'transactional' },
  deferred: { at, timezone },
  deadline_window: {},
  cost: { millis: 6_500, currency: 'EUR', parts: 1 },
  already_used: { channel },
  no_address: { channel },
  address_unusable: { channel, status: 'bounced' },
  shared_mailbox: { channel },
  country_closed: { channel: 'sms', country: 'BE' },
  consent_denied: { channel },
  consent_missing: { channel },
  consent_unstated: { channel },
  consent_basis: { channel: 'sms', basis: 'b2b_opt_out', country: 'FR' },
  no_sender: { channel },
  sender_country: { channel, country: 'BE' },
  sender_one_way: { channel },
  suppressed_address: { channel, reason: 'bounce' },
  suppressed_sender: { channel, reason: 'stop' },
  suppressed_topic: { channel, reason: 'unsubscribe' },
  suppressed_marketing: { channel, reason: 'unsubscribe' },
  budget_spent: { channel },
  timezone_unknown: { channel, timezone: 'Mars' },
  never_open: { channel },
  expires_before_window: { channel, at, timezone },
  station_closed: { channel },
  closed_now: { channel },
  cap_reached: { channel, max: 1, days: 7, subject: 'site', scope: channel },
  no_content: { channel },
  content_problem: { channel, problem: 'too long' },
  weaker: { channel, percent: 12 },
}

/** One reason of each code, with the parameters routing gives it. */
export const becauseOfEveryCode = Object.fromEntries(
  Object.entries(params).map(([code, own]) => [code, { code, params: own }]),
) as Record<ReasonCode, Because>
