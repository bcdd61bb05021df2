import { describe, expect, test } from 'vitest'
import { fatigue, pressureGate } from '../../src/routing/pressure.ts'
import { route } from '../../src/routing/route.ts'
import type { Touch } from '../../src/routing/types.ts'
import { messageClasses } from '../../src/words.ts'
import { notice, scene, still, tuesdayMorning, withValues } from './cast.ts'

const day = 86_400_000
const now = tuesdayMorning.getTime()
const ago = (days: number, channel: Touch['channel'] = 'email', over: Partial<Touch> = {}): Touch => ({
  at: now - days * day,
  channel,
  class: 'marketing',
  ...over,
})
const gate = (channel: Touch['channel'], contact: Touch[], site: Touch[] = [], message = {}) =>
  pressureGate(scene({ message, input: { touches: { contact, site } } }), channel, now)?.params

describe('caps roll', () => {
  test('one SMS in seven days', () => {
    expect(gate('sms', [ago(6.99, 'sms')])).toMatchObject({ max: 1, days: 7 })
    expect(gate('sms', [ago(7, 'sms')])).toBeUndefined()
  })

  test('four SMS in thirty days', () => {
    const four = [8, 14, 20, 26].map((days) => ago(days, 'sms'))
    expect(gate('sms', four)).toMatchObject({ max: 4, days: 30 })
    expect(gate('sms', four.slice(1))).toBeUndefined()
  })

  test('two e-mails in seven days, eight in thirty', () => {
    expect(gate('email', [ago(1), ago(2)])).toMatchObject({ max: 2, days: 7 })
    const eight = [8, 10, 12, 14, 16, 18, 20, 22].map((days) => ago(days))
    expect(gate('email', eight)).toMatchObject({ max: 8, days: 30 })
  })

  test('one letter in thirty days', () => {
    expect(gate('print', [ago(29, 'print')])).toMatchObject({ max: 1, days: 30 })
    expect(gate('print', [ago(30, 'print')])).toBeUndefined()
  })

  test('four messages in seven days over all channels', () => {
    const four = [ago(1), ago(2, 'print'), ago(3, 'intranet'), ago(4, 'intranet')]
    expect(gate('sms', four)).toMatchObject({ max: 4, days: 7, scope: 'any' })
    expect(gate('sms', four.slice(1))).toBeUndefined()
  })

  test('what is planned for later weighs too', () => {
    expect(gate('sms', [ago(-2, 'sms')])).toMatchObject({ max: 1, days: 7 })
  })
})

describe('what counts', () => {
  test.each(messageClasses)('a %s message is counted and capped only when it is commercial', (messageClass) => {
    const isCommercial = messageClass === 'marketing' || messageClass === 'relational'
    expect(gate('sms', [ago(1, 'sms', { class: messageClass })]) !== undefined).toBe(isCommercial)
    expect(gate('sms', [ago(1, 'sms')], [], { class: messageClass }) !== undefined).toBe(isCommercial)
  })

  test('an urgent notice passes whatever was sent before', () => {
    const contact = [ago(0.1, 'sms'), ago(0.2), ago(0.3), ago(0.4, 'print')]
    expect(route(scene({ message: notice, input: { touches: { contact, site: [] } } })).channel).toBe('sms')
  })
})

describe('an outlet', () => {
  test('gets one commercial message a day, counted by message and not by colleague', () => {
    const other = (id: string) => ago(0.1, 'email', { message: id })
    expect(gate('email', [], [other('other')])).toMatchObject({ subject: 'site', max: 1, days: 1 })
    expect(gate('email', [], [other('message-1'), other('message-1')])).toBeUndefined()
  })

  test('has two screen messages a day; the same one to a colleague is not a second', () => {
    const two = [ago(0.1, 'screen'), ago(0.2, 'screen')]
    expect(gate('screen', [], two)).toMatchObject({ subject: 'site', max: 2, days: 1, scope: 'screen' })
    const policy = withValues(still, { caps: [{ channel: 'screen', subject: 'site', max: 1, days: 1 }] })
    const again = (touch: Touch) =>
      pressureGate(scene({ input: { policy, touches: { contact: [], site: [touch] } } }), 'screen', now)
    expect(again(ago(0, 'screen', { message: 'message-1' }))).toBeUndefined()
    expect(again(ago(0, 'screen'))).toBeUndefined()
    expect(again(ago(0, 'screen', { message: 'other' }))).toBeDefined()
  })
})

test('fatigue is the share of the channel’s shortest quota already used', () => {
  const tired = (channel: Touch['channel'], ...contact: Touch[]) =>
    fatigue(scene({ input: { touches: { contact, site: [] } } }), channel, now)
  expect(tired('email', ago(1))).toBe(0.5)
  expect(tired('sms', ago(1, 'sms'))).toBe(1)
  expect(tired('sms', ago(8, 'sms'))).toBe(0)
  expect(tired('intranet', ago(1, 'intranet'))).toBe(0)
})
