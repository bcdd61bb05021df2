import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { addresses } from '../../src/db/schema.ts'
import { receive } from '../../src/tracking/inbox.ts'
import { look } from '../../src/worker.ts'
import { cast } from '../world.ts'
import { type Live, live } from './live.ts'

const minute = 60_000
const toHelene = 'class: transactional\naudience: { rule: { profile: owner } }'
const step = (more = '') => `intent: follow-up, channels: [sms, email], template: challenge/launch${more}`

let l: Live
beforeEach(async () => {
  l = await live()
})
afterEach(() => l.close())

const helene = async (channel: 'sms' | 'email' = 'sms') => (await l.of('P4', channel)).at(-1)!
const lookAround = () => look(l.context, l.network, l.clock.now())
const texts = () => l.twilio.messages.filter((message) => message.to === cast.helene.mobile)

/** Twilio's callback, as the adapter translates it. */
async function told(code: string, permanent = false): Promise<void> {
  const { id, attempt, providerRef } = await helene()
  const event = {
    dedupeKey: `status:${providerRef}:undelivered`,
    type: 'failed' as const,
    networkId: l.network.id,
    deliveryId: id,
    attempt,
    provider: 'twilio',
    providerRef: providerRef ?? undefined,
    data: { code, permanent },
  }
  await receive(l.context.db, 'twilio', [event], l.clock.now())
  await lookAround()
  await lookAround()
}

async function later(minutes: number): Promise<void> {
  l.clock.forward(minutes * minute)
  await lookAround()
  await lookAround()
}

const mobile = async () => {
  const [row] = await l.context.db.select().from(addresses).where(eq(addresses.normalised, cast.helene.mobile))
  return row!
}

describe('a failure that the carrier tells after the hand-over', () => {
  test('an unexplained error is tried once more as a new attempt, then the next channel has its turn, once', async () => {
    await l.owe(step(), toHelene)
    await lookAround()
    await told('carrier_error')
    expect(await helene()).toMatchObject({ status: 'queued', reason: 'carrier_error', attempt: 1 })
    expect(texts()).toHaveLength(1)
    await later(10)
    expect(await helene()).toMatchObject({ status: 'accepted', attempt: 2 })
    expect(texts()).toHaveLength(2)
    await told('carrier_error')
    expect(await helene()).toMatchObject({ status: 'failed', reason: 'carrier_error' })
    expect(await l.of('P4', 'email')).toMatchObject([{ status: 'accepted', fallbackOf: (await helene()).id }])
    await told('carrier_error')
    await later(60)
    expect(await l.of('P4', 'email')).toHaveLength(1)
    expect(texts()).toHaveLength(2)
  })

  test('an arrival told after all ends the wait for the new attempt', async () => {
    await l.owe(step(), toHelene)
    await lookAround()
    await told('carrier_error')
    const { id, providerRef } = await helene()
    const arrival = { type: 'delivered' as const, provider: 'twilio', providerRef: providerRef!, data: {} }
    const whose = { networkId: l.network.id, deliveryId: id, attempt: 1 }
    await receive(l.context.db, 'twilio', [{ dedupeKey: 'late', ...whose, ...arrival }], l.clock.now())
    await later(10)
    expect(await helene()).toMatchObject({ status: 'delivered', attempt: 1 })
    expect(texts()).toHaveLength(1)
  })

  test('a phone that is off: twice more for what is urgent, the next channel at once for the rest', async () => {
    await l.owe(step(), toHelene)
    await lookAround()
    await told('handset_unreachable')
    expect(await helene()).toMatchObject({ status: 'failed', reason: 'handset_unreachable' })
    expect(await helene('email')).toMatchObject({ status: 'accepted' })

    await l.owe(step(', urgency: high'), toHelene)
    await lookAround()
    for (const attempt of [1, 2]) {
      await told('handset_unreachable')
      expect(await helene()).toMatchObject({ status: 'queued', attempt })
      await later(5)
      expect(await helene()).toMatchObject({ status: 'accepted', attempt: attempt + 1 })
    }
    await told('handset_unreachable')
    expect(await helene()).toMatchObject({ status: 'failed', attempt: 3 })
  })

  test('no new attempt where the message would be stale by then', async () => {
    await l.owe(step(', urgency: high, expires: PT4M'), toHelene)
    await lookAround()
    await told('handset_unreachable')
    expect(await helene()).toMatchObject({ status: 'failed', reason: 'handset_unreachable' })
  })

  test('three times off in a row over a month, and the number is put aside until somebody has looked', async () => {
    for (const times of [1, 2, 3]) {
      expect((await mobile()).status).toBe('valid')
      await l.owe(step(), toHelene)
      await lookAround()
      expect(texts()).toHaveLength(times)
      await told('handset_unreachable')
      l.clock.forward(5 * 24 * 60 * minute)
    }
    expect(await mobile()).toMatchObject({ status: 'quarantined', statusReason: 'handset_unreachable' })
    await l.owe(step(), toHelene)
    await lookAround()
    expect(texts()).toHaveLength(3)
  })

  test('an arrival in between, and the count begins anew', async () => {
    for (const fails of [true, true, false, true]) {
      await l.owe(step(), toHelene)
      await lookAround()
      if (fails) await told('handset_unreachable')
      l.clock.forward(60 * minute)
    }
    expect((await mobile()).status).toBe('valid')
  })

  test.each([
    ['number_blocked', 'quarantined'],
    ['unknown_number', 'dead'],
    ['not_a_mobile', 'dead'],
    ['filtered', 'valid'],
    ['fraud_guard', 'valid'],
  ])('%s is not tried again, and leaves the number %s', async (code, status) => {
    await l.owe(step(), toHelene)
    await lookAround()
    await told(code, true)
    expect(await helene()).toMatchObject({ status: 'failed', reason: code, attempt: 1 })
    expect(await mobile()).toMatchObject({ status })
    expect(await helene('email')).toMatchObject({ status: 'accepted' })
  })
})
