import { describe, expect, test } from 'vitest'
import { defaultPolicy } from '../../src/routing/default-policy.ts'
import { route } from '../../src/routing/route.ts'
import { timingOf } from '../../src/routing/timing.ts'
import { camille, notice, reachableBy, scene, still, withValues } from './cast.ts'
import { hourVectors, zoneOfRegion } from './hours.vectors.ts'

const bySms = { contact: reachableBy('sms') }
const tuesdayNight = new Date('2026-11-24T02:00:00Z')
const at = (iso: string) => new Date(iso)

describe.each(hourVectors)('a marketing SMS routed on %s (%s) at %s', (_name, region, asked, soft, hard) => {
  const site = { region, timezone: zoneOfRegion[region], country: region.length === 2 ? region : 'FR' }
  const routed = (message: { expiresAt?: Date } = {}) =>
    route(
      scene({
        ...bySms,
        site: { ...site, hasStation: false },
        message: { channels: ['sms'], ...message },
        input: { now: at(asked) },
      }),
    )

  test('leaves in the habitual hours', () => {
    const decision = routed()
    expect(decision.at).toEqual(at(soft ?? asked))
    expect(decision.outcome).toBe(soft ? 'defer' : 'send')
  })

  test('leaves in the legal hours when it would expire before the habitual ones', () => {
    if (!soft || soft === hard) return expect(routed({ expiresAt: at(soft ?? asked) }).outcome).toBe('none')
    const decision = routed({ expiresAt: at(soft) })
    expect(decision.at).toEqual(at(hard ?? asked))
    expect(decision.because.map(({ code }) => code)).toContain('deadline_window')
  })
})

describe('who is exempt from hours', () => {
  test('an urgent service notice that is immediate leaves at any hour', () => {
    const decision = route(scene({ ...bySms, message: notice, input: { now: tuesdayNight } }))
    expect(decision).toMatchObject({ outcome: 'send', channel: 'sms', at: tuesdayNight })
  })

  test('an urgent service notice that is not immediate lets phones rest from 22 to 7', () => {
    const message = { ...notice, urgency: 'high' as const }
    const decision = route(scene({ ...bySms, message, input: { now: tuesdayNight } }))
    expect(decision).toMatchObject({ outcome: 'defer', channel: 'sms', at: at('2026-11-24T06:00:00Z') })
    const byMail = route(scene({ contact: reachableBy('email'), message, input: { now: tuesdayNight } }))
    expect(byMail).toMatchObject({ outcome: 'send', channel: 'email' })
  })

  test('the answer to a person’s own act leaves at any hour', () => {
    const message = { class: 'transactional' as const, intent: 'notice' as const }
    expect(route(scene({ message, input: { now: tuesdayNight } }))).toMatchObject({ outcome: 'send', at: tuesdayNight })
  })

  test('letters and posts have no hours', () => {
    for (const channel of ['print', 'intranet'] as const) {
      expect(route(scene({ message: { channels: [channel] }, input: { now: tuesdayNight } })).outcome).toBe('send')
    }
  })

  test.each(['contractual', 'relational', 'marketing'] as const)(
    'a %s message waits for the morning',
    (messageClass) => {
      const decision = route(scene({ ...bySms, message: { class: messageClass }, input: { now: tuesdayNight } }))
      expect(decision).toMatchObject({ outcome: 'defer', at: at('2026-11-24T07:00:00Z') })
    },
  )

  test('immediate marketing is still marketing', () => {
    const decision = route(scene({ ...bySms, message: { urgency: 'immediate' }, input: { now: tuesdayNight } }))
    expect(decision).toMatchObject({ outcome: 'defer', at: at('2026-11-24T07:00:00Z') })
  })
})

describe('e-mail', () => {
  test('to an office waits for opening time', () => {
    const decision = route(scene({ contact: reachableBy('email'), input: { now: tuesdayNight } }))
    expect(decision.at).toEqual(at('2026-11-24T06:30:00Z'))
  })

  test('to a craftsman is there before or after the site', () => {
    const contact = { ...reachableBy('email'), profile: 'field' as const }
    expect(route(scene({ contact })).at).toEqual(at('2026-11-24T17:00:00Z'))
  })

  test('that would expire first falls back on the hours everyone keeps', () => {
    const contact = { ...reachableBy('email'), profile: 'field' as const }
    const decision = route(scene({ contact, message: { expiresAt: at('2026-11-24T16:00:00Z') } }))
    expect(decision).toMatchObject({ outcome: 'send', channel: 'email' })
  })
})

describe('a counter screen', () => {
  const counter = {
    message: { channels: ['screen' as const] },
    site: { openingHours: { 2: [[480, 720]] as [number, number][] } },
  }

  test('shows a message at the next opening of its counter, without jitter', () => {
    const decision = route(scene({ ...counter, input: { policy: defaultPolicy, now: at('2026-11-24T12:00:00Z') } }))
    expect(decision).toMatchObject({ outcome: 'defer', recipientKey: 'site:lyon', at: at('2026-12-01T07:00:00Z') })
  })

  test('of unknown hours is believed open for what is urgent', () => {
    const decision = route(scene({ message: { ...notice, channels: ['screen'] }, input: { now: tuesdayNight } }))
    expect(decision.outcome).toBe('send')
  })
})

describe('what a closed window does', () => {
  const evening = at('2026-11-24T18:30:00Z')

  test('defer waits on the channel that was best', () => {
    expect(route(scene({ input: { now: evening } }))).toMatchObject({ outcome: 'defer', channel: 'email' })
  })

  test('switch_channel takes one that is open, and keeps the other for a failure', () => {
    const decision = route(scene({ message: { onQuiet: 'switch_channel' }, input: { now: evening } }))
    expect(decision).toMatchObject({ outcome: 'send', channel: 'sms', at: evening })
    expect(decision.fallbacks).toContainEqual({ channel: 'email', when: 'failed', afterMs: 0 })
  })

  test('switch_channel waits when all are closed, rather than leave it to the intranet', () => {
    const decision = route(scene({ message: { onQuiet: 'switch_channel' }, input: { now: tuesdayNight } }))
    expect(decision).toMatchObject({ outcome: 'defer', channel: 'email' })
  })

  test('drop sends nothing and says so', () => {
    const decision = route(scene({ message: { onQuiet: 'drop' }, input: { now: evening } }))
    expect(decision).toMatchObject({ outcome: 'none', companions: [], fallbacks: [] })
    expect(decision.because[0]?.code).toBe('dropped_for_hours')
  })

  test('a message that has expired goes to nobody', () => {
    const decision = route(scene({ message: { expiresAt: scene().now } }))
    expect(decision.because.map(({ code }) => code)).toEqual(['expired'])
  })
})

describe('jitter', () => {
  const deferred = (seed: string, expiresAt?: Date) =>
    route(
      scene({ ...bySms, message: { expiresAt }, input: { policy: defaultPolicy, now: tuesdayNight, seed } }),
    ).at!.getTime()
  const opening = Date.parse('2026-11-24T07:00:00Z')

  test('spreads deferred messages over a quarter of an hour', () => {
    const minutes = Array.from({ length: 200 }, (_, i) => (deferred(`contact ${i}`) - opening) / 60_000)
    expect(Math.min(...minutes)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...minutes)).toBeLessThan(15)
    expect(Math.max(...minutes)).toBeGreaterThan(13)
    expect(new Set(minutes).size).toBeGreaterThan(150)
  })

  test('never passes the expiry', () => {
    const expiresAt = new Date(opening + 60_000)
    for (let i = 0; i < 100; i++) expect(deferred(`contact ${i}`, expiresAt)).toBeLessThan(expiresAt.getTime())
  })

  test('never leaves the window', () => {
    const narrow = { hard: null, soft: { 2: [[480, 482]] as [number, number][] }, holidaysClosed: true }
    const policy = withValues(defaultPolicy, { quietHours: { FR: narrow, '*': narrow } })
    for (let i = 0; i < 100; i++) {
      const timing = timingOf(scene({ input: { policy, now: tuesdayNight, seed: `contact ${i}` } }), 'sms')
      expect('at' in timing && timing.at - opening).toBeLessThan(120_000)
    }
  })
})

test('a network that widens its habits stays inside the legal hours for SMS', () => {
  const { FR, ...others } = still.values.quietHours.value
  const allDay = { ...FR!, soft: { 7: [[0, 1440]] as [number, number][], 2: [[0, 1440]] as [number, number][] } }
  const policy = withValues(still, { quietHours: { ...others, FR: allDay } })
  const now = at('2026-11-22T10:00:00Z')
  expect(route(scene({ ...bySms, input: { policy, now } })).at).toEqual(at('2026-11-24T07:00:00Z'))
})

test('an overseas outlet keeps French hours on its own clock', () => {
  const site = { country: 'RE', region: 'RE', timezone: 'Indian/Reunion', hasStation: false }
  const decision = route(scene({ contact: reachableBy('sms'), site, input: { now: at('2026-11-24T03:00:00Z') } }))
  expect(camille.site.region).toBe('FR')
  expect(decision.at).toEqual(at('2026-11-24T04:00:00Z'))
})

describe('the hours somebody asked for', () => {
  const asked = (preferredHours: 'morning' | 'afternoon' | 'evening', now: string, more = {}) =>
    route(
      scene({
        contact: { ...reachableBy('sms'), preferredHours },
        message: { channels: ['sms'], ...more },
        input: { now: at(now) },
      }),
    )

  test('hold a text back until then, and say so', () => {
    const decision = asked('afternoon', '2026-11-24T09:00:00Z')
    expect(decision.outcome).toBe('defer')
    expect(decision.at).toEqual(at('2026-11-24T13:00:00Z'))
    expect(decision.because).toContainEqual({ code: 'preferred_hours', params: { hours: 'afternoon' } })
  })

  test('never open what the law closes: an evening choice on a Saturday waits for Monday', () => {
    // Saturday ends at 19:00 by habit, and at 22:00 by the charter.
    const decision = asked('evening', '2026-11-21T18:30:00Z')
    expect(decision.at).toEqual(at('2026-11-23T17:00:00Z'))
  })

  test('give way when the message would expire before them, within the legal hours', () => {
    const decision = asked('evening', '2026-11-24T09:00:00Z', { expiresAt: at('2026-11-24T12:00:00Z') })
    expect(decision.at).toEqual(at('2026-11-24T09:00:00Z'))
    expect(decision.because).toContainEqual({ code: 'deadline_window', params: {} })
  })

  test('hold back no urgent notice', () => {
    const decision = route(
      scene({
        contact: { ...reachableBy('sms'), preferredHours: 'evening' },
        message: notice,
        input: { now: at('2026-11-24T09:00:00Z') },
      }),
    )
    expect(decision.at).toEqual(at('2026-11-24T09:00:00Z'))
  })
})
