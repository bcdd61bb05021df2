import type sendgridMail from '@sendgrid/mail'
import type { Channel, Receipt } from '../../src/channel.ts'
import { neverLeft, retryAfterMs } from '../connection.ts'
import { type HttpLine, openLine } from '../http-line.ts'
import { type Carried, inCalls } from '../in-calls.ts'
import { sendgridPolicy } from './errors.ts'
import { noSender, senderOf } from './sender.ts'
import { intoCalls, mailSendOf, mostInCall } from './sendgrid-page.ts'
import { sendgridWebhook, sendgridWebhookPaths } from './webhook.ts'

export interface SendGridSettings {
  apiKey: string
  /** Base64 DER of the Event Webhook's verification key; without it the webhook answers 503. */
  webhookPublicKey?: string
  /** The key before the present one, or the next: events signed by either are heard while it is changed. */
  oldWebhookPublicKey?: string
  /** Origin of `https://api.eu.sendgrid.com`, or of a stand-in for tests. */
  baseUrl?: string
  /** Milliseconds to wait for an answer; afterwards the outcome is unknown. The SDK itself would wait for ever. */
  timeoutMs?: number
}

const TIMEOUT = 15_000
const CONNECT_TIMEOUT = 5_000

/**
 * E-mail by SendGrid's official SDK, many recipients a call, each with words of their own. SendGrid has no idempotency
 * key and its EU region no activity look-up, so only the event webhook ends a doubt.
 */
export function sendgridEmail(settings: SendGridSettings, mailFrom?: string): Channel {
  const { send, open, calls, connection, opened } = inCalls(
    'email',
    () => connect(settings),
    (mails) => intoCalls(mails, mailFrom),
    (service, mails) => sendCall(service, mails, mailFrom),
  )

  return {
    name: 'email',
    provider: 'sendgrid',
    serves: 'live',
    perSend: mostInCall,
    address: (book) => book.email,
    open,
    calls,
    send,
    // POST /v3/recipients/erasejob, at most 5,000 addresses a call (docs: Recipients' Data Erasure API). An account from
    // before 25 July 2023 may lack the scope; SendGrid then answers 403.
    forget: async (addresses) => {
      const { client } = await connection()
      const body = JSON.stringify({ email_addresses: addresses })
      await client.request({ method: 'POST', url: '/v3/recipients/erasejob', body })
    },
    webhookPaths: sendgridWebhookPaths,
    webhook: async (request) => sendgridWebhook(request, settings.webhookPublicKey, settings.oldWebhookPublicKey),
    close: async () => (await opened())?.close(),
  }
}

type Mail = Carried<'email'>

async function sendCall(service: Connection, mails: readonly Mail[], mailFrom: string | undefined): Promise<Receipt[]> {
  const [first] = mails
  if (!first) return []
  const from = senderOf(first.outgoing, mailFrom)
  if (!from) return mails.map(() => noSender)
  let receipt: Receipt
  try {
    const body = JSON.stringify(mailSendOf(mails, from))
    const [{ statusCode, headers }] = await service.client.request({ method: 'POST', url: '/v3/mail/send', body })
    const ref = headers?.['x-message-id']
    if (statusCode === 202 && typeof ref === 'string' && ref !== '')
      // One id for all of a call; each mail's own ends in its place, so that a name never means two of them.
      return mails.map((_, index) => ({ outcome: 'accepted', ref: mails.length === 1 ? ref : `${ref}.${index}` }))
    receipt = { outcome: 'unknown', reason: `SendGrid answered ${statusCode} without naming the message.` }
  } catch (error) {
    receipt = receiptOf(error)
  }
  if (mails.length === 1 || receipt.outcome !== 'refused' || !receipt.permanent) return mails.map(() => receipt)
  // One bad address has the whole call refused, and none of it has left: the halves find whose it is.
  const half = Math.ceil(mails.length / 2)
  return [
    ...(await sendCall(service, mails.slice(0, half), mailFrom)),
    ...(await sendCall(service, mails.slice(half), mailFrom)),
  ]
}

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

interface Connection {
  close(): Promise<void>
  client: {
    setDefaultRequest(key: string, value: unknown): void
    request(call: {
      method: 'GET' | 'POST'
      url: string
      body?: string
    }): Promise<[{ statusCode: number; body: unknown; headers?: Record<string, unknown> }, unknown]>
  }
}

/** The SDK exports one shared instance; ours has its own client, so that two adapters never share a key. */
export async function connect(settings: SendGridSettings): Promise<Connection> {
  const { default: shared } = await import('@sendgrid/mail')
  const Service = (shared as typeof sendgridMail).constructor as new () => Pick<Connection, 'client'> & {
    setApiKey(key: string): void
  }
  const service = new Service()
  const { client } = service
  const answerMs = settings.timeoutMs ?? TIMEOUT
  const line = await openLine({ connectMs: Math.min(CONNECT_TIMEOUT, answerMs), answerMs })
  service.setApiKey(settings.apiKey)
  client.setDefaultRequest('adapter', adapterOn(line))
  // A body is handed over as the text it is to be sent as.
  client.setDefaultRequest('transformRequest', [(text: unknown) => text])
  // After the key: setting a key resets the base URL.
  if (settings.baseUrl !== undefined) client.setDefaultRequest('baseUrl', `${new URL(settings.baseUrl).origin}/`)
  return { client, close: line.close }
}

/** What axios, which the SDK calls through, hands an adapter of ours. */
interface AxiosCall {
  method?: string
  baseURL?: string
  url?: string
  headers?: Iterable<[string, unknown]>
  data?: string
}

/** Axios' way out over our connections, keeping its terms: a status that is no success is rejected with the answer. */
const adapterOn = (line: HttpLine) => async (config: AxiosCall) => {
  const answer = await line.ask({
    method: (config.method ?? 'get').toUpperCase(),
    url: new URL(config.url ?? '', config.baseURL).href,
    headers: Object.fromEntries([...(config.headers ?? [])].map(([name, value]) => [name, String(value)])),
    body: config.data,
  })
  const response = { status: answer.status, statusText: '', headers: answer.headers, data: answer.text, config }
  if (answer.status >= 200 && answer.status < 300) return response
  throw Object.assign(new Error(`HTTP ${answer.status}`), { response })
}
