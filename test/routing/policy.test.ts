import { describe, expect, test } from 'vitest'
import { defaultPolicy } from '../../src/routing/default-policy.ts'
import { byCountryRow, matchRule, policySchema } from '../../src/routing/policy.ts'
import { route } from '../../src/routing/route.ts'
import type { Policy } from '../../src/routing/types.ts'
import {
  type ChannelName,
  type Intent,
  intents,
  type Profile,
  profiles,
  type Urgency,
  urgencies,
} from '../../src/words.ts'
import { camille, followUp, notice, scene, still } from './cast.ts'

/** The channel an all-reachable contact gets, by urgency, intent and profile: what the trade expects. */
function promised(urgency: Urgency, intent: Intent, profile: Profile): ChannelName {
  if (urgency === 'immediate') return 'sms'
  if (intent === 'relationship') return 'print'
  if (intent === 'counter') return 'screen'
  if (urgency === 'high' && profile === 'counter') return 'screen'
  return profile === 'field' ? 'sms' : 'email'
}

const everything = urgencies.flatMap((urgency) =>
  intents.flatMap((intent) => profiles.map((profile) => [urgency, intent, profile] as const)),
)

test.each(everything)(
  'urgency %s, intent %s, profile %s takes the channel of the table',
  (urgency, intent, profile) => {
    const decision = route(scene({ contact: { profile }, message: { urgency, intent } }))
    expect(decision.channel).toBe(promised(urgency, intent, profile))
  },
)

test('an SMS never carries what is meant to build a relation, unless the author insists', () => {
  const message = { intent: 'relationship' as const }
  const onlySms = { email: undefined, postal: undefined }
  expect(route(scene({ contact: onlySms, message })).channel).toBe('intranet')
  expect(route(scene({ contact: onlySms, message: { ...message, channels: ['sms'] } })).channel).toBe('sms')
})

test('a new version of the policy changes what is routed with it, and says which it was', () => {
  const letters: Policy = { ...still, version: 2, rules: [{ id: 'letters', when: {}, channels: ['print'] }] }
  expect(route(scene())).toMatchObject({ channel: 'email', policyVersion: 1 })
  expect(route(scene({ input: { policy: letters } }))).toMatchObject({ channel: 'print', policyVersion: 2 })
})

describe('matchRule', () => {
  const rules = (when: Policy['rules'][number]['when']): Policy => ({
    ...defaultPolicy,
    rules: [
      { id: 'narrow', when, channels: ['print'] },
      { id: 'rest', when: {}, channels: ['email'] },
    ],
  })
  const matched = (when: Policy['rules'][number]['when'], contact = camille) =>
    matchRule(rules(when), followUp, contact)?.id

  test('takes the first rule of which every condition holds', () => {
    expect(matched({ typology: ['wholesaler'], tier: ['gold', 'silver'], class: ['marketing'] })).toBe('narrow')
    expect(matched({ typology: ['wholesaler'], tier: ['silver'] })).toBe('rest')
    expect(matched({ urgency: ['high'] })).toBe('rest')
    expect(matched({ intent: ['follow-up'], profile: ['office'] })).toBe('narrow')
  })

  test('a condition on what is not known does not hold', () => {
    const { typology: _, ...site } = camille.site
    expect(matched({ typology: ['wholesaler'] }, { ...camille, site })).toBe('rest')
  })

  test('a policy that covers nobody reaches nobody, and says why', () => {
    const policy: Policy = {
      ...still,
      rules: [{ id: 'urgent', when: { class: ['urgent_service'] }, channels: ['sms'] }],
    }
    expect(route(scene({ input: { policy } }))).toMatchObject({ outcome: 'none', because: [{ code: 'no_rule' }] })
    expect(route(scene({ message: notice, input: { policy } })).channel).toBe('sms')
  })
})

test('French rules hold overseas, a row of its own goes first, and the rest of the world has one too', () => {
  expect(byCountryRow({ FR: 1, '*': 2 }, 'RE')).toBe(1)
  expect(byCountryRow({ FR: 1, RE: 3, '*': 2 }, 'RE')).toBe(3)
  expect(byCountryRow({ FR: 1, '*': 2 }, 'JP')).toBe(2)
})

describe('policySchema', () => {
  const refusal = (change: (policy: Policy) => unknown) => {
    const result = policySchema.safeParse(change(structuredClone(defaultPolicy)))
    return result.success
      ? undefined
      : result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n')
  }

  test('accepts the default policy, also after a journey through JSON', () => {
    expect(policySchema.parse(JSON.parse(JSON.stringify(defaultPolicy)))).toEqual(defaultPolicy)
  })

  test('asks every figure for a source and the day it was checked', () => {
    expect(
      refusal(({ values, ...policy }) => ({ ...policy, values: { ...values, hysteresis: { value: 0.1 } } })),
    ).toMatch(/values\.hysteresis\.source[\s\S]*values\.hysteresis\.checkedOn/)
  })

  test.each<[string, (policy: Policy) => unknown, RegExp]>([
    [
      'a last rule with conditions',
      (p) => ({ ...p, rules: p.rules.slice(0, 2) }),
      /rules: the last rule must have an empty `when`/,
    ],
    ['two rules of one name', (p) => ({ ...p, rules: [p.rules[0], ...p.rules] }), /rules: two rules have the same id/],
    [
      'a channel that does not exist',
      (p) => ({ ...p, rules: [{ id: 'fax', when: {}, channels: ['fax'] }] }),
      /rules\.0\.channels\.0:.*"sms"\|"email"/,
    ],
    [
      'an interval that ends before it starts',
      (p) => {
        p.values.nightRest!.value['1'] = [[1320, 420]]
        return p
      },
      /values\.nightRest\.value\.1\.0: an opening interval must end after it starts/,
    ],
    [
      'hours that never open',
      (p) => {
        p.values.quietHours.value.FR!.soft = {}
        return p
      },
      /values\.quietHours\.value\.FR\.soft: opening hours need at least one open interval/,
    ],
    [
      'a table without a row for the other countries',
      (p) => {
        delete p.values.tracking.value['*']
        return p
      },
      /values\.tracking\.value: add the row \*/,
    ],
    [
      'a share above one',
      (p) => ({ ...p, values: { ...p.values, exploration: { ...p.values.exploration, value: 3 } } }),
      /values\.exploration\.value/,
    ],
    ['a key nobody reads', (p) => ({ ...p, colour: 'blue' }), /"colour"/],
    ['a currency by its sign', (p) => ({ ...p, values: { ...p.values, currency: '€' } }), /ISO 4217/],
  ])('refuses %s and says where', (_name, change, message) => {
    expect(refusal(change)).toMatch(message)
  })
})
