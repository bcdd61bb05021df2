import { headerFields } from './header-values.ts'
import { headerOf, type IncomingMail } from './incoming-mail.ts'

/** What a provider's refusal means; the table is the one its e-mail adapters use. */
export type PolicyOf = (reply: number, response: string) => { code: string; permanent: boolean } | undefined

/** How a mail server says a delivery went. */
export interface DeliveryReport {
  action: 'failed' | 'delayed' | 'delivered'
  code: string
  permanent: boolean
  /** Enhanced status (RFC 3463), such as `5.1.1`. */
  status?: string
  /** What the server said, at most 300 characters. */
  reason?: string
}

const statusPattern = /\b([245])\.(\d{1,3})\.(\d{1,3})\b/
const replyPattern = /(?:^|[^\d.])([45]\d\d)(?=[ -]|$)/

const short = (text: string): string =>
  text
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, 300)

function judged(
  action: DeliveryReport['action'],
  given: string,
  diagnostic: string,
  policyOf: PolicyOf,
): DeliveryReport {
  const status = statusPattern.exec(given)?.[0] ?? statusPattern.exec(diagnostic)?.[0]
  const reason = short(diagnostic) || undefined
  if (action === 'delivered') return { action, code: 'delivered', permanent: false, status, reason }
  const reply = Number(replyPattern.exec(diagnostic)?.[1]) || (status?.startsWith('5') ? 550 : 450)
  const policy = policyOf(reply, `${status ?? ''} ${diagnostic}`) ?? { code: 'bounced', permanent: reply >= 500 }
  // A server that has given up says so itself, whatever it met on its last try.
  return { action, code: policy.code, permanent: policy.permanent, status, reason }
}

/** The report of a multipart/report (RFC 3464), undefined where the mail holds none. Of several recipients the worst. */
export function deliveryReport(mail: IncomingMail, policyOf: PolicyOf): DeliveryReport | undefined {
  const part = mail.reports.find(({ type }) => /^message\/(global-)?delivery-status$/.test(type))
  if (!part) return undefined
  const found: DeliveryReport[] = []
  for (const block of part.text.replace(/\r\n?/g, '\n').split(/\n[ \t]*\n/)) {
    const fields = headerFields(block)
    const action = fields
      .get('action')?.[0]
      ?.toLowerCase()
      .split(/[\s;(]/)[0]
    if (action === undefined) continue
    const status = fields.get('status')?.[0] ?? ''
    const diagnostic = (fields.get('diagnostic-code') ?? []).join(' ').replace(/^\s*[a-z0-9-]+\s*;\s*/i, '')
    if (action === 'failed') found.push(judged('failed', status, diagnostic, policyOf))
    else if (action === 'delayed') found.push(judged('delayed', status, diagnostic, policyOf))
    else if (action === 'delivered') found.push(judged('delivered', status, diagnostic, policyOf))
    // Passed on to where reports are not given: no more is known than before.
    else if (action === 'relayed' || action === 'expanded') continue
  }
  const rank = { failed: 2, delayed: 1, delivered: 0 }
  return found.sort((a, b) => rank[b.action] - rank[a.action])[0]
}

const postmasters = /^(mailer-daemon|postmaster|mail-daemon|mailerdaemon|maildaemon|bounce[sd]?|no-?reply-mailer)(@|$)/
const failedSubjects =
  /(undeliver(ed|able)|delivery (status notification|failure|has failed)|mail delivery (failed|failure|system)|returned mail|failure notice|non remis|non distribu|echec de (la )?(remise|distribution)|message non delivre|delivery incomplete|could not be delivered|rejet)/
const delayedSubjects = /(delayed|delay notification|warning: message|\(delay\)|retarde|differe)/

const folded = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()

/**
 * A bounce in no standard form, as old servers write it: from the null sender or a postmaster, with a subject that
 * says so. Its code is the first an SMTP server would give; where there is none, it failed and nothing is said of the
 * address. Undefined where it is no bounce.
 */
export function oldBounce(mail: IncomingMail, policyOf: PolicyOf): DeliveryReport | undefined {
  const isFromServer =
    mail.envelopeFrom === '' ||
    postmasters.test(mail.from?.mailbox ?? '') ||
    headerOf(mail, 'x-failed-recipients') !== ''
  const subject = folded(mail.subject)
  if (!isFromServer || !(failedSubjects.test(subject) || headerOf(mail, 'x-failed-recipients') !== '')) return undefined
  // What follows is the mail that came back, whose figures mean nothing.
  const [said = ''] = mail.text.split(/^-{3,}.*(copy of|original message|message d['’]origine|undelivered).*$/im, 1)
  const lines = said.slice(0, 20_000).split('\n')
  const telling = lines.find((line) => /(^|[^\d.])[45]\d\d[ -]/.test(line) && statusPattern.test(line))
  const line = telling ?? lines.find((text) => statusPattern.test(text) || /(^|[^\d.])(4[25]|5[05])\d[ -]/.test(text))
  if (delayedSubjects.test(subject) && !/fail/.test(subject)) return judged('delayed', '', line ?? '', policyOf)
  if (line === undefined) return { action: 'failed', code: 'bounced', permanent: false, reason: short(mail.subject) }
  return judged('failed', '', line, policyOf)
}

/** The headers, and what came back with them, of the mail that a report is about. */
export const reportedMail = (mail: IncomingMail): string =>
  mail.reports
    .filter(({ type }) => /^(message\/(rfc822|global|global-headers|rfc822-headers)|text\/rfc822-headers)$/.test(type))
    .map(({ text }) => text)
    .join('\n')
