import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { newId } from '../../src/db/index.ts'
import { memberships, notifications, senders, users } from '../../src/db/schema.ts'
import { openBreakers } from '../../src/deliver/breaker.ts'
import { resumeSender } from '../../src/deliver/refused-sender.ts'
import { receive } from '../../src/tracking/inbox.ts'
import { look } from '../../src/worker.ts'
import { cast } from '../world.ts'
import { type Live, live, smsStep } from './live.ts'

const toHelene = 'class: transactional\naudience: { rule: { profile: owner } }'

let l: Live
let marie: string
beforeEach(async () => {
  l = await live()
  const at = l.clock.now()
  const user = { id: newId(), email: 'marie@example.com', name: 'Marie', language: 'fr' as const, createdAt: at }
  marie = user.id
  await l.context.db.insert(users).values({ ...user, updatedAt: at })
  await l.context.db
    .insert(memberships)
    .values({ networkId: l.network.id, userId: user.id, role: 'marketer', scope: {}, createdAt: at })
})
afterEach(() => l.close())

const lookAround = () => look(l.context, l.network, l.clock.now())
const helene = async () => (await l.of('P4')).at(-1)!
const told = () => l.context.db.select().from(notifications).where(eq(notifications.userId, marie))
const sender = async () =>
  (await l.context.db.select().from(senders).where(eq(senders.channel, 'sms'))).find(({ isDefault }) => isDefault)!

/** Twilio's callback, as the adapter translates it, told so many times. */
async function called(code: string, times = 1): Promise<void> {
  const { id, attempt, providerRef } = await helene()
  for (let n = 0; n < times; n++) {
    const said = { dedupeKey: `status:${providerRef}:${code}:${n}`, type: 'failed' as const, networkId: l.network.id }
    const event = { ...said, deliveryId: id, attempt, provider: 'twilio', data: { code, permanent: true } }
    await receive(l.context.db, 'twilio', [{ ...event, providerRef: providerRef ?? undefined }], l.clock.now())
  }
  await lookAround()
}

describe('a sender that its provider refuses', () => {
  test('waits with what is not urgent until somebody has put it right, and those in charge are told once', async () => {
    await l.owe(smsStep, toHelene)
    l.twilio.refuse(cast.helene.mobile, 400, 21606, 'not a valid sender')
    await l.deliver()
    expect(await sender()).toMatchObject({ refusedFor: 'sender_misconfigured', refusedAt: l.clock.now() })
    expect(await told()).toMatchObject([{ kind: 'sender_refused', params: { provider: 'twilio' } }])
    const asked = l.twilio.requests.length
    l.clock.forward(3_600_000)
    await l.deliver()
    expect(l.twilio.requests).toHaveLength(asked)
    expect(await helene()).toMatchObject({ status: 'queued', attempt: 1 })
    expect(await resumeSender(l.context.db, l.network.id, (await sender()).id)).toBe(true)
    expect(await resumeSender(l.context.db, l.network.id, (await sender()).id)).toBe(false)
    await l.deliver()
    expect(l.twilio.requests.length).toBeGreaterThan(asked)
  })

  test('holds up nothing urgent: that is tried on, so that its next channel has its turn', async () => {
    await l.owe(`${smsStep}, urgency: immediate`, toHelene)
    l.twilio.refuse(cast.helene.mobile, 400, 21606, 'not a valid sender')
    await l.deliver()
    const asked = l.twilio.requests.length
    l.clock.forward(3_600_000)
    await l.deliver()
    expect(l.twilio.requests.length).toBeGreaterThan(asked)
  })

  test('is known by a callback too', async () => {
    await l.owe(smsStep, toHelene)
    await l.deliver()
    await called('sender_misconfigured', 2)
    expect(await sender()).toMatchObject({ refusedFor: 'sender_misconfigured' })
    expect(await told()).toHaveLength(1)
  })
})

test('an account that a callback calls suspended takes nothing from then on', async () => {
  await l.owe(smsStep, toHelene)
  await l.deliver()
  await called('credentials')
  expect(await openBreakers(l.context.db)).toMatchObject([
    { account: 'installation', channel: 'sms', provider: 'twilio', reason: 'credentials', openedAt: l.clock.now() },
  ])
  expect(await told()).toMatchObject([{ kind: 'provider_down' }])
})

test('a country that is closed is told of once a day', async () => {
  await l.owe(smsStep, toHelene)
  await l.deliver()
  await called('region_closed', 3)
  expect(await told()).toMatchObject([{ kind: 'country_refused', params: { provider: 'twilio', country: 'FR' } }])
})

test('a code that no table knows is counted by its provider, and not told apart beyond a hundred', async () => {
  await l.owe(smsStep, toHelene)
  l.twilio.refuse(cast.helene.mobile, 400, 29999, 'something new')
  await l.deliver()
  const text = async () => (await l.context.metrics.text()).body
  expect(await text()).toContain('relais_unrecognised_codes_total{provider="twilio",code="twilio_29999"} 1')
  for (let n = 0; n < 200; n++) l.context.metrics.unrecognised('twilio', `twilio_${n}`)
  l.context.metrics.unrecognised('twilio', 'words a provider said')
  const codes = (await text()).split('\n').filter((line) => line.startsWith('relais_unrecognised_codes_total{'))
  expect(codes.length).toBeLessThanOrEqual(101)
  expect(codes.join()).not.toContain('words a provider said')
})
