import { describe, expect, test } from 'vitest'
import { defaultPolicy } from '../../src/routing/default-policy.ts'
import { targetOf } from '../../src/routing/target.ts'
import { trackingModeOf } from '../../src/routing/tracking-mode.ts'
import type { RoutableContact } from '../../src/routing/types.ts'
import type { ChannelName, MessageClass, TrackingMode } from '../../src/words.ts'
import { address, camille, followUp, withValues } from './cast.ts'

type Choice = RoutableContact['tracking']['opens']

const modeOf = (
  over: {
    country?: string
    opens?: Choice
    clicks?: Choice
    class?: MessageClass
    channel?: ChannelName
    table?: TrackingMode
  } & Partial<Pick<RoutableContact, 'email'>>,
) => {
  const { country = 'FR', opens = 'unstated', clicks = 'unstated', channel = 'email', email = camille.email } = over
  const contact = { ...camille, email, site: { ...camille.site, country }, tracking: { opens, clicks } }
  const message = { ...followUp, class: over.class ?? followUp.class }
  const policy = over.table ? withValues(defaultPolicy, { tracking: { '*': over.table } }) : defaultPolicy
  return trackingModeOf(contact, message, policy, channel, targetOf(contact, message, channel))
}

describe('an e-mail', () => {
  test.each([
    ['FR', 'unstated', 'aggregate'],
    ['FR', 'granted', 'individual'],
    ['FR', 'refused', 'none'],
    ['RE', 'unstated', 'aggregate'],
    ['IT', 'unstated', 'aggregate'],
    ['BR', 'unstated', 'aggregate'],
    ['US', 'unstated', 'individual'],
    ['US', 'refused', 'none'],
  ] as const)('in %s, opens %s, is measured at most as %s', (country, opens, mode) => {
    expect(modeOf({ country, opens })).toBe(mode)
  })

  test('refusing to have clicks measured keeps them out of the individual mode', () => {
    expect(modeOf({ opens: 'granted', clicks: 'refused' })).toBe('aggregate')
    expect(modeOf({ opens: 'unstated', clicks: 'granted' })).toBe('aggregate')
    expect(modeOf({ opens: 'granted', clicks: 'granted' })).toBe('individual')
  })

  test('to a shared mailbox is nobody’s behaviour', () => {
    expect(modeOf({ opens: 'granted', email: address('atelier@example.test', { isShared: true }) })).toBe('aggregate')
  })

  test('of urgent service is not measured', () => {
    expect(modeOf({ opens: 'granted', class: 'urgent_service' })).toBe('none')
  })

  test.each(['none', 'hygiene'] as const)(
    'of a network that keeps to %s is never measured more, consent or not',
    (table) => {
      expect(modeOf({ opens: 'granted', clicks: 'granted', table })).toBe(table)
    },
  )
})

test.each([
  ['sms', 'unstated', 'aggregate'],
  ['sms', 'granted', 'individual'],
  ['sms', 'refused', 'none'],
  ['intranet', 'granted', 'none'],
  ['screen', 'granted', 'none'],
] as const)('links on %s with clicks %s are measured as %s', (channel, clicks, mode) => {
  expect(modeOf({ channel, clicks })).toBe(mode)
})

test('a letter for the whole outlet is measured for the outlet', () => {
  expect(modeOf({ channel: 'print', clicks: 'granted' })).toBe('aggregate')
})
