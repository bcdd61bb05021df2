import { and, asc, eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchCampaign } from '../../src/campaign/launch.ts'
import { businessNow } from '../../src/clock.ts'
import { arrivals, campaigns, deliveries, journeys, messages, tasks } from '../../src/db/schema.ts'
import { closeCampaign } from '../../src/sequence/close.ts'
import { reportEvent } from '../../src/sequence/report.ts'
import { advance } from '../../src/time-machine.ts'
import { type World, world } from '../world.ts'

let w: World
beforeAll(async () => {
  w = await world({ at: new Date('2027-01-11T09:00:00Z') })
})
afterAll(() => w.close())

let told = 0
const now = () => businessNow(w.clock.now(), w.network)
const to = (at: string) => advance(w.context, w.network, { to: new Date(at) })
const report = async (name: string, who: string, data: Record<string, unknown> = {}, key = `e${++told}`) => {
  const contactId = await w.contactId(who)
  await w.context.db.transaction((tx) =>
    reportEvent(tx, w.network.id, { name, contactId, data, key, source: 'test', at: now(), now: now() }),
  )
}
const campaign = async (name: string, rest: string): Promise<string> => {
  const text = `name: ${name}
title: { fr: Suivi, en: Follow-up }
class: transactional
audience: { segment: tous }
anchor: { launch: now }
link: https://www.example.com
${rest}`
  return (await launchCampaign(w.context, w.network, { file: `${name}.yaml`, text }, 'test', now())).campaignId
}
/** What each person got or is to get of a campaign, as `step state day`. */
const wayOf = async (campaignId: string, who: string) => {
  const rows = await w.context.db
    .select({ step: messages.step, kind: arrivals.kind, state: arrivals.state, reason: arrivals.reason })
    .from(arrivals)
    .innerJoin(messages, and(eq(messages.networkId, arrivals.networkId), eq(messages.id, arrivals.messageId)))
    .where(and(eq(arrivals.campaignId, campaignId), eq(arrivals.contactId, await w.contactId(who))))
    .orderBy(asc(arrivals.createdAt), asc(arrivals.id))
  return rows.map(
    (row) => `${row.kind === 'wait' ? 'wait ' : ''}${row.step} ${row.state}${row.reason ? ` ${row.reason}` : ''}`,
  )
}
const sentTo = async (campaignId: string, who: string) => {
  const rows = await w.context.db
    .select({ step: messages.step, status: deliveries.status, occurrence: deliveries.occurrence })
    .from(deliveries)
    .innerJoin(messages, and(eq(messages.networkId, deliveries.networkId), eq(messages.id, deliveries.messageId)))
    .where(
      and(
        eq(messages.campaignId, campaignId),
        eq(deliveries.recipientKey, `contact:${await w.contactId(who)}`),
        eq(deliveries.isCompanion, false),
      ),
    )
    .orderBy(asc(deliveries.dueAt))
  return rows.map((row) => `${row.step} ${row.occurrence}`)
}
const statusOf = async (campaignId: string) =>
  (await w.context.db.select().from(campaigns).where(eq(campaigns.id, campaignId)))[0]?.status

test('a missed appointment brings three slots, a relance and then a call; who books gets nothing more', async () => {
  const id = await campaign(
    'absent',
    `entry: { event: missed-appointment }
reentry: after P30D
exit: { when: { event: appointment-booked } }
steps:
  - { name: slots, at: entry, intent: follow-up, template: challenge/launch, waitFor: { event: appointment-booked, upTo: P3D, else: relance } }
  - { name: relance, intent: follow-up, template: challenge/relance, waitFor: { event: appointment-booked, upTo: P2D, else: appel } }
  - { name: appel, task: { kind: call, due: P1D } }`,
  )
  await report('missed-appointment', 'P2')
  await report('missed-appointment', 'P4')
  await to('2027-01-12T12:00:00Z')
  expect(await wayOf(id, 'P2')).toEqual(['slots decided', 'wait slots waiting'])
  await report('appointment-booked', 'P4')
  expect(await wayOf(id, 'P4')).toEqual(['slots decided', 'wait slots met'])
  await to('2027-01-25T12:00:00Z')
  expect(await wayOf(id, 'P2')).toEqual([
    'slots decided',
    'wait slots timed_out',
    'relance decided',
    'wait relance timed_out',
    'appel tasked',
  ])
  expect(await sentTo(id, 'P2')).toEqual(['slots 2027-01-11', 'relance 2027-01-14'])
  expect(await sentTo(id, 'P4')).toEqual(['slots 2027-01-11'])
  const calls = await w.context.db.select().from(tasks).where(eq(tasks.campaignId, id))
  expect(calls.map((row) => row.contactId)).toEqual([await w.contactId('P2')])
  expect(await statusOf(id)).toBe('running')
  expect(await closeCampaign(w.context, w.network, { campaignId: id, actor: 'test' })).toBe(true)
  await to('2027-01-26T12:00:00Z')
  expect(await statusOf(id)).toBe('finished')
  const ways = await w.context.db.select().from(journeys).where(eq(journeys.campaignId, id))
  expect(ways.map((row) => [row.round, row.state])).toEqual(
    expect.arrayContaining([
      [1, 'left'],
      [1, 'under_way'],
    ]),
  )
})
