import { and, asc, eq } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cancelCampaign, pauseCampaign, resumeCampaign } from '../../src/campaign/control.ts'
import { applyEdit, planEdit } from '../../src/campaign/edit-running.ts'
import { launchCampaign } from '../../src/campaign/launch.ts'
import { moveAnchor } from '../../src/campaign/move-anchor.ts'
import { reflow } from '../../src/campaign/reflow.ts'
import { businessNow } from '../../src/clock.ts'
import {
  arrivals,
  campaigns,
  contacts,
  deliveries,
  journeys,
  messages,
  posts,
  proposals,
  sites,
  tasks,
  templates,
} from '../../src/db/schema.ts'
import { runJobs } from '../../src/job/run.ts'
import { checkSoon } from '../../src/segment/check.ts'
import { arriveDue } from '../../src/sequence/arrive-due.ts'
import { closeCampaign } from '../../src/sequence/close.ts'
import { doTask } from '../../src/sequence/do-task.ts'
import { approveProposal, dismissProposal } from '../../src/sequence/propose.ts'
import { postPublished, reportEvent } from '../../src/sequence/report.ts'
import { advance } from '../../src/time-machine.ts'
import { recordEvent } from '../../src/tracking/record.ts'
import type { EventType } from '../../src/words.ts'
import { type World, world } from '../world.ts'

/** Nobody does anything by themselves. */
const still = { seed: 'still', leanings: () => new Proxy({}, { get: () => false }) }

let w: World
beforeAll(async () => {
  w = await world({ at: new Date('2027-01-11T09:00:00Z'), simulation: still })
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
const textOf = (name: string, rest: string, anchor = 'launch: now') => `name: ${name}
title: { fr: Suivi, en: Follow-up }
class: transactional
audience: { segment: tous }
anchor: { ${anchor} }
link: https://www.example.com
${rest}`
const launch = async (name: string, text: string): Promise<string> =>
  (await launchCampaign(w.context, w.network, { file: `${name}.yaml`, text }, 'test', now())).campaignId
const campaign = (name: string, rest: string): Promise<string> => launch(name, textOf(name, rest))
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

/** Somebody does something about a step they got. */
const act = async (
  campaignId: string,
  who: string,
  step: string,
  type: EventType,
  data: Record<string, unknown> = {},
) => {
  const contactId = await w.contactId(who)
  const rows = await w.context.db
    .select({ id: deliveries.id, step: messages.step, recipientKey: deliveries.recipientKey })
    .from(deliveries)
    .innerJoin(messages, and(eq(messages.networkId, deliveries.networkId), eq(messages.id, deliveries.messageId)))
    .where(and(eq(messages.campaignId, campaignId), eq(messages.step, step)))
  const deliveryId = rows.find((row) => row.recipientKey === `contact:${contactId}`)!.id
  await w.context.db.transaction((tx) =>
    recordEvent(tx, {
      ...{ networkId: w.network.id, type, deliveryId, contactId, dedupeKey: `act${++told}`, data, source: 'test' },
      ...{ occurredAt: now(), recordedAt: now() },
    }),
  )
}
const silent = (step: string) => `steps:
  - { name: teaser, at: launch, intent: follow-up, channels: [intranet], template: challenge/teaser }
  - { name: rappel, when: { ${step} }, intent: follow-up, channels: [intranet], template: challenge/relance }`

test('who did not act within two days is reminded once; who acted, even at the last moment, is not', async () => {
  const id = await campaign('silence', silent('notActed: teaser, within: PT48H'))
  const begun = now()
  await advance(w.context, w.network, { by: 'PT1H' })
  await act(id, 'P2', 'teaser', 'read')
  await advance(w.context, w.network, { by: 'P1D' })
  expect(await sentTo(id, 'P4')).toHaveLength(1)
  await advance(w.context, w.network, { by: 'P5D' })
  expect(await wayOf(id, 'P2')).toEqual(['rappel passed acted'])
  expect(await sentTo(id, 'P2')).toHaveLength(1)
  for (const who of ['P1', 'P4', 'P7']) expect(await sentTo(id, who), who).toHaveLength(2)
  const [row] = await w.context.db
    .select()
    .from(arrivals)
    .where(and(eq(arrivals.campaignId, id), eq(arrivals.contactId, await w.contactId('P4'))))
  expect(row!.settledAt!.getTime()).toBeGreaterThanOrEqual(begun.getTime() + 48 * 3_600_000)
  expect(await statusOf(id)).toBe('finished')
})

test('a paused campaign keeps its people until it goes on, and a canceled one lets nobody come', async () => {
  const held = await campaign('paused-silence', silent('notActed: teaser, within: P1D'))
  const over = await campaign('canceled-silence', silent('notActed: teaser, within: P1D'))
  await advance(w.context, w.network, { by: 'PT1H' })
  await pauseCampaign(w.context, w.network, { campaignId: held, actor: 'operator' })
  await cancelCampaign(w.context, w.network, { campaignId: over, actor: 'operator' }, now())
  await advance(w.context, w.network, { by: 'P4D' })
  expect(await wayOf(held, 'P4')).toEqual(['rappel waiting'])
  expect(await sentTo(over, 'P4')).toHaveLength(1)
  await resumeCampaign(w.context, w.network, { campaignId: held, actor: 'operator' })
  await advance(w.context, w.network, { by: 'P1D' })
  expect(await sentTo(held, 'P4')).toHaveLength(2)
  expect(await sentTo(over, 'P4')).toHaveLength(1)
})

test('an answer brings who gave it, an event its own people by what it says, both once', async () => {
  const id = await campaign(
    'answers',
    `steps:
  - { name: question, at: launch, intent: follow-up, channels: [intranet], template: challenge/teaser }
  - { name: oui, when: { replied: OUI }, intent: follow-up, channels: [intranet], template: challenge/relance }
  - { name: bleu, when: { event: order, with: { colour: [blue, teal] }, after: 2 working days }, cooldown: P7D, intent: follow-up, channels: [intranet], template: challenge/relance }`,
  )
  await advance(w.context, w.network, { by: 'PT1H' })
  await act(id, 'P2', 'question', 'reply', { text: 'Oui !' })
  await act(id, 'P2', 'question', 'reply', { text: 'oui' })
  await act(id, 'P4', 'question', 'reply', { text: 'plus tard' })
  await report('order', 'P4', { colour: 'Blue' }, 'order-1')
  await report('order', 'P4', { colour: 'Blue' }, 'order-1')
  await report('order', 'P4', { colour: 'teal' })
  await report('order', 'P1', { colour: 'red' })
  await advance(w.context, w.network, { by: 'P6D' })
  expect(await wayOf(id, 'P2')).toEqual(['oui decided'])
  expect(await wayOf(id, 'P4')).toEqual(['bleu decided'])
  expect(await wayOf(id, 'P1')).toEqual([])
  await advance(w.context, w.network, { by: 'P2D' })
  await report('order', 'P4', { colour: 'blue' })
  await advance(w.context, w.network, { by: 'P6D' })
  expect(await wayOf(id, 'P4')).toEqual(['bleu decided', 'bleu decided'])
  expect(new Set(await sentTo(id, 'P4')).size).toBe(3)
  await closeCampaign(w.context, w.network, { campaignId: id, actor: 'test' })
})

test('who registers leaves by the goal of the campaign: what waits for them is called back', async () => {
  const id = await campaign(
    'goal',
    `exit: { when: registered }
steps:
  - { name: invitation, at: launch, intent: follow-up, channels: [intranet], template: challenge/teaser, asksRegistration: true }
  - { name: relance, at: launch + 3 days, intent: follow-up, channels: [intranet], template: challenge/relance }
  - { name: merci, when: { registered: true, after: P1D }, intent: follow-up, channels: [intranet], template: challenge/relance }`,
  )
  await advance(w.context, w.network, { by: 'PT1H' })
  await act(id, 'P2', 'invitation', 'register')
  await advance(w.context, w.network, { by: 'P5D' })
  expect(await sentTo(id, 'P2')).toHaveLength(1)
  expect(await sentTo(id, 'P4')).toHaveLength(2)
  const left = await w.context.db.select().from(journeys).where(eq(journeys.campaignId, id))
  expect(left.map((row) => [row.contactId, row.state])).toEqual([[await w.contactId('P2'), 'left']])
  await closeCampaign(w.context, w.network, { campaignId: id, actor: 'test' })
})

test('a day that comes back finds its people once a year, those of 29 February too', async () => {
  const day = async (who: string, birthday: string) => {
    const contactId = await w.contactId(who)
    await w.context.db.transaction(async (tx) => {
      await tx.update(contacts).set({ attributes: { birthday } }).where(eq(contacts.id, contactId))
      await checkSoon(tx, w.network.id, [contactId])
    })
  }
  await day('P1', '1980-03-02')
  await day('P2', '29/02/1984')
  // A day of the outlet is one of each of its people.
  const atP7 = await w.contactId('P7')
  const [outlet] = await w.context.db.select().from(contacts).where(eq(contacts.id, atP7))
  const contract = async (contract_end: string) =>
    w.context.db.transaction(async (tx) => {
      await tx.update(sites).set({ attributes: { contract_end } }).where(eq(sites.id, outlet!.siteId))
      await checkSoon(tx, w.network.id, [atP7])
    })
  await contract('2027-03-14')
  const id = await campaign(
    'anniversary',
    `steps:
  - { name: contrat, when: { date: site.contract_end, before: P10D }, intent: relationship, channels: [intranet], template: challenge/relance }
  - { name: voeux, when: { date: birthday, yearly: true, time: "10:00" }, intent: relationship, channels: [intranet], template: challenge/relance }
  - { name: avant, when: { date: birthday, yearly: true, before: P2D }, intent: relationship, channels: [intranet], template: challenge/relance }`,
  )
  await to('2027-02-27T12:00:00Z')
  expect(await sentTo(id, 'P2')).toEqual(['avant 2027-02-26.2027'])
  await to('2027-03-05T12:00:00Z')
  expect(await sentTo(id, 'P2')).toEqual(['avant 2027-02-26.2027', 'voeux 2027-02-28.2027'])
  expect(await sentTo(id, 'P1')).toEqual(['avant 2027-02-28.2027', 'voeux 2027-03-02.2027'])
  await day('P4', '1990-03-09')
  await contract('20/03/2027')
  await to('2027-03-10T12:00:00Z')
  expect(await sentTo(id, 'P4')).toEqual(['avant 2027-03-07.2027', 'voeux 2027-03-09.2027'])
  expect(await sentTo(id, 'P7')).toEqual(['contrat 2027-03-04.2027-03-14', 'contrat 2027-03-10.2027-03-20'])
  await closeCampaign(w.context, w.network, { campaignId: id, actor: 'test' })
})

test('of two workers on the same people at once each decides some, and nobody twice', async () => {
  const id = await campaign(
    'together',
    `entry: { event: called }
steps: [{ name: un, at: entry + 1 day, intent: follow-up, channels: [intranet], template: challenge/relance }]`,
  )
  for (const who of ['P1', 'P2', 'P3', 'P4', 'P7']) await report('called', who)
  const later = new Date(now().getTime() + 2 * 86_400_000)
  await Promise.all([1, 2, 3].map(() => arriveDue(w.context, w.network, later)))
  for (const who of ['P1', 'P2', 'P3', 'P4', 'P7']) expect(await sentTo(id, who), who).toHaveLength(1)
  await closeCampaign(w.context, w.network, { campaignId: id, actor: 'test' })
})

const intranet = 'intent: follow-up, channels: [intranet], template: challenge/relance'
const dueOf = async (campaignId: string, who: string) => {
  const rows = await w.context.db
    .select({ step: messages.step, state: arrivals.state, dueAt: arrivals.dueAt })
    .from(arrivals)
    .innerJoin(messages, and(eq(messages.networkId, arrivals.networkId), eq(messages.id, arrivals.messageId)))
    .where(and(eq(arrivals.campaignId, campaignId), eq(arrivals.contactId, await w.contactId(who))))
    .orderBy(asc(arrivals.dueAt), asc(messages.step))
  return rows.map(({ step, state, dueAt }) => `${step} ${state} ${dueAt.toISOString().slice(0, 10)}`)
}
/** Every move lets the worker count the dates of those under way. */
const worked = async () => {
  await runJobs(w.context)
  await advance(w.context, w.network, { by: 'PT1M' })
}

test('a date people share moves for all who have not had its step yet; one of their own entry does not', async () => {
  const steps = `entry: { event: begun }
steps:
  - { name: un, at: entry + 1 day, ${intranet} }
  - { name: deux, at: review, ${intranet} }
  - { name: trois, at: review + 2 days, ${intranet} }
  - { name: seul, at: entry + 20 days, ${intranet} }`
  const anchors = 'launch: now, review: entry + 4 days'
  const text = textOf('shared', steps, anchors)
  const id = await launch('shared', text)
  await report('begun', 'P1')
  await worked()
  const entered = now().getTime()
  const day = (days: number) => new Date(entered + days * 86_400_000).toISOString().slice(0, 10)
  await advance(w.context, w.network, { by: 'P5D' })
  await report('begun', 'P2')
  await worked()
  const moves = { review: 'entry + 8 days' }
  const seen = await reflow(w.context.db, w.network, id, moves, now())
  expect(seen.steps).toEqual([])
  expect(seen.people).toEqual([
    { step: 'un', people: 1, fate: 'stays' },
    { step: 'deux', people: 1, fate: 'moves' },
    { step: 'trois', people: 2, fate: 'moves' },
    { step: 'seul', people: 2, fate: 'stays' },
  ])
  await expect(reflow(w.context.db, w.network, id, { review: '2027-12-01T09:00' }, now())).rejects.toThrow(
    'Step deux would be counted otherwise',
  )
  await moveAnchor(w.context, w.network, { campaignId: id, anchors: moves, actor: 'test' }, now())
  await worked()
  expect(await dueOf(id, 'P1')).toEqual([
    ...[`un decided ${day(1)}`, `deux decided ${day(4)}`, `trois waiting ${day(10)}`, `seul waiting ${day(20)}`],
  ])
  expect(await dueOf(id, 'P2')).toEqual([
    ...[`un waiting ${day(6)}`, `deux waiting ${day(13)}`, `trois waiting ${day(15)}`, `seul waiting ${day(25)}`],
  ])

  // A changed file: one date sooner, a step less, one more.
  const changed = textOf('shared', steps, 'launch: now, review: entry + 8 days')
    .replace('entry + 20 days', 'entry + 18 days')
    .replace(/\n {2}- { name: trois.*/, '')
    .concat(`\n  - { name: neuf, at: entry + 30 days, ${intranet} }`)
  const edit = await planEdit(w.context, w.network, { campaignId: id, text: changed }, now())
  expect(edit.steps.find(({ step }) => step === 'seul')?.underWay).toEqual({ people: 2, fate: 'moves' })
  expect(edit.steps.find(({ step }) => step === 'deux')?.underWay).toEqual({ people: 1, fate: 'stays' })
  await applyEdit(w.context, w.network, { campaignId: id, version: 2, text: changed }, 'test', now())
  await worked()
  expect(await dueOf(id, 'P1')).toEqual([
    ...[`un decided ${day(1)}`, `deux decided ${day(4)}`, `trois passed ${day(10)}`, `seul waiting ${day(18)}`],
    `neuf waiting ${day(30)}`,
  ])
  await advance(w.context, w.network, { by: 'P40D' })
  expect(await sentTo(id, 'P1')).toEqual([`un ${day(1)}`, `deux ${day(4)}`, `seul ${day(18)}`, `neuf ${day(30)}`])
  expect(await sentTo(id, 'P2')).toEqual([`un ${day(6)}`, `deux ${day(13)}`, `seul ${day(23)}`, `neuf ${day(35)}`])
  await closeCampaign(w.context, w.network, { campaignId: id, actor: 'test' })
})

test('however often their dates move, everybody gets each step once, none before its date and none lost', async () => {
  let run = 0
  const days = fc.integer({ min: 0, max: 12 })
  const move = fc.record({ wait: fc.integer({ min: 0, max: 3 }), to: days, isWorked: fc.boolean() })
  await fc.assert(
    fc.asyncProperty(days, fc.array(move, { minLength: 1, maxLength: 4 }), async (first, moves) => {
      const name = `walk-${++run}`
      const steps = `entry: { event: ${name} }
steps:
  - { name: un, at: entry + 1 day, ${intranet} }
  - { name: deux, at: review, ${intranet} }
  - { name: trois, at: review + 2 days, ${intranet} }`
      const id = await launch(name, textOf(name, steps, `launch: now, review: entry + ${first} days`))
      const enteredAt = now()
      for (const who of ['P1', 'P4']) await report(name, who)
      /** The date in force, from when on. */
      const dates = [{ from: enteredAt, days: first }]
      for (const { wait, to: target, isWorked } of moves) {
        if (wait > 0) await advance(w.context, w.network, { by: `P${wait}D` })
        const anchors = { review: `entry + ${target} days` }
        await moveAnchor(w.context, w.network, { campaignId: id, anchors, actor: 'test' }, now())
        dates.push({ from: now(), days: target })
        // Whether or not the worker gets to it before anything else, nothing leaves by the old date.
        if (isWorked) await worked()
        else await arriveDue(w.context, w.network, now())
      }
      await advance(w.context, w.network, { by: 'P20D' })
      const rows = await w.context.db
        .select({ step: messages.step, state: arrivals.state, settledAt: arrivals.settledAt })
        .from(arrivals)
        .innerJoin(messages, and(eq(messages.networkId, arrivals.networkId), eq(messages.id, arrivals.messageId)))
        .where(eq(arrivals.campaignId, id))
      expect(rows).toHaveLength(6)
      const after = { un: 0, deux: 0, trois: 2 } as Record<string, number>
      for (const { step, state, settledAt } of rows) {
        expect(state).toBe('decided')
        const inForce = dates.filter(({ from }) => from <= settledAt!).at(-1)!.days
        const date = enteredAt.getTime() + ((step === 'un' ? 1 : inForce) + after[step]!) * 86_400_000
        // A change of clocks is an hour.
        expect(settledAt!.getTime()).toBeGreaterThanOrEqual(date - 3_600_000)
      }
      for (const who of ['P1', 'P4']) expect((await sentTo(id, who)).sort()).toHaveLength(3)
      await closeCampaign(w.context, w.network, { campaignId: id, actor: 'test' })
    }),
    { numRuns: 3, seed: 11 },
  )
}, 30_000)

test('the words of a step say what the event told of, each person their own', async () => {
  await w.context.db.insert(templates).values({
    ...{ networkId: w.network.id, template: 'own/slots', channel: 'intranet', language: 'fr', updatedBy: 'test' },
    ...{ source: '---\ntitle: Trois dates\n---\nVenez {{ event.slot }}.\n', updatedAt: now() },
  })
  const id = await campaign(
    'slots',
    `entry: { event: invited }
steps: [{ name: un, at: entry, intent: follow-up, channels: [intranet], template: own/slots }]`,
  )
  await report('invited', 'P2', { slot: 'lundi à 9 h' })
  await report('invited', 'P4', { slot: 'mardi à 10 h' })
  await advance(w.context, w.network, { by: 'P1D' })
  const shown = await w.context.db
    .select({ body: posts.body, key: posts.recipientKey })
    .from(posts)
    .innerJoin(messages, and(eq(messages.networkId, posts.networkId), eq(messages.id, posts.messageId)))
    .where(eq(messages.campaignId, id))
  const bodyFor = async (who: string) => {
    const contactId = await w.contactId(who)
    return shown.find((row) => row.key === `contact:${contactId}`)?.body
  }
  expect(await bodyFor('P2')).toContain('Venez lundi à 9 h.')
  expect(await bodyFor('P4')).toContain('Venez mardi à 10 h.')
  await closeCampaign(w.context, w.network, { campaignId: id, actor: 'test' })
})

test('a step to be approved leaves once somebody says yes, and never where they say no', async () => {
  const step = (name: string) => `steps:
  - { name: ${name}, at: launch, propose: true, intent: follow-up, channels: [intranet], template: challenge/relance }`
  const yes = await campaign('proposed', step('oui'))
  const no = await campaign('declined', step('non'))
  await advance(w.context, w.network, { by: 'PT1H' })
  expect(await sentTo(yes, 'P4')).toEqual([])
  const proposalOf = async (campaignId: string) =>
    (await w.context.db.select().from(proposals).where(eq(proposals.campaignId, campaignId)))[0]!
  const asked = { proposalId: (await proposalOf(yes)).id, actor: 'test' }
  expect(await approveProposal(w.context, w.network, asked, now())).toBe(true)
  expect(await approveProposal(w.context, w.network, asked, now())).toBe(false)
  const refused = { proposalId: (await proposalOf(no)).id, actor: 'test' }
  expect(await dismissProposal(w.context, w.network, refused, now())).toBe(true)
  expect(await approveProposal(w.context, w.network, refused, now())).toBe(false)
  await advance(w.context, w.network, { by: 'P1D' })
  expect(await sentTo(yes, 'P4')).toHaveLength(1)
  expect(await sentTo(no, 'P4')).toEqual([])
  expect([await statusOf(yes), await statusOf(no)]).toEqual(['finished', 'finished'])
})

test('how a call went is an event like any other: it brings the person to the next step, once', async () => {
  const id = await campaign(
    'calls',
    `entry: { event: to-ring }
steps:
  - { name: appel, at: entry, task: call }
  - { name: suite, when: { event: call-no-answer }, intent: follow-up, channels: [intranet], template: challenge/relance }`,
  )
  await report('to-ring', 'P2')
  await advance(w.context, w.network, { by: 'PT1H' })
  const [call] = await w.context.db.select().from(tasks).where(eq(tasks.campaignId, id))
  const done = { taskId: call!.id, outcome: 'no_answer' as const, remark: '', actor: 'test' }
  expect(await doTask(w.context, w.network, done, now())).toBe(true)
  expect(await doTask(w.context, w.network, done, now())).toBe(false)
  await advance(w.context, w.network, { by: 'P1D' })
  expect(await sentTo(id, 'P2')).toHaveLength(1)
  await closeCampaign(w.context, w.network, { campaignId: id, actor: 'test' })
})

test('three articles in a day make one alert, and the next day’s article another', async () => {
  const id = await campaign(
    'digest',
    `steps: [{ name: alerte, when: { posted: any, within: P1D }, intent: follow-up, channels: [intranet], template: challenge/relance }]`,
  )
  const post = (key: string) =>
    w.context.db.transaction((tx) =>
      reportEvent(tx, w.network.id, { name: postPublished, key, source: 'test', at: now(), now: now() }),
    )
  for (const key of ['p1', 'p2', 'p2', 'p3']) {
    await post(key)
    await advance(w.context, w.network, { by: 'PT2H' })
  }
  expect(await sentTo(id, 'P4')).toEqual([])
  await advance(w.context, w.network, { by: 'P2D' })
  expect(await sentTo(id, 'P4')).toEqual(['alerte p1'])
  await post('p4')
  await advance(w.context, w.network, { by: 'P2D' })
  expect(await sentTo(id, 'P4')).toEqual(['alerte p1', 'alerte p4'])
  await closeCampaign(w.context, w.network, { campaignId: id, actor: 'test' })
})
