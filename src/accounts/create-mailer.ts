import type { Logger } from 'pino'
import type { WallClock } from '../clock.ts'
import { keepMailHere } from './mail-kept.ts'
import { sendGridMailer } from './mail-sendgrid.ts'
import { smtpMailer } from './mail-smtp.ts'
import type { Mailbox, Mailer } from './mailer.ts'

export interface MailerSettings {
  mailFrom: string
  sendgrid?: { apiKey: string; baseUrl?: string }
  smtp?: { url: string }
}

/** By the configured provider, SendGrid before SMTP as for campaigns; without one, into a folder and the log. */
export function createMailer(
  { mailFrom, sendgrid, smtp }: MailerSettings,
  around: { wall: WallClock; log: Logger; dataFolder: string },
): Mailer {
  const from = mailboxOf(mailFrom)
  if (sendgrid) return sendGridMailer(sendgrid, from)
  if (smtp) return smtpMailer(smtp, from)
  return keepMailHere(around)
}

/** `Relais <news@example.com>` or `news@example.com`, as MAIL_FROM may be written. */
function mailboxOf(text: string): Mailbox {
  const [, name = '', address] = /^\s*"?([^"<]*?)"?\s*<([^<>\s]+)>\s*$/.exec(text) ?? []
  return address === undefined ? { address: text.trim(), name: '' } : { address, name }
}
