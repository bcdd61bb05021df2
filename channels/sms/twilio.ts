import { AsyncLocalStorage } from 'node:async_hooks'
import type { Twilio } from 'twilio'
import type RequestClient from 'twilio/lib/base/RequestClient.js'
import type { MessageInstance } from 'twilio/lib/rest/api/v2010/account/message.js'
import type { Awaited, Channel, Outgoing, Progress, Receipt } from '../../src/channel.ts'
import { neverLeft, retryAfterMs } from '../connection.ts'
import { openLine } from '../http-line.ts'
import { oneByOne } from '../one-by-one.ts'
import { apiPolicy } from './errors.ts'
import { eventOf, twilioWebhook, twilioWebhookPaths } from './webhook.ts'

export interface TwilioSettings {
  /** AC…: names the account even when an API key signs the calls. */
  accountSid: string
  /** Also what Twilio signs its webhooks with. */
  authToken: string
  /** The token before the present one, or the next: calls signed by either are heard while it is changed. */
  oldAuthToken?: string
  apiKey?: string
  apiSecret?: string
  messagingServiceSid?: string
  /** Number or alphanumeric name to send from when a delivery names no sender. */
  from?: string
  /** Origin of a stand-in for api.twilio.com, for tests and mocks. */
  baseUrl?: string
  /** Milliseconds to wait for an answer; afterwards the outcome is unknown. */
  timeoutMs?: number
  /** The network whose own account this is: Twilio then calls back at an address that names it. */
  network?: string
}

/** Twilio's own limit on Body, in characters (twilio_api_v2010.json, CreateMessage). */
const LONGEST_BODY = 1600
/** ValidityPeriod in seconds: 1 to 36000, the default being the most (same source). */
const LONGEST_VALIDITY = 36_000
const TIMEOUT = 15_000
const CONNECT_TIMEOUT = 5_000
/**
 * How much earlier than `since` a message may seem to have been made: clocks of two machines, and one of them set back an
 * hour meanwhile. An older message with the same words belongs to a delivery of its own, which whoever asks knows.
 */
const SKEW = 2 * 3_600_000
/** More messages than this to one number since the doubt, and the answer is "cannot tell". */
const LOOKUP_LIMIT = 200

/**
 * SMS by Twilio's official SDK. The SDK is loaded at the first use: it is large, and most starts send nothing.
 * Twilio has no idempotency key on Messages, so whatever may have been taken is `unknown`, never repeated here.
 */
export function twilioSms(settings: TwilioSettings, publicUrl: string): Channel {
  const { send, open, connection, opened } = oneByOne(
    'sms',
    () => connect(settings),
    async ({ client, exchanges }, outgoing, content) => {
      const request = requestOf(outgoing, content.text, settings, publicUrl)
      if ('outcome' in request) return request
      const exchange: Exchange = { headers: {} }
      try {
        const message = await exchanges.run(exchange, () => client.messages.create(request))
        if (typeof message.sid !== 'string' || message.sid === '') {
          return { outcome: 'unknown', reason: 'Twilio answered without a message SID.' }
        }
        // numSegments is 0 until a messaging service has chosen its sender; a later callback or fetch tells.
        const parts = Number(message.numSegments) || content.parts
        return { outcome: 'accepted', ref: message.sid, parts }
      } catch (error) {
        return receiptOf(error, exchange.headers)
      }
    },
  )

  return {
    name: 'sms',
    provider: 'twilio',
    serves: 'live',
    // The API takes one message a call.
    perSend: 1,
    address: (book) => book.mobile,
    open,
    send,
    lookup: async (outgoing, since) => {
      const { client } = await connection()
      return lookUp(client, outgoing, since)
    },
    receipt: async (awaited) => {
      const { client } = await connection()
      return progressOf(await client.messages(awaited.ref).fetch(), awaited)
    },
    // An empty Body takes the words out of Twilio's log (docs: Redact a Message); refused while it is under way.
    redact: async (ref) => {
      const { client } = await connection()
      try {
        await client.messages(ref).update({ body: '' })
        return 'redacted'
      } catch (error) {
        if ((error as { status?: unknown }).status === 404) return 'gone'
        throw error
      }
    },
    webhookPaths: twilioWebhookPaths,
    webhook: (request) => twilioWebhook(request, settings.authToken, settings.oldAuthToken),
    close: async () => (await opened())?.close(),
  }
}

interface CreateRequest {
  to: string
  body: string
  from?: string
  messagingServiceSid?: string
  statusCallback: string
  validityPeriod?: number
}

function requestOf(
  outgoing: Outgoing,
  body: string,
  settings: TwilioSettings,
  publicUrl: string,
): CreateRequest | Receipt {
  const refuse = (code: string, permanent: boolean, detail: string): Receipt => ({
    outcome: 'refused',
    code,
    permanent,
    detail,
  })
  if (body.trim() === '') return refuse('empty_message', true, 'The message has no text.')
  if (body.length > LONGEST_BODY) {
    return refuse('too_long', true, `The text has ${body.length} characters; Twilio takes ${LONGEST_BODY}.`)
  }
  const request: CreateRequest = {
    to: outgoing.to.value,
    body,
    statusCallback: `${callbackUrl(settings, publicUrl)}?${new URLSearchParams({
      n: outgoing.networkId,
      d: outgoing.deliveryId,
      a: String(outgoing.attempt),
    })}`,
  }
  const sender = outgoing.from ?? settings.messagingServiceSid ?? settings.from
  if (sender === undefined) {
    return refuse('sender_misconfigured', false, 'Set TWILIO_MESSAGING_SERVICE_SID or TWILIO_FROM, or name a sender.')
  }
  if (/^MG[0-9a-f]{32}$/i.test(sender)) request.messagingServiceSid = sender
  else request.from = sender
  if (outgoing.expiresAt) {
    const seconds = Math.floor((outgoing.expiresAt.getTime() - outgoing.now.getTime()) / 1000)
    if (seconds < 1) return refuse('expired', true, 'The message expired before it was handed over.')
    request.validityPeriod = Math.min(seconds, LONGEST_VALIDITY)
  }
  return request
}

const callbackUrl = ({ network }: TwilioSettings, publicUrl: string): string =>
  `${publicUrl}/webhooks/twilio/status${network === undefined ? '' : `/${network}`}`

function receiptOf(error: unknown, headers: Record<string, unknown>): Receipt {
  const never = neverLeft(error)
  if (never) return { outcome: 'refused', permanent: false, ...never }
  // RestException of the SDK: the server answered with an error status.
  const { status, code, message } = error as { status?: unknown; code?: unknown; message?: unknown }
  if (typeof status === 'number') {
    const policy = apiPolicy(status, typeof code === 'number' ? code : undefined)
    if (policy) {
      return {
        outcome: 'refused',
        ...policy,
        retryAfterMs: status === 429 ? (retryAfterMs(headers) ?? policy.retryAfterMs) : policy.retryAfterMs,
        detail: `Twilio ${typeof code === 'number' ? code : `HTTP ${status}`}: ${message ?? 'no message'}`,
      }
    }
    return { outcome: 'unknown', reason: `Twilio answered HTTP ${status}${code ? ` (${code})` : ''}.` }
  }
  return { outcome: 'unknown', reason: `No readable answer from Twilio: ${code ?? ''} ${message ?? error}`.trim() }
}

/**
 * The messages that may be this one: same number, same words, made since the doubt, the oldest first. A message still
 * queued has no DateSent, so the list is asked by number alone and read by creation date. The same words twice to one
 * number are told apart by the caller, who knows which attempt has which.
 */
async function lookUp(client: Twilio, outgoing: Outgoing, since: Date) {
  if (outgoing.content.channel !== 'sms') throw new Error('Only an SMS can be looked up at Twilio.')
  const earliest = since.getTime() - SKEW
  const listed = await client.messages.list({ to: outgoing.to.value, limit: LOOKUP_LIMIT, pageSize: LOOKUP_LIMIT })
  const recent = listed.filter((message) => {
    if (!(message.dateCreated instanceof Date) || Number.isNaN(message.dateCreated.getTime())) {
      throw new Error(`Twilio listed ${message.sid} without a readable creation date.`)
    }
    return message.dateCreated.getTime() >= earliest && message.direction?.startsWith('outbound')
  })
  if (listed.length >= LOOKUP_LIMIT && recent.length === listed.length) {
    throw new Error(`More than ${LOOKUP_LIMIT} messages to this number since the doubt: cannot tell which is this one.`)
  }
  const words = comparable(outgoing.content.text)
  const same = recent.filter((message) => comparable(message.body ?? '') === words)
  // Twilio lists the newest first, and dates to the second: of one second, the later listed is the older.
  same.reverse().sort((a, b) => a.dateCreated.getTime() - b.dateCreated.getTime())
  return { refs: same.map(({ sid }) => sid) }
}

/** States after which Twilio tells nothing more of a message (docs: Message Status values). */
const lastStates = new Set(['delivered', 'undelivered', 'failed', 'canceled', 'read'])

/**
 * A fetched message as its callback would have told it. Parts and price are known only once Twilio has counted them:
 * until then they are 0 and null, which is no price.
 */
function progressOf(message: MessageInstance, { networkId, deliveryId, attempt, ref }: Awaited): Progress {
  const { status, errorCode, price, priceUnit, dateUpdated } = message
  const parts = Number(message.numSegments) || undefined
  const told = eventOf(ref, status, Number(errorCode) || undefined)
  const cost = price === null || price === undefined ? Number.NaN : Math.abs(Number(price))
  const occurredAt = dateUpdated instanceof Date && !Number.isNaN(dateUpdated.getTime()) ? dateUpdated : undefined
  const data = { ...told.data, ...(cost > 0 ? { price: cost, priceUnit } : {}) }
  return {
    ...(told.type === 'accepted' ? {} : { event: { ...told, data, networkId, deliveryId, attempt, occurredAt } }),
    isFinal: lastStates.has(status),
    ...(parts === undefined ? {} : { parts }),
  }
}

/** Smart encoding replaces typographic signs by GSM-7 ones (twilio.com/docs/messaging/services/smart-encoding). */
const comparable = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/[‘’‚‛′]/g, "'")
    .replace(/[“”„‟″]/g, '"')
    .replace(/[‐‑‒–—―]/g, '-')
    .replace(/…/g, '...')
    .replace(/\s+/gu, ' ')
    .trim()

/** The answer's headers of one call: the SDK's errors do not carry Retry-After. */
interface Exchange {
  headers: Record<string, unknown>
}

interface Connection {
  client: Twilio
  exchanges: AsyncLocalStorage<Exchange>
  close(): Promise<void>
}

/** Twilio's SDK over connections of ours: its own client opens at most twenty and costs several times the processor. */
export async function connect(settings: TwilioSettings, signedBy: 'key' | 'token' = 'key'): Promise<Connection> {
  const { default: twilio } = await import('twilio')
  const answerMs = settings.timeoutMs ?? TIMEOUT
  const line = await openLine({ connectMs: Math.min(CONNECT_TIMEOUT, answerMs), answerMs })
  const origin = settings.baseUrl === undefined ? undefined : new URL(settings.baseUrl).origin
  const exchanges = new AsyncLocalStorage<Exchange>()

  class OnOurLine extends twilio.RequestClient {
    override async request<T>(options: RequestClient.RequestOptions<T>) {
      const { method, headers = {}, username, password, params, data } = options
      const url = new URL(options.uri)
      for (const [name, value] of pairsOf(params)) url.searchParams.append(name, value)
      const answer = await line.ask({
        method: method.toUpperCase(),
        url: origin === undefined ? url.href : origin + url.pathname + url.search,
        headers: {
          ...headers,
          authorization: `Basic ${Buffer.from(`${username ?? ''}:${password ?? ''}`).toString('base64')}`,
        },
        body: data === undefined ? undefined : new URLSearchParams(pairsOf(data)).toString(),
      })
      const exchange = exchanges.getStore()
      if (exchange) exchange.headers = answer.headers
      // The SDK reads the body itself; what is not JSON makes it throw, and so the outcome is unknown.
      return { statusCode: answer.status, body: answer.text as T, headers: answer.headers }
    }
  }

  const [user, password] =
    signedBy === 'key' && settings.apiKey !== undefined && settings.apiSecret !== undefined
      ? [settings.apiKey, settings.apiSecret]
      : [settings.accountSid, settings.authToken]
  const client = twilio(user, password, { accountSid: settings.accountSid, httpClient: new OnOurLine() })
  return { client, exchanges, close: line.close }
}

/** A form or query as the SDK gives it: what is undefined is left out, an array is one pair for each of its values. */
const pairsOf = (fields: unknown): [string, string][] =>
  Object.entries((fields ?? {}) as Record<string, unknown>).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).flatMap((one): [string, string][] =>
      one === undefined || one === null ? [] : [[name, String(one)]],
    ),
  )
