import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deliveryPolicy, twilioErrors } from '../../../channels/sms/errors.ts'
import { isNearStop, keywordAct } from '../../../channels/sms/keywords.ts'
import { twilioSms } from '../../../channels/sms/twilio.ts'
import { twilioWebhook } from '../../../channels/sms/webhook.ts'
import { WebhookNotConfigured, WebhookRejected, type WebhookRequest } from '../../../src/channel.ts'
import type { SignedCall } from '../../providers/server.ts'
import { type FakeTwilio, signTwilio, startTwilio } from '../../providers/twilio.ts'
import { outgoingOf } from '../outgoing.ts'

const publicUrl = 'https://relais.example'
let twilio: FakeTwilio
let sid = ''
beforeAll(async () => {
  twilio = await startTwilio()
  const settings = { accountSid: twilio.accountSid, authToken: twilio.authToken, from: 'Relais', baseUrl: twilio.url }
  const [receipt] = await twilioSms(settings, publicUrl).send([outgoingOf('sms', { attempt: 2 })])
  sid = receipt?.outcome === 'accepted' ? receipt.ref : ''
})
afterAll(() => twilio.close())

const requestOf = (call: SignedCall, path: string): WebhookRequest => ({
  path,
  url: call.url,
  headers: call.headers,
  body: Buffer.from(call.body),
  receivedAt: new Date('2026-09-14T08:01:00Z'),
})
const formOf = (call: SignedCall): Record<string, string> => Object.fromEntries(new URLSearchParams(call.body))
const status = (state: string, code?: number) =>
  twilioWebhook(requestOf(twilio.statusCallback(sid, state, code), 'twilio/status'), twilio.authToken)
const inbound = (text: string, more?: Record<string, string>) =>
  twilioWebhook(
    requestOf(twilio.inbound(publicUrl, text, '+33639980001', '36100', more), 'twilio/inbound'),
    twilio.authToken,
  )

describe('the signature of a Twilio callback', () => {
  it('holds for the vector Twilio publishes', async () => {
    const call = signTwilio(
      'https://mycompany.com/myapp.php?foo=1&bar=2',
      {
        CallSid: 'CA1234567890ABCDE',
        Caller: '+14158675309',
        Digits: '1234',
        From: '+14158675309',
        To: '+18005551212',
      },
      '12345',
    )
    expect(call.headers['x-twilio-signature']).toBe('RSOYDt4T1cUTdK1PDd93/VVr8B8=')
    await expect(twilioWebhook(requestOf(call, 'twilio/status'), '12345')).resolves.toEqual([])
  })

  it.each([
    ['no signature', (call: SignedCall) => ({ ...call, headers: {} })],
    ['another body', (call: SignedCall) => ({ ...call, body: call.body.replace('delivered', 'failed') })],
    [
      'another delivery in the query',
      (call: SignedCall) => ({ ...call, url: call.url.replace('delivery-1', 'delivery-2') }),
    ],
    ['http where Twilio called https', (call: SignedCall) => ({ ...call, url: call.url.replace('https:', 'http:') })],
    ['garbage', (call: SignedCall) => ({ ...call, headers: { 'x-twilio-signature': '\u0000é' } })],
  ])('fails with %s', async (_name, forge) => {
    const forged = forge(twilio.statusCallback(sid, 'delivered'))
    await expect(twilioWebhook(requestOf(forged, 'twilio/status'), twilio.authToken)).rejects.toThrow(WebhookRejected)
  })

  it('holds under either token while one is changed, and under no third', async () => {
    const call = twilio.statusCallback(sid, 'delivered')
    const by = (token: string) => requestOf(signTwilio(call.url, formOf(call), token), 'twilio/status')
    for (const token of ['present', 'previous'])
      await expect(twilioWebhook(by(token), 'present', 'previous')).resolves.toHaveLength(1)
    await expect(twilioWebhook(by('another'), 'present', 'previous')).rejects.toThrow(WebhookRejected)
    await expect(twilioWebhook(by('previous'), 'present')).rejects.toThrow(WebhookRejected)
    // Nobody signs with nothing.
    await expect(twilioWebhook(by(''), 'present', '')).rejects.toThrow(WebhookRejected)
  })

  it('does not cover the fragment that tunes a connection', async () => {
    const call = twilio.statusCallback(sid, 'delivered')
    const request = requestOf({ ...call, url: `${call.url}#rc=3&rp=all` }, 'twilio/status')
    await expect(twilioWebhook(request, twilio.authToken)).resolves.toHaveLength(1)
  })

  it('cannot be checked without a token, which is said and not skipped', async () => {
    const call = requestOf(twilio.statusCallback(sid, 'delivered'), 'twilio/status')
    await expect(twilioWebhook(call, '')).rejects.toThrow(WebhookNotConfigured)
  })
})

describe('a status callback', () => {
  it('closes the doubt by itself: it names network, delivery, attempt and message', async () => {
    expect(await status('sent')).toEqual([
      {
        dedupeKey: `status:${sid}:sent`,
        type: 'sent',
        networkId: 'network-1',
        deliveryId: 'delivery-1',
        attempt: 2,
        provider: 'twilio',
        providerRef: sid,
        data: { status: 'sent' },
      },
    ])
  })

  it.each([
    ['queued', 'accepted'],
    ['sending', 'accepted'],
    ['delivered', 'delivered'],
    ['read', 'delivered'],
    ['canceled', 'failed'],
    ['a_state_of_tomorrow', 'accepted'],
  ])('%s is told as %s', async (state, type) => {
    expect(await status(state)).toMatchObject([{ type, data: { status: state } }])
  })

  it('says why it was not delivered, and whether the number is at fault', async () => {
    expect(await status('undelivered', 30005)).toMatchObject([
      { type: 'failed', data: { code: 'unknown_number', permanent: true, providerCode: 30005 } },
    ])
    expect(await status('undelivered', 30003)).toMatchObject([
      { data: { code: 'handset_unreachable', permanent: false } },
    ])
  })

  it('lets only what may pass be tried again, and nothing unknown', () => {
    const temporary = Object.keys(twilioErrors).filter(
      (code) => code >= '30001' && code < '40000' && !deliveryPolicy(Number(code)).permanent,
    )
    expect(temporary).toEqual(['30001', '30002', '30003', '30008', '30410'])
    expect(deliveryPolicy(39999)).toEqual({ code: 'twilio_39999', permanent: true })
    expect(deliveryPolicy(undefined)).toEqual({ code: 'undelivered', permanent: true })
  })
})

describe('an SMS from a phone', () => {
  it('is a reply with its sender and words', async () => {
    const [event] = await inbound('Je participe !')
    expect(event).toMatchObject({
      type: 'reply',
      provider: 'twilio',
      data: { from: '+33639980001', to: '36100', text: 'Je participe !' },
    })
    expect(event?.deliveryId).toBeUndefined()
  })

  it.each([
    'STOP',
    'Stop.',
    'stop',
    'ARRÊT',
    'arret !',
    'DÉSINSCRIRE',
    'De\u0301sinscrire',
    '« stop »',
    'Desabo',
    'Unsubscribe',
    'stop 🙏',
  ])('"%s" is a stop', async (text) => {
    expect(await inbound(text)).toMatchObject([{ type: 'stop', data: { text } }])
  })

  it.each(['please stop', 'Stop, on en parle demain', "je n'arrête pas", ''])('"%s" is none', (text) => {
    expect(keywordAct(text)).toBeUndefined()
  })

  it('is shown to a person when a stop word stands among others', async () => {
    expect(await inbound('merci de stop svp')).toMatchObject([{ type: 'reply', data: { isNearStop: true } }])
    expect(isNearStop('Je passe au stopover')).toBe(false)
  })

  it('is a stop when Twilio has already made it one', async () => {
    expect(await inbound('Basta', { OptOutType: 'STOP' })).toMatchObject([{ type: 'stop' }])
  })

  it('loses its control characters, which would break whatever echoes it', async () => {
    expect(await inbound('a\u0007b\u0000c\nd')).toMatchObject([{ data: { text: 'abc\nd' } }])
  })

  it('may be a picture without words', async () => {
    expect(await inbound('', { NumMedia: '1' })).toMatchObject([{ type: 'reply', data: { text: '', media: 1 } }])
  })
})
