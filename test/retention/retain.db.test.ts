import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { newId } from '../../src/db/index.ts'
import {
  batches,
  campaigns,
  deliveries,
  engagementCheckpoints,
  engagements,
  events,
  exposures,
  groupEngagements,
  idempotencyKeys,
  imports,
  inboundEvents,
  jobs,
  messages,
  networks,
} from '../../src/db/schema.ts'
import { rebuildEngagement } from '../../src/engagement/rebuild.ts'
import { enqueue } from '../../src/job/enqueue.ts'
import { releaseJobs, runJobs, runOneJob } from '../../src/job/run.ts'
import { askRetention, retentionJobId } from '../../src/retention/ask.ts'
import { defaultTerms, endOf, keptKinds } from '../../src/retention/terms.ts'
import { type World, world } from '../world.ts'

const day = 86_400_000
let w: World
beforeEach(async () => {
  w = await world()
})
afterEach(() => w.close())

const ago = (days: number) => new Date(w.clock.now().getTime() - days * day)
const here = () => ({ networkId: w.network.id })

async function retain() {
  await w.context.db.transaction((tx) =>
    enqueue(tx, { ...here(), id: retentionJobId, kind: 'network.retain', payload: {}, at: w.clock.now() }),
  )
  await runJobs(w.context)
  const [job] = await w.context.db.select().from(jobs).where(eq(jobs.id, retentionJobId))
  expect(job).toMatchObject({ status: 'done', error: null })
  return (job!.payload.result as { removed: Record<string, number> }).removed
}

const event = (type: 'open' | 'delivered', days: number) => ({
  ...{ ...here(), id: newId(), type, dedupeKey: newId(), data: {} },
  ...{ occurredAt: ago(days), recordedAt: ago(days) },
})
const inbound = (days: number, isApplied = true, networkId: string | null = w.network.id) => ({
  ...{ id: newId(), source: 'twilio', dedupeKey: newId(), networkId, body: { from: '+33639980001' } },
  ...{ receivedAt: ago(days), appliedAt: isApplied ? ago(days) : null },
})

test('every term says how long, after which source, and when that was looked up', () => {
  for (const kind of keptKinds) {
    expect(defaultTerms[kind].source).not.toBe('')
    expect(defaultTerms[kind].checkedOn).toMatch(/^\d{4}-\d\d-\d\d$/)
    expect(endOf(kind, {}, w.clock.now()).getTime()).toBeLessThan(w.clock.now().getTime())
  }
})

test('what is older than its term goes, what is younger stays, in pages of at most 500', async () => {
  const { db } = w.context
  const old = Array.from({ length: 1_100 }, () => inbound(31))
  for (let from = 0; from < old.length; from += 500) await db.insertRows(inboundEvents, old.slice(from, from + 500))
  await db.insertRows(inboundEvents, [inbound(29), inbound(90, false), inbound(40, true, null)])
  await db.insertRows(events, [
    event('open', 400),
    event('open', 300),
    event('delivered', 400),
    event('delivered', 800),
  ])
  await db.insert(idempotencyKeys).values({ ...here(), caller: 'k', key: 'old', requestHash: '', createdAt: ago(3) })
  const removed = await retain()
  expect(removed).toEqual({ inbound: 1_101, tracking: 1, events: 1, exposures: 0, files: 0, batches: 0, answers: 1 })
  expect(await db.$count(inboundEvents)).toBe(2)
  expect(await db.$count(events)).toBe(2)
})

test('a network’s own term holds in place of the shipped one', async () => {
  const { db } = w.context
  await db.insertRows(inboundEvents, [inbound(10)])
  const retention = { inbound: { value: 7, source: 'our DPO', checkedOn: '2026-11-20', setBy: 'u1' } }
  await db
    .update(networks)
    .set({ settings: { defaults: { retention } } })
    .where(eq(networks.id, w.network.id))
  expect((await retain()).inbound).toBe(1)
  expect(() => endOf('inbound', { defaults: { retention: { inbound: { value: 0 } } } }, w.clock.now())).toThrow(
    /defaults\.retention\.inbound/,
  )
})

test('the file of an import goes, and its counts stay', async () => {
  const { db, dataFolder } = w.context
  mkdirSync(join(dataFolder, 'uploads'), { recursive: true })
  const outside = join(dataFolder, '..', `kept-${w.network.id}.csv`)
  for (const path of [join(dataFolder, 'uploads', 'a'), outside]) writeFileSync(path, 'x')
  const row = { ...here(), fileName: 'a.csv', fileHash: '', mapping: {}, startedAt: ago(31) }
  await db.insertRows(imports, [
    { ...row, id: newId(), status: 'done' as const, uploadPath: 'uploads/a' },
    { ...row, id: newId(), status: 'preview' as const, uploadPath: `../kept-${w.network.id}.csv` },
  ])
  expect((await retain()).files).toBe(2)
  expect(existsSync(join(dataFolder, 'uploads', 'a'))).toBe(false)
  expect(existsSync(outside)).toBe(true)
})

test('a sealed print batch nobody works on goes with its folder, and its row and hash stay', async () => {
  const { db, dataFolder } = w.context
  const campaignId = newId()
  const messageId = newId()
  await db.insert(campaigns).values({
    ...{ ...here(), id: campaignId, name: 'lettre', title: {}, class: 'marketing', status: 'finished' },
    createdAt: ago(500),
  })
  await db.insert(messages).values({
    ...{ ...here(), id: messageId, campaignId, campaignVersion: 1, step: 'a', position: 0, occurrence: '' },
    ...{ class: 'marketing', urgency: 'normal', intent: 'follow-up', template: 't', definition: {} },
    ...{ dueAt: ago(500), createdAt: ago(500) },
  })
  const batch = (number: string, status: 'posted' | 'released', days: number) => {
    mkdirSync(join(dataFolder, 'batches', number), { recursive: true })
    writeFileSync(join(dataFolder, 'batches', number, 'letters.pdf'), 'Marcel Poteau')
    return {
      ...{ ...here(), id: newId(), number, messageId, status, pieces: 1, pages: 1, sha256: 'abc', job: {} },
      ...{ path: `batches/${number}`, createdAt: ago(days), updatedAt: ago(days) },
    }
  }
  await db.insertRows(batches, [batch('A', 'posted', 400), batch('B', 'released', 400), batch('C', 'posted', 300)])
  expect((await retain()).batches).toBe(1)
  expect(['A', 'B', 'C'].map((number) => existsSync(join(dataFolder, 'batches', number)))).toEqual([false, true, true])
  const [gone] = await db.select().from(batches).where(eq(batches.number, 'A'))
  expect(gone).toMatchObject({ path: null, sha256: 'abc', status: 'posted', pieces: 1 })
})

/** Chances to act over three years, of three people on two channels, with every outcome there is. */
async function history(): Promise<void> {
  const { db } = w.context
  const campaignId = newId()
  const messageId = newId()
  await db.insert(campaigns).values({
    ...{ ...here(), id: campaignId, name: 'ancienne', title: {}, class: 'marketing', status: 'finished' },
    createdAt: ago(1_000),
  })
  await db.insert(messages).values({
    ...{ ...here(), id: messageId, campaignId, campaignVersion: 1, step: 'a', position: 0, occurrence: '' },
    ...{ class: 'marketing', urgency: 'normal', intent: 'follow-up', template: 't', definition: {} },
    ...{ dueAt: ago(1_000), createdAt: ago(1_000) },
  })
  const people = [await w.contactId('P1'), await w.contactId('P2'), await w.contactId('P3')]
  for (let n = 0; n < 240; n++) {
    const contactId = people[n % 3]!
    const channel = n % 2 === 0 ? ('sms' as const) : ('email' as const)
    const sentAt = ago(1_000 - 4 * n)
    const outcome = (['acted', 'missed', 'missed', 'void', 'missed'] as const)[n % 5]!
    const deliveryId = newId()
    await db.insert(deliveries).values({
      ...{ ...here(), id: deliveryId, messageId, recipientKey: `contact:${contactId}`, channel, occurrence: String(n) },
      ...{ status: 'delivered', class: 'marketing', priority: 2, currency: 'EUR', dueAt: sentAt, sentAt },
      ...{ createdAt: sentAt, updatedAt: sentAt },
    })
    await db.insert(exposures).values({
      ...{ ...here(), id: newId(), deliveryId, contactId, channel, profile: n % 3 === 1 ? 'office' : 'field', sentAt },
      ...{ matureAt: new Date(sentAt.getTime() + 3 * day), isMeasurable: outcome !== 'void', outcome },
      outcomeAt: outcome === 'acted' ? new Date(sentAt.getTime() + day) : null,
      classifierVersion: '1',
    })
  }
}

const rounded = (value: number) => Math.round(value * 1e9) / 1e9
async function figures() {
  await rebuildEngagement(w.context.db, w.network)
  const own = await w.context.db.select().from(engagements)
  const groups = await w.context.db.select().from(groupEngagements)
  return {
    own: own
      .map((row) => ({ ...row, s: rounded(row.s), n: rounded(row.n) }))
      .sort((a, b) => `${a.contactId}${a.channel}`.localeCompare(`${b.contactId}${b.channel}`)),
    groups: groups
      .filter((row) => row.profile !== 'counter')
      .map((row) => `${row.profile} ${row.channel}`)
      .sort(),
  }
}

test('engagement rebuilds to the same numbers after retention, however often it was cut off', async () => {
  await history()
  const before = await figures()
  expect(before.own.length).toBe(6)
  await w.context.db.transaction((tx) =>
    enqueue(tx, { ...here(), id: retentionJobId, kind: 'network.retain', payload: {}, at: w.clock.now() }),
  )
  for (let kills = 0; kills < 12; kills++) {
    let parts = 0
    await runOneJob(w.context, { ...here(), id: retentionJobId }, () => parts++ > 0)
    await releaseJobs(w.context)
  }
  await runJobs(w.context)
  const left = await w.context.db.$count(exposures)
  expect(left).toBeGreaterThan(0)
  expect(left).toBeLessThan(240)
  expect(await w.context.db.$count(engagementCheckpoints)).toBe(6)
  expect((await figures()).own).toEqual(before.own)
})

test('it is asked for once a day, in networks older than a day', async () => {
  const asked = () => w.context.db.$count(jobs, eq(jobs.kind, 'network.retain'))
  await askRetention(w.context)
  expect(await asked()).toBe(0)
  w.clock.forward(2 * day)
  await askRetention(w.context)
  expect(await asked()).toBe(1)
  await runJobs(w.context)
  const doneAt = async () => (await w.context.db.select().from(jobs).where(eq(jobs.id, retentionJobId)))[0]!
  const first = await doneAt()
  w.clock.forward(2 * 3_600_000)
  await askRetention(w.context)
  expect((await doneAt()).status).toBe('done')
  w.clock.forward(day)
  await askRetention(w.context)
  expect((await doneAt()).status).toBe('queued')
  expect(first.status).toBe('done')
})
