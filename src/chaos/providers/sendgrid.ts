import { generateKeyPairSync, sign } from 'node:crypto'
import { answerBadly, faultPlan, isTaken } from './faults.ts'
import { type SignedCall, serveLocally } from './server.ts'

export interface FakeSendGridOptions {
  apiKey?: string
  /** What the key may do. */
  scopes?: string[]
}

interface MailBody {
  personalizations: { to: { email: string }[]; custom_args?: Record<string, string> }[]
  from: { email: string; name?: string }
  subject: string
  content: { type: string; value: string }[]
  headers?: Record<string, string>
  tracking_settings?: Record<string, { enable: boolean }>
}

export interface FakeSendGridMail {
  id: string
  to: string
  customArgs: Record<string, string>
  body: MailBody
}

export type FakeSendGrid = Awaited<ReturnType<typeof startSendGrid>>

/** A stateful stand-in for SendGrid's mail/send, which signs event webhooks with a key of its own. */
export async function startSendGrid(options: FakeSendGridOptions = {}) {
  const apiKey = options.apiKey ?? 'SG.fake-sendgrid-key'
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const plan = faultPlan()
  const mails: FakeSendGridMail[] = []
  /** Every body that arrived, taken or not, as raw text. */
  const requests: string[] = []
  const refusals = new Map<string, { status: number; message: string }>()

  const server = await serveLocally((call, response) => {
    const answer = (status: number, body: unknown, headers: Record<string, string> = {}) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers })
      response.end(body === undefined ? undefined : JSON.stringify(body))
    }
    if (call.headers.authorization !== `Bearer ${apiKey}`) {
      return answer(401, { errors: [{ message: 'The provided authorization grant is invalid', field: null }] })
    }
    if (call.method === 'GET' && call.url.pathname === '/v3/scopes')
      return answer(200, { scopes: options.scopes ?? ['mail.send', 'sender_verification_eligible'] })
    if (call.method !== 'POST' || call.url.pathname !== '/v3/mail/send') return answer(404, { errors: [] })
    requests.push(call.body)
    const body = JSON.parse(call.body) as MailBody
    const [first] = body.personalizations
    const to = first?.to[0]?.email ?? ''
    const refusal = refusals.get(to)
    if (refusal) return answer(refusal.status, { errors: [{ message: refusal.message, field: null }] })
    const fault = plan.take(to)
    const id = `sg${String(mails.length + 1).padStart(20, '0')}`
    if (fault === undefined || isTaken(fault)) mails.push({ id, to, customArgs: first?.custom_args ?? {}, body })
    plan.answer(() => {
      if (fault) answerBadly(response, fault, '{"accepted": true, "padding": "padding"}')
      else answer(202, undefined, { 'x-message-id': id })
    })
  })

  /** Signs whatever body; `timestamp` in seconds. */
  const signed = (publicUrl: string, body: string, timestamp: number): SignedCall => ({
    url: `${publicUrl}/webhooks/sendgrid`,
    headers: {
      'content-type': 'application/json',
      'x-twilio-email-event-webhook-timestamp': String(timestamp),
      'x-twilio-email-event-webhook-signature': sign('sha256', Buffer.from(`${timestamp}${body}`), privateKey).toString(
        'base64',
      ),
    },
    body,
  })

  return {
    ...server,
    apiKey,
    webhookPublicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
    mails,
    requests,
    plan,
    refuse: (to: string, status: number, message: string) => {
      refusals.set(to, { status, message })
    },
    signed,
    /** The events SendGrid would post; the body ends with a line break, as theirs does. */
    events: (publicUrl: string, events: Record<string, unknown>[], at: Date): SignedCall =>
      signed(publicUrl, `${JSON.stringify(events)}\r\n`, Math.floor(at.getTime() / 1000)),
    /** One event about a mail it took, with the custom arguments it was given. */
    eventOf: (mail: FakeSendGridMail, event: string, at: Date, more: Record<string, unknown> = {}) => ({
      email: mail.to,
      event,
      timestamp: Math.floor(at.getTime() / 1000),
      sg_event_id: `${mail.id}-${event}`,
      sg_message_id: `${mail.id}.filter0001.12345.5F0C1D2A-0`,
      ...mail.customArgs,
      ...more,
    }),
  }
}
