import type { Transporter } from 'nodemailer'
import { type Mailbox, type Mailer, oneLine } from './mailer.ts'

const timeoutMs = 20_000

/** By a relay of one's own. */
export function smtpMailer({ url }: { url: string }, from: Mailbox): Mailer {
  let transport: Promise<Transporter> | undefined
  const connect = async (): Promise<Transporter> => {
    const { createTransport } = await import('nodemailer')
    return createTransport({
      url,
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
    })
  }
  return {
    leaves: true,
    send: async ({ to, subject, text, html }) => {
      try {
        transport ??= connect()
        await (await transport).sendMail({
          from,
          to: { address: to.email, name: oneLine(to.name) },
          subject: oneLine(subject),
          text,
          html,
          // RFC 3834 §5: absence messages must not answer.
          headers: { 'Auto-Submitted': 'auto-generated' },
          xMailer: false,
          disableFileAccess: true,
          disableUrlAccess: true,
        })
        return { is: 'sent' }
      } catch (error) {
        return { is: 'failed', reason: error instanceof Error ? error.message : String(error) }
      }
    },
  }
}
