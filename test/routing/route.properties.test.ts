import fc from 'fast-check'
import { expect, test } from 'vitest'
import { classRules, isUrgent } from '../../src/routing/classes.ts'
import { defaultPolicy } from '../../src/routing/default-policy.ts'
import { explain } from '../../src/routing/explain.ts'
import { consider } from '../../src/routing/gates.ts'
import { openAt } from '../../src/routing/hours.ts'
import { policySchema } from '../../src/routing/policy.ts'
import { route } from '../../src/routing/route.ts'
import { targetOf } from '../../src/routing/target.ts'
import type {
  Policy,
  RoutableAddress,
  RoutableContact,
  RoutableMessage,
  RoutingInput,
  Touch,
} from '../../src/routing/types.ts'
import {
  addressStatuses,
  channelNames,
  consentBases,
  intents,
  languages,
  messageClasses,
  profiles,
  suppressionScopes,
  urgencies,
} from '../../src/words.ts'
import { camille, followUp, senders } from './cast.ts'

const one = <T>(...values: readonly T[]) => fc.constantFrom(...values)
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const moment = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 11, 31) })

const address = (id: string): fc.Arbitrary<RoutableAddress> =>
  fc.record({
    id: fc.constant(id),
    hash: fc.constant(`hash of ${id}`),
    value: fc.constant(id),
    status: one('valid' as const, 'valid' as const, ...addressStatuses),
    isShared: fc.boolean(),
    country: one('FR', 'BE', null),
  })

const place = one(
  { country: 'FR', region: 'FR', timezone: 'Europe/Paris' },
  { country: 'FR', region: 'FR-67', timezone: 'Europe/Paris' },
  { country: 'RE', region: 'RE', timezone: 'Indian/Reunion' },
  { country: 'BE', region: 'BE', timezone: 'Europe/Brussels' },
  { country: 'US', region: 'US', timezone: 'America/New_York' },
  { country: 'JP', region: 'ZZ', timezone: 'Asia/Tokyo' },
)
const openingHours = one(undefined, {
  1: [
    [480, 720],
    [840, 1080],
  ] as [number, number][],
  6: [[540, 1020]] as [number, number][],
})

const contact: fc.Arbitrary<RoutableContact> = fc
  .record({
    profile: one(...profiles),
    language: one(...languages),
    preferredChannel: maybe(one(...channelNames)),
    place,
    hasStation: fc.boolean(),
    openingHours,
    email: maybe(address('mailbox')),
    mobile: maybe(address('mobile')),
    postal: maybe(address('letterbox')),
    consents: fc.dictionary(
      one(...channelNames),
      fc.record({ state: one('granted', 'denied', 'unstated'), basis: one(...consentBases) }),
    ),
    tracking: fc.record({
      opens: one('granted', 'refused', 'unstated'),
      clicks: one('granted', 'refused', 'unstated'),
    }),
    suppressions: fc.array(
      fc.record({
        scope: one(...suppressionScopes),
        addressHash: one('hash of mailbox', 'hash of mobile', 'hash of letterbox'),
        channel: one('', ...channelNames),
        senderId: one('', 'brand', 'mailbox'),
        topic: one('', 'challenge'),
        reason: fc.constant('test'),
      }),
      { maxLength: 2 },
    ),
  })
  .map(({ place: where, hasStation, openingHours: hours, ...rest }) => ({
    ...rest,
    id: camille.id,
    siteId: camille.siteId,
    site: { ...where, hasStation, openingHours: hours },
  })) as fc.Arbitrary<RoutableContact>

const touches: fc.Arbitrary<Touch[]> = fc.array(
  fc.record({
    at: moment,
    channel: one(...channelNames),
    class: one(...messageClasses),
    message: maybe(one('a', 'b')),
  }),
  { maxLength: 6 },
)

const policy = one<Policy>(
  defaultPolicy,
  { ...defaultPolicy, companions: { intranet: false } },
  {
    ...defaultPolicy,
    values: { ...defaultPolicy.values, exploration: { ...defaultPolicy.values.exploration, value: 1 } },
  },
)

const input: fc.Arbitrary<RoutingInput> = fc
  .record({
    contact,
    message: fc.record({
      class: one(...messageClasses),
      urgency: one(...urgencies),
      intent: one(...intents),
      topic: one('', 'challenge'),
      channels: maybe(fc.uniqueArray(one(...channelNames), { minLength: 1 })),
      asksReply: fc.boolean(),
      onQuiet: one('defer' as const, 'drop' as const, 'switch_channel' as const),
      fallback: maybe(fc.constant({ ifNot: 'acted' as const, afterMs: 3_600_000 })),
    }),
    expiresIn: maybe(fc.integer({ min: -3_600_000, max: 5 * 86_400_000 })),
    policy,
    beliefs: fc.dictionary(
      one(...channelNames),
      fc.record({
        mean: fc.double({ min: 0, max: 1, noNaN: true }),
        n: fc.integer({ min: 0, max: 40 }),
        s: fc.integer({ min: 0, max: 40 }),
        exposures: fc.integer({ min: 0, max: 40 }),
        actions: fc.integer({ min: 0, max: 40 }),
      }),
    ),
    touches: fc.record({ contact: touches, site: touches }),
    isSpent: fc.boolean(),
    now: moment,
    seed: fc.string(),
    exclude: maybe(fc.uniqueArray(one(...channelNames), { maxLength: 3 })),
    holdout: maybe(fc.record({ share: fc.double({ min: 0, max: 1, noNaN: true }) })),
    unwritten: fc.uniqueArray(one(...channelNames), { maxLength: 2 }),
  })
  .map(({ message, expiresIn, now, unwritten, ...rest }) => ({
    ...rest,
    message: {
      ...followUp,
      ...message,
      ...(expiresIn !== undefined && { expiresAt: new Date(now + expiresIn) }),
    } as RoutableMessage,
    senders,
    now: new Date(now),
    measure: (channel, language) => (unwritten.includes(channel) ? undefined : { language, parts: 1 }),
  })) as fc.Arbitrary<RoutingInput>

const always = (name: string, check: (given: RoutingInput) => void) =>
  test(name, () => fc.assert(fc.property(input, check), { numRuns: 1_500 }))

test('the policies these properties run on are valid', () => {
  fc.assert(fc.property(policy, (given) => policySchema.safeParse(given).success))
})

always('nothing is sent, shown or planned on a channel with a gate that is shut', (given) => {
  const decision = route(given)
  for (const channel of [decision.channel, ...decision.companions, ...decision.fallbacks.map((next) => next.channel)]) {
    if (!channel) continue
    expect(consider(given, channel)).not.toHaveProperty('code')
  }
})

always('nothing goes to an address that is unusable or closed', (given) => {
  const { contact: person } = given
  const addresses = { sms: person.mobile, email: person.email, print: person.postal }
  const { channel, addressId } = route(given)
  if (channel !== 'sms' && channel !== 'email' && channel !== 'print') return
  expect(addresses[channel]).toMatchObject({ id: addressId, status: 'valid' })
  const closed = person.suppressions.filter(({ scope }) => scope === 'address').map(({ addressHash }) => addressHash)
  expect(closed).not.toContain(addresses[channel]?.hash)
})

always('no commercial message reaches somebody who refused it on that channel', (given) => {
  const { channel } = route(given)
  if (!channel || !classRules[given.message.class].asksConsent) return
  expect(given.contact.consents[channel]?.state).not.toBe('denied')
})

always('an SMS that is advertising leaves with a consent that has a basis', (given) => {
  const { channel } = route(given)
  if (channel !== 'sms' || !classRules[given.message.class].asksConsent) return
  expect(given.contact.consents.sms).toMatchObject({ state: 'granted' })
  expect(given.contact.consents.sms?.basis).not.toBe('unstated')
})

always('nothing leaves before now, nor once it has expired', (given) => {
  const { at, outcome } = route(given)
  if (!at) {
    expect(['none', 'holdout']).toContain(outcome)
    return
  }
  expect(at.getTime()).toBeGreaterThanOrEqual(given.now.getTime())
  if (given.message.expiresAt) expect(at.getTime()).toBeLessThan(given.message.expiresAt.getTime())
  expect(outcome).toBe(at.getTime() > given.now.getTime() ? 'defer' : 'send')
})

always('a commercial SMS leaves within the legal hours of the one who gets it', (given) => {
  const { channel, at } = route(given)
  if (channel !== 'sms' || !classRules[given.message.class].keepsHours) return
  const { country, timezone, region } = given.contact.site
  const hours = given.policy.values.quietHours.value
  const { hard, soft, holidaysClosed } = hours[country === 'RE' ? 'FR' : country] ?? hours['*']!
  expect(openAt(hard ?? soft, timezone, holidaysClosed ? region : null, at!.getTime())).toBeDefined()
})

always('the same input gives the same decision', (given) => {
  expect(route(given)).toEqual(route(given))
})

always('a decision is one sentence in each language', (given) => {
  const { because, outcome } = route(given)
  for (const language of languages) {
    const sentence = explain(because, language)
    expect(sentence).not.toMatch(/undefined|NaN|null|\n|_/)
    expect(sentence.length).toBeGreaterThan(outcome === 'none' ? 10 : 4)
  }
})

always('what is urgent is never explored nor held out', (given) => {
  if (!isUrgent(given.message)) return
  const { outcome, because } = route(given)
  expect(outcome).not.toBe('holdout')
  expect(because.map(({ code }) => code)).not.toContain('explored')
})

always('a second try goes to a channel not used yet, without companions', (given) => {
  const { channel, companions, fallbacks } = route(given)
  if (!given.exclude || given.exclude.length === 0) return
  expect(given.exclude).not.toContain(channel)
  expect(companions).toEqual([])
  for (const next of fallbacks) expect(given.exclude).not.toContain(next.channel)
})

always('a mailbox that others read gets nothing personal, and nothing measured by person', (given) => {
  const decision = route(given)
  if (decision.channel !== 'email' || !given.contact.email?.isShared) return
  expect(given.message.class).not.toBe('transactional')
  expect(given.message.intent).not.toBe('relationship')
  expect(decision.recipientKey).toBe(targetOf(given.contact, given.message, 'email').recipientKey)
  expect(decision.recipientKey).toBe('site:lyon')
  expect(decision.trackingMode).not.toBe('individual')
})
