import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchCampaign } from '../../src/campaign/launch.ts'
import { campaigns, decisions, deliveries, messages, stepRuns } from '../../src/db/schema.ts'
import { waitForNoLetters } from '../../src/outbox/letters-wait.ts'
import { listBatches, markPosted } from '../../src/print-shop/batches.ts'
import { tick } from '../../src/worker.ts'
import { type World, world } from '../world.ts'

let w: World
beforeAll(async () => {
  // Live: nobody simulates a post office.
  w = await world({ mode: 'live', at: new Date('2027-02-01T08:00:00Z') })
})
afterAll(() => w.close())

const launch = async (name: string) => {
  const text = `name: ${name}
title: { fr: Essai, en: Trial }
class: transactional
audience: { segment: tous }
anchor: { launch: now }
link: https://www.example.com
steps:
  - { name: kit, at: launch, intent: relationship, channels: [print], template: challenge/kit, print: { date: freeze, freezeToRouting: 0, routingToPosted: 1, postedToArrival: 2 } }
  - { name: suite, at: "kit.arrival + 1 working day, 09:00", intent: reference, channels: [intranet], template: challenge/launch }`
  return (await launchCampaign(w.context, w.network, { file: `${name}.yaml`, text }, 'test', w.clock.now())).campaignId
}
const until = async (at: string) => {
  w.clock.set(new Date(at))
  for (let turns = 0; turns < 20 && (await tick(w.context, w.network, w.clock.now())); turns++);
}
const step = async (campaignId: string) => {
  const [row] = await w.context.db
    .select({ id: messages.id, dueAt: messages.dueAt, run: stepRuns })
    .from(messages)
    .innerJoin(stepRuns, eq(stepRuns.messageId, messages.id))
    .where(and(eq(messages.campaignId, campaignId), eq(messages.step, 'suite')))
  return row!
}
const reachedBy = async (messageId: string) =>
  new Set(
    (await w.context.db.select().from(decisions).where(eq(decisions.messageId, messageId))).map((row) => row.contactId),
  )

test('A step after a letter waits for each recipient until the batch was really handed over', async () => {
  const campaignId = await launch('lettres')
  await until('2027-02-01T12:00:00Z')
  const [batch] = await listBatches(w.context.db, w.network.id, campaignId)
  expect(batch).toMatchObject({ status: 'composed', step: 'kit' })
  // Posted on the 2nd, in the box on the 4th: planned for Friday the 5th at 9.
  expect((await step(campaignId)).dueAt.toISOString()).toBe('2027-02-05T08:00:00.000Z')
  await until('2027-02-05T10:00:00Z')
  const { id, run } = await step(campaignId)
  // Jean has no postal address, and so no letter to wait for.
  expect([...(await reachedBy(id))]).toEqual([await w.contactId('P7')])
  expect(run).toMatchObject({ status: 'done', awaiting: 6, audience: 1 })
  const [campaign] = await w.context.db.select().from(campaigns).where(eq(campaigns.id, campaignId))
  expect(campaign?.status).toBe('running')

  await until('2027-02-10T08:30:00Z')
  expect(await markPosted(w.context, w.network, { batch: batch!.number, actor: 'operator' })).toMatchObject({
    isNew: true,
    letters: 6,
  })
  expect(await markPosted(w.context, w.network, { batch: batch!.id, actor: 'operator' })).toMatchObject({
    isNew: false,
  })
  await until('2027-02-10T12:00:00Z')
  expect((await reachedBy(id)).size).toBe(7)
  // Posted on the 10th: two working days to the box, one more, 9 o'clock.
  const owed = await w.context.db
    .select({ dueAt: deliveries.dueAt })
    .from(deliveries)
    .where(and(eq(deliveries.messageId, id), eq(deliveries.channel, 'intranet')))
  const late = owed.filter((row) => row.dueAt > new Date('2027-02-10T12:00:00Z'))
  expect(late).toHaveLength(6)
  expect(new Set(late.map((row) => row.dueAt.toISOString()))).toEqual(new Set(['2027-02-15T08:00:00.000Z']))
  await until('2027-02-15T09:00:00Z')
  expect((await w.context.db.select().from(campaigns).where(eq(campaigns.id, campaignId)))[0]?.status).toBe('finished')
})

test('Somebody may let a step start without the letters, once', async () => {
  const campaignId = await launch('sans-attendre')
  await until('2027-02-26T12:00:00Z')
  const { id } = await step(campaignId)
  expect((await reachedBy(id)).size).toBe(1)
  expect(await waitForNoLetters(w.context, w.network, { messageId: id, actor: 'operator' })).toBe(true)
  expect(await waitForNoLetters(w.context, w.network, { messageId: id, actor: 'operator' })).toBe(false)
  await until('2027-02-26T12:01:00Z')
  expect((await reachedBy(id)).size).toBe(7)
  expect((await step(campaignId)).run).toMatchObject({ awaiting: 0, audience: 7 })
})
