import { and, eq, isNull } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { newId } from '../../src/db/index.ts'
import { deliveries, events, inboundEvents, memberships, notifications, timers, users } from '../../src/db/schema.ts'
import { examineWebhooks } from '../../src/doctor/webhooks.ts'
import { webhookRoutes } from '../../src/tracking/webhooks.ts'
import { look } from '../../src/worker.ts'
import type { SignedCall } from '../providers/server.ts'
import { cast } from '../world.ts'
import { crowd } from './crowd.ts'
import { type Live, live, mailStep, smsStep } from './live.ts'

const minute = 60_000
const hour = 60 * minute
const toMarcel = 'audience: { rule: { all: [{ profile: field }, { tier: Gold }] } }'

let l: Live
beforeEach(async () => {
  l = await live()
})
afterEach(() => l.close())

/** As the worker does: again until nothing is done any more. */
const lookAround = async () => {
  while ((await look(l.context, l.network, l.clock.now())).didSomething);
}
const wait = async (ms: number) => {
  l.clock.forward(ms)
  await lookAround()
}
const marcel = async () => (await l.of('P1')).at(-1)!
const text = () => l.twilio.messages.find(({ to }) => to === cast.marcel.mobile)!
const told = async (call: SignedCall) => {
  const { db, wall, channels, publicUrl } = l.context
  const { pathname, search } = new URL(call.url)
  const app = webhookRoutes({ db, wall, channels, publicUrl })
  const answer = await app.request(pathname + search, {
    method: 'POST',
    headers: call.headers,
    body: call.body,
  })
  return answer.status
}
const pendingWaits = () =>
  l.context.db
    .select()
    .from(timers)
    .where(and(eq(timers.kind, 'receipt'), isNull(timers.firedAt)))
const eventsOf = (deliveryId: string) => l.context.db.select().from(events).where(eq(events.deliveryId, deliveryId))

describe('a text whose receipt does not come', () => {
  beforeEach(async () => {
    await l.owe(smsStep, toMarcel)
    await l.deliver()
    await lookAround()
    expect(await marcel()).toMatchObject({ status: 'accepted', isReceiptMissing: false })
  })

  test('is asked about after five minutes, and what Twilio says is applied as if it had called', async () => {
    await wait(5 * minute - 1)
    expect(l.twilio.fetched).toEqual([])
    Object.assign(text(), { status: 'delivered', price: '-0.0725' })
    await wait(1)
    expect(l.twilio.fetched).toEqual([text().sid])
    expect(await marcel()).toMatchObject({ status: 'delivered', isReceiptMissing: false, parts: 1 })
    const [event] = await eventsOf((await marcel()).id)
    expect(event).toMatchObject({ type: 'delivered', data: { status: 'delivered', price: 0.0725, priceUnit: 'USD' } })
    await wait(5 * hour)
    expect(l.twilio.fetched).toHaveLength(1)
    expect(await pendingWaits()).toEqual([])
  })

  test('is asked about again after half an hour and after four, and then it is said that none came', async () => {
    for (const [ms, asked] of [
      [5 * minute, 1],
      [24 * minute, 1],
      [1 * minute, 2],
      [3 * hour + 29 * minute, 2],
    ] as const) {
      await wait(ms)
      expect({ ms, asked: l.twilio.fetched.length }).toEqual({ ms, asked })
      expect(await marcel()).toMatchObject({ status: 'accepted', isReceiptMissing: false })
    }
    await wait(minute)
    expect(l.twilio.fetched).toHaveLength(3)
    expect(await marcel()).toMatchObject({ status: 'sent', isReceiptMissing: true, parts: 1 })
    expect(await pendingWaits()).toEqual([])
    // A late word still counts.
    expect(await told(l.twilio.statusCallback(text().sid, 'delivered'))).toBe(204)
    await lookAround()
    expect(await marcel()).toMatchObject({ status: 'delivered', isReceiptMissing: false })
  })

  test('is not asked about once Twilio has called with the last word', async () => {
    await told(l.twilio.statusCallback(text().sid, 'delivered'))
    await wait(5 * hour)
    expect(l.twilio.fetched).toEqual([])
    expect(await marcel()).toMatchObject({ status: 'delivered', isReceiptMissing: false })
  })

  test('is one event, whether Twilio was asked first or called as well', async () => {
    text().status = 'delivered'
    await wait(5 * minute)
    for (let n = 0; n < 3; n++) await told(l.twilio.statusCallback(text().sid, 'delivered'))
    await lookAround()
    const { id } = await marcel()
    expect((await eventsOf(id)).map(({ type }) => type)).toEqual(['delivered'])
    const heard = await l.context.db.select().from(inboundEvents)
    expect(heard.map(({ source }) => source).toSorted()).toEqual(['twilio', 'twilio asked'])
    expect(heard.every(({ appliedAt, error }) => appliedAt !== null && error === null)).toBe(true)
  })

  test('fails as a callback would have it fail', async () => {
    Object.assign(text(), { status: 'undelivered', errorCode: 30005 })
    await wait(5 * minute)
    expect(await marcel()).toMatchObject({ status: 'failed', reason: 'unknown_number' })
  })

  test('is asked about at the next round when Twilio could not be asked', async () => {
    l.twilio.plan.next('500-before')
    await wait(5 * minute)
    expect(await marcel()).toMatchObject({ status: 'accepted' })
    text().status = 'delivered'
    await wait(25 * minute)
    expect(await marcel()).toMatchObject({ status: 'delivered' })
  })

  test('keeps our count of parts until Twilio has counted them', async () => {
    const parts = (await marcel()).parts
    Object.assign(text(), { status: 'accepted' })
    text().form.MessagingServiceSid = `MG${'a'.repeat(32)}`
    await wait(5 * minute)
    expect((await marcel()).parts).toBe(parts)
    expect(await eventsOf((await marcel()).id)).toEqual([])
  })
})

describe('an e-mail whose receipt does not come', () => {
  test('is said to have none after a day, and no later than something comes', async () => {
    await l.owe(mailStep)
    await l.deliver()
    const [taken] = l.sendgrid.mails
    const id = taken!.customArgs.delivery_id!
    const mail = async () => (await l.context.db.select().from(deliveries).where(eq(deliveries.id, id)))[0]
    await wait(24 * hour - 1)
    expect(await mail()).toMatchObject({ status: 'accepted', isReceiptMissing: false })
    await wait(1)
    expect(await mail()).toMatchObject({ status: 'sent', isReceiptMissing: true })
    const { publicUrl } = l.context
    const at = l.clock.now()
    const event = l.sendgrid.eventOf(taken!, 'delivered', at)
    expect(await told(l.sendgrid.events(publicUrl, [event], at))).toBe(204)
    await lookAround()
    expect(await mail()).toMatchObject({ status: 'delivered', isReceiptMissing: false })
  })
})

test('deliveries handed over together wait together', async () => {
  await l.close()
  l = await live({ file: crowd(60) })
  await l.owe(smsStep)
  await l.deliver()
  const sent = await l.context.db.select().from(deliveries).where(eq(deliveries.status, 'accepted'))
  expect(sent).toHaveLength(60)
  const idsOf = (waits: Awaited<ReturnType<typeof pendingWaits>>) =>
    waits.flatMap(({ payload }) => (payload.attempts as [string, number][]).map(([id]) => id)).toSorted()
  const ids = sent.map(({ id }) => id).toSorted()
  expect(idsOf(await pendingWaits())).toEqual(ids)
  await wait(5 * minute)
  expect(l.twilio.fetched).toHaveLength(60)
  const waits = await pendingWaits()
  expect(waits.length).toBeLessThanOrEqual(60 / 20)
  expect(idsOf(waits)).toEqual(ids)
})

describe('a provider that takes messages and calls about none', () => {
  beforeEach(async () => {
    const at = { createdAt: l.clock.now(), updatedAt: l.clock.now() }
    const id = newId()
    await l.context.db.insert(users).values({ id, name: 'Ada', email: 'ada@example.org', ...at })
    await l.context.db
      .insert(memberships)
      .values({ networkId: l.network.id, userId: id, role: 'marketer', scope: {}, createdAt: at.createdAt })
  })
  const toldOf = async () =>
    (await l.context.db.select().from(notifications))
      .filter(({ kind, userId }) => kind === 'provider_silent' && userId !== null)
      .map(({ params }) => params)

  test('is told of after ten minutes, once a day', async () => {
    await l.owe(smsStep, toMarcel)
    await l.deliver()
    // Asked, Twilio does answer: that its calls do not come is another matter.
    text().status = 'sent'
    await wait(10 * minute - 1)
    expect(await toldOf()).toEqual([])
    await wait(1)
    const told = await toldOf()
    expect(told.length).toBeGreaterThan(0)
    expect(new Set(told.map((params) => JSON.stringify(params)))).toEqual(new Set(['{"provider":"Twilio"}']))
    await l.owe(smsStep.replace('challenge/launch', 'challenge/teaser'), toMarcel)
    await l.deliver()
    await wait(10 * minute)
    expect(await toldOf()).toHaveLength(told.length)
  })

  test('is not told of when it has called, about whatever it may be', async () => {
    await l.owe(smsStep, toMarcel)
    await l.deliver()
    await told(l.twilio.statusCallback(text().sid, 'sent'))
    await wait(10 * minute)
    expect(await toldOf()).toEqual([])
  })
})

test('doctor says when a provider takes messages and does not call, and where it should', async () => {
  const findings = async () => examineWebhooks(l.relais)
  await l.owe(smsStep, toMarcel)
  await l.deliver()
  l.clock.forward(10 * minute - 1)
  expect(await findings()).toEqual([])
  l.clock.forward(minute)
  expect(await findings()).toMatchObject([
    {
      about: 'calls of Twilio',
      health: 'bad',
      mend: expect.stringContaining('https://relais.example.com/webhooks/twilio/status'),
    },
  ])
  await told(l.twilio.statusCallback(text().sid, 'sending'))
  expect(await findings()).toEqual([])
})
