import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sendgridWebhook } from '../../../channels/email/webhook.ts'
import { WebhookNotConfigured, WebhookRejected, type WebhookRequest } from '../../../src/channel.ts'
import { type FakeSendGrid, startSendGrid } from '../../providers/sendgrid.ts'
import type { SignedCall } from '../../providers/server.ts'

const at = new Date('2026-09-14T08:00:00Z')
let sendgrid: FakeSendGrid
beforeAll(async () => {
  sendgrid = await startSendGrid()
})
afterAll(() => sendgrid.close())

const requestOf = (call: Pick<SignedCall, 'headers' | 'body'>, receivedAt = at): WebhookRequest => ({
  path: 'sendgrid',
  url: 'https://relais.example/webhooks/sendgrid',
  headers: call.headers,
  body: Buffer.from(call.body),
  receivedAt,
})
const told = (...events: Record<string, unknown>[]) =>
  sendgridWebhook(requestOf(sendgrid.events('https://relais.example', events, at)), sendgrid.webhookPublicKey)

/** Published by SendGrid: sendgrid/sendgrid-nodejs, packages/eventwebhook/src/eventwebhook.spec.js. */
const published = {
  key: 'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEEDr2LjtURuePQzplybdC+u4CwrqDqBaWjcMMsTbhdbcwHBcepxo7yAQGhHPTnlvFYPAZFceEu/1FwCM/QmGUhA==',
  otherKey:
    'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqTxd43gyp8IOEto2LdIfjRQrIbsd4SXZkLW6jDutdhXSJCWHw8REntlo7aNDthvj+y7GjUuFDb/R1NGe1OPzpA==',
  signature: 'MEUCIQCtIHJeH93Y+qpYeWrySphQgpNGNr/U+UyUlBkU6n7RAwIgJTz2C+8a8xonZGi6BpSzoQsbVRamr2nlxFDWYNH2j/0=',
  otherSignature: 'MEUCIQCtIHJeH93Y+qpYeWrySphQgpNGNr/U+UyUlBkU6n7RAwIgJTz2C+8a8xonZGi6BpSzoQsbVRamr2nlxFDWYNH3j/0=',
  timestamp: '1588788367',
  body: '{"category":"example_payload","event":"test_event","message_id":"message_id"}',
}
const publishedRequest = (changed: Partial<typeof published> = {}) => {
  const { signature, timestamp, body } = { ...published, ...changed }
  const headers = {
    'X-Twilio-Email-Event-Webhook-Signature': signature,
    'X-Twilio-Email-Event-Webhook-Timestamp': timestamp,
  }
  return requestOf({ headers, body }, new Date(1_588_788_400_000))
}

describe('the signature of a SendGrid event', () => {
  it('holds for the vector SendGrid publishes, whose event type is unknown to us', () => {
    expect(sendgridWebhook(publishedRequest(), published.key)).toEqual([])
  })

  it.each([
    ['another key', publishedRequest(), published.otherKey],
    ['another body', publishedRequest({ body: 'payload' }), published.key],
    ['a body with one byte more', publishedRequest({ body: `${published.body}\n` }), published.key],
    ['another signature', publishedRequest({ signature: published.otherSignature }), published.key],
    ['another timestamp', publishedRequest({ timestamp: 'timestamp' }), published.key],
    ['no signature', publishedRequest({ signature: '' }), published.key],
    ['garbage', publishedRequest({ signature: '%%%' }), published.key],
  ])('fails with %s', (_name, request, key) => {
    expect(() => sendgridWebhook(request, key)).toThrow(WebhookRejected)
  })

  it('holds under either key while one is changed, and under no third', async () => {
    const other = await startSendGrid()
    try {
      const [ours, theirs] = [sendgrid, other].map((one) => requestOf(one.events('https://relais.example', [], at)))
      const [present, previous] = [sendgrid.webhookPublicKey, other.webhookPublicKey]
      expect([ours!, theirs!].map((call) => sendgridWebhook(call, present, previous))).toEqual([[], []])
      expect(() => sendgridWebhook(theirs!, present)).toThrow(WebhookRejected)
      expect(() => sendgridWebhook(ours!, previous, published.key)).toThrow(WebhookRejected)
    } finally {
      await other.close()
    }
  })

  it('covers the last line break, as SendGrid sends it', () => {
    const call = sendgrid.events('https://relais.example', [], at)
    expect(call.body.endsWith('\r\n')).toBe(true)
    expect(sendgridWebhook(requestOf(call), sendgrid.webhookPublicKey)).toEqual([])
    const trimmed = { ...call, body: call.body.trimEnd() }
    expect(() => sendgridWebhook(requestOf(trimmed), sendgrid.webhookPublicKey)).toThrow(WebhookRejected)
  })

  it('is refused two days later, and not after a day of retries', () => {
    const call = sendgrid.events('https://relais.example', [], at)
    const later = (hours: number) => requestOf(call, new Date(at.getTime() + hours * 3_600_000))
    expect(sendgridWebhook(later(30), sendgrid.webhookPublicKey)).toEqual([])
    expect(() => sendgridWebhook(later(49), sendgrid.webhookPublicKey)).toThrow(WebhookRejected)
  })

  it.each([
    ['no key', undefined],
    ['an empty key', ' '],
    ['a key that is none', 'bm90IGEga2V5'],
  ])('cannot be checked with %s, which is said and not skipped', (_name, key) => {
    expect(() => sendgridWebhook(publishedRequest(), key)).toThrow(WebhookNotConfigured)
  })
})

const base = {
  email: 'eloise@example.com',
  timestamp: 1_789_372_800,
  sg_event_id: 'event-1',
  sg_message_id: 'abc123.filter0001.1.2-0',
  network_id: 'network-1',
  delivery_id: 'delivery-1',
  attempt: '2',
}

describe('SendGrid’s events', () => {
  it('name the delivery they are about', () => {
    expect(told({ ...base, event: 'delivered', response: '250 OK' })).toEqual([
      {
        dedupeKey: 'event-1',
        type: 'delivered',
        networkId: 'network-1',
        deliveryId: 'delivery-1',
        attempt: 2,
        provider: 'sendgrid',
        providerRef: 'abc123',
        occurredAt: new Date(1_789_372_800_000),
        data: { status: 'delivered' },
      },
    ])
  })

  it.each([
    [{ event: 'processed' }, 'accepted', {}],
    [{ event: 'deferred', response: '451 try later' }, 'deferred', { reason: '451 try later' }],
    [
      { event: 'bounce', type: 'bounce', bounce_classification: 'Invalid Address', status: '5.1.1', reason: '550' },
      'bounced',
      { code: 'invalid_address', permanent: true, smtp: '5.1.1' },
    ],
    [{ event: 'bounce', type: 'blocked', reason: 'spam' }, 'failed', { code: 'blocked', permanent: false }],
    [{ event: 'dropped', reason: 'Bounced Address' }, 'failed', { code: 'bounced_address', permanent: true }],
    [{ event: 'dropped', reason: 'Unsubscribed Address' }, 'failed', { code: 'unsubscribed_address' }],
    [{ event: 'open', sg_machine_open: true }, 'open', { machine: true }],
    [{ event: 'open' }, 'open', { machine: false }],
    [{ event: 'click', url: 'https://example.com/' }, 'click', { url: 'https://example.com/' }],
    [{ event: 'spamreport' }, 'complaint', {}],
    [{ event: 'unsubscribe' }, 'unsubscribe', {}],
    [{ event: 'group_unsubscribe', asm_group_id: 7 }, 'unsubscribe', { group: '7' }],
  ])('%o is told as %s', (event, type, data) => {
    expect(told({ ...base, ...event })).toMatchObject([{ type, data }])
  })

  it('that are no fact about a delivery, or unreadable, do not cost the others', () => {
    const events = told(
      { ...base, event: 'group_resubscribe' },
      { ...base, event: 'account_status_change' },
      { event: 'an_event_of_tomorrow' },
      'not an object' as unknown as Record<string, unknown>,
      null as unknown as Record<string, unknown>,
      { ...base, event: 'delivered' },
    )
    expect(events.map((event) => event.type)).toEqual(['delivered'])
  })

  it('that SendGrid will think of are kept as a receipt, with their name', () => {
    for (const event of ['an_event_of_tomorrow', 'constructor'])
      expect(told({ ...base, event })).toMatchObject([{ type: 'accepted', data: { status: event } }])
  })

  it('with an empty id are told apart by what they say', () => {
    const [first, second] = told(
      { ...base, event: 'delivered', sg_event_id: '' },
      { ...base, event: 'open', sg_event_id: '' },
    )
    expect(first!.dedupeKey).toHaveLength(64)
    expect(first!.dedupeKey).not.toBe(second!.dedupeKey)
  })

  it('have one key for the same thing told twice, also without an id', () => {
    const { sg_event_id: _id, ...bare } = { ...base, event: 'dropped', reason: 'Invalid' }
    const [first] = told(bare)
    const [second] = told({ ...bare, extra: 'field' })
    const [other] = told({ ...bare, timestamp: 1_789_372_801 })
    expect(first?.dedupeKey).toBe(second?.dedupeKey)
    expect(first?.dedupeKey).not.toBe(other?.dedupeKey)
  })

  it('of late bounces have no message id, only our own ids', () => {
    const { sg_message_id: _id, ...late } = { ...base, event: 'bounce', type: 'bounce' }
    expect(told(late)).toMatchObject([{ deliveryId: 'delivery-1', providerRef: undefined }])
  })
})
