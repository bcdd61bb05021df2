import type { EventType } from '../words.ts'
import { backOn, saysAbsent, saysAutomatic } from './absence.ts'
import { type DeliveryReport, deliveryReport, oldBounce, type PolicyOf } from './delivery-report.ts'
import { headerOf, type IncomingMail } from './incoming-mail.ts'
import { asksToLeave, nearlyAsksToLeave } from './leaving-words.ts'
import { ownWords } from './own-words.ts'

/** What a mail that came in is. */
export type Classified =
  /** A server tells how a delivery went. */
  | { type: Extract<EventType, 'bounced' | 'failed' | 'deferred' | 'delivered'>; report: DeliveryReport }
  /** A mailbox provider passes on that its user called the mail spam. */
  | { type: 'complaint'; feedback: string }
  /** A program answered. */
  | { type: 'auto_reply'; kind: 'out_of_office' | 'automatic'; words: string; backOn?: string }
  /** A person asks to be written to no more. */
  | { type: 'unsubscribe'; words: string }
  /** A person answered. */
  | { type: 'reply'; words: string; isNearStop: boolean }

/** Codes that say nobody is at this address; any other failure is of this mail only. */
const nobodyThere = new Set(['unknown_mailbox', 'unknown_domain', 'invalid_address', 'mailbox_disabled'])

function ofReport(report: DeliveryReport): Classified {
  if (report.action === 'delivered') return { type: 'delivered', report }
  if (report.action === 'delayed') return { type: 'deferred', report }
  return { type: report.permanent && nobodyThere.has(report.code) ? 'bounced' : 'failed', report }
}

/**
 * Tells reports, complaints, programs, people who leave and people who answer apart. Pure. `isForLeaving` when the mail
 * went to the address that unsubscribes; `receivedAt` dates an absence.
 */
export function classify(
  mail: IncomingMail,
  { policyOf, isForLeaving, receivedAt }: { policyOf: PolicyOf; isForLeaving: boolean; receivedAt: Date },
): Classified {
  const feedback = mail.reports.find(({ type }) => type === 'message/feedback-report')
  if (feedback) return ofFeedback(feedback.text)
  const report = deliveryReport(mail, policyOf)
  if (report) return ofReport(report)
  // Read receipts (RFC 8098) say that a program showed it, not that anybody wants that measured.
  const isReceipt = mail.reports.some(({ type }) => type.endsWith('disposition-notification'))
  const words = ownWords(mail.text)
  if (isReceipt) return { type: 'auto_reply', kind: 'automatic', words }
  const bounce = oldBounce(mail, policyOf)
  if (bounce) return ofReport(bounce)
  // Before what programs are known by: mail programs send this one themselves, and some say so (RFC 2369, 3.2).
  if (isForLeaving) return { type: 'unsubscribe', words }
  if (isAutomatic(mail)) {
    const isAbsence = saysAbsent(mail.subject, words)
    return isAbsence
      ? { type: 'auto_reply', kind: 'out_of_office', words, backOn: backOn(`${mail.subject}\n${words}`, receivedAt) }
      : { type: 'auto_reply', kind: 'automatic', words }
  }
  if (asksToLeave(mail.subject, words)) return { type: 'unsubscribe', words }
  return { type: 'reply', words, isNearStop: nearlyAsksToLeave(words) }
}

/** RFC 5965, 3.1 and 7.3; "not-spam" takes back what was never a complaint of ours to keep. */
function ofFeedback(text: string): Classified {
  const kind = /^feedback-type:[ \t]*([a-z-]+)/im.exec(text)?.[1]?.toLowerCase() ?? 'other'
  if (kind === 'not-spam' || kind === 'virus' || kind === 'auth-failure' || kind === 'dmarc')
    return { type: 'auto_reply', kind: 'automatic', words: `Feedback-Type: ${kind}` }
  return { type: 'complaint', feedback: kind }
}

/**
 * Whether a program wrote it: RFC 3834, section 5, for those that say so; the older headers that programs set; a null
 * sender, which no person writes from; and the subjects that Outlook, Gmail and Exchange give absences.
 */
export function isAutomatic(mail: IncomingMail): boolean {
  const header = (name: string) => headerOf(mail, name).toLowerCase().trim()
  const submitted = header('auto-submitted').split(';')[0]?.trim()
  if (submitted && submitted !== 'no') return true
  if (mail.envelopeFrom === '') return true
  if (/^(auto_reply|auto-reply|bulk|junk|list)$/.test(header('precedence'))) return true
  if (/\b(all|autoreply|oof)\b/.test(header('x-auto-response-suppress'))) return true
  const marks = ['x-autoreply', 'x-autorespond', 'x-autoresponder', 'x-mail-autoreply', 'x-vacation', 'list-id']
  if (marks.some((name) => mail.headers.has(name) && header(name) !== 'no')) return true
  if (/^(mailer-daemon|postmaster|no-?reply|ne-?pas-?repondre|donotreply)@/.test(mail.from?.mailbox ?? '')) return true
  return saysAutomatic(mail.subject)
}
