import type { Urgency } from '../words.ts'

/**
 * Whom a failure speaks of. `provider`: everybody would be refused alike, so its circuit opens and rows stay queued ·
 * `sender`: whatever leaves in this sender's name is refused, so the sender waits to be put right · `address`: this
 * number or mailbox · `message`: these words, or this one journey.
 */
export type FailureScope = 'provider' | 'sender' | 'address' | 'message'

/** What becomes of the address: out of service for good, STOP to its sender, no more marketing, doubtful once often enough. */
export type Closing = 'dead' | 'stop' | 'complaint' | 'unsubscribe' | 'quarantine'

export interface Failure {
  scope: FailureScope
  closes?: Closing
  /** Closes only after so many in a row at this address within so many days. */
  closesAfter?: { times: number; days: number }
  /**
   * A failure told after the hand-over: so many new attempts, so long after (milliseconds), before it is the next
   * channel's turn. `only`: for these urgencies, the others go on at once.
   */
  again?: { times: number; afterMs: number; only?: readonly Urgency[] }
  /** Which of a campaign's thresholds it counts against. */
  counts?: 'bounced' | 'complained' | 'filtered'
}

const minute = 60_000
const urgent = ['immediate', 'high'] as const satisfies readonly Urgency[]

/**
 * What follows from each failure, by our own code; adapters translate their provider's codes into these, so that a
 * refusal at the hand-over and the same word told later by a callback are judged alike. Grounds: Twilio's error pages
 * (twilio.com/docs/api/errors), SendGrid's event and suppression pages (twilio.com/docs/sendgrid), RFC 3463 and
 * RFC 5321, checked 2026-11-22. A code that is not here fails, is shown as it is and is counted as unrecognised.
 */
export const failures = {
  rate_limited: { scope: 'provider' },
  unreachable: { scope: 'provider' },
  channel_error: { scope: 'provider' },
  credentials: { scope: 'provider', again: { times: 5, afterMs: 15 * minute } },
  provider_misconfigured: { scope: 'provider' },
  queue_overflow: { scope: 'provider', again: { times: 3, afterMs: 10 * minute } },

  sender_misconfigured: { scope: 'sender' },

  invalid_number: { scope: 'address', closes: 'dead' },
  unknown_number: { scope: 'address', closes: 'dead' },
  not_a_mobile: { scope: 'address', closes: 'dead' },
  number_blocked: { scope: 'address', closes: 'quarantine' },
  handset_unreachable: {
    scope: 'address',
    again: { times: 2, afterMs: 5 * minute, only: urgent },
    closes: 'quarantine',
    closesAfter: { times: 3, days: 30 },
  },
  opted_out: { scope: 'address', closes: 'stop' },
  invalid_address: { scope: 'address', closes: 'dead', counts: 'bounced' },
  unknown_mailbox: { scope: 'address', closes: 'dead', counts: 'bounced' },
  unknown_domain: { scope: 'address', closes: 'dead', counts: 'bounced' },
  mailbox_disabled: { scope: 'address', closes: 'dead', counts: 'bounced' },
  mailbox_moved: { scope: 'address', closes: 'dead', counts: 'bounced' },
  bounced: { scope: 'address', closes: 'dead', counts: 'bounced' },
  // Kept back by the provider for an older bounce: nothing bounced now.
  bounced_address: { scope: 'address', closes: 'dead' },
  complained_address: { scope: 'address', closes: 'complaint' },
  unsubscribed_address: { scope: 'address', closes: 'unsubscribe' },
  mailbox_full: { scope: 'address' },
  mailbox_busy: { scope: 'address' },
  mailing_list_closed: { scope: 'address' },
  no_address: { scope: 'address' },
  // This sender and this number together (Twilio 21612): the sender goes on serving the others.
  sender_cannot_reach: { scope: 'address' },
  region_closed: { scope: 'address' },
  fraud_guard: { scope: 'address' },

  filtered: { scope: 'message', counts: 'filtered' },
  carrier_error: { scope: 'message', again: { times: 1, afterMs: 10 * minute } },
  carrier_timeout: { scope: 'message', again: { times: 1, afterMs: 10 * minute } },
  undelivered: { scope: 'message' },
  canceled: { scope: 'message' },
  expired: { scope: 'message' },
  empty_message: { scope: 'message' },
  too_long: { scope: 'message' },
  too_large: { scope: 'message' },
  bad_request: { scope: 'message' },
  bad_content: { scope: 'message' },
  blocked: { scope: 'message' },
  dropped: { scope: 'message' },
  rejected: { scope: 'message' },
  rejected_by_policy: { scope: 'message' },
  not_authenticated: { scope: 'sender' },
  greylisted: { scope: 'message' },
  route_failed: { scope: 'message' },
  protocol_error: { scope: 'message' },
  temporary: { scope: 'message' },
} as const satisfies Record<string, Failure>

export type FailureCode = keyof typeof failures

export const isFailureCode = (code: string): code is FailureCode => Object.hasOwn(failures, code)

/** What follows from a code; one we do not know concerns its own message and nothing else. */
export const failureOf = (code: string): Failure => (isFailureCode(code) ? failures[code] : { scope: 'message' })

/** Whether a late failure with this code is worth a new attempt, and when; `before` were told already. */
export function againAfter(code: string, urgency: Urgency, before: number): { afterMs: number } | undefined {
  const { again } = failureOf(code)
  if (!again || before >= again.times || (again.only && !again.only.includes(urgency))) return undefined
  return { afterMs: again.afterMs }
}
