import { and, eq, inArray, isNull } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { cancelJobId } from '../../src/campaign/cancel-job.ts'
import {
  type ControlRequest,
  cancelCampaign,
  concernedBy,
  pauseCampaign,
  resumeCampaign,
} from '../../src/campaign/control.ts'
import { launchCampaign } from '../../src/campaign/launch.ts'
import type { Context, Network } from '../../src/context.ts'
import { dialect, openDatabase } from '../../src/db/index.ts'
import {
  auditEntries,
  campaigns,
  deliveries,
  jobs,
  memberships,
  notifications,
  pieces,
  pressures,
  stepRuns,
  timers,
  users,
} from '../../src/db/schema.ts'
import { claim } from '../../src/deliver/claim.ts'
import { deliverBatch } from '../../src/deliver/deliver-batch.ts'
import { openGate } from '../../src/deliver/gate.ts'
import { runOneJob } from '../../src/job/run.ts'
import { suppress } from '../../src/network/suppression.ts'
import { fanOut, startStep } from '../../src/outbox/fan-out.ts'
import { look } from '../../src/worker.ts'
import { crowd } from '../deliver/crowd.ts'
import { type Live, live, smsStep } from '../deliver/live.ts'

let l: Live
/** A second worker: on PostgreSQL with connections of its own, as another process has. */
let other: Context
beforeEach(async () => {
  l = await live({ file: crowd(130) })
  const db = dialect === 'postgres' ? await openDatabase(l.store.location) : l.context.db
  other = { ...l.context, db, worker: 'another' }
})
afterEach(async () => {
  if (other.db !== l.context.db) await other.db.close()
  await l.close()
})

const theOne = async (at: Live = l): Promise<ControlRequest> => {
  const [row] = await at.context.db.select({ id: campaigns.id }).from(campaigns)
  return { campaignId: row!.id, actor: 'operator', reason: 'une erreur dans le texte' }
}
const texts = () => l.context.db.select().from(deliveries).where(eq(deliveries.channel, 'sms'))
const statuses = async () => {
  const counts: Record<string, number> = {}
  for (const { status } of await texts()) counts[status] = (counts[status] ?? 0) + 1
  return counts
}
const drain = async (context: Context, at: Live = l) => {
  while ((await look(context, at.network, at.clock.now())).didSomething);
}

test('a pause holds what waits and names how much it concerns', async () => {
  await l.owe(smsStep)
  const request = await theOne()
  const paused = await pauseCampaign(l.context, l.network, request)
  expect(paused).toMatchObject({ status: 'paused', isNew: true })
  expect(paused.concerned).toMatchObject({ leaving: 0, gone: 0 })
  expect(paused.concerned.waiting).toBe(await l.context.db.$count(deliveries))
  await drain(l.context)
  expect(l.twilio.messages).toHaveLength(0)
  expect(await statuses()).toEqual({ held: 130 })
  const [row] = await l.context.db.select().from(campaigns)
  expect(row).toMatchObject({ status: 'paused', statusReason: 'une erreur dans le texte' })
})

test('a second pause is the first one; a finished campaign cannot be paused', async () => {
  await l.owe(smsStep)
  const request = await theOne()
  await pauseCampaign(l.context, l.network, request)
  expect(await pauseCampaign(l.context, l.network, request)).toMatchObject({ isNew: false, status: 'paused' })
  await l.context.db.update(campaigns).set({ status: 'finished' })
  await expect(pauseCampaign(l.context, l.network, request)).rejects.toMatchObject({
    name: 'ControlRefused',
    status: 'finished',
  })
  const entries = await l.context.db.select().from(auditEntries).where(eq(auditEntries.action, 'campaign.pause'))
  expect(entries).toHaveLength(1)
})

test('what was claimed before a pause and not yet handed over is put back', async () => {
  await l.owe(smsStep)
  const request = await theOne()
  const { claimed } = await claim(l.context, l.network, l.clock.now(), 20, { channels: ['sms'] })
  expect(claimed).toHaveLength(20)
  await pauseCampaign(l.context, l.network, request)
  await deliverBatch(l.context, l.network, claimed, l.clock.now(), openGate(l.context, l.network))
  expect(l.twilio.messages).toHaveLength(0)
  expect(await statuses()).toEqual({ queued: 130 })
  await drain(l.context)
  expect(await statuses()).toEqual({ held: 130 })
})

test('what was claimed before a STOP and not yet handed over does not leave either, and nobody else waits for it', async () => {
  await l.owe(smsStep)
  const { claimed } = await claim(l.context, l.network, l.clock.now(), 20, { channels: ['sms'] })
  const { mobile } = claimed[7]!.people[0]!.routable
  const closure = { networkId: l.network.id, scope: 'channel_sender', channel: 'sms', reason: 'stop' } as const
  const told = { senderId: claimed[7]!.delivery.senderId!, source: 'twilio', occurredAt: l.clock.now() }
  await l.context.db.transaction((tx) => suppress(tx, { ...closure, ...told, addressHash: mobile!.hash }))
  await deliverBatch(l.context, l.network, claimed, l.clock.now(), openGate(l.context, l.network))
  expect(l.twilio.messages).toHaveLength(19)
  await drain(l.context)
  expect(l.twilio.messages.map(({ to }) => to)).not.toContain(mobile!.value)
  expect(await statuses()).toEqual({ accepted: 129, suppressed: 1 })
})

test('two workers send nothing more once a pause has been confirmed, and everything once on resume', async () => {
  await l.owe(smsStep)
  const request = await theOne()
  let after: number | undefined
  let begun = 0
  const work = async (context: Context) => {
    while ((await look(context, l.network, l.clock.now())).didSomething);
  }
  const pausing = async () => {
    while (l.twilio.messages.length < 20) await new Promise((resolve) => setImmediate(resolve))
    await pauseCampaign(other, l.network, request)
    // What a worker had begun to hand over in that moment is on its way: it is claimed, and no more joins it.
    const under = (await statuses()).sending ?? 0
    begun = l.twilio.messages.length + under
    after = under
  }
  await Promise.all([work(l.context), work(other), pausing()])
  expect(after).toBeLessThanOrEqual(2 * 4 * 8)
  expect(l.twilio.messages.length).toBeLessThanOrEqual(begun)
  expect(l.twilio.messages.length).toBeLessThan(130)
  const held = await statuses()
  expect(held.held).toBe(130 - l.twilio.messages.length)

  const order = (await texts()).filter(({ status }) => status === 'held').length
  expect(order).toBeGreaterThan(0)
  await resumeCampaign(l.context, l.network, request)
  await Promise.all([work(l.context), work(other)])
  const phones = l.twilio.messages.map(({ to }) => to)
  expect(phones).toHaveLength(130)
  expect(new Set(phones).size).toBe(130)
})

test('what was held leaves after a night only at decent hours', async () => {
  await l.owe(smsStep)
  const request = await theOne()
  await pauseCampaign(l.context, l.network, request)
  await drain(l.context)
  l.clock.set(new Date('2027-01-12T22:30:00Z'))
  await resumeCampaign(l.context, l.network, request)
  await drain(l.context)
  expect(l.twilio.messages).toHaveLength(0)
  expect((await texts()).every(({ status, reason }) => status === 'held' && reason === 'quiet_hours')).toBe(true)
  l.clock.set(new Date('2027-01-13T09:30:00Z'))
  await drain(l.context)
  expect(l.twilio.messages).toHaveLength(130)
})

test('a pause in the middle of an audience decides nobody more; a resume goes on after them', async () => {
  const text =
    'name: milieu\ntitle: { fr: Milieu }\nclass: marketing\naudience: { segment: tous }\nanchor: { launch: now }\nlink: https://www.example.com\n' +
    `steps: [{ name: seule, at: launch, ${smsStep} }]`
  const now = l.clock.now()
  const { steps } = await launchCampaign(l.context, l.network, { file: 'milieu.yaml', text }, 'test', now)
  const { messageId } = steps[0]!
  await l.context.db.transaction((tx) => startStep(tx, l.network, messageId, now))
  await fanOut(l.context, l.network, messageId, now, () => true)
  const request = await theOne()
  await pauseCampaign(l.context, l.network, request)
  const before = await l.context.db.$count(deliveries, eq(deliveries.channel, 'sms'))
  await fanOut(l.context, l.network, messageId, now)
  expect(await l.context.db.$count(deliveries, eq(deliveries.channel, 'sms'))).toBe(before)
  expect(before).toBeLessThan(130)
  await resumeCampaign(l.context, l.network, request)
  await drain(l.context)
  expect(new Set(l.twilio.messages.map(({ to }) => to)).size).toBe(130)
})

const cancelWhole = async (
  request: ControlRequest,
  at: { context: Context; network: Network } = l,
  isOver = () => false,
) => {
  await runOneJob(at.context, { networkId: at.network.id, id: cancelJobId(request.campaignId) }, isOver)
}

test('a canceled campaign sends nothing more, ends its steps and its waits, and frees the caps of those it spared', async () => {
  await l.owe(`${smsStep}, fallback: { ifNot: acted, after: PT48H }`)
  const request = await theOne()
  const done = await cancelCampaign(l.context, l.network, request, l.clock.now())
  expect(done.concerned.waiting).toBeGreaterThanOrEqual(130)
  await cancelWhole(request)
  expect(await statuses()).toEqual({ canceled: 130 })
  await drain(l.context)
  expect(l.twilio.messages).toHaveLength(0)
  const [row] = await l.context.db.select().from(campaigns)
  expect(row).toMatchObject({ status: 'canceled', statusReason: 'une erreur dans le texte' })
  expect(row!.finishedAt).not.toBeNull()
  const runs = await l.context.db.select().from(stepRuns)
  expect(runs.every(({ status }) => status === 'done' || status === 'canceled')).toBe(true)
  const waits = await l.context.db
    .select()
    .from(timers)
    .where(and(inArray(timers.kind, ['step', 'fallback']), isNull(timers.firedAt)))
  expect(waits).toHaveLength(0)
  const touched = await l.context.db.select().from(pressures)
  expect(touched.length).toBeGreaterThan(0)
  expect(touched.flatMap(({ touches }) => touches)).toEqual([])
})

test('a worker killed between two pages of a cancelation leaves the rest to the next one', async () => {
  await l.owe(smsStep)
  const request = await theOne()
  await cancelCampaign(l.context, l.network, request, l.clock.now())
  let parts = 0
  await cancelWhole(request, l, () => ++parts > 1)
  const ofCancel = eq(jobs.kind, 'campaign.cancel')
  const [half] = await l.context.db.select().from(jobs).where(ofCancel)
  expect(half!.done).toBeGreaterThan(0)
  const some = (await statuses()).canceled ?? 0
  expect(some).toBeGreaterThan(0)
  expect(some).toBeLessThan(130)
  await cancelWhole(request, { context: other, network: l.network })
  expect(await statuses()).toEqual({ canceled: 130 })
  const [whole] = await l.context.db.select().from(jobs).where(ofCancel)
  expect(whole).toMatchObject({ status: 'done', done: await l.context.db.$count(deliveries) })
})

test('two workers and a cancelation: each text was sent once or canceled, never both', async () => {
  await l.owe(smsStep)
  const request = await theOne()
  const work = async (context: Context) => {
    while ((await look(context, l.network, l.clock.now())).didSomething);
  }
  const canceling = async () => {
    while (l.twilio.messages.length < 20) await new Promise((resolve) => setImmediate(resolve))
    await cancelCampaign(other, l.network, request, l.clock.now())
    await cancelWhole(request, { context: other, network: l.network })
  }
  await Promise.all([work(l.context), work(other), canceling()])
  await drain(l.context)
  const sent = new Set(l.twilio.messages.map(({ sid }) => sid))
  expect(sent.size).toBe(l.twilio.messages.length)
  const rows = await texts()
  for (const { status, providerRef } of rows) expect(status === 'canceled').toBe(providerRef === null)
  expect(rows.filter(({ status }) => status === 'canceled').length).toBe(130 - sent.size)
  expect(sent.size).toBeLessThan(130)
})

test('the owner hears that their campaign paused itself; whoever paused it does not', async () => {
  await l.owe(smsStep)
  const now = l.clock.now()
  const { db } = l.context
  await db.insert(users).values({ id: 'u1', name: 'Odile', email: 'odile@example.org', createdAt: now, updatedAt: now })
  await db
    .insert(memberships)
    .values({ networkId: l.network.id, userId: 'u1', role: 'marketer', scope: {}, createdAt: now })
  await db.update(campaigns).set({ ownerId: 'u1' })
  const request = await theOne()
  await pauseCampaign(l.context, l.network, { ...request, actor: 'u1' })
  expect(await db.$count(notifications)).toBe(0)
  await resumeCampaign(l.context, l.network, { ...request, actor: 'u1' })
  await pauseCampaign(l.context, l.network, { ...request, actor: 'relais', reason: 'trop de refus' })
  expect(await db.select().from(notifications)).toEqual([
    expect.objectContaining({
      userId: 'u1',
      kind: 'campaign_paused',
      params: { campaign: 'Essai', reason: 'trop de refus' },
    }),
  ])
})

test('letters of which no batch was made are pulled; they are no chance to act any more', async () => {
  // The named cast has addresses a letter can be sent to.
  const c = await live()
  try {
    await c.owe('intent: relationship, channels: [print], template: challenge/kit')
    const request = await theOne(c)
    await c.deliver()
    const before = await concernedBy(c.context.db, c.network.id, request.campaignId)
    if (before.letters === 0) throw new Error('No letter was handed to the print shop’s queue.')
    await cancelCampaign(c.context, c.network, request, c.clock.now())
    await cancelWhole(request, c)
    const rows = await c.context.db.select().from(pieces)
    expect(new Set(rows.map(({ status, reason }) => `${status} ${reason}`))).toEqual(
      new Set(['excluded campaign_canceled']),
    )
    const letters = await c.context.db.select().from(deliveries).where(eq(deliveries.channel, 'print'))
    expect(new Set(letters.map(({ status }) => status))).toEqual(new Set(['canceled']))
    await drain(c.context, c)
    expect(await c.context.db.$count(pieces, eq(pieces.status, 'queued'))).toBe(0)
  } finally {
    await c.close()
  }
})
