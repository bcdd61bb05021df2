/** What we make of a refusal: our own code, and whether trying again can help. */
export interface MailPolicy {
  code: string
  permanent: boolean
  retryAfterMs?: number
}

const MINUTE = 60_000

/**
 * Answers of SendGrid's mail/send that mean "not taken" (twilio.com/docs/sendgrid/api-reference/mail-send/errors,
 * checked 2026-08-01). 408 and 5xx are missing on purpose: they may come after the message was taken.
 */
const sendgridStatuses: Record<number, MailPolicy> = {
  400: { code: 'bad_request', permanent: true },
  401: { code: 'credentials', permanent: false },
  403: { code: 'credentials', permanent: false },
  404: { code: 'provider_misconfigured', permanent: false },
  405: { code: 'provider_misconfigured', permanent: false },
  413: { code: 'too_large', permanent: true },
  415: { code: 'provider_misconfigured', permanent: false },
  429: { code: 'rate_limited', permanent: false },
}

/** `messages` are the API's own; they tell a bad recipient and an unverified sender from the rest. */
export function sendgridPolicy(status: number, messages: string): MailPolicy | undefined {
  if (status < 400 || status >= 500 || status === 408) return undefined
  if (status === 403 && /verified sender/i.test(messages)) return { code: 'sender_misconfigured', permanent: false }
  if (status === 400 && /valid address|to\.email|personalizations.*email/i.test(messages)) {
    return { code: 'invalid_address', permanent: true }
  }
  return sendgridStatuses[status] ?? { code: `http_${status}`, permanent: true }
}

/**
 * Enhanced status codes that say more than the class of an SMTP reply (RFC 3463 §3, with 5.1.10 of RFC 7505 and
 * 5.7.20 to 5.7.27 of RFC 7372 and RFC 8601); the longest prefix that fits decides. What is `permanent` is not handed
 * over again; what becomes of the address is told by our code in `src/deliver/failure-codes.ts`.
 */
export const enhancedCodes: readonly [prefix: string, policy: MailPolicy][] = [
  ['5.1.0', { code: 'invalid_address', permanent: true }],
  ['5.1.1', { code: 'unknown_mailbox', permanent: true }],
  ['5.1.2', { code: 'unknown_domain', permanent: true }],
  ['5.1.3', { code: 'invalid_address', permanent: true }],
  ['5.1.4', { code: 'invalid_address', permanent: true }],
  ['5.1.6', { code: 'mailbox_moved', permanent: true }],
  ['5.1.7', { code: 'sender_misconfigured', permanent: false }],
  ['5.1.8', { code: 'sender_misconfigured', permanent: false }],
  ['5.1.10', { code: 'unknown_domain', permanent: true }],
  ['5.2.1', { code: 'mailbox_disabled', permanent: true }],
  ['5.2.2', { code: 'mailbox_full', permanent: true }],
  ['5.2.3', { code: 'too_large', permanent: true }],
  ['5.2.4', { code: 'mailing_list_closed', permanent: true }],
  ['5.3.4', { code: 'too_large', permanent: true }],
  ['5.3', { code: 'rejected', permanent: true }],
  ['5.4', { code: 'route_failed', permanent: true }],
  ['5.5', { code: 'protocol_error', permanent: true }],
  ['5.6', { code: 'bad_content', permanent: true }],
  ['5.7.20', { code: 'not_authenticated', permanent: true }],
  ['5.7.21', { code: 'not_authenticated', permanent: true }],
  ['5.7.22', { code: 'not_authenticated', permanent: true }],
  ['5.7.23', { code: 'not_authenticated', permanent: true }],
  ['5.7.25', { code: 'not_authenticated', permanent: true }],
  ['5.7.26', { code: 'not_authenticated', permanent: true }],
  ['5.7.27', { code: 'not_authenticated', permanent: true }],
  ['5.7', { code: 'rejected_by_policy', permanent: true }],
  ['4.2.1', { code: 'mailbox_busy', permanent: false, retryAfterMs: 60 * MINUTE }],
  ['4.2.2', { code: 'mailbox_full', permanent: false, retryAfterMs: 60 * MINUTE }],
  ['4.3', { code: 'temporary', permanent: false, retryAfterMs: 10 * MINUTE }],
  ['4.4', { code: 'temporary', permanent: false, retryAfterMs: 10 * MINUTE }],
  ['4.7', { code: 'greylisted', permanent: false, retryAfterMs: 10 * MINUTE }],
]

const enhancedPolicy = (code: string): MailPolicy | undefined =>
  enhancedCodes
    .filter(([prefix]) => code === prefix || code.startsWith(`${prefix}.`))
    .toSorted(([a], [b]) => b.length - a.length)[0]?.[1]

/** Replies about the session or the sign-in (RFC 5321 §3.8, RFC 4954 §6), whatever enhanced code stands beside. */
const sessionReplies: Record<number, MailPolicy> = {
  421: { code: 'rate_limited', permanent: false, retryAfterMs: 5 * MINUTE },
  454: { code: 'credentials', permanent: false, retryAfterMs: 5 * MINUTE },
  530: { code: 'credentials', permanent: false },
  534: { code: 'credentials', permanent: false },
  535: { code: 'credentials', permanent: false },
  538: { code: 'credentials', permanent: false },
}

/** Reply codes (RFC 5321 §4.2) where no enhanced code helps. */
const replies: Record<number, MailPolicy> = {
  450: { code: 'mailbox_busy', permanent: false, retryAfterMs: 10 * MINUTE },
  451: { code: 'temporary', permanent: false, retryAfterMs: 10 * MINUTE },
  452: { code: 'temporary', permanent: false, retryAfterMs: 10 * MINUTE },
  550: { code: 'rejected', permanent: true },
  551: { code: 'unknown_mailbox', permanent: true },
  552: { code: 'mailbox_full', permanent: true },
  553: { code: 'invalid_address', permanent: true },
}

/** The policy for a definite SMTP reply; a 4xx leaves the message with us, a 5xx is final (RFC 5321 §4.2.1). */
export function smtpPolicy(reply: number, response: string): MailPolicy | undefined {
  if (reply < 400 || reply > 599) return undefined
  const session = sessionReplies[reply]
  if (session) return session
  const code = /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(response)?.[0]
  const specific = code === undefined ? undefined : enhancedPolicy(code)
  return specific ?? replies[reply] ?? { code: `smtp_${reply}`, permanent: reply >= 500 }
}

/**
 * Why a mailbox refused for good, by SendGrid's `bounce_classification` (twilio.com/docs/sendgrid/ui/
 * analytics-and-reporting/bounce-and-block-classifications, checked 2026-11-22). Whatever the class, SendGrid has put
 * a bounced address on its own list and will drop what follows.
 */
export const bounceClasses: Readonly<Record<string, string>> = {
  'invalid address': 'invalid_address',
  'mailbox unavailable': 'mailbox_disabled',
  technical: 'route_failed',
  content: 'rejected_by_policy',
  reputation: 'rejected_by_policy',
  'frequency or volume too high': 'rejected_by_policy',
  unclassified: 'bounced',
}

/**
 * Why SendGrid itself dropped a message (twilio.com/docs/sendgrid/for-developers/tracking-events/event, "Dropped"):
 * its own lists then know more than ours.
 */
export const droppedReasons: readonly [pattern: RegExp, code: string][] = [
  [/bounced address/i, 'bounced_address'],
  [/unsubscribed address/i, 'unsubscribed_address'],
  [/spam reporting address/i, 'complained_address'],
  [/spam content/i, 'bad_content'],
  [/recipient list over package quota/i, 'rate_limited'],
  [/invalid smtpapi header/i, 'bad_request'],
  [/invalid/i, 'invalid_address'],
]

/** Our code for the reason of a drop; an unknown one is final and visible. */
export const droppedCode = (reason: string): string =>
  droppedReasons.find(([pattern]) => pattern.test(reason))?.[1] ?? 'dropped'

/** Our code for a bounce; a class SendGrid adds later is a bounce like any other. */
export const bounceCode = (classification: string | undefined): string =>
  bounceClasses[classification?.trim().toLowerCase() ?? ''] ?? 'bounced'
