import { and, eq } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { cancelJobId } from '../../src/campaign/cancel-job.ts'
import { cancelCampaign } from '../../src/campaign/control.ts'
import { campaigns, deliveries, memberships, notifications, spends, users } from '../../src/db/schema.ts'
import { runOneJob } from '../../src/job/run.ts'
import { crowd } from '../deliver/crowd.ts'
import { type Live, live, smsStep } from '../deliver/live.ts'

/** What the shipped policy says one part of a text costs. */
const textMillis = 6_500

let l: Live
beforeEach(async () => {
  l = await live({ file: crowd(40) })
})
afterEach(() => l.close())

const spent = async () => {
  const [row] = await l.context.db.select().from(spends).where(eq(spends.channel, 'sms'))
  return { millis: row?.costMillis ?? 0, deliveries: row?.deliveries ?? 0 }
}
const texts = () => l.context.db.select().from(deliveries).where(eq(deliveries.channel, 'sms'))
const limit = (millis: number) => {
  l.network.settings = { ...l.network.settings, dailyBudget: { millis } }
}

test('two steps decided at the same moment never spend the day’s budget twice', async () => {
  limit(10 * textMillis)
  await Promise.all([l.owe(smsStep, 'class: transactional'), l.owe(smsStep, 'class: transactional')])
  const owed = await texts()
  const millis = owed.reduce((total, { costMillis }) => total + costMillis, 0)
  expect(millis).toBeGreaterThanOrEqual(10 * textMillis)
  // Spent to within one message: the one that reached the limit.
  expect(millis).toBeLessThan(10 * textMillis + Math.max(...owed.map(({ costMillis }) => costMillis)))
  expect((await spent()).millis).toBe(millis)
})

test('those in charge are told once that most of it is spent, and once that all of it is', async () => {
  const at = { createdAt: l.clock.now(), updatedAt: l.clock.now() }
  await l.context.db.insert(users).values({ id: 'u1', name: 'Odile', email: 'odile@example.org', ...at })
  await l.context.db
    .insert(memberships)
    .values({ networkId: l.network.id, userId: 'u1', role: 'owner', scope: {}, createdAt: at.createdAt })
  await l.owe(smsStep, 'class: transactional')
  const all = (await spent()).millis
  expect(await l.context.db.select().from(notifications)).toEqual([])
  limit(Math.round((2 * all) / 0.85))
  await l.owe(smsStep, 'class: transactional')
  const told = async () =>
    (await l.context.db.select().from(notifications).where(eq(notifications.userId, 'u1')))
      .map(({ kind }) => kind)
      .sort()
  expect(await told()).toEqual(['budget_nearly_spent'])
  await l.owe(smsStep, 'class: transactional')
  await l.owe(smsStep, 'class: transactional')
  expect(await told()).toEqual(['budget_nearly_spent', 'budget_spent'])
})

test('what a canceled campaign never sent is given back to the day it was decided on', async () => {
  await l.owe(smsStep, 'class: transactional')
  const before = await spent()
  await l.owe(smsStep, 'class: transactional')
  expect((await spent()).deliveries).toBe(80)
  const [second] = await l.context.db
    .select()
    .from(campaigns)
    .where(and(eq(campaigns.networkId, l.network.id), eq(campaigns.name, 'essai-2')))
  const request = { campaignId: second!.id, actor: 'somebody' }
  l.clock.forward(26 * 3_600_000)
  await cancelCampaign(l.context, l.network, request, l.clock.now())
  await runOneJob(l.context, { networkId: l.network.id, id: cancelJobId(second!.id) }, () => false)
  expect(await spent()).toEqual(before)
})
