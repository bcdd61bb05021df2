import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto'
import {
  type EventType,
  type InboundEvent,
  WebhookNotConfigured,
  WebhookRejected,
  type WebhookRequest,
} from '../../src/channel.ts'
import { bounceCode, droppedCode } from './errors.ts'

export const sendgridWebhookPaths = ['sendgrid'] as const

/**
 * The timestamp is signed, but SendGrid does not say whether a retry signs anew, and it retries for 24 hours:
 * only what is far beyond that is refused. Repeats within are harmless, each event has its dedupe key.
 */
const OLDEST = 48 * 3_600_000

const SIGNATURE = 'x-twilio-email-event-webhook-signature'
const TIMESTAMP = 'x-twilio-email-event-webhook-timestamp'

/** SendGrid's Event Webhook. Either key will do: while one is changed there are two. Throws WebhookNotConfigured without a key, WebhookRejected unless a signature holds. */
export function sendgridWebhook(
  request: WebhookRequest,
  publicKey: string | undefined,
  oldPublicKey?: string,
): InboundEvent[] {
  const keys = [publicKey, oldPublicKey].filter((key) => key !== undefined && key.trim() !== '') as string[]
  if (keys.length === 0) {
    throw new WebhookNotConfigured('SENDGRID_WEBHOOK_PUBLIC_KEY is not set: SendGrid webhooks cannot be verified.')
  }
  checkSignature(request, keys.map(keyOf))
  let events: unknown
  try {
    events = JSON.parse(new TextDecoder().decode(request.body))
  } catch {
    throw new WebhookRejected('The body is signed but is not JSON.')
  }
  // One unreadable event does not cost the others.
  return (Array.isArray(events) ? events : [events]).map(translate).filter((event) => event !== undefined)
}

/** Keys read before: reading one costs as much as checking a signature. A few networks have one of their own. */
const keysRead = new Map<string, KeyObject>()
const mostKeys = 100

function keyOf(publicKey: string): KeyObject {
  const known = keysRead.get(publicKey)
  if (known) return known
  const key = readKey(publicKey)
  if (keysRead.size >= mostKeys) keysRead.clear()
  keysRead.set(publicKey, key)
  return key
}

function readKey(publicKey: string): KeyObject {
  try {
    return createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' })
  } catch {
    throw new WebhookNotConfigured('SENDGRID_WEBHOOK_PUBLIC_KEY is not a base64 public key as SendGrid shows it.')
  }
}

/**
 * ECDSA P-256 over the timestamp and the raw body, down to its last line break (twilio.com/docs/sendgrid, "Event
 * Webhook security features"). node:crypto rather than @sendgrid/eventwebhook, which throws on garbage signatures.
 */
function checkSignature(request: WebhookRequest, keys: readonly KeyObject[]): void {
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
  )
  const timestamp = headers[TIMESTAMP] ?? ''
  const signed = Buffer.concat([Buffer.from(timestamp), request.body])
  const signature = Buffer.from(headers[SIGNATURE] ?? '', 'base64')
  if (!keys.some((key) => isGenuine(signed, key, signature)))
    throw new WebhookRejected('The SendGrid signature does not match the body.')
  const age = request.receivedAt.getTime() - Number(timestamp) * 1000
  if (!(Math.abs(age) <= OLDEST)) throw new WebhookRejected('The signed timestamp is more than 48 hours away.')
}

function isGenuine(signed: Uint8Array, key: KeyObject, signature: Uint8Array): boolean {
  try {
    return verify('sha256', signed, key, signature)
  } catch {
    // A signature that is not even DER is a forged one.
    return false
  }
}

/** Event names as documented (twilio.com/docs/sendgrid/for-developers/tracking-events/event). */
const eventTypes: Record<string, EventType> = {
  processed: 'accepted',
  deferred: 'deferred',
  delivered: 'delivered',
  bounce: 'bounced',
  dropped: 'failed',
  open: 'open',
  click: 'click',
  spamreport: 'complaint',
  unsubscribe: 'unsubscribe',
  group_unsubscribe: 'unsubscribe',
}

/** What SendGrid tells of lists and of the account: no fact about a delivery. */
const notOfDeliveries = new Set(['group_resubscribe', 'account_status_change'])

function translate(raw: unknown): InboundEvent | undefined {
  if (typeof raw !== 'object' || raw === null) return undefined
  const event = raw as Record<string, unknown>
  const text = (name: string): string | undefined => {
    const value = event[name]
    return typeof value === 'string' || typeof value === 'number' ? String(value) || undefined : undefined
  }
  const name = text('event')
  if (name === undefined || notOfDeliveries.has(name)) return undefined
  let type = Object.hasOwn(eventTypes, name) ? eventTypes[name] : undefined
  // An event SendGrid adds later, on a delivery of ours, is kept as the weakest receipt, under its own name.
  if (type === undefined && text('delivery_id') !== undefined) type = 'accepted'
  if (type === undefined) return undefined
  const data: Record<string, unknown> = { status: name }
  const reason = text('reason')?.slice(0, 300)
  if (name === 'bounce') {
    // A block is the receiving server's refusal of this mail, not the end of the address (blocks API).
    const isBlocked = text('type') === 'blocked'
    if (isBlocked) type = 'failed'
    Object.assign(data, {
      code: isBlocked ? 'blocked' : bounceCode(text('bounce_classification')),
      classification: text('bounce_classification')?.slice(0, 100),
      permanent: !isBlocked,
      smtp: text('status'),
      reason,
    })
  } else if (name === 'dropped') {
    Object.assign(data, { code: droppedCode(reason ?? ''), permanent: true, reason })
  } else if (name === 'deferred') {
    Object.assign(data, { smtp: text('status'), reason: text('response')?.slice(0, 300) })
  } else if (name === 'open') {
    data.machine = event.sg_machine_open === true
  } else if (name === 'click') {
    data.url = text('url')
  } else if (name === 'group_unsubscribe') {
    data.group = text('asm_group_id')
  }
  const call = text('call')
  if (call !== undefined) data.call = call
  const attempt = Number(text('attempt'))
  const seconds = Number(text('timestamp'))
  return {
    dedupeKey: text('sg_event_id') ?? fallbackKey(event),
    type,
    networkId: text('network_id'),
    deliveryId: text('delivery_id'),
    attempt: Number.isSafeInteger(attempt) && attempt > 0 ? attempt : undefined,
    provider: 'sendgrid',
    // `sg_message_id` is the X-Message-Id of the send, followed by where it was filtered; late bounces have none.
    providerRef: text('sg_message_id')?.split('.')[0],
    occurredAt: Number.isFinite(seconds) && seconds > 0 ? new Date(seconds * 1000) : undefined,
    data,
  }
}

/** Some events come without an id (an address that was invalid from the start): what they say names them. */
const fallbackKey = (event: Record<string, unknown>): string =>
  createHash('sha256')
    .update(
      ['event', 'email', 'timestamp', 'delivery_id', 'attempt', 'url'].map((name) => `${event[name] ?? ''}`).join('\n'),
    )
    .digest('hex')
