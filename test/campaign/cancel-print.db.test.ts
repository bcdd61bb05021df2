import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { cancelJobId } from '../../src/campaign/cancel-job.ts'
import { cancelCampaign, cancelStep, concernedBy } from '../../src/campaign/control.ts'
import { batches, campaigns, deliveries, messages, pieces } from '../../src/db/schema.ts'
import { runOneJob } from '../../src/job/run.ts'
import { look } from '../../src/worker.ts'
import { type Live, live } from '../deliver/live.ts'

const letter = 'intent: relationship, channels: [print], template: challenge/kit'
const toOdile = 'class: transactional\naudience: { rule: { profile: office } }'

let l: Live
beforeEach(async () => {
  l = await live()
})
afterEach(() => l.close())

const drain = async () => {
  while ((await look(l.context, l.network, l.clock.now())).didSomething);
}
const statusOf = async () => (await l.context.db.select().from(campaigns))[0]?.status
const request = async () => {
  const [row] = await l.context.db.select({ id: campaigns.id }).from(campaigns)
  return { campaignId: row!.id, actor: 'operator', reason: 'prix faux' }
}
const states = async () => ({
  batch: (await l.context.db.select().from(batches))[0]?.status,
  piece: (await l.context.db.select().from(pieces))[0]?.status,
  delivery: (await l.of('P2', 'print'))[0]?.status,
})

test('a letter in a batch that the print shop does not have is stopped with its campaign', async () => {
  await l.owe(letter, toOdile)
  await drain()
  expect(await statusOf()).toBe('running')
  expect(await states()).toEqual({ batch: 'composed', piece: 'composed', delivery: 'accepted' })
  const asked = await request()
  expect(await concernedBy(l.context.db, l.network.id, asked.campaignId)).toMatchObject({ letters: 1, lettersGone: 0 })
  await cancelCampaign(l.context, l.network, asked, l.clock.now())
  await drain()
  await runOneJob(l.context, { networkId: l.network.id, id: cancelJobId(asked.campaignId) }, () => false)
  expect(await states()).toEqual({ batch: 'canceled', piece: 'excluded', delivery: 'canceled' })
})

test('what the print shop has cannot be stopped, and that is said', async () => {
  await l.owe(letter, toOdile)
  await drain()
  await l.context.db.update(batches).set({ status: 'released' })
  const asked = await request()
  const { concerned } = await cancelCampaign(l.context, l.network, asked, l.clock.now())
  expect(concerned).toMatchObject({ letters: 0, lettersGone: 1 })
  await drain()
  expect(await states()).toEqual({ batch: 'released', piece: 'composed', delivery: 'accepted' })
})

test('a campaign of letters is over once the shop has them, or when they should be at the post', async () => {
  await l.owe(letter, toOdile)
  await drain()
  expect(await statusOf()).toBe('running')
  l.clock.forward(5 * 24 * 3_600_000)
  await drain()
  expect(await statusOf()).toBe('running')
  l.clock.forward(10 * 24 * 3_600_000)
  await drain()
  expect(await statusOf()).toBe('finished')
  await l.context.db.update(campaigns).set({ status: 'running', finishedAt: null })
  l.clock.set(new Date(l.clock.now().getTime() - 14 * 24 * 3_600_000))
  await drain()
  expect(await statusOf()).toBe('running')
  await l.context.db.update(batches).set({ status: 'released' })
  await drain()
  expect(await statusOf()).toBe('finished')
})

test('a step canceled alone sends nothing more, and leaves the others', async () => {
  await l.owe('intent: follow-up, channels: [sms], template: challenge/launch', 'class: transactional')
  const asked = { ...(await request()), step: 'seule' }
  expect(await cancelStep(l.context, l.network, asked, l.clock.now())).toEqual({ isNew: true })
  expect(await cancelStep(l.context, l.network, asked, l.clock.now())).toEqual({ isNew: false })
  await l.deliver()
  await drain()
  expect(l.twilio.messages).toEqual([])
  const rows = await l.context.db
    .select({ status: deliveries.status })
    .from(deliveries)
    .innerJoin(messages, eq(messages.id, deliveries.messageId))
  expect(new Set(rows.map((row) => row.status))).toEqual(new Set(['canceled']))
  await expect(cancelStep(l.context, l.network, { ...asked, step: 'autre' }, l.clock.now())).rejects.toMatchObject({
    name: 'ControlRefused',
  })
})
