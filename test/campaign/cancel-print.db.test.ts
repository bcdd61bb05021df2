import { readdir, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { cancelJobId } from '../../src/campaign/cancel-job.ts'
import { cancelCampaign, cancelStep, concernedBy } from '../../src/campaign/control.ts'
import { batches, campaigns, deliveries, messages, pieces } from '../../src/db/schema.ts'
import { runOneJob } from '../../src/job/run.ts'
import { batchFolder } from '../../src/print-shop/withdraw.ts'
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

/** The packages the print shop sees, each with what it says of itself. */
async function packages(): Promise<Record<string, string[]>> {
  const folder = batchFolder(l.context, l.network)
  const names = (await readdir(folder)).sort()
  const said = async (name: string) =>
    (await readdir(join(folder, name))).filter((file) => file === 'READY' || file === 'CANCELED')
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await said(name)])))
}

test('its package is taken from the print shop, as it was sealed, and killed in between it is taken all the same', async () => {
  await l.owe(letter, toOdile)
  await drain()
  expect(await packages()).toEqual({ 'R-2027-0001_v1': ['READY'] })
  const sums = (name: string) => readFile(join(batchFolder(l.context, l.network), name, 'SHA256SUMS'), 'utf8')
  const sealed = await sums('R-2027-0001_v1')
  await cancelCampaign(l.context, l.network, await request(), l.clock.now())
  await drain()
  const withdrawn = { 'R-2027-0001_v1.canceled': ['CANCELED'] }
  expect(await packages()).toEqual(withdrawn)
  expect(await sums('R-2027-0001_v1.canceled')).toBe(sealed)
  const path = () => l.context.db.select({ path: batches.path }).from(batches)
  const [kept] = await path()
  expect(kept?.path).toMatch(/R-2027-0001_v1\.canceled$/)
  // Killed before it was written down, and, of one called off while it was being set, before it was known at all.
  for (const known of ['batches/x/R-2027-0001_v1', null]) {
    await l.context.db.update(batches).set({ path: known })
    await drain()
    expect(await path()).toEqual([kept])
  }
  const folder = batchFolder(l.context, l.network)
  await rename(join(folder, 'R-2027-0001_v1.canceled'), join(folder, 'R-2027-0001_v1'))
  await l.context.db.update(batches).set({ path: null })
  await drain()
  expect(await packages()).toEqual(withdrawn)
})

test('nothing is taken from the print shop of what it may print', async () => {
  await l.owe(letter, toOdile)
  await drain()
  await l.context.db.update(batches).set({ status: 'released' })
  await cancelCampaign(l.context, l.network, await request(), l.clock.now())
  await drain()
  expect(await packages()).toEqual({ 'R-2027-0001_v1': ['READY'] })
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
