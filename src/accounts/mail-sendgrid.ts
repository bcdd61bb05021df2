import type sendgridMail from '@sendgrid/mail'
import { type Mailbox, type Mailer, oneLine } from './mailer.ts'

const timeoutMs = 15_000

type MailService = typeof sendgridMail

/** The SDK exports one shared instance; ours has its own client, so that campaigns and accounts never share a key. */
async function connect({ apiKey, baseUrl }: { apiKey: string; baseUrl?: string }): Promise<MailService> {
  const { default: shared } = await import('@sendgrid/mail')
  const Service = shared.constructor as new () => MailService & {
    client: { setDefaultRequest(key: string, value: unknown): void }
  }
  const service = new Service()
  service.setApiKey(apiKey)
  service.setTimeout(timeoutMs)
  // After the key: setting a key resets the base URL.
  if (baseUrl !== undefined) service.client.setDefaultRequest('baseUrl', `${new URL(baseUrl).origin}/`)
  return service
}

/** By SendGrid's SDK, its click and open tracking off: a sign-in link goes through nobody else's hands. */
export function sendGridMailer(settings: { apiKey: string; baseUrl?: string }, from: Mailbox): Mailer {
  let service: Promise<MailService> | undefined
  return {
    leaves: true,
    send: async ({ to, subject, text, html }) => {
      try {
        service ??= connect(settings)
        await (await service).send({
          to: { email: to.email, name: oneLine(to.name) },
          from: { email: from.address, name: from.name || undefined },
          subject: oneLine(subject),
          text,
          html,
          headers: { 'Auto-Submitted': 'auto-generated' },
          trackingSettings: {
            clickTracking: { enable: false, enableText: false },
            openTracking: { enable: false },
            subscriptionTracking: { enable: false },
            ganalytics: { enable: false },
          },
        })
        return { is: 'sent' }
      } catch (error) {
        const { code, message } = error as { code?: unknown; message?: unknown }
        return { is: 'failed', reason: `SendGrid ${code ?? ''} ${message ?? error}`.slice(0, 300) }
      }
    },
  }
}
