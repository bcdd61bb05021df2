import { describe, expect, test } from 'vitest'
import { defaultPolicy } from '../../src/routing/default-policy.ts'
import { explain } from '../../src/routing/explain.ts'
import { route } from '../../src/routing/route.ts'
import { addressed, targetOf } from '../../src/routing/target.ts'
import { address, belief, camille, followUp, notice, reachableBy, scene, still, withValues } from './cast.ts'

const codes = (decision: ReturnType<typeof route>) => decision.because.map(({ code }) => code)
const shared = address('atelier@example.test', { isShared: true })
const minute = 60_000

test('an office reader gets an e-mail from the default sender, a copy on the intranet, and SMS if it bounces', () => {
  expect(route(scene())).toMatchObject({
    outcome: 'send',
    channel: 'email',
    at: scene().now,
    addressId: 'camille@example.test',
    senderId: 'mailbox',
    recipientKey: 'contact:camille',
    language: 'fr',
    parts: 1,
    costMillis: 100,
    trackingMode: 'aggregate',
    companions: ['intranet'],
    fallbacks: [{ channel: 'sms', when: 'failed', afterMs: 0 }],
    policyVersion: 1,
  })
})

test('a craftsman without a mailbox gets an SMS, paid by its parts', () => {
  const contact = { ...reachableBy('sms'), profile: 'field' as const }
  const measure = (_channel: unknown, language: 'fr' | 'en') => ({ language, parts: 2 })
  expect(route(scene({ contact, input: { measure } }))).toMatchObject({
    channel: 'sms',
    parts: 2,
    costMillis: 13_000,
    fallbacks: [],
  })
})

test('somebody whom nothing reaches gets a decision that names each reason', () => {
  const measure = (channel: string, language: 'fr' | 'en') =>
    channel === 'intranet' ? undefined : { language, parts: 1 }
  const decision = route(scene({ contact: reachableBy(), input: { measure } }))
  expect(decision).toMatchObject({ outcome: 'none', companions: [], costMillis: 0 })
  expect(decision.channel).toBeUndefined()
  expect(decision.because).toEqual([
    { code: 'unreachable', params: {} },
    { code: 'no_address', params: { channel: 'email' } },
    { code: 'no_address', params: { channel: 'sms' } },
    { code: 'no_content', params: { channel: 'intranet' } },
  ])
})

test('without any address the intranet keeps it, as a last resort', () => {
  const decision = route(scene({ contact: reachableBy() }))
  expect(decision).toMatchObject({
    channel: 'intranet',
    recipientKey: 'contact:camille',
    companions: [],
    fallbacks: [],
  })
  expect(codes(decision)).toContain('last_resort')
})

describe('a shared mailbox', () => {
  test('is left aside for a channel of one’s own', () => {
    const decision = route(scene({ contact: { email: shared } }))
    expect(decision.channel).toBe('sms')
    expect(decision.because).toContainEqual({ code: 'shared_mailbox', params: { channel: 'email' } })
  })

  test('gets one message for the outlet when there is nothing else, measured for the outlet', () => {
    const contact = { ...reachableBy(), email: shared, tracking: { opens: 'granted', clicks: 'granted' } as const }
    expect(route(scene({ contact }))).toMatchObject({
      channel: 'email',
      recipientKey: 'site:lyon',
      addressId: shared.id,
      trackingMode: 'aggregate',
    })
  })

  test.each([
    ['builds a relation', { intent: 'relationship' }],
    ['answers a person’s own act', { class: 'transactional' }],
    ['says of itself that it is personal', { isPersonal: true }],
  ] as const)('never reads what %s', (_what, message) => {
    const decision = route(scene({ contact: { ...reachableBy(), email: shared }, message }))
    expect(decision.channel).toBe('intranet')
    expect(decision.because).toContainEqual({ code: 'shared_mailbox', params: { channel: 'email' } })
  })
})

describe('for whom a delivery is', () => {
  const key = (channel: 'print' | 'screen', intent: 'relationship' | 'reference') =>
    targetOf(camille, { ...followUp, intent }, channel).recipientKey

  test('one letter for the outlet, unless it speaks to one person; a screen is always the outlet’s', () => {
    expect(key('print', 'reference')).toBe('site:lyon')
    expect(key('print', 'relationship')).toBe('contact:camille')
    expect(key('screen', 'relationship')).toBe('site:lyon')
  })

  test('own sinks have no address', () => {
    expect(['sms', 'email', 'print', 'intranet', 'screen'].filter((channel) => addressed(channel as 'sms'))).toEqual([
      'sms',
      'email',
      'print',
    ])
    expect(
      route(scene({ contact: reachableBy('screen'), message: { channels: ['screen'] } })).addressId,
    ).toBeUndefined()
  })
})

describe('an urgent notice', () => {
  test('goes by SMS and on the screen at once, then by e-mail when nobody acknowledges in 15 minutes', () => {
    expect(route(scene({ message: notice }))).toMatchObject({
      channel: 'sms',
      companions: ['screen', 'intranet'],
      fallbacks: [
        { channel: 'email', when: 'failed', afterMs: 0 },
        { channel: 'email', when: 'not_acted', ifNot: 'acknowledged', afterMs: 15 * minute },
      ],
      trackingMode: 'none',
    })
  })

  test('does not show on a screen whose counter is closed', () => {
    const openingHours = { 1: [[480, 1080]] as [number, number][] }
    expect(route(scene({ message: notice, site: { openingHours } })).companions).toEqual(['intranet'])
  })

  test('takes the screen when there is nothing else', () => {
    expect(route(scene({ contact: reachableBy('screen'), message: notice }))).toMatchObject({
      channel: 'screen',
      recipientKey: 'site:lyon',
      companions: ['intranet'],
    })
  })

  test('to somebody unreachable stays readable on the intranet, and is not counted as sent', () => {
    expect(route(scene({ contact: reachableBy(), message: notice }))).toMatchObject({
      outcome: 'none',
      companions: ['intranet'],
    })
  })

  test('follows neither what was learned nor the contact’s preference, and is never explored or held out', () => {
    const beliefs = { sms: belief(0.01, 0, 30), email: belief(0.9, 27, 30) }
    for (let i = 0; i < 300; i++) {
      const policy = withValues(still, { exploration: 1 })
      const input = { beliefs, policy, seed: `seed ${i}`, holdout: { share: 1 } }
      expect(route(scene({ contact: { preferredChannel: 'email' }, message: notice, input }))).toMatchObject({
        outcome: 'send',
        channel: 'sms',
      })
    }
  })

  test('prefers a channel that is open to one that must wait', () => {
    const message = { ...notice, urgency: 'high' as const }
    const decision = route(scene({ message, input: { now: new Date('2026-11-24T02:00:00Z') } }))
    expect(decision).toMatchObject({ outcome: 'send', channel: 'email' })
  })
})

describe('what was learned', () => {
  const answersSms = { email: belief(0.33, 1, 4), sms: belief(0.47, 3, 4), intranet: belief(0.2) }

  test('changes the channel of the next step', () => {
    const before = { email: belief(0.3), sms: belief(0.15) }
    expect(route(scene({ input: { beliefs: before } })).channel).toBe('email')
    const after = route(scene({ input: { beliefs: answersSms } }))
    expect(after.channel).toBe('sms')
    expect(after.because).toEqual([
      { code: 'chosen', params: { channel: 'sms' } },
      { code: 'learned', params: { actions: 3, exposures: 4, percent: 47 } },
      { code: 'switched', params: { from: 'email' } },
      { code: 'within_window', params: { from: 480, to: 1200 } },
      { code: 'cost', params: { millis: 6_500, currency: 'EUR', parts: 1 } },
      { code: 'weaker', params: { channel: 'email', percent: 33 } },
    ])
  })

  test('is not used of somebody who objects to it: the rule of their profile decides, and says so', () => {
    const contact = {
      tracking: { opens: 'unstated' as const, clicks: 'unstated' as const, learning: 'refused' as const },
    }
    for (let i = 0; i < 200; i++) {
      const policy = withValues(still, { exploration: 1 })
      const decision = route(scene({ contact, input: { beliefs: answersSms, policy, seed: `seed ${i}` } }))
      expect(decision.channel).toBe('email')
      expect(decision.trace).toContainEqual({ rule: 'choice.learning_refused', channel: 'email', verdict: 'chosen' })
      expect(decision.trace.filter(({ detail }) => detail?.p !== undefined && detail.p !== null)).toEqual([])
    }
    const decision = route(scene({ contact, input: { beliefs: answersSms } }))
    expect(explain(decision.because, 'fr')).toContain('règle du profil Bureau, car la personne refuse')
    expect(decision.because.map(({ code }) => code)).not.toContain('weaker')
  })

  test('says how many the follow-up on another channel is expected to bring in all, cautiously', () => {
    const fallback = { ifNot: 'acted', afterMs: 48 * 60 * minute } as const
    const decision = route(scene({ message: { fallback }, input: { beliefs: answersSms } }))
    expect(decision.because).toContainEqual({ code: 'reach_of_two', params: { second: 'email', percent: 56 } })
    expect(decision.trace).toContainEqual({
      ...{ rule: 'score.reach', channel: 'sms', verdict: 'noted' },
      detail: { second: 'email', cautious: 0.55745, independent: 0.6449 },
    })
    expect(explain(decision.because, 'fr')).toContain('avec la relance par e-mail, 56 % de réponses attendues au moins')
  })

  test('does not make a letter lose its weight', () => {
    const beliefs = { print: belief(0.05, 0, 9), email: belief(0.8, 8, 9) }
    expect(route(scene({ message: { intent: 'relationship' }, input: { beliefs } })).channel).toBe('print')
  })

  test('yields to the channel the contact prefers', () => {
    const decision = route(scene({ contact: { preferredChannel: 'email' }, input: { beliefs: answersSms } }))
    expect(decision.channel).toBe('email')
    expect(codes(decision)).toContain('contact_preference')
  })

  test('yields to the author, whose own order it keeps', () => {
    const decision = route(scene({ message: { channels: ['print', 'sms'] }, input: { beliefs: answersSms } }))
    expect(decision).toMatchObject({ channel: 'print', fallbacks: [{ channel: 'sms', when: 'failed', afterMs: 0 }] })
    expect(codes(decision)).toContain('author_order')
  })

  test('leaves to the intranet what would be sent at a loss', () => {
    const contact = { ...reachableBy('sms'), profile: 'field' as const }
    const beliefs = { sms: belief(0.1, 0, 9), intranet: belief(0.04) }
    const decision = route(scene({ contact, message: { intent: 'reference' }, input: { beliefs } }))
    expect(decision.channel).toBe('intranet')
    expect(decision.because).toContainEqual({ code: 'not_worth_default', params: { from: 'sms' } })
  })

  test('weighs how tired a channel is', () => {
    const policy = withValues(still, { fatigueLambda: 90_000 })
    const contact = [{ at: scene().now.getTime() - 86_400_000, channel: 'email' as const, class: 'marketing' as const }]
    const beliefs = { email: belief(0.3), sms: belief(0.4) }
    expect(route(scene({ input: { beliefs } })).channel).toBe('sms')
    const preferEmail = { beliefs: { email: belief(0.34), sms: belief(0.39) } }
    expect(route(scene({ input: preferEmail })).channel).toBe('email')
    expect(route(scene({ input: { ...preferEmail, policy, touches: { contact, site: [] } } })).channel).toBe('sms')
  })
})

describe('exploration', () => {
  const beliefs = { email: belief(0.4, 4, 9), sms: belief(0.3, 2, 9), intranet: belief(0.2) }
  const channelFor = (i: number, over = {}) =>
    route(scene({ input: { policy: defaultPolicy, beliefs, seed: `manor|grand-nord|relance|${i}`, ...over } }))

  test('tries another channel for three in a hundred, the same ones each time', () => {
    const explored = Array.from({ length: 4_000 }, (_, i) => channelFor(i)).filter((decision) =>
      codes(decision).includes('explored'),
    )
    expect(explored.length / 4_000).toBeGreaterThan(0.02)
    expect(explored.length / 4_000).toBeLessThan(0.04)
    expect(explored.every(({ channel }) => channel === 'sms')).toBe(true)
  })

  test('never tries at a loss, nor on the second try of a message', () => {
    const always = withValues(still, { exploration: 1 })
    expect(channelFor(1, { policy: always }).channel).toBe('sms')
    const losing = { ...beliefs, sms: belief(0.06, 0, 30) }
    expect(channelFor(1, { policy: always, beliefs: losing }).channel).toBe('email')
    expect(channelFor(1, { policy: always, exclude: ['screen'] }).channel).toBe('email')
  })
})

describe('a control group', () => {
  const held = (message = {}) => route(scene({ message, input: { holdout: { share: 0.125 } } })).outcome === 'holdout'

  test('gets nothing, and is told the share that was drawn', () => {
    const decision = route(scene({ input: { holdout: { share: 0.125 } } }))
    expect(decision).toMatchObject({ outcome: 'holdout', companions: [], fallbacks: [] })
    expect(explain(decision.because, 'fr')).toBe(
      'Rien envoyé : fait partie du groupe témoin (12,5 % des points de vente, tirés au sort)',
    )
    expect(explain(decision.because, 'en')).toBe(
      'Nothing sent: part of the control group (12.5% of outlets, drawn by lot)',
    )
  })

  test('never lacks what is owed to it', () => {
    expect(held()).toBe(true)
    expect(held({ class: 'contractual' })).toBe(false)
    expect(held({ class: 'transactional' })).toBe(false)
    expect(held(notice)).toBe(false)
  })
})

describe('a message that asks for a second try', () => {
  const fallback = { ifNot: 'acted', afterMs: 48 * 60 * minute } as const

  test('names the next best channel', () => {
    expect(route(scene({ message: { fallback } })).fallbacks).toEqual([
      { channel: 'sms', when: 'failed', afterMs: 0 },
      { channel: 'sms', when: 'not_acted', ...fallback },
    ])
  })

  test('takes it from the policy when the author fixed one channel', () => {
    expect(route(scene({ message: { fallback, channels: ['print'] } })).fallbacks).toEqual([
      { channel: 'email', when: 'not_acted', ...fallback },
    ])
  })

  test('goes to another channel, alone, and once', () => {
    const decision = route(scene({ message: { fallback }, input: { exclude: ['email'] } }))
    expect(decision).toMatchObject({ channel: 'sms', companions: [], fallbacks: [] })
    expect(decision.because).toContainEqual({ code: 'already_used', params: { channel: 'email' } })
  })

  test('does not send again to the intranet, which has its copy', () => {
    const decision = route(scene({ contact: reachableBy('email'), input: { exclude: ['email'] } }))
    expect(decision).toMatchObject({ outcome: 'none', companions: [] })
  })

  test('leaves the author’s channel for the policy’s when it is used up', () => {
    expect(route(scene({ message: { channels: ['print'] }, input: { exclude: ['print'] } })).channel).toBe('email')
  })
})

test('a reply is asked for only by a sender that receives it', () => {
  expect(route(scene({ message: { channels: ['sms'], asksReply: true } })).senderId).toBe('short-code')
  expect(route(scene({ message: { channels: ['sms'] } })).senderId).toBe('brand')
})

test('the words decide the language', () => {
  const measure = () => ({ language: 'fr' as const, parts: 1 })
  expect(route(scene({ contact: { language: 'en' }, input: { measure } })).language).toBe('fr')
})

test('the trace tells of every channel that was considered', () => {
  const { trace } = route(scene({ contact: { email: undefined } }))
  expect(trace).toEqual([
    { rule: 'policy.desk', verdict: 'noted', detail: { order: 'rule_order' } },
    { rule: 'gate.address', channel: 'email', verdict: 'excluded', detail: { code: 'no_address', channel: 'email' } },
    {
      rule: 'score.utility',
      channel: 'sms',
      verdict: 'allowed',
      detail: { p: null, utility: null, cost: 6_500, fatigue: 0 },
    },
    {
      rule: 'score.utility',
      channel: 'intranet',
      verdict: 'allowed',
      detail: { p: null, utility: null, cost: 0, fatigue: 0 },
    },
    { rule: 'choice.only_channel', channel: 'sms', verdict: 'chosen' },
  ])
})
