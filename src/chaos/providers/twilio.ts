import { createHmac } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { answerBadly, faultOf, faultPlan, isTaken } from './faults.ts'
import { type Call, type SignedCall, serveLocally } from './server.ts'

export interface FakeTwilioOptions {
  accountSid?: string
  authToken?: string
  /** An API key it knows, with its secret; like Twilio's standard keys it may not read accounts. */
  apiKey?: { sid: string; secret: string }
  /** What the stand-in believes the time to be. */
  now?: () => Date
}

/** A message as the stand-in keeps it: the form it was sent, and what Twilio would say of it. */
export interface FakeTwilioMessage {
  sid: string
  to: string
  body: string
  form: Record<string, string>
  status: string
  errorCode?: number
  /** What Twilio took for it, known some time after it was sent. */
  price?: string
  createdAt: Date
}

export type FakeTwilio = Awaited<ReturnType<typeof startTwilio>>

/**
 * A stateful stand-in for Twilio's Messages resource: Basic auth, create, list, errors and faults, and signed
 * callbacks on demand. What it has taken is in `messages`, whatever it answered.
 */
export async function startTwilio(options: FakeTwilioOptions = {}) {
  const accountSid = options.accountSid ?? `AC${'0'.repeat(32)}`
  const authToken = options.authToken ?? 'fake-twilio-token'
  const now = options.now ?? (() => new Date('2026-09-14T08:00:00Z'))
  const plan = faultPlan()
  /** What Twilio says of the account; `status` may be set to suspended. */
  const account = { status: 'active', type: 'Full' }
  const messages: FakeTwilioMessage[] = []
  /** Every form that arrived, taken or not, as raw text. */
  const requests: string[] = []
  /** Every message that was asked about by its SID. */
  const fetched: string[] = []
  const refusals = new Map<string, { status: number; code: number; message: string }>()
  const path = `/2010-04-01/Accounts/${accountSid}/Messages.json`

  const server = await serveLocally((call, response) => {
    const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
    const isAccount = call.headers.authorization === basic(accountSid, authToken)
    const key = options.apiKey
    const isKey = key !== undefined && call.headers.authorization === basic(key.sid, key.secret)
    if (!isAccount && !isKey) return refuse(response, { status: 401, code: 20003, message: 'Authenticate' })
    if (call.url.pathname === `/2010-04-01/Accounts/${accountSid}.json` && call.method === 'GET') {
      if (!isAccount) return refuse(response, { status: 401, code: 20003, message: 'Authenticate' })
      response.writeHead(200, { 'content-type': 'application/json' })
      return response.end(JSON.stringify({ sid: accountSid, friendly_name: 'Maison Vauquelin', ...account }))
    }
    const one = messages.find(({ sid }) => call.url.pathname === path.replace('.json', `/${sid}.json`))
    if (one && call.method === 'GET') return fetchOne(one, response)
    if (one && call.method === 'POST') return redactOne(one, call, response)
    if (call.url.pathname !== path) return refuse(response, { status: 404, code: 20404, message: 'Not Found' })
    if (call.method === 'GET') return list(call, response)
    create(call, response)
  })

  const create = (call: Call, response: ServerResponse) => {
    const form = Object.fromEntries(new URLSearchParams(call.body))
    requests.push(call.body)
    const refusal = refusals.get(form.To ?? '')
    if (refusal) return refuse(response, refusal)
    if (!form.To) return refuse(response, { status: 400, code: 21604, message: "A 'To' phone number is required." })
    const way = plan.take(form.To)
    const fault = faultOf(way)
    const message: FakeTwilioMessage = {
      sid: `SM${String(messages.length + 1).padStart(32, '0')}`,
      to: form.To,
      body: form.Body ?? '',
      form,
      status: form.MessagingServiceSid ? 'accepted' : 'queued',
      createdAt: now(),
    }
    if (fault === undefined || isTaken(fault)) messages.push(message)
    const good = JSON.stringify(described(message))
    plan.answer(() => {
      if (fault) return answerBadly(response, fault, good)
      response.writeHead(201, { 'content-type': 'application/json' })
      response.end(good)
    }, way)
  }

  const fetchOne = (message: FakeTwilioMessage, response: ServerResponse) => {
    fetched.push(message.sid)
    const good = JSON.stringify(described(message))
    const fault = faultOf(plan.take(message.to))
    if (fault) return answerBadly(response, fault, good)
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(good)
  }

  /** Twilio redacts only what has come to an end (error 20009 before). */
  const redactOne = (message: FakeTwilioMessage, call: Call, response: ServerResponse) => {
    const fault = faultOf(plan.take(message.to))
    if (fault) return answerBadly(response, fault, JSON.stringify(described(message)))
    if (new URLSearchParams(call.body).get('Body') !== '')
      return refuse(response, { status: 400, code: 20001, message: 'Body may only be emptied.' })
    if (['queued', 'accepted', 'sending'].includes(message.status))
      return refuse(response, { status: 409, code: 20009, message: 'Message has not come to its final state.' })
    message.body = ''
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(described(message)))
  }

  const list = (call: Call, response: ServerResponse) => {
    const to = call.url.searchParams.get('To')
    const fault = faultOf(plan.take(to ?? ''))
    const found = messages.filter((message) => to === null || message.to === to).reverse()
    const good = JSON.stringify({ messages: found.map(described), page: 0, page_size: 1000, next_page_uri: null })
    if (fault) return answerBadly(response, fault, good)
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(good)
  }

  const described = (message: FakeTwilioMessage) => ({
    sid: message.sid,
    account_sid: accountSid,
    to: message.to,
    from: message.form.From ?? null,
    messaging_service_sid: message.form.MessagingServiceSid ?? null,
    body: message.body,
    status: message.status,
    direction: 'outbound-api',
    num_segments: message.form.MessagingServiceSid && message.status === 'accepted' ? '0' : '1',
    num_media: '0',
    date_created: message.createdAt.toUTCString(),
    date_updated: message.createdAt.toUTCString(),
    // A queued message has not been sent yet.
    date_sent: message.status === 'queued' || message.status === 'accepted' ? null : message.createdAt.toUTCString(),
    price: message.price ?? null,
    price_unit: 'USD',
    error_code: message.errorCode ?? null,
    error_message: null,
    api_version: '2010-04-01',
    uri: `/2010-04-01/Accounts/${accountSid}/Messages/${message.sid}.json`,
    subresource_uris: {},
  })

  return {
    ...server,
    accountSid,
    authToken,
    account,
    messages,
    requests,
    fetched,
    plan,
    /** Refuses every message to this number, as Twilio does with an error code. */
    refuse: (to: string, status: number, code: number, message = 'Refused') => {
      refusals.set(to, { status, code, message })
    },
    /** The status callback Twilio would post for a message it took, to the StatusCallback it was given. */
    statusCallback: (sid: string, status: string, errorCode?: number): SignedCall => {
      const message = messages.find((one) => one.sid === sid)
      if (!message?.form.StatusCallback) throw new Error(`No message ${sid} with a StatusCallback.`)
      message.status = status
      const form: Record<string, string> = {
        AccountSid: accountSid,
        ApiVersion: '2010-04-01',
        MessageSid: sid,
        MessageStatus: status,
        SmsSid: sid,
        SmsStatus: status,
        To: message.to,
      }
      if (errorCode !== undefined) form.ErrorCode = String(errorCode)
      return signTwilio(message.form.StatusCallback, form, authToken)
    },
    /** An SMS from a phone, as Twilio posts it to `<publicUrl>/webhooks/twilio/inbound`. */
    inbound: (
      publicUrl: string,
      text: string,
      from: string,
      to: string,
      more: Record<string, string> = {},
    ): SignedCall =>
      signTwilio(
        `${publicUrl}/webhooks/twilio/inbound`,
        {
          AccountSid: accountSid,
          MessageSid: `SM${createHmac('sha1', 'inbound').update(`${from}${to}${text}`).digest('hex').slice(0, 32)}`,
          From: from,
          To: to,
          Body: text,
          NumMedia: '0',
          NumSegments: '1',
          ...more,
        },
        authToken,
      ),
  }
}

function refuse(response: ServerResponse, refusal: { status: number; code: number; message: string }): void {
  response.writeHead(refusal.status, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ ...refusal, more_info: `https://www.twilio.com/docs/errors/${refusal.code}` }))
}

/** HMAC-SHA1 of the URL and the sorted form (twilio.com/docs/usage/security), written here a second time on purpose. */
export function signTwilio(url: string, form: Record<string, string>, authToken: string): SignedCall {
  const text = Object.keys(form)
    .sort()
    .reduce((sum, name) => sum + name + form[name], url)
  return {
    url,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-twilio-signature': createHmac('sha1', authToken).update(text).digest('base64'),
    },
    body: new URLSearchParams(form).toString(),
  }
}
