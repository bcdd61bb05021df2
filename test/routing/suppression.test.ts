import { describe, expect, test } from 'vitest'
import { route } from '../../src/routing/route.ts'
import { suppressionGate, suppressionTable } from '../../src/routing/suppression.ts'
import { targetOf } from '../../src/routing/target.ts'
import type { RoutableContact } from '../../src/routing/types.ts'
import { type ChannelName, messageClasses, type SuppressionScope, suppressionScopes } from '../../src/words.ts'
import { address, camille, followUp, notice, scene } from './cast.ts'

/** What each scope closes, by class: written out, since this table is what people were promised. */
const promised: Record<SuppressionScope, string[]> = {
  address: ['urgent_service', 'contractual', 'transactional', 'relational', 'marketing'],
  channel_sender: ['urgent_service', 'contractual', 'transactional', 'relational', 'marketing'],
  topic: ['relational', 'marketing'],
  marketing: ['relational', 'marketing'],
}

type Suppression = RoutableContact['suppressions'][number]
const close = (scope: SuppressionScope, over: Partial<Suppression> = {}): Suppression => ({
  scope,
  addressHash: camille.email!.hash,
  channel: '',
  senderId: '',
  topic: scope === 'topic' ? followUp.topic : '',
  reason: 'unsubscribe',
  ...over,
})

const gate = (
  channel: ChannelName,
  suppression: Suppression,
  over: Partial<RoutableContact> = {},
  senderId?: string,
) => {
  const contact = { ...camille, ...over, suppressions: [suppression] }
  return suppressionGate(contact, followUp, channel, targetOf(contact, followUp, channel), senderId)?.code
}

describe.each(suppressionScopes)('scope %s', (scope) => {
  test.each(messageClasses)('closes or leaves open the class %s as promised', (messageClass) => {
    const isClosed = promised[scope].includes(messageClass)
    const message = { ...followUp, class: messageClass }
    const contact = { ...camille, suppressions: [close(scope)] }
    const found = suppressionGate(contact, message, 'email', targetOf(contact, message, 'email'), 'mailbox')
    expect(found !== undefined).toBe(isClosed)
    expect(suppressionTable[scope][messageClass]).toBe(isClosed)
  })
})

describe('how far a suppression reaches', () => {
  test('a dead mailbox leaves the mobile open', () => {
    expect(gate('email', close('address'))).toBe('suppressed_address')
    expect(gate('sms', close('address'))).toBeUndefined()
  })

  test('STOP binds the sender it was said to, on the number it came from', () => {
    const stop = close('channel_sender', { addressHash: camille.mobile!.hash, channel: 'sms', senderId: 'brand' })
    expect(gate('sms', stop, {}, 'brand')).toBe('suppressed_sender')
    expect(gate('sms', stop, {}, 'short-code')).toBeUndefined()
    expect(gate('email', stop, {}, 'brand')).toBeUndefined()
  })

  test('STOP to nobody in particular binds every sender of the channel', () => {
    const stop = close('channel_sender', { addressHash: camille.mobile!.hash, channel: 'sms' })
    expect(gate('sms', stop, {}, 'short-code')).toBe('suppressed_sender')
  })

  test('leaving a topic leaves the other topics open', () => {
    expect(gate('email', close('topic'))).toBe('suppressed_topic')
    expect(gate('email', close('topic', { topic: 'newsletter' }))).toBeUndefined()
  })

  test('"stop everything" from a personal mailbox holds on every channel that leaves', () => {
    for (const channel of ['email', 'sms', 'print'] as const) {
      expect(gate(channel, close('marketing'))).toBe('suppressed_marketing')
    }
    expect(gate('intranet', close('marketing'))).toBeUndefined()
    expect(gate('screen', close('marketing'))).toBeUndefined()
  })

  test('"stop everything" from a shared mailbox speaks for that mailbox only', () => {
    const email = address('atelier@example.test', { isShared: true })
    const stop = close('marketing', { addressHash: email.hash })
    expect(gate('email', stop, { email })).toBe('suppressed_marketing')
    expect(gate('sms', stop, { email })).toBeUndefined()
  })

  test('a refusal of one channel leaves the others open', () => {
    const stop = close('marketing', { channel: 'email' })
    expect(gate('email', stop)).toBe('suppressed_marketing')
    expect(gate('sms', stop)).toBeUndefined()
  })
})

test('an urgent notice to someone who said STOP goes to the next channel', () => {
  const stop = close('channel_sender', { addressHash: camille.mobile!.hash, channel: 'sms', senderId: 'brand' })
  const decision = route(scene({ contact: { suppressions: [stop] }, message: notice }))
  expect(decision.channel).toBe('email')
  expect(decision.because).toContainEqual({
    code: 'suppressed_sender',
    params: { channel: 'sms', reason: 'unsubscribe' },
  })
})

test('another sender of the channel is not used to get round a STOP', () => {
  const stop = close('channel_sender', { addressHash: camille.mobile!.hash, channel: 'sms', senderId: 'brand' })
  expect(route(scene({ contact: { suppressions: [stop] }, message: { channels: ['sms'] } })).outcome).toBe('none')
})
