import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { twilioSms } from '../../../channels/sms/twilio.ts'
import { type FakeTwilio, startTwilio } from '../../providers/twilio.ts'
import { contents, outgoingOf } from '../outgoing.ts'

const publicUrl = 'https://relais.example'
const service = `MG${'a'.repeat(32)}`
const now = new Date('2026-09-14T08:00:00Z')
const inMinutes = (minutes: number) => new Date(now.getTime() + minutes * 60_000)

let twilio: FakeTwilio
let clock = now
beforeAll(async () => {
  twilio = await startTwilio({ now: () => clock })
})
afterAll(() => twilio.close())

const channel = (more: { messagingServiceSid?: string; from?: string; authToken?: string } = { from: 'Relais' }) =>
  twilioSms(
    { accountSid: twilio.accountSid, authToken: twilio.authToken, baseUrl: twilio.url, timeoutMs: 500, ...more },
    publicUrl,
  )
const lastForm = () => twilio.messages.at(-1)?.form ?? {}
const text = (words: string) => ({ ...contents.sms, text: words })

describe('what Twilio is asked', () => {
  it('names network, delivery and attempt in the callback, so that a lost answer can be mended', async () => {
    await channel().send([outgoingOf('sms', { deliveryId: 'd 1&2', attempt: 3 })])
    expect(lastForm().StatusCallback).toBe(`${publicUrl}/webhooks/twilio/status?n=network-1&d=d+1%262&a=3`)
  })

  it.each([
    ['ten minutes', 10, '600'],
    ['more than Twilio keeps a message', 60 * 24, '36000'],
    ['one second', 1 / 60, '1'],
  ])('keeps the message no longer than it is worth: %s', async (_name, minutes, seconds) => {
    await channel().send([outgoingOf('sms', { expiresAt: inMinutes(minutes) })])
    expect(lastForm().ValidityPeriod).toBe(seconds)
  })

  it('sends nothing that has expired already', async () => {
    const [receipt] = await channel().send([outgoingOf('sms', { expiresAt: now })])
    expect(receipt).toMatchObject({ outcome: 'refused', code: 'expired', permanent: true })
  })

  it('prefers the sender of the delivery, then the messaging service, then the number', async () => {
    const configured = channel({ from: '+33939000000', messagingServiceSid: service })
    await configured.send([outgoingOf('sms', { from: 'HORIZON' })])
    expect(lastForm()).toMatchObject({ From: 'HORIZON' })
    await configured.send([outgoingOf('sms')])
    expect(lastForm()).toMatchObject({ MessagingServiceSid: service })
    await channel({ from: '+33939000000' }).send([outgoingOf('sms')])
    expect(lastForm()).toMatchObject({ From: '+33939000000' })
    const [none] = await channel({}).send([outgoingOf('sms')])
    expect(none).toMatchObject({ outcome: 'refused', code: 'sender_misconfigured', permanent: false })
  })

  it('is signed by the API key where there is one, and by the token alone where there is none', async () => {
    const own = await startTwilio({ apiKey: { sid: `SK${'1'.repeat(32)}`, secret: 'key-secret' } })
    const settings = { accountSid: own.accountSid, from: 'Relais', baseUrl: own.url, timeoutMs: 500 }
    const sent = async (more: { authToken: string; apiKey?: string; apiSecret?: string }) =>
      (await twilioSms({ ...settings, ...more }, publicUrl).send([outgoingOf('sms')]))[0]?.outcome
    const key = { apiKey: `SK${'1'.repeat(32)}`, apiSecret: 'key-secret' }
    expect(await sent({ authToken: 'not the token', ...key })).toBe('accepted')
    expect(await sent({ authToken: own.authToken, ...key, apiSecret: 'wrong' })).toBe('refused')
    expect(await sent({ authToken: own.authToken })).toBe('accepted')
    await own.close()
  })

  it('keeps our own count of parts while Twilio does not know it', async () => {
    const [receipt] = await channel({ messagingServiceSid: service }).send([
      outgoingOf('sms', { content: { ...contents.sms, parts: 2 } }),
    ])
    expect(receipt).toMatchObject({ outcome: 'accepted', parts: 2 })
  })

  it('refuses what Twilio cannot carry before asking', async () => {
    const before = twilio.requests.length
    const receipts = await channel().send([
      outgoingOf('sms', { content: text('x'.repeat(1601)) }),
      outgoingOf('sms', { content: text('  ') }),
    ])
    expect(receipts).toMatchObject([
      { outcome: 'refused', code: 'too_long', permanent: true },
      { outcome: 'refused', code: 'empty_message', permanent: true },
    ])
    expect(twilio.requests.length).toBe(before)
  })
})

describe('what Twilio refuses', () => {
  it.each([
    [400, 21211, 'invalid_number', true],
    [400, 21614, 'not_a_mobile', true],
    [400, 21610, 'opted_out', true],
    [400, 21408, 'region_closed', true],
    [400, 21606, 'sender_misconfigured', false],
    [403, 20005, 'credentials', false],
    [400, 21999, 'twilio_21999', true],
    [404, 20404, 'credentials', false],
  ])('HTTP %i with %i becomes %s (for good: %s)', async (status, code, expected, permanent) => {
    const number = `+3363998${String(code).slice(1)}`
    twilio.refuse(number, status, code)
    const [receipt] = await channel().send([outgoingOf('sms', { to: { ...outgoingOf('sms').to, value: number } })])
    expect(receipt).toMatchObject({ outcome: 'refused', code: expected, permanent })
  })

  it('waits as long as Twilio asks after too many requests', async () => {
    twilio.plan.next('429')
    const [receipt] = await channel().send([outgoingOf('sms')])
    expect(receipt).toMatchObject({ outcome: 'refused', permanent: false, retryAfterMs: 7000 })
  })

  it('does not mistake a wrong token for a bad number', async () => {
    const [receipt] = await channel({ from: 'Relais', authToken: 'wrong' }).send([outgoingOf('sms')])
    expect(receipt).toMatchObject({ outcome: 'refused', code: 'credentials', permanent: false })
  })
})

describe('looking up a message in doubt', () => {
  const to = (value: string) => ({ ...outgoingOf('sms').to, value })
  const lookup = (value: string, words: string, since = now) =>
    channel().lookup?.(outgoingOf('sms', { to: to(value), content: text(words) }), since)
  const lose = async (value: string, words: string) => {
    twilio.plan.next('500-after')
    const [receipt] = await channel().send([outgoingOf('sms', { to: to(value), content: text(words) })])
    expect(receipt?.outcome).toBe('unknown')
  }

  it('finds the message whose answer was lost, though it is still queued', async () => {
    await lose('+33639981001', 'Perdu puis retrouvé')
    expect(await lookup('+33639981001', 'Perdu puis retrouvé')).toEqual({
      refs: [twilio.messages.at(-1)?.sid],
    })
  })

  it('says no only when Twilio has listed and has none', async () => {
    expect(await lookup('+33639981002', 'Jamais parti')).toEqual({ refs: [] })
    twilio.plan.next('500-before')
    await expect(lookup('+33639981002', 'Jamais parti')).rejects.toThrow()
    twilio.plan.next('html')
    await expect(lookup('+33639981002', 'Jamais parti')).rejects.toThrow()
  })

  it('knows its words although smart encoding has changed their signs', async () => {
    await lose('+33639981003', 'L\'offre "Confort" - 10...')
    expect(await lookup('+33639981003', 'L’offre “Confort” – 10…')).toMatchObject({ refs: [expect.any(String)] })
  })

  it('does not take an older message with the same words for this one', async () => {
    clock = inMinutes(-180)
    await lose('+33639981004', 'Rappel hebdomadaire')
    clock = now
    expect(await lookup('+33639981004', 'Rappel hebdomadaire')).toEqual({ refs: [] })
  })

  it('names all with the same words, the oldest first', async () => {
    await lose('+33639981005', 'Deux fois le même')
    await lose('+33639981005', 'Deux fois le même')
    const [first, second] = twilio.messages.slice(-2)
    expect(await lookup('+33639981005', 'Deux fois le même')).toEqual({ refs: [first?.sid, second?.sid] })
    first!.createdAt = new Date(second!.createdAt.getTime() + 1_000)
    expect(await lookup('+33639981005', 'Deux fois le même')).toEqual({ refs: [second?.sid, first?.sid] })
  })
})
