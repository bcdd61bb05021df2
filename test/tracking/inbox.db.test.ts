import { and, asc, eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EventType, InboundEvent } from '../../src/channel.ts'
import {
  addresses,
  attempts,
  consents,
  deliveries,
  events,
  exposures,
  inboundEvents,
  networks,
  senders,
  suppressions,
  timers,
} from '../../src/db/schema.ts'
import { expose, matureDue } from '../../src/engagement/record.ts'
import { appendTrackingChoices } from '../../src/network/consent.ts'
import { addressHash } from '../../src/network/suppression.ts'
import { applyPending, receive } from '../../src/tracking/inbox.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import {
  day,
  delivery,
  hour,
  launch,
  minute,
  type Person,
  person,
  type Small,
  since,
  smallNetwork,
} from './small-network.ts'

let store: TestDatabase
beforeAll(async () => {
  store = await freshDatabase()
})
afterAll(() => store.drop())

const clock = (at: Date) => ({ now: () => at })
const later = clock(since(hour))

let told = 0
const event = (type: EventType, given: Partial<InboundEvent> = {}): InboundEvent => ({
  dedupeKey: `event ${++told}`,
  type,
  provider: 'twilio',
  attempt: 1,
  occurredAt: since(minute),
  data: {},
  ...given,
})
const hear = async (list: InboundEvent[], source = 'twilio', at = since(minute)) => {
  await receive(store.db, source, list, at)
  return applyPending(store.db, later, { limit: 500 })
}
const stored = async (networkId: string, id: string) => {
  const [row] = await store.db
    .select()
    .from(deliveries)
    .where(and(eq(deliveries.networkId, networkId), eq(deliveries.id, id)))
  return row!
}
const eventsOf = (networkId: string) =>
  store.db.select().from(events).where(eq(events.networkId, networkId)).orderBy(asc(events.recordedAt), asc(events.id))
const closedIn = (networkId: string) =>
  store.db.select().from(suppressions).where(eq(suppressions.networkId, networkId))

const setUp = async (message = {}): Promise<{ small: Small; ana: Person }> => {
  const small = await smallNetwork(store.db, message)
  return { small, ana: await person(store.db, small) }
}

describe('receiving', () => {
  test('the same thing told 46 times is stored once and changes a delivery once', async () => {
    const { small, ana } = await setUp()
    const deliveryId = await delivery(store.db, small, ana)
    const delivered = event('delivered', { networkId: small.networkId, deliveryId })
    for (let n = 0; n < 46; n++) await hear([delivered, delivered])
    expect(await stored(small.networkId, deliveryId)).toMatchObject({ status: 'delivered', deliveredAt: since(minute) })
    expect(await eventsOf(small.networkId)).toHaveLength(1)
  })

  test('a callback that was faster than our commit waits, and is applied once the delivery is there', async () => {
    const { small, ana } = await setUp()
    const deliveryId = '0197d7a0-1111-7222-8333-444455556601'
    const early = event('delivered', { networkId: small.networkId, deliveryId })
    expect(await hear([early])).toBe(0)
    await delivery(store.db, small, ana, { id: deliveryId })
    expect(await applyPending(store.db, clock(since(2 * hour)))).toBe(1)
    expect((await stored(small.networkId, deliveryId)).status).toBe('delivered')
  })

  test('what matches nothing is kept with its reason, tried again now and then, and dropped after seven days', async () => {
    const { small } = await setUp()
    const lost = event('delivered', { networkId: small.networkId, deliveryId: '0197d7a0-1111-7222-8333-444455556602' })
    await hear([lost])
    const raw = async () =>
      (await store.db.select().from(inboundEvents).where(eq(inboundEvents.dedupeKey, lost.dedupeKey)))[0]!
    expect(await raw()).toMatchObject({ appliedAt: null, error: expect.stringContaining('No delivery') })
    const { attempts: tries } = await raw()
    expect(await applyPending(store.db, later)).toBe(0)
    expect((await raw()).attempts).toBe(tries)
    await applyPending(store.db, clock(since(7 * hour)))
    expect((await raw()).attempts).toBeGreaterThan(tries)
    expect((await raw()).appliedAt).toBeNull()
    await applyPending(store.db, clock(since(6 * day)))
    expect((await raw()).appliedAt).toBeNull()
    await applyPending(store.db, clock(since(8 * day)))
    expect(await raw()).toBeUndefined()
  })

  test('what cannot be read is kept after seven days too, for somebody to look at', async () => {
    const { small } = await setUp()
    const odd = { ...event('delivered', { networkId: small.networkId }), type: 'nonsense' as EventType }
    await hear([odd])
    await applyPending(store.db, clock(since(8 * day)))
    const [raw] = await store.db.select().from(inboundEvents).where(eq(inboundEvents.dedupeKey, odd.dedupeKey))
    expect(raw).toMatchObject({ appliedAt: since(8 * day), error: expect.stringMatching(/^Given up: Not an event/) })
  })

  test('one bad event among a hundred holds up none of the others', async () => {
    const { small, ana } = await setUp()
    const ids: string[] = []
    for (let n = 0; n < 99; n++) ids.push(await delivery(store.db, small, ana))
    const list = ids.map((deliveryId) => event('delivered', { networkId: small.networkId, deliveryId }))
    const bad = {
      ...event('delivered', { networkId: small.networkId, deliveryId: ids[0]! }),
      type: 'nonsense' as EventType,
    }
    list.splice(50, 0, bad)
    expect(await hear(list)).toBe(99)
    const done = await store.db
      .select()
      .from(deliveries)
      .where(and(eq(deliveries.networkId, small.networkId), eq(deliveries.status, 'delivered')))
    expect(done).toHaveLength(99)
    const [raw] = await store.db.select().from(inboundEvents).where(eq(inboundEvents.dedupeKey, bad.dedupeKey))
    expect(raw).toMatchObject({ appliedAt: null, error: expect.stringMatching(/^Not an event: type/) })
  })

  test('a text that PostgreSQL cannot hold costs neither its event nor the others', async () => {
    const { small, ana } = await setUp()
    const [first, second] = [await delivery(store.db, small, ana), await delivery(store.db, small, ana)]
    const odd = { reason: 'null \u0000 and half a pair \ud83d', nested: ['\udc00'] }
    await hear([
      event('deferred', { networkId: small.networkId, deliveryId: first, data: odd }),
      event('delivered', { networkId: small.networkId, deliveryId: second }),
    ])
    const [kept] = (await eventsOf(small.networkId)).filter((row) => row.type === 'deferred')
    expect(kept!.data).toEqual({ reason: 'null  and half a pair \ufffd', nested: ['\ufffd'] })
    expect((await stored(small.networkId, second)).status).toBe('delivered')
  })

  test('a key longer than can be kept still tells events apart', async () => {
    const { small, ana } = await setUp()
    const deliveryId = await delivery(store.db, small, ana)
    const keyed = (end: string) => ({
      ...event('deferred', { networkId: small.networkId, deliveryId }),
      dedupeKey: `${'x'.repeat(600)}${end}`,
    })
    expect(await hear([keyed('a'), keyed('b'), keyed('a')])).toBe(2)
    expect(await eventsOf(small.networkId)).toHaveLength(2)
  })

  test('nothing is heard of before it happens: a time to come, or none, is the time of hearing', async () => {
    const { small, ana } = await setUp()
    const deliveryId = await delivery(store.db, small, ana)
    const far = event('delivered', { networkId: small.networkId, deliveryId, occurredAt: new Date(1e14) })
    const none = event('deferred', { networkId: small.networkId, deliveryId, occurredAt: new Date(Number.NaN) })
    await hear([far, none])
    const times = new Map((await eventsOf(small.networkId)).map((row) => [row.type, row.occurredAt]))
    expect(times).toEqual(
      new Map([
        ['delivered', since(hour)],
        ['deferred', since(minute)],
      ]),
    )
    expect((await stored(small.networkId, deliveryId)).deliveredAt).toEqual(since(hour))
  })

  test('two workers together apply each event once', async () => {
    const { small, ana } = await setUp()
    const ids: string[] = []
    for (let n = 0; n < 30; n++) ids.push(await delivery(store.db, small, ana))
    await receive(
      store.db,
      'twilio',
      ids.map((deliveryId) => event('sent', { networkId: small.networkId, deliveryId })),
      launch,
    )
    const counts = await Promise.all([1, 2, 3].map(() => applyPending(store.db, later)))
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(30)
    expect(await eventsOf(small.networkId)).toHaveLength(30)
  })
})

describe('the status of a delivery', () => {
  const lifeCycle = ['accepted', 'deferred', 'sent', 'delivered', 'bounced'] as const
  const permutations = <T>(list: readonly T[]): T[][] =>
    list.length <= 1
      ? [[...list]]
      : list.flatMap((first, at) =>
          permutations([...list.slice(0, at), ...list.slice(at + 1)]).map((rest) => [first, ...rest]),
        )

  test.each([
    ['one round after another', (all: InboundEvent[][]) => all[0]!.map((_, turn) => all.map((list) => list[turn]!))],
    ['all in one round', (all: InboundEvent[][]) => all],
  ])('all 120 orders of a life cycle, each told twice, end alike: %s', async (_, rounds) => {
    const small = await smallNetwork(store.db)
    const ends = new Set<string>()
    const orders = permutations(lifeCycle)
    const all: InboundEvent[][] = []
    const ids: string[] = []
    const people: Person[] = []
    for (const [number, order] of orders.entries()) {
      const to = await person(store.db, small)
      const deliveryId = await delivery(store.db, small, to, { status: 'sending', sentAt: null })
      await expose(store.db, [
        {
          ...{ networkId: small.networkId, deliveryId, contactId: to.contactId, channel: 'email', profile: 'field' },
          ...{ sentAt: launch, isMeasurable: true },
        },
      ])
      ids.push(deliveryId)
      people.push(to)
      all.push(
        [...order, ...order.toReversed()].map((type) => ({
          ...event(type, { networkId: small.networkId, deliveryId }),
          dedupeKey: `life ${small.number} ${number} ${type}`,
          occurredAt: since(lifeCycle.indexOf(type) * minute),
          data: type === 'bounced' ? { code: 'unknown_mailbox', permanent: true } : {},
        })),
      )
    }
    for (const list of rounds(all)) await hear(list)
    for (const [number, deliveryId] of ids.entries()) {
      const { status, reason, deliveredAt, sentAt, isReceiptMissing } = await stored(small.networkId, deliveryId)
      const [address] = await store.db.select().from(addresses).where(eq(addresses.id, people[number]!.emailId))
      const [exposure] = await store.db.select().from(exposures).where(eq(exposures.deliveryId, deliveryId))
      const waits = await store.db.select().from(timers).where(eq(timers.subject, deliveryId))
      ends.add(
        JSON.stringify({
          ...{ status, reason, deliveredAt, sentAt, isReceiptMissing, address: address!.status },
          ...{ outcome: exposure!.outcome, waits: waits.map((wait) => [wait.kind, wait.occurrence]) },
        }),
      )
    }
    expect([...ends]).toEqual([
      JSON.stringify({
        ...{ status: 'failed', reason: 'unknown_mailbox', deliveredAt: since(3 * minute), sentAt: since(-1_000) },
        ...{ isReceiptMissing: false, address: 'bounced', outcome: 'void', waits: [['fallback', 'failed']] },
      }),
    ])
    expect(await eventsOf(small.networkId)).toHaveLength(600)
  })

  test('a callback that names the attempt closes the doubt and brings the reference', async () => {
    const { small, ana } = await setUp()
    for (const status of ['sending', 'unknown'] as const) {
      const deliveryId = await delivery(store.db, small, ana, { status, sentAt: null, channel: 'sms' })
      await hear([event('sent', { networkId: small.networkId, deliveryId, providerRef: `SM ${status}` })])
      expect(await stored(small.networkId, deliveryId)).toMatchObject({
        status: 'sent',
        providerRef: `SM ${status}`,
        sentAt: since(-1_000),
      })
      const [attempt] = await store.db.select().from(attempts).where(eq(attempts.deliveryId, deliveryId))
      expect(attempt).toMatchObject({ outcome: 'accepted', providerRef: `SM ${status}` })
    }
  })

  test('a delivery is found by the reference its provider gave', async () => {
    const { small, ana } = await setUp()
    const deliveryId = await delivery(store.db, small, ana, { channel: 'sms' })
    await hear([event('delivered', { attempt: undefined, providerRef: `SM-${deliveryId}` })])
    expect((await stored(small.networkId, deliveryId)).status).toBe('delivered')
  })

  test('a late failure calls for the next channel in the same transaction, but not for a companion', async () => {
    const { small, ana } = await setUp()
    const main = await delivery(store.db, small, ana, { channel: 'sms' })
    const companion = await delivery(store.db, small, ana, { channel: 'sms', isCompanion: true })
    await hear(
      [main, companion].map((deliveryId) =>
        event('failed', { networkId: small.networkId, deliveryId, data: { code: 'unreachable', permanent: false } }),
      ),
    )
    const waits = await store.db.select().from(timers).where(eq(timers.networkId, small.networkId))
    expect(waits).toMatchObject([
      { kind: 'fallback', subject: main, occurrence: 'failed', payload: { deliveryId: main }, dueAt: later.now() },
    ])
    expect((await store.db.select().from(addresses).where(eq(addresses.id, ana.mobileId)))[0]!.status).toBe('valid')
    expect(await stored(small.networkId, main)).toMatchObject({ status: 'failed', reason: 'unreachable' })
  })
})

describe('what closes an address', () => {
  test('a number out of service is dead everywhere, a blocked mail leaves the mailbox open', async () => {
    const { small, ana } = await setUp()
    const sms = await delivery(store.db, small, ana, { channel: 'sms' })
    const mail = await delivery(store.db, small, ana)
    await hear([
      event('failed', {
        networkId: small.networkId,
        deliveryId: sms,
        data: { code: 'unknown_number', permanent: true },
      }),
      event('failed', { networkId: small.networkId, deliveryId: mail, data: { code: 'blocked', permanent: false } }),
    ])
    expect(await closedIn(small.networkId)).toMatchObject([
      { scope: 'address', reason: 'unknown_number', source: 'twilio' },
    ])
    const [mobile] = await store.db.select().from(addresses).where(eq(addresses.id, ana.mobileId))
    expect(mobile).toMatchObject({ status: 'dead', statusReason: 'unknown_number' })
  })

  test('a returned letter quarantines the postal address', async () => {
    const { small, ana } = await setUp()
    const letter = await delivery(store.db, small, ana, { channel: 'print', status: 'sent' })
    await hear([
      event('returned', { networkId: small.networkId, deliveryId: letter, data: { reason: 'ADDRESS_DEFECT' } }),
    ])
    expect(await stored(small.networkId, letter)).toMatchObject({ status: 'returned', reason: 'ADDRESS_DEFECT' })
    const [address] = await store.db.select().from(addresses).where(eq(addresses.id, ana.emailId))
    expect(address).toMatchObject({ status: 'quarantined', statusReason: 'ADDRESS_DEFECT' })
  })

  test('STOP closes the sender that was answered and withdraws the consent of all who share the phone', async () => {
    const { small, ana } = await setUp()
    const ben = await person(store.db, small, { sharesMobileOf: ana })
    const deliveryId = await delivery(store.db, small, ana, { channel: 'sms' })
    const stop = event('stop', {
      attempt: undefined,
      providerRef: 'SM-in',
      data: { from: ana.mobile, to: '36111', text: 'STOP' },
    })
    await hear([stop])
    expect(await closedIn(small.networkId)).toMatchObject([
      { scope: 'channel_sender', channel: 'sms', senderId: small.senderId, reason: 'stop' },
    ])
    const ledger = await store.db.select().from(consents).where(eq(consents.networkId, small.networkId))
    expect(ledger.map((entry) => entry.contactId).sort()).toEqual([ana.contactId, ben.contactId].sort())
    expect(ledger.every((entry) => entry.action === 'withdraw' && entry.channel === 'sms')).toBe(true)
    const [kept] = await eventsOf(small.networkId)
    expect(kept).toMatchObject({ type: 'stop', deliveryId, verdict: 'human_confirmed' })
    expect(JSON.stringify(kept!.data)).not.toContain(ana.mobile)
  })

  test('STOP from a phone we never wrote to closes every sender of the channel', async () => {
    const { small, ana } = await setUp()
    await hear([event('stop', { attempt: undefined, data: { from: ana.mobile, to: 'elsewhere', text: 'STOP' } })])
    expect(await closedIn(small.networkId)).toMatchObject([{ scope: 'channel_sender', senderId: small.senderId }])
  })

  test('a real text never answers a sandbox, however far its clock has run ahead', async () => {
    const live = await setUp()
    const played = await setUp()
    await store.db.update(networks).set({ mode: 'sandbox' }).where(eq(networks.id, played.small.networkId))
    await store.db
      .update(addresses)
      .set({ hash: addressHash('mobile', live.ana.mobile) })
      .where(eq(addresses.id, played.ana.mobileId))
    const mine = await delivery(store.db, live.small, live.ana, { channel: 'sms' })
    await delivery(store.db, played.small, played.ana, { channel: 'sms', sentAt: since(90 * day) })
    await hear([
      event('reply', { attempt: undefined, data: { from: live.ana.mobile, to: '36111', text: 'OK' } }),
      event('stop', { attempt: undefined, data: { from: live.ana.mobile, to: '36111', text: 'STOP' } }),
    ])
    expect((await eventsOf(live.small.networkId)).map((row) => [row.type, row.deliveryId])).toEqual([
      ['reply', mine],
      ['stop', mine],
    ])
    expect(await eventsOf(played.small.networkId)).toEqual([])
    expect(await closedIn(played.small.networkId)).toEqual([])
  })

  test('a text to a messaging service is meant for the network that sends by it', async () => {
    const first = await setUp()
    const second = await setUp()
    await store.db
      .update(addresses)
      .set({ hash: addressHash('mobile', first.ana.mobile) })
      .where(eq(addresses.id, second.ana.mobileId))
    await store.db.update(senders).set({ address: 'MG2' }).where(eq(senders.networkId, second.small.networkId))
    await delivery(store.db, first.small, first.ana, { channel: 'sms', sentAt: since(minute) })
    await delivery(store.db, second.small, second.ana, { channel: 'sms' })
    await hear([
      event('reply', {
        attempt: undefined,
        data: { from: first.ana.mobile, to: '+33700000000', messagingServiceSid: 'MG2', text: 'OK' },
      }),
    ])
    expect([await eventsOf(first.small.networkId), await eventsOf(second.small.networkId)]).toMatchObject([
      [],
      [{ type: 'reply' }],
    ])
  })

  test('who is on the provider’s own list gets no mail of any topic', async () => {
    const { small, ana } = await setUp({ topic: 'newsletter' })
    const deliveryId = await delivery(store.db, small, ana)
    await hear([
      event('failed', {
        networkId: small.networkId,
        deliveryId,
        data: { code: 'unsubscribed_address', permanent: true },
      }),
    ])
    expect(await closedIn(small.networkId)).toMatchObject([{ scope: 'marketing', channel: 'email' }])
  })

  test('an unsubscription closes the topic where there is one, else marketing on the channel', async () => {
    const topical = await setUp({ topic: 'newsletter' })
    const first = await delivery(store.db, topical.small, topical.ana)
    const plain = await setUp()
    const second = await delivery(store.db, plain.small, plain.ana)
    await hear([
      event('unsubscribe', { networkId: topical.small.networkId, deliveryId: first }),
      event('unsubscribe', { networkId: plain.small.networkId, deliveryId: second }),
    ])
    expect(await closedIn(topical.small.networkId)).toMatchObject([{ scope: 'topic', topic: 'newsletter' }])
    expect(await store.db.$count(consents, eq(consents.networkId, topical.small.networkId))).toBe(0)
    expect(await closedIn(plain.small.networkId)).toMatchObject([{ scope: 'marketing', channel: 'email' }])
    expect(await store.db.$count(consents, eq(consents.networkId, plain.small.networkId))).toBe(1)
  })

  test('a complaint closes marketing on the channel', async () => {
    const { small, ana } = await setUp({ topic: 'newsletter' })
    const deliveryId = await delivery(store.db, small, ana)
    await hear([event('complaint', { networkId: small.networkId, deliveryId })])
    expect(await closedIn(small.networkId)).toMatchObject([
      { scope: 'marketing', channel: 'email', reason: 'complaint' },
    ])
  })
})

describe('what people do', () => {
  test('a text goes to the last message to that phone; OK acknowledges where it was asked for', async () => {
    const { small, ana } = await setUp({ definition: { asksAcknowledgement: true } })
    await delivery(store.db, small, ana, { channel: 'sms', sentAt: since(-day) })
    const last = await delivery(store.db, small, ana, { channel: 'sms' })
    await hear([event('reply', { attempt: undefined, data: { from: ana.mobile, to: '36111', text: 'OK, bien reçu' } })])
    const found = await eventsOf(small.networkId)
    expect(found.map((row) => [row.type, row.deliveryId, row.contactId]).sort()).toEqual([
      ['acknowledge', last, ana.contactId],
      ['reply', last, ana.contactId],
    ])
  })

  test('the act counts for the exposure, and a click of a burst does not', async () => {
    const { small, ana } = await setUp()
    const ben = await person(store.db, small)
    const [mine, his] = [await delivery(store.db, small, ana), await delivery(store.db, small, ben)]
    const common = {
      networkId: small.networkId,
      channel: 'email',
      profile: 'field',
      sentAt: launch,
      isMeasurable: true,
    } as const
    await expose(store.db, [
      { ...common, deliveryId: mine, contactId: ana.contactId },
      { ...common, deliveryId: his, contactId: ben.contactId },
    ])
    const burst = Array.from({ length: 6 }, (_, n) =>
      event('click', {
        networkId: small.networkId,
        deliveryId: his,
        occurredAt: since(minute + n * 500),
        data: { linkId: `l${n}` },
      }),
    )
    await hear([event('click', { networkId: small.networkId, deliveryId: mine, data: { linkId: 'a' } }), ...burst])
    const outcomes = await store.db.select().from(exposures).where(eq(exposures.networkId, small.networkId))
    expect(new Map(outcomes.map((row) => [row.contactId, row.outcome]))).toEqual(
      new Map([
        [ana.contactId, 'acted'],
        [ben.contactId, 'pending'],
      ]),
    )
    const verdicts = (await eventsOf(small.networkId)).filter((row) => row.deliveryId === his).map((row) => row.verdict)
    expect(new Set(verdicts)).toEqual(new Set(['machine']))
  })

  test('an open is kept as the tracking mode allows: whole, as a day, as a count, or not at all', async () => {
    const { small, ana } = await setUp()
    const of = async (trackingMode: 'individual' | 'hygiene' | 'aggregate' | 'none') => {
      const deliveryId = await delivery(store.db, small, ana, { trackingMode })
      const opened = (n: number) =>
        event('open', {
          networkId: small.networkId,
          deliveryId,
          occurredAt: since(n * hour),
          data: { machine: n === 2 },
        })
      await hear([opened(1), opened(2)])
      const found = await eventsOf(small.networkId)
      await store.db.delete(events).where(eq(events.networkId, small.networkId))
      return found
    }
    expect((await of('individual')).map((row) => row.verdict)).toEqual(['human_likely', 'machine'])
    expect(await of('hygiene')).toMatchObject([
      {
        ...{ contactId: ana.contactId, deliveryId: null, messageId: null, data: { hygiene: true } },
        occurredAt: new Date('2027-01-11T00:00:00Z'),
      },
    ])
    expect(await of('aggregate')).toMatchObject([
      { contactId: null, deliveryId: null, messageId: small.messageId, data: { count: 2 } },
    ])
    expect(await of('none')).toEqual([])
  })

  test('a refusal given after the mail left is heeded', async () => {
    const { small, ana } = await setUp()
    const deliveryId = await delivery(store.db, small, ana)
    await appendTrackingChoices(
      store.db,
      (['opens', 'clicks'] as const).map((subject) => ({
        ...{ networkId: small.networkId, contactId: ana.contactId, subject, choice: 'refused', source: 'test' },
        occurredAt: launch,
      })),
    )
    await hear([
      event('open', { networkId: small.networkId, deliveryId }),
      event('click', { networkId: small.networkId, deliveryId, data: { linkId: 'a' } }),
    ])
    expect(await eventsOf(small.networkId)).toMatchObject([{ type: 'click', contactId: null, data: { count: 1 } }])
  })

  test('clicks that are only counted are counted on the channel they came by', async () => {
    const { small, ana } = await setUp()
    const deliveryId = await delivery(store.db, small, ana, { channel: 'sms', trackingMode: 'aggregate' })
    const clicked = (n: number) =>
      event('click', { networkId: small.networkId, deliveryId, data: { linkId: 'a' }, occurredAt: since(n * 1_000) })
    await hear([clicked(1), clicked(2), clicked(3)])
    expect(await eventsOf(small.networkId)).toMatchObject([
      { type: 'click', channel: 'sms', contactId: null, deliveryId: null, data: { count: 3, linkId: 'a' } },
    ])
  })

  test('a flood of clicks on one link is judged in bounded time, and is a machine’s or nobody’s', async () => {
    const { small, ana } = await setUp()
    const deliveryId = await delivery(store.db, small, ana)
    for (let start = 0; start < 1_500; start += 500)
      await receive(
        store.db,
        'twilio',
        Array.from({ length: 500 }, (_, n) =>
          event('click', {
            ...{ networkId: small.networkId, deliveryId, occurredAt: since((start + n) * 1_000) },
            data: { linkId: `l${n % 7}`, network: 'one' },
          }),
        ),
        since(minute),
      )
    const startedAt = performance.now()
    for (let applied = -1; applied !== 0; ) applied = await applyPending(store.db, later)
    expect(performance.now() - startedAt).toBeLessThan(20_000)
    const verdicts = new Set((await eventsOf(small.networkId)).map((row) => row.verdict))
    expect([...verdicts]).toEqual(['machine'])
  })

  test('clicks on our own links wait two minutes', async () => {
    const { small, ana } = await setUp()
    const deliveryId = await delivery(store.db, small, ana)
    await receive(store.db, 'click', [event('click', { networkId: small.networkId, deliveryId })], since(hour))
    expect(await applyPending(store.db, clock(since(hour + 119_000)))).toBe(0)
    expect(await applyPending(store.db, clock(since(hour + 120_000)))).toBe(1)
  })

  test('an act on a letter to the site counts for all whom it covers', async () => {
    const { small, ana } = await setUp()
    const ben = await person(store.db, small)
    const letter = await delivery(store.db, small, { siteOf: [ana, ben] }, { channel: 'print', status: 'sent' })
    await expose(
      store.db,
      [ana, ben].map(({ contactId }) => ({
        ...{ networkId: small.networkId, deliveryId: letter, contactId, channel: 'print', profile: 'field' },
        ...{ sentAt: launch, isMeasurable: true },
      })),
    )
    await receive(
      store.db,
      'twilio',
      [event('scan', { networkId: small.networkId, deliveryId: letter, occurredAt: since(day) })],
      since(minute),
    )
    await applyPending(store.db, clock(since(day)))
    const outcomes = await store.db.select().from(exposures).where(eq(exposures.deliveryId, letter))
    expect(outcomes.map((row) => row.outcome)).toEqual(['acted', 'acted'])
    expect(await eventsOf(small.networkId)).toMatchObject([{ type: 'scan', contactId: null, siteId: small.siteId }])
    expect(await matureDue(store.db, { id: small.networkId }, since(60 * day))).toBe(0)
  })
})
