import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { newId } from '../../src/db/index.ts'
import { campaigns, contacts, deliveries, memberships, notifications, senders, users } from '../../src/db/schema.ts'
import { opensAfter } from '../../src/deliver/breaker.ts'
import { look } from '../../src/worker.ts'
import { crowd } from './crowd.ts'
import { type Live, live, smsStep } from './live.ts'

const hour = 3_600_000
const shortLived = `${smsStep}, expires: PT2H`

let l: Live
let marie: string
beforeEach(async () => {
  l = await live({ file: crowd(12) })
  const at = l.clock.now()
  const user = { id: newId(), email: 'marie@example.com', name: 'Marie', language: 'fr' as const, createdAt: at }
  marie = user.id
  await l.context.db.insertRows(users, [{ ...user, updatedAt: at }])
  const member = { networkId: l.network.id, userId: user.id, role: 'marketer' as const, scope: {}, createdAt: at }
  await l.context.db.insertRows(memberships, [member])
})
afterEach(() => l.close())

const texts = () => l.context.db.select().from(deliveries).where(eq(deliveries.channel, 'sms'))
const countOf = async (status: string) => (await texts()).filter((one) => one.status === status).length
const told = async (what = 'deliveries_expired') =>
  (await l.context.db.select().from(notifications).where(eq(notifications.userId, marie))).filter(
    ({ kind }) => kind === what,
  )
async function after(ms: number): Promise<void> {
  l.clock.forward(ms)
  await look(l.context, l.network, l.clock.now())
  await look(l.context, l.network, l.clock.now())
}

test('what waits for a provider that is down expires in its time, is counted, and those in charge are told', async () => {
  await l.owe(shortLived)
  l.twilio.plan.always('500-before')
  await l.deliver()
  await after(hour)
  const tried = 12 - (await countOf('queued'))
  expect(tried).toBeLessThanOrEqual(opensAfter + 1)
  expect(await countOf('expired')).toBe(0)
  await after(hour)
  expect(await countOf('queued')).toBe(0)
  const expired = (await texts()).filter(({ status }) => status === 'expired')
  expect(expired.length).toBeGreaterThanOrEqual(12 - opensAfter - 2)
  expect(new Set(expired.map(({ reason }) => reason))).toEqual(new Set(['expired']))
  expect(await told()).toMatchObject([{ params: { count: expired.length } }])
  expect((await l.context.metrics.text()).body).toContain(`relais_expired_total{channel="sms"} ${expired.length}`)
})

test('what turns out to be late as it is claimed is counted and told likewise, all of a day together', async () => {
  await l.owe(shortLived)
  l.clock.forward(2 * hour)
  await l.deliver()
  expect(l.twilio.requests).toHaveLength(0)
  expect(await countOf('expired')).toBe(12)
  expect(await told()).toMatchObject([{ params: { count: 12 } }])
  expect((await l.context.metrics.text()).body).toContain('relais_expired_total{channel="sms"} 12')

  await l.context.db.update(notifications).set({ readAt: l.clock.now() })
  await l.context.db.update(deliveries).set({ status: 'queued' }).where(eq(deliveries.channel, 'sms'))
  await l.deliver()
  expect(await told()).toMatchObject([{ params: { count: 12 } }])
})

test('what could not be checked as it was claimed waits for somebody, who is told', async () => {
  await l.owe(smsStep)
  // Hours that no program of ours writes: whatever reads them breaks.
  await l.context.db.update(contacts).set({ preferredHours: 'noon' as never })
  await l.deliver()
  expect(await countOf('needs_review')).toBe(12)
  expect(await told('deliveries_to_review')).toHaveLength(1)
})

test('so does what waits for a sender that its provider refuses, and for a campaign that is paused', async () => {
  await l.owe(shortLived)
  await l.context.db.update(senders).set({ refusedAt: l.clock.now(), refusedFor: 'sender_misconfigured' })
  await after(2 * hour)
  expect(l.twilio.requests).toHaveLength(0)
  expect(await countOf('expired')).toBe(12)
  await l.context.db.update(senders).set({ refusedAt: null, refusedFor: null })

  await l.owe(shortLived, 'class: transactional')
  await l.context.db.update(campaigns).set({ status: 'paused' }).where(eq(campaigns.name, 'essai-2'))
  await after(2 * hour)
  expect(l.twilio.requests).toHaveLength(0)
  expect(await countOf('expired')).toBe(24)
  expect(await told()).toHaveLength(2)
})

test('what has no end waits on, and what is with the provider is its own', async () => {
  await l.owe(smsStep)
  await l.context.db.update(senders).set({ refusedAt: l.clock.now(), refusedFor: 'sender_misconfigured' })
  await after(48 * hour)
  expect(await countOf('queued')).toBe(12)
  expect(await told()).toEqual([])
})
