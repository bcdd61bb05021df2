import type sendgridMail from '@sendgrid/mail'
import type { Channel, EmailContent, Outgoing, Receipt } from '../../src/channel.ts'
import { neverLeft, retryAfterMs } from '../connection.ts'
import { oneByOne } from '../one-by-one.ts'
import { sendgridPolicy } from './errors.ts'
import { headersOf, noSender, oneLine, senderOf } from './sender.ts'
import { sendgridWebhook, sendgridWebhookPaths } from './webhook.ts'

export interface SendGridSettings {
  apiKey: string
  /** Base64 DER of the Event Webhook's verification key; without it the webhook answers 503. */
  webhookPublicKey?: string
  /** Origin of `https://api.eu.sendgrid.com`, or of a stand-in for tests. */
  baseUrl?: string
  /** Milliseconds to wait for an answer; afterwards the outcome is unknown. The SDK itself would wait for ever. */
  timeoutMs?: number
}

const TIMEOUT = 15_000

/**
 * E-mail by SendGrid's official SDK, one recipient a call. SendGrid has no idempotency key and its EU region no
 * activity look-up, so only the event webhook ends a doubt.
 */
export function sendgridEmail(settings: SendGridSettings, mailFrom?: string): Channel {
  const { send, open } = oneByOne(
    'email',
    () => connect(settings),
    async (mail, outgoing, content) => {
      const sender = senderOf(outgoing, mailFrom)
      if (!sender) return noSender
      try {
        const [response] = await mail.send(mailOf(outgoing, content, sender))
        const ref = response.headers?.['x-message-id']
        if (response.statusCode === 202 && typeof ref === 'string' && ref !== '') return { outcome: 'accepted', ref }
        return { outcome: 'unknown', reason: `SendGrid answered ${response.statusCode} without naming the message.` }
      } catch (error) {
        return receiptOf(error)
      }
    },
  )

  return {
    name: 'email',
    provider: 'sendgrid',
    serves: 'live',
    perSend: 1,
    address: (book) => book.email,
    open,
    send,
    webhookPaths: sendgridWebhookPaths,
    webhook: async (request) => sendgridWebhook(request, settings.webhookPublicKey),
  }
}

/** `custom_args` are kept by SendGrid for long and cannot be redacted: opaque ids only. */
const mailOf = (outgoing: Outgoing, content: EmailContent, from: { email: string; name?: string }) => ({
  personalizations: [
    {
      to: [{ email: outgoing.to.value }],
      customArgs: {
        network_id: outgoing.networkId,
        delivery_id: outgoing.deliveryId,
        attempt: String(outgoing.attempt),
      },
    },
  ],
  from,
  subject: oneLine(content.subject),
  content: [
    { type: 'text/plain', value: content.text },
    { type: 'text/html', value: content.html },
  ] as [{ type: string; value: string }, { type: string; value: string }],
  headers: headersOf(content.headers),
  // We track ourselves, as each person has chosen; SendGrid's own tracking would not ask.
  trackingSettings: {
    clickTracking: { enable: false, enableText: false },
    openTracking: { enable: false },
    subscriptionTracking: { enable: false },
    ganalytics: { enable: false },
  },
})

function receiptOf(error: unknown): Receipt {
  const never = neverLeft(error)
  if (never) return { outcome: 'refused', permanent: false, ...never }
  // ResponseError of the SDK: `code` is the HTTP status, and only then is there a `response`.
  const { code, response, message } = error as {
    code?: unknown
    response?: { headers?: Record<string, unknown>; body?: unknown }
    message?: unknown
  }
  if (typeof code === 'number' && response) {
    const messages = JSON.stringify(response.body ?? '').slice(0, 300)
    const policy = sendgridPolicy(code, messages)
    if (!policy) return { outcome: 'unknown', reason: `SendGrid answered HTTP ${code}.` }
    const wait = code === 429 ? (retryAfterMs(response.headers ?? {}) ?? policy.retryAfterMs) : policy.retryAfterMs
    return { outcome: 'refused', ...policy, retryAfterMs: wait, detail: `SendGrid HTTP ${code}: ${messages}` }
  }
  return { outcome: 'unknown', reason: `No readable answer from SendGrid: ${code ?? ''} ${message ?? error}`.trim() }
}

type MailService = typeof sendgridMail & {
  client: {
    setDefaultRequest(key: string, value: unknown): void
    request(call: { method: 'GET'; url: string }): Promise<[{ statusCode: number; body: unknown }, unknown]>
  }
}

/** The SDK exports one shared instance; ours has its own client, so that two adapters never share a key. */
export async function connect(settings: SendGridSettings): Promise<MailService> {
  const { default: shared } = await import('@sendgrid/mail')
  const Service = shared.constructor as new () => MailService
  const mail = new Service()
  mail.setApiKey(settings.apiKey)
  mail.setTimeout(settings.timeoutMs ?? TIMEOUT)
  // After the key: setting a key resets the base URL.
  if (settings.baseUrl !== undefined) mail.client.setDefaultRequest('baseUrl', `${new URL(settings.baseUrl).origin}/`)
  return mail
}
