import type { MailAttachment } from '../tracking/reply-data.ts'

/** A part of a mail that a program wrote for programs: a delivery report, a complaint, the headers it is about. */
export interface ReportPart {
  /** Lower-case media type, such as `message/delivery-status`. */
  type: string
  text: string
}

/** A mail as it came in, whichever way: read, and nothing concluded yet. Mailboxes are lower-cased. */
export interface IncomingMail {
  /** By lower-case name, in the order they stood. */
  headers: ReadonlyMap<string, readonly string[]>
  from?: { mailbox: string; name?: string }
  /** The envelope's sender; empty for the null sender, which reports come from (RFC 5321, 4.5.5). */
  envelopeFrom?: string
  /** Whom it was for, the envelope's first. */
  recipients: readonly string[]
  subject: string
  /** Plain text; of a mail in HTML only, its words. */
  text: string
  /** Without `<` and `>`, as are those below. */
  mailId?: string
  /** What it answers: In-Reply-To and References, the nearest first. */
  answers: readonly string[]
  attachments: readonly MailAttachment[]
  reports: readonly ReportPart[]
}

/** The first value of a header, or nothing. */
export const headerOf = (mail: Pick<IncomingMail, 'headers'>, name: string): string => mail.headers.get(name)?.[0] ?? ''
