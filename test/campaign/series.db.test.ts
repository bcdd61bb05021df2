import { and, asc, eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cancelCampaign, pauseCampaign, resumeCampaign } from '../../src/campaign/control.ts'
import { launchCampaign, readCampaign } from '../../src/campaign/launch.ts'
import { planCampaign } from '../../src/campaign/plan.ts'
import { businessNow } from '../../src/clock.ts'
import { campaigns, decisions, messages, stepRuns, timers } from '../../src/db/schema.ts'
import { fanOut, startStep } from '../../src/outbox/fan-out.ts'
import { advance } from '../../src/time-machine.ts'
import { type World, world } from '../world.ts'

let w: World
beforeAll(async () => {
  w = await world({ at: new Date('2027-01-04T08:00:00Z') })
})
afterAll(() => w.close())

const letter = (name: string, rest: string, launch = 'now') => ({
  file: `${name}.yaml`,
  text: `name: ${name}
title: { fr: Lettre, en: Letter }
class: transactional
audience: { segment: tous }
anchor: { launch: ${launch} }
link: https://www.example.com
steps:
  - { name: news, at: "launch, 09:00", intent: reference, channels: [intranet], template: challenge/teaser, ${rest} }`,
})
const now = () => businessNow(w.clock.now(), w.network)
const launch = async (name: string, rest: string) =>
  (await launchCampaign(w.context, w.network, letter(name, rest), 'test', now())).campaignId
const to = (at: string) => advance(w.context, w.network, { to: new Date(at) })
const runs = (campaignId: string) =>
  w.context.db
    .select({ occurrence: messages.occurrence, status: stepRuns.status, reached: stepRuns.reached })
    .from(messages)
    .innerJoin(stepRuns, and(eq(stepRuns.networkId, messages.networkId), eq(stepRuns.messageId, messages.id)))
    .where(eq(messages.campaignId, campaignId))
    .orderBy(asc(messages.occurrence))
const told = async (campaignId: string) => (await runs(campaignId)).map((run) => `${run.occurrence} ${run.status}`)
const statusOf = async (campaignId: string) =>
  (await w.context.db.select().from(campaigns).where(eq(campaigns.id, campaignId)))[0]?.status

test('A monthly step leaves once a month to everyone, and its campaign ends with it', async () => {
  const campaignId = await launch('monthly', 'every: month, on: 31, count: 3')
  await to('2027-02-10T12:00:00Z')
  expect(await told(campaignId)).toEqual(['2027-01-31 done', '2027-02-28 waiting'])
  expect(await statusOf(campaignId)).toBe('running')
  await to('2027-06-01T12:00:00Z')
  expect(await told(campaignId)).toEqual(['2027-01-31 done', '2027-02-28 done', '2027-03-31 done'])
  expect((await runs(campaignId)).map((run) => run.reached)).toEqual([7, 7, 7])
  expect(await statusOf(campaignId)).toBe('finished')
})

test('Of what a pause has missed the latest only leaves, and the others say that they were skipped', async () => {
  const campaignId = await launch('paused', 'every: month, on: first tuesday, count: 6')
  await to('2027-07-20T12:00:00Z')
  await pauseCampaign(w.context, w.network, { campaignId, actor: 'operator' })
  await to('2027-10-20T12:00:00Z')
  await resumeCampaign(w.context, w.network, { campaignId, actor: 'operator' })
  await to('2027-10-21T12:00:00Z')
  expect(await told(campaignId)).toEqual([
    '2027-06-01 done',
    '2027-07-06 done',
    '2027-08-03 skipped',
    '2027-09-07 skipped',
    '2027-10-05 done',
    '2027-11-02 waiting',
  ])
  await cancelCampaign(w.context, w.network, { campaignId, actor: 'operator' }, now())
  await to('2028-01-01T12:00:00Z')
  expect((await told(campaignId)).at(-1)).toBe('2027-11-02 canceled')
})

test('An occurrence started by two workers brings one next occurrence', async () => {
  const campaignId = await launch('twice', 'every: week, on: tuesday')
  const [first] = await w.context.db.select().from(messages).where(eq(messages.campaignId, campaignId))
  const at = new Date(first!.dueAt.getTime() + 1_000)
  const start = () => w.context.db.transaction((tx) => startStep(tx, w.network, first!.id, at))
  await start()
  await start()
  await fanOut(w.context, w.network, first!.id, at)
  const all = await w.context.db.select().from(messages).where(eq(messages.campaignId, campaignId))
  expect(all).toHaveLength(2)
  expect(await w.context.db.select().from(timers).where(eq(timers.subject, all[1]!.id))).toHaveLength(1)
  expect(await w.context.db.$count(decisions, eq(decisions.messageId, first!.id))).toBe(7)
  await cancelCampaign(w.context, w.network, { campaignId, actor: 'operator' }, now())
})

test('A plan shows each occurrence, and says how many it leaves out', async () => {
  const source = letter('planned', 'every: month, on: first tuesday, until: "2030-12-31"', '"2028-03-01T08:30"')
  const plan = await planCampaign(w.context, w.network, await readCampaign(w.context, w.network, source, now()), now())
  expect(plan.steps).toHaveLength(24)
  expect(plan.steps.slice(0, 2)).toMatchObject([
    { step: 'news', occurrence: '2028-03-07', at: '2028-03-07T08:00:00.000Z', audience: 7 },
    { step: 'news', occurrence: '2028-04-04', at: '2028-04-04T07:00:00.000Z', audience: 7 },
  ])
  // The first of May 2029 is a Tuesday, and closed: that month's is on the 2nd.
  expect(plan.steps.find((step) => step.occurrence === '2029-05-01')).toMatchObject({
    at: '2029-05-02T07:00:00.000Z',
  })
  expect(plan.series).toEqual([{ step: 'news', shown: 24, total: 34 }])
})

test('A step that never comes is refused with its place', async () => {
  const source = letter('never', 'every: month, until: "2027-02-01"', '"2028-03-01T08:30"')
  await expect(readCampaign(w.context, w.network, source, now())).rejects.toMatchObject({
    message: expect.stringContaining('Step "news" never comes'),
  })
})
