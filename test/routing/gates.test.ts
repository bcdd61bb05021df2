import { describe, expect, test } from 'vitest'
import { type ExclusionCode, exclusionCodes } from '../../src/routing/codes.ts'
import { route } from '../../src/routing/route.ts'
import type { RoutingInput } from '../../src/routing/types.ts'
import type { ChannelName } from '../../src/words.ts'
import { address, belief, camille, notice, reachableBy, type Scene, scene, senders, still, withValues } from './cast.ts'

const night = new Date('2026-11-24T02:00:00Z')
const suppression = { scope: 'address', addressHash: '', channel: '', senderId: '', topic: '', reason: 'test' } as const
const onEmail = { ...suppression, addressHash: camille.email!.hash }
const onMobile = { ...suppression, addressHash: camille.mobile!.hash }

/** For every reason there is: a scene in which it, and nothing else, closes the channel. */
const scenes: Record<ExclusionCode, { channel: ChannelName; scene: Scene; params?: Record<string, unknown> }> = {
  already_used: { channel: 'email', scene: { input: { exclude: ['email'] } } },
  no_address: { channel: 'email', scene: { contact: { email: undefined } } },
  address_unusable: {
    channel: 'email',
    scene: { contact: { email: address('camille@example.test', { status: 'bounced' }) } },
    params: { status: 'bounced' },
  },
  shared_mailbox: {
    channel: 'email',
    scene: {
      contact: { email: address('atelier@example.test', { isShared: true }) },
      message: { intent: 'relationship' },
    },
  },
  country_closed: {
    channel: 'sms',
    scene: {
      contact: { mobile: address('+262692000001', { country: 'RE' }) },
      input: { smsCountries: ['FR'] },
    },
    params: { country: 'RE' },
  },
  consent_denied: {
    channel: 'email',
    scene: { contact: { consents: { email: { state: 'denied', basis: 'consent' } } } },
  },
  consent_missing: { channel: 'sms', scene: { contact: { consents: {} } } },
  consent_unstated: {
    channel: 'sms',
    scene: { contact: { consents: { sms: { state: 'granted', basis: 'unstated' } } } },
  },
  consent_basis: {
    channel: 'sms',
    scene: { contact: { consents: { sms: { state: 'granted', basis: 'b2b_opt_out' } } } },
    params: { basis: 'b2b_opt_out', country: 'FR' },
  },
  no_sender: { channel: 'sms', scene: { input: { senders: senders.filter(({ channel }) => channel !== 'sms') } } },
  sender_country: {
    channel: 'sms',
    scene: {
      contact: { mobile: address('+32470123456', { country: 'BE' }) },
      input: { senders: [{ ...senders[1]!, isDefault: true }, senders[2]!] },
    },
    params: { country: 'BE' },
  },
  sender_one_way: {
    channel: 'sms',
    scene: { message: { asksReply: true }, input: { senders: [senders[0]!, senders[2]!] } },
  },
  suppressed_address: { channel: 'email', scene: { contact: { suppressions: [onEmail] } } },
  suppressed_sender: {
    channel: 'sms',
    scene: { contact: { suppressions: [{ ...onMobile, scope: 'channel_sender', channel: 'sms', senderId: 'brand' }] } },
  },
  suppressed_topic: {
    channel: 'email',
    scene: { contact: { suppressions: [{ ...onEmail, scope: 'topic', topic: 'challenge' }] } },
  },
  suppressed_marketing: {
    channel: 'email',
    scene: { contact: { suppressions: [{ ...onEmail, scope: 'marketing' }] } },
  },
  budget_spent: { channel: 'sms', scene: { input: { isSpent: true } } },
  timezone_unknown: {
    channel: 'email',
    scene: { site: { timezone: 'Mars/Olympus' } },
    params: { timezone: 'Mars/Olympus' },
  },
  never_open: {
    channel: 'screen',
    scene: { message: { channels: ['screen'] }, site: { openingHours: {} } },
  },
  expires_before_window: {
    channel: 'sms',
    scene: { message: { expiresAt: new Date('2026-11-24T05:00:00Z') }, input: { now: night } },
    params: { at: '2026-11-24T07:00:00.000Z' },
  },
  station_closed: {
    channel: 'screen',
    scene: { message: notice, site: { openingHours: { 2: [[480, 1080]] } }, input: { now: night } },
  },
  closed_now: {
    channel: 'email',
    scene: { message: { onQuiet: 'switch_channel' }, input: { now: new Date('2026-11-24T18:30:00Z') } },
  },
  cap_reached: {
    channel: 'sms',
    scene: {
      input: {
        touches: {
          contact: [{ at: Date.parse('2026-11-20T09:00:00Z'), channel: 'sms', class: 'marketing' }],
          site: [],
        },
      },
    },
    params: { max: 1, days: 7, subject: 'contact', scope: 'sms' },
  },
  no_content: {
    channel: 'sms',
    scene: { input: { measure: (channel, language) => (channel === 'sms' ? undefined : { language, parts: 1 }) } },
  },
  content_problem: {
    channel: 'sms',
    scene: {
      input: {
        measure: (channel, language) => ({ language, parts: 1, problem: channel === 'sms' ? 'too_long' : undefined }),
      },
    },
    params: { problem: 'too_long' },
  },
  weaker: {
    channel: 'sms',
    scene: { input: { beliefs: { email: belief(0.4, 3, 4), sms: belief(0.2, 0, 2) } } },
    params: { percent: 20 },
  },
}

test('there is a scene for every reason', () => {
  expect(Object.keys(scenes).sort()).toEqual([...exclusionCodes].sort())
})

describe.each(exclusionCodes)('%s', (code) => {
  const { channel, scene: over, params } = scenes[code]
  const input: RoutingInput = scene(over)

  test('is the reason given, with its parameters', () => {
    const { because } = route(input)
    expect(because.filter((reason) => reason.params?.channel === channel && reason.code !== 'chosen')).toEqual([
      { code, params: expect.objectContaining({ channel, ...params }) },
    ])
  })

  test('keeps the message off that channel', () => {
    expect(route(input).channel).not.toBe(channel)
  })

  test('goes away with its cause', () => {
    const channels = over.message?.channels
    const open = route(scene({ message: { ...(over.message?.class ? notice : {}), ...(channels && { channels }) } }))
    expect(open.because.some((reason) => reason.code === code)).toBe(false)
  })
})

test('a budget that is spent does not silence a danger', () => {
  expect(route(scene({ message: notice, input: { isSpent: true } })).channel).toBe('sms')
})

test('a budget that is spent leaves what costs nothing', () => {
  const decision = route(scene({ input: { isSpent: true } }))
  expect(decision).toMatchObject({ outcome: 'send', channel: 'intranet', costMillis: 0 })
})

test('words are asked for only where everything else is open, in the language of the contact', () => {
  const asked: string[] = []
  const measure: RoutingInput['measure'] = (channel, language) => {
    asked.push(`${channel} ${language}`)
    return { language, parts: 1 }
  }
  route(scene({ contact: { ...reachableBy('email'), language: 'en' }, input: { measure } }))
  expect([...new Set(asked)].sort()).toEqual(['email en', 'intranet en'])
})

test('a country that the price list does not know pays the usual price', () => {
  const policy = withValues(still, { smsCosts: { BE: 8_000 } })
  const belgian = { ...reachableBy('sms'), mobile: address('+32470123456', { country: 'BE' }) }
  expect(route(scene({ contact: belgian, input: { policy } })).costMillis).toBe(8_000)
  expect(route(scene({ contact: reachableBy('sms'), input: { policy } })).costMillis).toBe(6_500)
})
