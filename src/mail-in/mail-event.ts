import { hash } from 'node:crypto'
import type { EmailAutoReplyData, EmailReplyData } from '../tracking/reply-data.ts'
import type { StoredEvent } from '../tracking/stored-event.ts'
import type { Classified } from './classify.ts'
import { reportedMail } from './delivery-report.ts'
import { headerFields, messageIds } from './header-values.ts'
import type { IncomingMail } from './incoming-mail.ts'

const longestText = 20_000
const longestOriginal = 60_000
const mostReferences = 30

/** What the stored event holds beside what its event will: who wrote, and what the mail answers. */
export interface MailFacts {
  from?: string
  fromName?: string
  /** Message ids that may be ours, the nearest first. */
  answers?: string[]
}

/** A delivery that a return address of ours named. */
export interface Named {
  networkId: string
  deliveryId: string
  attempt: number
}

/**
 * The event a mail becomes. Without a return address of ours, what a server says of a delivery proves nothing: anyone
 * can write that, so it is kept for a person to read and closes nothing.
 */
export function mailEvent(mail: IncomingMail, classified: Classified, named: Named | undefined): StoredEvent {
  const reported = headerFields(reportedMail(mail).split(/\n[ \t]*\n/, 1)[0] ?? '').get('message-id') ?? []
  const facts: MailFacts = {
    from: mail.from?.mailbox,
    fromName: mail.from?.name,
    answers: named ? undefined : [...mail.answers, ...reported.flatMap(messageIds)].slice(0, mostReferences),
  }
  const { type, data } = content(mail, classified, named !== undefined)
  return {
    dedupeKey: keyOf(mail, type, named),
    type,
    ...(named ?? {}),
    data: { ...facts, ...data },
  }
}

/** The same mail handed in again, or to two of our addresses for the same delivery, is one. */
const keyOf = (mail: IncomingMail, type: string, named: Named | undefined): string =>
  hash(
    'sha256',
    JSON.stringify([
      mail.mailId ?? [mail.subject, mail.text.slice(0, 4_000), mail.reports.map(({ text }) => text.slice(0, 4_000))],
      mail.from?.mailbox,
      type,
      named?.deliveryId,
    ]),
  )

function content(
  mail: IncomingMail,
  classified: Classified,
  isProven: boolean,
): { type: StoredEvent['type']; data: Record<string, unknown> } {
  switch (classified.type) {
    case 'bounced':
    case 'failed':
    case 'deferred':
    case 'delivered': {
      const { report, type } = classified
      if (!isProven) return unproven(mail, report.reason ?? report.code)
      const { code, permanent, status: smtp, reason } = report
      return { type, data: { code, permanent, smtp, reason, via: 'mail' } }
    }
    case 'complaint':
      if (!isProven) return unproven(mail, classified.feedback)
      return { type: 'complaint', data: { feedback: classified.feedback, via: 'mail' } }
    case 'auto_reply': {
      const { kind, words, backOn } = classified
      const data: Partial<EmailAutoReplyData> = { ...written(mail, words), kind, backOn }
      return { type: 'auto_reply', data }
    }
    case 'unsubscribe':
      return { type: 'unsubscribe', data: { ...written(mail, classified.words), via: 'mail' } }
    case 'reply': {
      const data = { ...written(mail, classified.words), isNearStop: classified.isNearStop || undefined }
      return { type: 'reply', data }
    }
  }
}

const unproven = (mail: IncomingMail, said: string) => {
  const data: Partial<EmailAutoReplyData> = { ...written(mail, mail.text || said), kind: 'unproven_report' }
  return { type: 'auto_reply' as const, data }
}

function written(mail: IncomingMail, words: string): Omit<EmailReplyData, 'by'> {
  const original = mail.text.trim()
  const references = mail.headers.get('references')?.flatMap(messageIds).slice(-mostReferences) ?? []
  return {
    text: printable(words).slice(0, longestText),
    original: original === words ? undefined : printable(original).slice(0, longestOriginal),
    subject: mail.subject,
    mailId: mail.mailId,
    references: references.length > 0 ? references : undefined,
    attachments: mail.attachments.length > 0 ? [...mail.attachments] : undefined,
  }
}

/** Control characters other than line breaks and tabs have no place in a stored text. */
const printable = (text: string): string => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '')
