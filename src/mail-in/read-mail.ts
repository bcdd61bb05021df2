import type { Address, Attachment, Email } from 'postal-mime'
import type { MailAttachment } from '../tracking/reply-data.ts'
import { headerFields, mailboxesIn, messageIds } from './header-values.ts'
import { htmlWords } from './html-words.ts'
import type { IncomingMail, ReportPart } from './incoming-mail.ts'

/** What the mail's envelope said, where whoever hands it in knows it. */
export interface Envelope {
  to?: readonly string[]
  /** Empty for the null sender. */
  from?: string
}

/** Headers that name whom a mail was for, the most exact first: servers write them when they deliver. */
const recipientHeaders = ['x-original-to', 'delivered-to', 'envelope-to', 'x-envelope-to', 'to', 'cc']
/** Parts that programs write for programs; of each, no more than so many characters are looked at. */
const reportTypes =
  /^(message\/(delivery-status|global-delivery-status|disposition-notification|global-disposition-notification|feedback-report|rfc822|global|global-headers|rfc822-headers)|text\/rfc822-headers)$/
const longestReport = 64_000
const mostAttachments = 50
/** What is beyond was written by nobody. */
const longestText = 300_000

const decoded = (content: Attachment['content']): string =>
  typeof content === 'string' ? content : new TextDecoder().decode(new Uint8Array(content).subarray(0, longestReport))

const sizeOf = (content: Attachment['content']): number =>
  typeof content === 'string' ? content.length : content.byteLength

/** A name on one line, of a length that a page can show. */
export const shortName = (name: string): string =>
  name
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
    .slice(0, 200)

/** The part as a report, where it is one. */
export const reportOf = (type: string, text: string): ReportPart | undefined =>
  reportTypes.test(type) ? { type, text: text.slice(0, longestReport) } : undefined

const mailboxOf = (address: Address | undefined): { mailbox: string; name?: string } | undefined => {
  const one = address?.group ? address.group[0] : address
  const mailbox = mailboxesIn(one?.address ?? '')[0]
  return mailbox === undefined ? undefined : { mailbox, name: shortName(one?.name ?? '') || undefined }
}

/**
 * Reads one message in its original form (RFC 5322 and MIME). Attachments are named and measured; their bytes are not
 * kept. What cannot be read is read as far as its headers go: never throws, since whoever hands it in would only try
 * again.
 */
export async function readMail(raw: Uint8Array, envelope: Envelope = {}): Promise<IncomingMail> {
  const { default: PostalMime } = await import('postal-mime')
  let email: Email
  try {
    email = await PostalMime.parse(raw, { maxNestingDepth: 50, maxHeadersSize: 512 * 1024 })
  } catch {
    const [head = ''] = new TextDecoder().decode(raw.subarray(0, longestReport)).split(/\r?\n\r?\n/, 1)
    return mailOf(headerFields(head), { envelope, text: '', subject: headerFields(head).get('subject')?.[0] ?? '' })
  }
  const headers = new Map<string, string[]>()
  for (const { key, value } of email.headers) headers.set(key, [...(headers.get(key) ?? []), value])
  const reports: ReportPart[] = []
  const attachments: MailAttachment[] = []
  for (const { filename, mimeType, content } of email.attachments) {
    const report = reportOf(mimeType, reportTypes.test(mimeType) ? decoded(content) : '')
    if (report) reports.push(report)
    else if (attachments.length < mostAttachments)
      attachments.push({
        name: shortName(filename ?? '') || mimeType,
        type: shortName(mimeType),
        size: sizeOf(content),
      })
  }
  return mailOf(headers, {
    envelope,
    from: mailboxOf(email.from) ?? mailboxOf(email.sender),
    subject: email.subject ?? '',
    text: email.text ?? (email.html === undefined ? '' : htmlWords(email.html)),
    attachments,
    reports,
  })
}

/** What the headers and the parts make together. */
export function mailOf(
  headers: ReadonlyMap<string, readonly string[]>,
  parts: {
    envelope: Envelope
    from?: { mailbox: string; name?: string }
    subject: string
    text: string
    attachments?: readonly MailAttachment[]
    reports?: readonly ReportPart[]
  },
): IncomingMail {
  const all = (name: string) => (headers.get(name) ?? []).join(', ')
  const { envelope, from, subject, text, attachments = [], reports = [] } = parts
  const listed = recipientHeaders.flatMap((name) => mailboxesIn(all(name)))
  const returnPath = all('return-path').trim()
  const writer = mailboxesIn(all('from'))[0] ?? mailboxesIn(envelope.from ?? '')[0]
  return {
    headers,
    from: from ?? (writer === undefined ? undefined : { mailbox: writer }),
    envelopeFrom: envelope.from?.toLowerCase().trim() ?? (/^<\s*>$/.test(returnPath) ? '' : mailboxesIn(returnPath)[0]),
    recipients: [...new Set([...(envelope.to ?? []).flatMap(mailboxesIn), ...listed])],
    subject: shortSubject(subject),
    text: text.slice(0, longestText).replace(/\r\n?/g, '\n'),
    mailId: messageIds(all('message-id'))[0],
    answers: [...new Set([...messageIds(all('in-reply-to')), ...messageIds(all('references')).toReversed()])],
    attachments,
    reports,
  }
}

const shortSubject = (subject: string): string =>
  subject
    .replace(/[\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, 300)
