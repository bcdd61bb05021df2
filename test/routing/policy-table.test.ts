import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defaultPolicy } from '../../src/routing/default-policy.ts'
import { matchRule, policyTableSchema } from '../../src/routing/policy.ts'
import { diffPolicies } from '../../src/routing/policy-diff.ts'
import { route } from '../../src/routing/route.ts'
import { shadowedRules } from '../../src/routing/shadowed.ts'
import type { Policy, PolicyRule, PolicyTable } from '../../src/routing/types.ts'
import { channelNames, intents, messageClasses, profiles, urgencies } from '../../src/words.ts'
import { camille, followUp, notice, scene, still } from './cast.ts'

const some = <T>(values: readonly T[]) => fc.option(fc.subarray([...values], { minLength: 1 }), { nil: undefined })
const typologies = ['wholesaler', 'agency']
const tiers = ['gold', 'silver']

const defined = <T extends object>(one: T): T =>
  Object.fromEntries(Object.entries(one).filter(([, value]) => value !== undefined)) as T

const anyWhen = fc
  .record({
    urgency: some(urgencies),
    intent: some(intents),
    class: some(messageClasses),
    profile: some(profiles),
    typology: some(typologies),
    tier: some(tiers),
  })
  .map(defined)
const anyTable: fc.Arbitrary<PolicyTable> = fc
  .tuple(
    fc.array(fc.record({ when: anyWhen, channels: fc.shuffledSubarray([...channelNames], { minLength: 1 }) }), {
      maxLength: 7,
    }),
    fc.shuffledSubarray([...channelNames], { minLength: 1 }),
    fc.boolean(),
  )
  .map(([some, last, intranet]) => ({
    rules: [...some, { when: {}, channels: last }].map((rule, index) => ({ id: `rule-${index}`, ...rule })),
    companions: { intranet },
  }))
const anyone = fc.record({
  message: fc
    .record({
      urgency: fc.constantFrom(...urgencies),
      intent: fc.constantFrom(...intents),
      class: fc.constantFrom(...messageClasses),
    })
    .map((over) => ({ ...followUp, ...over })),
  contact: fc
    .record({
      profile: fc.constantFrom(...profiles),
      typology: fc.constantFrom(...typologies, 'other', undefined),
      tier: fc.constantFrom(...tiers, undefined),
    })
    .map(({ profile, typology, tier }) => ({ ...camille, profile, site: { ...camille.site, typology, tier } })),
})
const withRules = (table: PolicyTable): Policy => ({ ...still, ...table })

describe('whatever the table', () => {
  test('every contact and message matches exactly one rule: the first in order whose conditions all hold', () => {
    fc.assert(
      fc.property(anyTable, anyone, (table, { message, contact }) => {
        const holds = ({ when }: PolicyRule) =>
          (when.urgency?.includes(message.urgency) ?? true) &&
          (when.intent?.includes(message.intent) ?? true) &&
          (when.class?.includes(message.class) ?? true) &&
          (when.profile?.includes(contact.profile) ?? true) &&
          (when.typology === undefined ||
            (contact.site.typology !== undefined && when.typology.includes(contact.site.typology))) &&
          (when.tier === undefined || (contact.site.tier !== undefined && when.tier.includes(contact.site.tier)))
        const rule = matchRule(withRules(table), message, contact)
        expect(rule).toBe(table.rules.find(holds))
        expect(rule).toBeDefined()
      }),
      { numRuns: 500 },
    )
  })

  test('channels are taken in the order of the rule while nothing is known of the person', () => {
    fc.assert(
      fc.property(anyTable, anyone, (table, { message, contact }) => {
        const policy = withRules(table)
        const order = matchRule(policy, message, contact)!.channels
        const { channel, fallbacks, trace } = route(scene({ contact, message, input: { policy } }))
        const allowed = trace.filter(({ rule }) => rule === 'score.utility').map((entry) => entry.channel!)
        // The intranet, where it waits to be found, comes last unless the rule begins with it.
        const tried = order.filter((one) => allowed.includes(one) && (one !== 'intranet' || order[0] === 'intranet'))
        if (tried.length > 0 && !trace.some(({ verdict }) => verdict === 'deferred')) expect(channel).toBe(tried[0])
        const places = fallbacks.filter((one) => one.when === 'failed').map((one) => order.indexOf(one.channel))
        if (!trace.some(({ verdict }) => verdict === 'deferred'))
          expect(places).toEqual([...places].sort((a, b) => a - b))
      }),
      { numRuns: 500 },
    )
  })

  test('a rule is called dead exactly when nothing anybody could send to anyone reaches it', () => {
    fc.assert(
      fc.property(anyTable, (table) => {
        const reached = new Set<string>()
        for (const urgency of urgencies)
          for (const intent of intents)
            for (const klass of messageClasses)
              for (const profile of profiles)
                for (const typology of [...typologies, undefined])
                  for (const tier of [...tiers, undefined]) {
                    const rule = matchRule(
                      withRules(table),
                      { urgency, intent, class: klass },
                      { profile, site: { typology, tier } },
                    )
                    if (rule) reached.add(rule.id)
                  }
        const dead = table.rules.filter(({ id }) => !reached.has(id)).map(({ id }) => id)
        expect(shadowedRules(table.rules).map(({ id }) => id)).toEqual(dead)
      }),
      { numRuns: 60 },
    )
  })

  test('a new order changes the rule of those alone of whom the diff names a rule that moved', () => {
    fc.assert(
      fc.property(anyTable, fc.infiniteStream(fc.nat()), anyone, (table, keys, { message, contact }) => {
        const last = table.rules.at(-1)!
        const shuffled = table.rules
          .slice(0, -1)
          .map((rule) => ({ rule, key: keys.next().value as number }))
          .sort((a, b) => a.key - b.key)
          .map(({ rule }) => rule)
        const after = { ...table, rules: [...shuffled, last] }
        const changes = diffPolicies(table, after)
        expect(changes.every(({ is }) => is === 'moved')).toBe(true)
        const moved = changes.flatMap((change) => (change.is === 'moved' ? [change.rule.id] : []))
        const before = matchRule(withRules(table), message, contact)!
        const now = matchRule(withRules(after), message, contact)!
        if (before !== now) expect(moved.includes(before.id) || moved.includes(now.id)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})

describe('a diff', () => {
  const rule = (id: string, over: Partial<PolicyRule> = {}): PolicyRule => ({
    id,
    when: { urgency: ['high'] },
    channels: ['sms', 'email'],
    ...over,
  })
  const table = (...rules: PolicyRule[]): PolicyTable => ({ rules, companions: { intranet: true } })

  test('names what was added, removed, changed and moved, as little as possible', () => {
    const before = table(rule('a'), rule('b'), rule('c'), rule('d'))
    const after = table(rule('d'), rule('a'), rule('c', { channels: ['email', 'sms'], when: {} }), rule('e'))
    expect(diffPolicies(before, after)).toEqual([
      { is: 'removed', rule: rule('b'), position: 2 },
      { is: 'moved', rule: rule('d'), from: 4, to: 1 },
      { is: 'changed', before: rule('c'), after: after.rules[2], fields: ['urgency', 'channels'] },
      { is: 'added', rule: rule('e'), position: 4 },
    ])
  })

  test('sees no difference between what is said and what is meant', () => {
    const before = table(rule('a', { when: { urgency: ['high', 'low'] } }))
    const after = table(rule('a', { when: { urgency: ['low', 'high'] }, learns: true, together: [] }))
    expect(diffPolicies(before, after)).toEqual([])
    expect(diffPolicies(before, { ...before, companions: { intranet: false } })).toEqual([
      { is: 'companions', intranet: false },
    ])
  })
})

test('the shipped table has no dead rule, and is a table', () => {
  expect(shadowedRules(defaultPolicy.rules)).toEqual([])
  const { rules, companions } = defaultPolicy
  expect(policyTableSchema.parse({ rules, companions })).toEqual({ rules, companions })
})

test('a dead rule names those that take all of it together', () => {
  const rules: PolicyRule[] = [
    { id: 'shop', when: { profile: ['counter', 'sales'] }, channels: ['email'] },
    { id: 'others', when: { profile: ['field', 'owner', 'office'] }, channels: ['sms'] },
    { id: 'rest', when: {}, channels: ['print'] },
  ]
  expect(shadowedRules(rules)).toEqual([{ id: 'rest', by: ['shop', 'others'] }])
})

describe('what takes over', () => {
  const asking: Policy = {
    ...still,
    rules: [
      {
        id: 'desk',
        when: {},
        channels: ['email', 'sms', 'intranet'],
        waterfallMinutes: 20,
        fallback: { ifNot: 'acted', afterMinutes: 2_880 },
      },
    ],
  }
  const day = 86_400_000

  test('is the next of the rule, once, after the rule’s own delay', () => {
    expect(route(scene({ input: { policy: asking } })).fallbacks).toEqual([
      { channel: 'sms', when: 'failed', afterMs: 0 },
      { channel: 'sms', when: 'not_acted', ifNot: 'acted', afterMs: 2 * day },
    ])
  })

  test('is what the author asked for, where they did', () => {
    const fallback = { ifNot: 'opened' as const, afterMs: 5 * day }
    expect(route(scene({ message: { fallback }, input: { policy: asking } })).fallbacks.at(-1)).toEqual({
      channel: 'sms',
      when: 'not_acted',
      ...fallback,
    })
  })

  test('follows the order of the rule at its pace where it is urgent, until somebody acknowledges', () => {
    const { rules } = defaultPolicy
    const policy: Policy = { ...still, rules: [{ ...rules[0]!, together: [] }, ...rules.slice(1)] }
    expect(
      route(scene({ message: notice, input: { policy } })).fallbacks.filter(({ when }) => when === 'not_acted'),
    ).toEqual([
      { channel: 'email', when: 'not_acted', ifNot: 'acknowledged', afterMs: 15 * 60_000 },
      { channel: 'screen', when: 'not_acted', ifNot: 'acknowledged', afterMs: 30 * 60_000 },
    ])
  })

  test('has no successor, and goes without companions', () => {
    const second = route(scene({ input: { policy: asking, exclude: ['email'] } }))
    expect(second).toMatchObject({ channel: 'sms', companions: [] })
    expect(second.fallbacks.filter(({ when }) => when === 'not_acted')).toEqual([])
  })

  test('what goes out is also stored on the intranet', () => {
    expect(route(scene({ input: { policy: asking } })).companions).toEqual(['intranet'])
    const off = { ...asking, companions: { intranet: false } }
    expect(route(scene({ input: { policy: off } })).companions).toEqual([])
  })
})
