/** A mail to one user, about their own account. */
export interface Mail {
  to: { email: string; name: string }
  subject: string
  text: string
  html: string
}

/** `kept`: nothing left, the mail waits for the operator at `place`. `failed`: why, in words for a log. */
export type MailOutcome = { is: 'sent' } | { is: 'kept'; place: string } | { is: 'failed'; reason: string }

/**
 * Carries sign-in links and invitations. They are no campaign: no outbox, no tracking, no network's sender. Never
 * throws.
 */
export interface Mailer {
  /** False when nothing can leave, so that pages do not promise a mail. */
  leaves: boolean
  send(mail: Mail): Promise<MailOutcome>
}

export interface Mailbox {
  address: string
  name: string
}

/** A header's value on one line: a line break in it would start another header (CWE-93). */
export const oneLine = (text: string): string => text.replace(/[\r\n\u0000]+/g, ' ').trim()
