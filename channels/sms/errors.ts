/** What we make of a Twilio error: our own code, and whether trying again can help. */
export interface TwilioPolicy {
  code: string
  permanent: boolean
  retryAfterMs?: number
}

const MINUTE = 60_000

/**
 * Twilio's error codes, one table for what the API answers and for what a status callback says later, so that both
 * are judged alike. `permanent` means that handing the same message over again cannot help; what else follows from
 * our code (a closed number, one more attempt after a callback, an open circuit) is `src/deliver/failure-codes.ts`.
 * Codes: twilio.com/docs/api/errors, checked 2026-11-22.
 */
export const twilioErrors: Record<number, TwilioPolicy> = {
  14107: { code: 'rate_limited', permanent: false, retryAfterMs: MINUTE },
  20003: { code: 'credentials', permanent: false },
  20005: { code: 'credentials', permanent: false },
  20404: { code: 'credentials', permanent: false },
  20429: { code: 'rate_limited', permanent: false },
  21211: { code: 'invalid_number', permanent: true },
  21217: { code: 'invalid_number', permanent: true },
  21401: { code: 'invalid_number', permanent: true },
  21408: { code: 'region_closed', permanent: true },
  21421: { code: 'invalid_number', permanent: true },
  21602: { code: 'empty_message', permanent: true },
  21603: { code: 'sender_misconfigured', permanent: false },
  21606: { code: 'sender_misconfigured', permanent: false },
  21610: { code: 'opted_out', permanent: true },
  21611: { code: 'rate_limited', permanent: false, retryAfterMs: 5 * MINUTE },
  21612: { code: 'sender_cannot_reach', permanent: true },
  21614: { code: 'not_a_mobile', permanent: true },
  21617: { code: 'too_long', permanent: true },
  21635: { code: 'not_a_mobile', permanent: true },
  21703: { code: 'sender_misconfigured', permanent: false },
  21704: { code: 'sender_misconfigured', permanent: false },
  30001: { code: 'queue_overflow', permanent: false, retryAfterMs: 10 * MINUTE },
  30002: { code: 'credentials', permanent: false },
  30003: { code: 'handset_unreachable', permanent: false },
  30004: { code: 'number_blocked', permanent: true },
  30005: { code: 'unknown_number', permanent: true },
  30006: { code: 'not_a_mobile', permanent: true },
  30007: { code: 'filtered', permanent: true },
  30008: { code: 'carrier_error', permanent: false },
  30036: { code: 'expired', permanent: true },
  30410: { code: 'carrier_timeout', permanent: false },
  30450: { code: 'fraud_guard', permanent: true },
  30453: { code: 'fraud_guard', permanent: true },
  63038: { code: 'rate_limited', permanent: false, retryAfterMs: 60 * MINUTE },
}

/** The policy for an answer of the API, or undefined when the answer leaves the fate of the message open. */
export function apiPolicy(status: number, code: number | undefined): TwilioPolicy | undefined {
  // 408 and 5xx may come after the message was taken; Twilio's page on 20500 warns that a POST is not idempotent.
  if (status < 400 || status >= 500 || status === 408) return undefined
  const known = code === undefined ? undefined : twilioErrors[code]
  if (known) return known
  if (status === 401 || status === 403) return { code: 'credentials', permanent: false }
  if (status === 429) return { code: 'rate_limited', permanent: false }
  return { code: code === undefined ? `http_${status}` : `twilio_${code}`, permanent: true }
}

/** The policy for a callback's ErrorCode; an unknown one is final and visible rather than sent again. */
export const deliveryPolicy = (code: number | undefined): TwilioPolicy =>
  (code === undefined ? undefined : twilioErrors[code]) ?? {
    code: code === undefined ? 'undelivered' : `twilio_${code}`,
    permanent: true,
  }
