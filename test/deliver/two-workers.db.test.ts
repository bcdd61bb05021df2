import { afterEach, beforeEach, expect, test } from 'vitest'
import { launchCampaign } from '../../src/campaign/launch.ts'
import type { Context } from '../../src/context.ts'
import { dialect, openDatabase } from '../../src/db/index.ts'
import { attempts, decisions, deliveries, stepRuns } from '../../src/db/schema.ts'
import { look } from '../../src/worker.ts'
import { crowd } from './crowd.ts'
import { type Live, live, smsStep } from './live.ts'

let l: Live
/** A second worker: on PostgreSQL with connections of its own, as another process has. */
let other: Context
beforeEach(async () => {
  l = await live({ file: crowd(250) })
  const db = dialect === 'postgres' ? await openDatabase(l.store.location) : l.context.db
  other = { ...l.context, db, worker: 'another' }
})
afterEach(async () => {
  if (other.db !== l.context.db) await other.db.close()
  await l.close()
})

test('two workers on one database never send one delivery twice', async () => {
  await l.owe(smsStep)
  l.twilio.plan.next('429', '500-before', '500-after', 'reset')
  const work = async (context: Context) => {
    while ((await look(context, l.network, l.clock.now())).didSomething);
  }
  await Promise.all([work(l.context), work(other)])
  for (let times = 0; times < 3; times++) {
    l.clock.forward(120_000)
    await Promise.all([work(l.context), work(other)])
  }
  const phones = l.twilio.messages.map(({ to }) => to)
  expect(phones).toHaveLength(250)
  expect(new Set(phones).size).toBe(250)
  const rows = await l.context.db.select().from(deliveries)
  expect(new Set(rows.filter(({ channel }) => channel === 'sms').map(({ status }) => status))).toEqual(
    new Set(['accepted']),
  )
  const tries = await l.context.db.select().from(attempts)
  expect(new Set(tries.map(({ deliveryId, number }) => `${deliveryId} ${number}`)).size).toBe(tries.length)
})

test('two workers on one step decide everybody once', async () => {
  const text =
    'name: deux\ntitle: { fr: Deux, en: Two }\nclass: marketing\naudience: { segment: tous }\nanchor: { launch: now }\nlink: https://www.example.com\n' +
    `steps: [{ name: seule, at: launch, ${smsStep} }]`
  await launchCampaign(l.context, l.network, { file: 'deux.yaml', text }, 'test', l.clock.now())
  const work = async (context: Context) => {
    while ((await look(context, l.network, l.clock.now())).didSomething);
  }
  await Promise.all([work(l.context), work(other)])
  expect(await l.context.db.$count(decisions)).toBe(250)
  expect(await l.context.db.select().from(stepRuns)).toEqual([
    expect.objectContaining({ status: 'done', audience: 250, reached: 250 }),
  ])
  expect(new Set(l.twilio.messages.map(({ to }) => to)).size).toBe(250)
  expect(l.twilio.messages).toHaveLength(250)
})
