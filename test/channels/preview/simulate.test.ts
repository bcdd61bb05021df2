import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asksOf } from '../../../channels/preview/asks.ts'
import { behaviours } from '../../../channels/preview/behaviour.ts'
import { simulate } from '../../../channels/preview/simulate.ts'
import { printChannel } from '../../../channels/print/channel.ts'
import type { ChannelName, Echo, EventType, Outgoing } from '../../../src/channel.ts'
import { channelNames, trackingModes } from '../../../src/words.ts'
import { contents, outgoingOf } from '../outgoing.ts'

/** A delivery to one of many people, each with an address of their own. */
const toPerson = (channel: ChannelName, person: number, overrides: Partial<Outgoing> = {}): Outgoing =>
  outgoingOf(channel, {
    mode: 'sandbox',
    deliveryId: `delivery-${person}`,
    seed: `network|challenge|teaser|contact-${person}`,
    to: { ...outgoingOf(channel).to, value: `person-${person}` },
    ...overrides,
  })

const PEOPLE = 2500
const played = (channel: ChannelName, overrides: Partial<Outgoing> = {}) =>
  Array.from({ length: PEOPLE }, (_, person) => simulate(toPerson(channel, person, overrides)))
const share = (scenes: Echo[][], type: EventType) =>
  scenes.filter((echoes) => echoes.some(({ event }) => event.type === type)).length / scenes.length

describe('the simulated carrier and person', () => {
  it('answer the same way to the same hand-over, in order of time, each thing once', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...channelNames),
        fc.constantFrom(...trackingModes),
        fc.nat(5000),
        fc.integer({ min: 1, max: 3 }),
        (channel, trackingMode, person, attempt) => {
          const outgoing = toPerson(channel, person, { trackingMode, attempt })
          const echoes = simulate(outgoing)
          expect(simulate(outgoing)).toEqual(echoes)
          expect(echoes.map(({ afterMs }) => afterMs)).toEqual(
            echoes.map(({ afterMs }) => afterMs).toSorted((a, b) => a - b),
          )
          expect(new Set(echoes.map(({ event }) => event.dedupeKey)).size).toBe(echoes.length)
          for (const { afterMs, event } of echoes) {
            expect(afterMs).toBeGreaterThan(0)
            expect(event).toMatchObject({ networkId: 'network-1', deliveryId: outgoing.deliveryId, attempt })
            expect(event.occurredAt?.getTime()).toBe(outgoing.now.getTime() + afterMs)
          }
          const opens = echoes.some(({ event }) => event.type === 'open')
          if (trackingMode !== 'individual') expect(opens).toBe(false)
        },
      ),
    )
  })

  it('deliver most SMS, and get about as many answers as the trade does', () => {
    const scenes = played('sms')
    expect(share(scenes, 'sent')).toBe(1)
    expect(share(scenes, 'delivered')).toBeGreaterThan(0.94)
    expect(share(scenes, 'failed')).toBeCloseTo(0.035, 1)
    expect(share(scenes, 'click')).toBeGreaterThan(0.22)
    expect(share(scenes, 'click')).toBeLessThan(0.32)
    expect(share(scenes, 'stop')).toBeLessThan(0.01)
    // Whom it did not reach does nothing.
    expect(
      scenes
        .filter((echoes) => echoes.some(({ event }) => event.type === 'failed'))
        .every((echoes) => echoes.length === 2),
    ).toBe(true)
  })

  it('open e-mail only where they agreed to be measured, machines marked', () => {
    const measured = played('email')
    const opens = measured.flat().filter(({ event }) => event.type === 'open')
    expect(opens.some(({ event }) => event.data.machine === true)).toBe(true)
    const human = measured.filter((echoes) => echoes.some(({ event }) => event.type === 'open' && !event.data.machine))
    expect(human.length / PEOPLE).toBeGreaterThan(0.35)
    expect(human.length / PEOPLE).toBeLessThan(0.6)
    const unmeasured = played('email', { trackingMode: 'aggregate' })
    expect(share(unmeasured, 'open')).toBe(0)
    expect(share(unmeasured, 'click')).toBe(share(measured, 'click'))
    expect(share(played('email', { trackingMode: 'none' }), 'click')).toBe(0)
  })

  it('open before they click', () => {
    for (const echoes of played('email')) {
      const click = echoes.find(({ event }) => event.type === 'click')
      if (!click) continue
      const open = echoes.find(({ event }) => event.type === 'open' && !event.data.machine)
      expect(open?.afterMs).toBeLessThan(click.afterMs)
    }
  })

  it('send letters back, and scan codes only where there is one', () => {
    const scenes = played('print')
    expect(share(scenes, 'printed')).toBe(1)
    expect(share(scenes, 'returned')).toBeGreaterThan(0.005)
    expect(share(scenes, 'returned')).toBeLessThan(0.02)
    expect(share(scenes, 'scan')).toBeGreaterThan(0.07)
    const { qr: _qr, ...without } = contents.print
    expect(share(played('print', { content: without }), 'scan')).toBe(0)
  })

  it('register when a page asks for it, and acknowledge what asks to be acknowledged', () => {
    expect(share(played('print'), 'register')).toBeGreaterThan(0.03)
    expect(share(played('sms'), 'register')).toBe(0)
    const asking = { ...contents.sms, text: 'Inscrivez-vous : https://rl.example/q/Ab3dE6gH' }
    expect(share(played('sms', { content: asking }), 'register')).toBeGreaterThan(0.1)
    const screens = played('screen')
    expect(share(screens, 'acknowledge')).toBeGreaterThan(0.45)
    expect(share(screens, 'read')).toBe(0)
    expect(
      share(played('screen', { content: { ...contents.screen, asksAcknowledgement: false } }), 'read'),
    ).toBeGreaterThan(0.45)
  })

  it('keep to their address: a dead number is dead for every message, a live one for none', () => {
    const isDead = (person: number, step: string) =>
      simulate(toPerson('sms', person, { seed: `${step}|${person}` })).some(
        ({ event }) => event.data.code === 'unknown_number',
      )
    const dead = Array.from({ length: 500 }, (_, person) => person).filter((person) => isDead(person, 'teaser'))
    expect(dead.length).toBeGreaterThan(0)
    expect(Array.from({ length: 500 }, (_, person) => person).filter((person) => isDead(person, 'launch'))).toEqual(
      dead,
    )
  })

  it('have a taste: who acts on one message acts more on the next', () => {
    const acts = (step: string) =>
      Array.from({ length: PEOPLE }, (_, person) =>
        simulate(toPerson('sms', person, { seed: `${step}|${person}` })).some(({ event }) => event.type === 'click'),
      )
    const [first, second] = [acts('teaser'), acts('launch')]
    const rate = (did: boolean) => {
      const group = second.filter((_, person) => first[person] === did)
      return group.filter(Boolean).length / group.length
    }
    expect(rate(true)).toBeGreaterThan(rate(false) * 1.2)
  })

  it('let an expired message go: nothing is delivered after its time', () => {
    const now = outgoingOf('sms').now.getTime()
    const scenes = played('sms', { expiresAt: new Date(now + 20_000) })
    expect(share(scenes, 'delivered')).toBeLessThan(0.9)
    for (const { afterMs, event } of scenes.flat()) {
      if (event.type === 'delivered') expect(afterMs).toBeLessThanOrEqual(20_000)
    }
  })

  it('answer for sinks in a sandbox only', async () => {
    const [live] = await printChannel().send([outgoingOf('print', { mode: 'live' })])
    const [sandbox] = await printChannel().send([outgoingOf('print', { mode: 'sandbox' })])
    expect(live).toMatchObject({ outcome: 'accepted', row: { table: 'pieces' } })
    expect(live?.outcome === 'accepted' && live.echoes).toBeUndefined()
    expect(sandbox?.outcome === 'accepted' && sandbox.echoes?.length).toBeGreaterThan(1)
  })
})

describe('what a message asks', () => {
  it.each([
    ['Répondez OK si vous êtes des nôtres', { reply: true, registration: false }],
    ['Inscrivez-vous avant jeudi', { registration: true }],
    ['Pour vous désinscrire : https://x.example', { registration: false, link: true }],
    ['Merci d’accuser réception', { acknowledgement: true }],
    ['Register now', { registration: true, link: false }],
  ])('"%s" is understood', (text, asks) => {
    expect(asksOf({ ...contents.sms, text })).toMatchObject(asks)
  })
})

describe('the habits', () => {
  it('say where they come from, and are chances within bounds', () => {
    for (const { source, checkedOn, habits } of Object.values(behaviours)) {
      expect(source.length).toBeGreaterThan(20)
      expect(checkedOn).toMatch(/^\d{4}-\d{2}-\d{2}$/)
      for (const { chance, afterMs } of Object.values(habits)) {
        expect(chance).toBeGreaterThan(0)
        expect(chance).toBeLessThanOrEqual(1)
        expect(afterMs[0]).toBeLessThan(afterMs[1])
      }
    }
  })

  it('like a channel as they always do, though their intranet knows them by an id that is new at each replay', () => {
    const as = (id: string) =>
      Array.from({ length: 300 }, (_, person) =>
        simulate(toPerson('intranet', person, { to: { id, kind: 'post', value: id, isShared: false } })).map(
          ({ event }) => event.type,
        ),
      )
    expect(as('one')).toEqual(as('another'))
    expect(as('one').flat().length).toBeGreaterThan(0)
  })

  it('are others where an example says who they are: another seed, other chances, what somebody surely does', () => {
    const usual = played('email', { trackingMode: 'individual' })
    const withSeed = (seed: string) =>
      Array.from({ length: PEOPLE }, (_, person) =>
        simulate(toPerson('email', person, { trackingMode: 'individual' }), { seed }),
      )
    expect(withSeed('1')).toEqual(withSeed('1'))
    expect(withSeed('1')).not.toEqual(withSeed('2'))
    expect(withSeed('1')).not.toEqual(usual)
    const surely = Array.from({ length: PEOPLE }, (_, person) =>
      simulate(toPerson('email', person), {
        seed: '1',
        chances: { email: { dead: 0 } },
        leanings: ({ to }) => ({ act: to.value === 'person-7', finish: true, complaint: false }),
      }),
    )
    expect(share(surely, 'bounced')).toBe(0)
    const clicked = surely.flatMap((echoes, person) =>
      echoes.some(({ event }) => event.type === 'click') ? person : [],
    )
    expect(clicked).toEqual([7])
  })
})
