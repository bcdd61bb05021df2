import { generateKeyPairSync, sign } from 'node:crypto'
import { answerBadly, faultOf, faultPlan, isTaken } from './faults.ts'
import { type SignedCall, serveLocally } from './server.ts'

export interface FakeSendGridOptions {
  apiKey?: string
  /** What the key may do. */
  scopes?: string[]
}

interface Personalization {
  to: { email: string }[]
  subject?: string
  headers?: Record<string, string>
  substitutions?: Record<string, string>
  custom_args?: Record<string, string>
}

interface MailBody {
  personalizations: Personalization[]
  from: { email: string; name?: string }
  reply_to?: { email: string }
  subject: string
  content: { type: string; value: string }[]
  headers?: Record<string, string>
  tracking_settings?: Record<string, { enable: boolean }>
  custom_args?: unknown
}

/** What one person got, and the call it came in. */
export interface FakeSendGridMail {
  /** The call's X-Message-Id; with its place behind it where the call held several. */
  id: string
  to: string
  customArgs: Record<string, string>
  subject: string
  html: string
  text: string
  /** Where this one's answers go. */
  replyTo?: string
  headers: Record<string, string>
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
  /** Addresses it was asked to erase. */
  const forgotten: string[] = []
  let isErasureRefused = false
  let calls = 0

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
    if (call.method === 'POST' && call.url.pathname === '/v3/recipients/erasejob') {
      if (isErasureRefused) return answer(403, { errors: [{ message: 'access forbidden', field: null }] })
      forgotten.push(...(JSON.parse(call.body) as { email_addresses: string[] }).email_addresses)
      return answer(202, { job_id: `erase-${forgotten.length}` })
    }
    if (call.method !== 'POST' || call.url.pathname !== '/v3/mail/send') return answer(404, { errors: [] })
    requests.push(call.body)
    const body = JSON.parse(call.body) as MailBody
    const recipients = body.personalizations.flatMap(({ to }) => to.map(({ email }) => email))
    const refusal = recipients.map((to) => refusals.get(to)).find((one) => one !== undefined)
    if (refusal) return answer(refusal.status, { errors: [{ message: refusal.message, field: null }] })
    const problem = problemOf(call.body, body, recipients)
    if (problem !== undefined) return answer(400, { errors: [{ message: problem, field: null }] })
    const way = plan.take(recipients[0])
    const fault = faultOf(way)
    const id = `sg${String(++calls).padStart(20, '0')}`
    if (fault === undefined || isTaken(fault)) mails.push(...mailsOf(id, body))
    plan.answer(() => {
      if (fault) answerBadly(response, fault, '{"accepted": true, "padding": "padding"}')
      else answer(202, undefined, { 'x-message-id': id })
    }, way)
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
    forgotten,
    /** As an account without the scope answers. */
    refuseErasure: (isRefused: boolean) => {
      isErasureRefused = isRefused
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

const most = 1_000
const mostSubstituted = 10_000
const largest = 30 * 1024 * 1024

/** What SendGrid refuses a call for (docs: Mail Send Errors, and the limits of tsg_mail_v3.json). */
function problemOf(raw: string, body: MailBody, recipients: readonly string[]): string | undefined {
  if (Buffer.byteLength(raw) > largest) return 'The total message size should not exceed 30MB.'
  if (recipients.length === 0 || recipients.length > most)
    return 'The personalizations block is limited to 1000 personalizations per API request.'
  if (new Set(recipients.map((to) => to.toLowerCase())).size < recipients.length)
    return 'Each email address in the personalization block should be unique between to, cc, and bcc.'
  if (body.custom_args !== undefined && typeof body.custom_args !== 'string') return 'custom_args must be a string.'
  if (body.content.length === 0 || body.content.some(({ value }) => value.length < 1))
    return 'The content value must be a string at least one character in length.'
  if (!body.subject && body.personalizations.some(({ subject }) => !subject)) return 'The subject is required.'
  for (const { substitutions = {} } of body.personalizations)
    if (Buffer.byteLength(JSON.stringify(substitutions)) > mostSubstituted)
      return 'The total size of your substitutions may not exceed 10,000 bytes per personalization object.'
  return undefined
}

/** One mail for each personalization, its substitutions made in subject, text and HTML as SendGrid makes them. */
function mailsOf(id: string, body: MailBody): FakeSendGridMail[] {
  return body.personalizations.map((personalization, index) => {
    const filled = (text: string): string =>
      Object.entries(personalization.substitutions ?? {}).reduce((sum, [tag, own]) => sum.split(tag).join(own), text)
    const content = (type: string) => filled(body.content.find((one) => one.type === type)?.value ?? '')
    return {
      id: body.personalizations.length === 1 ? id : `${id}.${index}`,
      to: personalization.to[0]?.email ?? '',
      customArgs: personalization.custom_args ?? {},
      subject: filled(personalization.subject ?? body.subject),
      html: content('text/html'),
      text: content('text/plain'),
      ...(body.reply_to && { replyTo: filled(body.reply_to.email) }),
      headers: { ...body.headers, ...personalization.headers },
      body,
    }
  })
}
