import {
  type EventType,
  type InboundEvent,
  WebhookNotConfigured,
  WebhookRejected,
  type WebhookRequest,
} from '../../src/channel.ts'
import { deliveryPolicy } from './errors.ts'
import { isNearStop, keywordAct } from './keywords.ts'

export const twilioWebhookPaths = ['twilio/status', 'twilio/inbound'] as const

/**
 * Twilio's MessageStatus as our event (twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks).
 * `read` exists for WhatsApp and RCS only and proves arrival; whether it may be kept as an opening is not ours to say.
 */
const statusEvents: Record<string, EventType> = {
  accepted: 'accepted',
  scheduled: 'accepted',
  queued: 'accepted',
  sending: 'accepted',
  sent: 'sent',
  partially_delivered: 'sent',
  delivered: 'delivered',
  read: 'delivered',
  undelivered: 'failed',
  failed: 'failed',
  canceled: 'failed',
}

/**
 * Twilio answers to status callbacks and inbound messages. Either token will do: while one is changed there are
 * two. Throws WebhookRejected unless the signature holds.
 */
export async function twilioWebhook(
  request: WebhookRequest,
  authToken: string,
  oldAuthToken = '',
): Promise<InboundEvent[]> {
  const tokens = [authToken, oldAuthToken].filter((token) => token !== '')
  if (tokens.length === 0)
    throw new WebhookNotConfigured('TWILIO_AUTH_TOKEN is not set: Twilio webhooks cannot be verified.')
  const form = new URLSearchParams(new TextDecoder().decode(request.body))
  await verify(request, form, tokens)
  const event = request.path === 'twilio/inbound' ? inbound(form) : status(form, new URL(request.url).searchParams)
  return event ? [event] : []
}

/**
 * HMAC-SHA1 over the public URL and the sorted form (twilio.com/docs/usage/security). The scheme holds no time, so
 * a replay is always possible: the caller is idempotent on the dedupe key.
 */
async function verify(request: WebhookRequest, form: URLSearchParams, authTokens: readonly string[]): Promise<void> {
  const { default: twilio } = await import('twilio')
  const params: Record<string, string | string[]> = {}
  for (const name of new Set(form.keys())) {
    const values = form.getAll(name)
    params[name] = values.length > 1 ? values : (values[0] ?? '')
  }
  const signature = header(request, 'x-twilio-signature') ?? ''
  const url = request.url.split('#')[0] ?? ''
  if (!authTokens.some((token) => twilio.validateRequest(token, signature, url, params))) {
    throw new WebhookRejected(
      `The Twilio signature does not match ${new URL(request.url).protocol}//… as PUBLIC_URL says; compare scheme and host with what Twilio calls.`,
    )
  }
}

const header = (request: WebhookRequest, name: string): string | undefined =>
  Object.entries(request.headers).find(([key]) => key.toLowerCase() === name)?.[1]

function status(form: URLSearchParams, query: URLSearchParams): InboundEvent | undefined {
  const sid = form.get('MessageSid') ?? form.get('SmsSid')
  const state = form.get('MessageStatus') ?? form.get('SmsStatus')
  if (!sid || !state) return undefined
  const attempt = Number(query.get('a'))
  return {
    ...eventOf(sid, state, Number(form.get('ErrorCode')) || undefined),
    networkId: query.get('n') ?? undefined,
    deliveryId: query.get('d') ?? undefined,
    attempt: Number.isSafeInteger(attempt) && attempt > 0 ? attempt : undefined,
  }
}

/** A message's state as an event: the same whether Twilio called to tell it or was asked. */
export function eventOf(sid: string, state: string, errorCode: number | undefined): InboundEvent {
  // A state Twilio adds later moves nothing: it is kept as the weakest receipt, under its own name.
  const type = statusEvents[state] ?? 'accepted'
  const data: Record<string, unknown> = { status: state }
  if (type === 'failed') {
    const policy = state === 'canceled' ? { code: 'canceled', permanent: true } : deliveryPolicy(errorCode)
    Object.assign(data, policy, { providerCode: errorCode })
  }
  return { dedupeKey: `status:${sid}:${state}`, type, provider: 'twilio', providerRef: sid, data }
}

function inbound(form: URLSearchParams): InboundEvent | undefined {
  const sid = form.get('MessageSid') ?? form.get('SmsMessageSid')
  const from = form.get('From')
  if (!sid || !from) return undefined
  const text = printable(form.get('Body') ?? '')
  // Advanced Opt-Out has recognised a keyword of its own and has already blocked the sender for this number.
  const blocked = form.get('OptOutType')?.toUpperCase()
  const act = blocked === 'STOP' ? 'stop' : blocked === 'START' ? 'start' : keywordAct(text)
  return {
    dedupeKey: `inbound:${sid}`,
    type: act === 'stop' ? 'stop' : 'reply',
    provider: 'twilio',
    providerRef: sid,
    data: {
      from,
      to: form.get('To') ?? '',
      text,
      messagingServiceSid: form.get('MessagingServiceSid') ?? undefined,
      isStart: act === 'start' || undefined,
      isNearStop: isNearStop(text) || undefined,
      media: Number(form.get('NumMedia')) || undefined,
    },
  }
}

/** Control characters other than line breaks and tabs have no place in a stored or echoed text. */
const printable = (text: string): string => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '')
