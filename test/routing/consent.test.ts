import { describe, expect, test } from 'vitest'
import { consentGate } from '../../src/routing/consent.ts'
import { targetOf } from '../../src/routing/target.ts'
import type { RoutableContact } from '../../src/routing/types.ts'
import { type ChannelName, type ConsentBasis, channelNames, consentBases, messageClasses } from '../../src/words.ts'
import { address, camille, followUp, still } from './cast.ts'

const gate = (
  channel: ChannelName,
  contact: Partial<RoutableContact>,
  messageClass = followUp.class,
  country = 'FR',
) => {
  const person = { ...camille, ...contact, site: { ...camille.site, country } }
  const message = { ...followUp, class: messageClass }
  return consentGate(person, message, still, channel, targetOf(person, message, channel))?.code
}

const said = (state: 'granted' | 'denied' | 'unstated', basis: ConsentBasis = 'consent') =>
  Object.fromEntries(channelNames.map((channel) => [channel, { state, basis }])) as RoutableContact['consents']

const foreign = { mobile: address('+41790000000', { country: null }) }

/** Whether marketing may be sent to somebody of whom nothing is known, by country. */
test.each([
  ['FR', { email: true, shared: true, sms: false, print: true }],
  ['RE', { email: true, shared: true, sms: false, print: true }],
  ['BE', { email: false, shared: true, sms: false, print: true }],
  ['DE', { email: false, shared: false, sms: false, print: true }],
  ['CH', { email: false, shared: false, sms: false, print: true }],
  ['GB', { email: true, shared: true, sms: false, print: true }],
  ['US', { email: true, shared: true, sms: false, print: true }],
  ['CA', { email: false, shared: false, sms: false, print: true }],
  ['BR', { email: false, shared: false, sms: false, print: true }],
] as const)('in %s silence opens what the law leaves open', (country, open) => {
  const silent = { ...foreign, consents: {} }
  const shared = { ...silent, email: address('contact@example.test', { isShared: true }) }
  expect({
    email: gate('email', silent, 'marketing', country) === undefined,
    shared: gate('email', shared, 'marketing', country) === undefined,
    sms: gate('sms', silent, 'marketing', country) === undefined,
    print: gate('print', silent, 'marketing', country) === undefined,
  }).toEqual(open)
})

/** What a yes must rest on, where agreement is asked for beforehand: every other basis is refused. */
test.each([
  ['FR', { email: consentBases, shared: consentBases, sms: ['consent'] }],
  ['RE', { email: consentBases, shared: consentBases, sms: ['consent'] }],
  ['BE', { email: ['consent', 'contract'], shared: consentBases, sms: ['consent'] }],
  ['LU', { email: ['consent', 'contract'], shared: consentBases, sms: ['consent'] }],
  ['DE', { email: ['consent', 'contract'], shared: ['consent', 'contract'], sms: ['consent'] }],
  ['CH', { email: ['consent', 'contract'], shared: ['consent', 'contract'], sms: ['consent'] }],
  ['GB', { email: consentBases, shared: consentBases, sms: ['consent', 'contract'] }],
  ['US', { email: consentBases, shared: consentBases, sms: ['consent'] }],
  ['CA', { email: ['consent', 'contract'], shared: ['consent', 'contract'], sms: ['consent', 'contract'] }],
  ['BR', { email: ['consent'], shared: ['consent'], sms: ['consent'] }],
] as const)('in %s a yes opens by the bases the law takes', (country, opening) => {
  const opens = (channel: ChannelName, contact: Partial<RoutableContact>) =>
    consentBases.filter(
      (basis) =>
        gate(channel, { ...foreign, ...contact, consents: said('granted', basis) }, 'marketing', country) === undefined,
    )
  const shared = { email: address('contact@example.test', { isShared: true }) }
  expect({ email: opens('email', {}), shared: opens('email', shared), sms: opens('sms', {}) }).toEqual(opening)
})

describe('a channel that asks for consent', () => {
  test.each(consentBases)('is opened in France by an agreement and nothing else, for an SMS: %s', (basis) => {
    const code = { consent: undefined, unstated: 'consent_unstated' } as Partial<Record<ConsentBasis, string>>
    expect(gate('sms', { ...foreign, consents: said('granted', basis) })).toBe(
      basis in code ? code[basis] : 'consent_basis',
    )
  })

  test('is not opened by a wish found in a file', () => {
    expect(gate('sms', { consents: said('unstated', 'unstated') })).toBe('consent_unstated')
  })
})

describe.each(channelNames)('a refusal on %s', (channel) => {
  test.each(messageClasses)('closes what is commercial and nothing else: %s', (messageClass) => {
    const isCommercial = messageClass === 'marketing' || messageClass === 'relational'
    const found = gate(channel, { consents: said('denied') }, messageClass)
    expect(found).toBe(isCommercial ? 'consent_denied' : undefined)
  })
})

test('a number follows the law of its own country, not of the outlet', () => {
  const american = { mobile: address('+12025550100', { country: 'US' }), consents: {} }
  const freeInTheUnitedStates = {
    ...still,
    values: {
      ...still.values,
      basis: { ...still.values.basis, value: { ...still.values.basis.value, US: { sms: 'free' as const } } },
    },
  }
  const message = { ...followUp }
  const contact = { ...camille, ...american }
  expect(consentGate(contact, message, freeInTheUnitedStates, 'sms', targetOf(contact, message, 'sms'))).toBeUndefined()
  expect(gate('sms', { consents: {} })).toBe('consent_missing')
})
