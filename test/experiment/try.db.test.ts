import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchCampaign, readCampaign } from '../../src/campaign/launch.ts'
import { planCampaign } from '../../src/campaign/plan.ts'
import { newId } from '../../src/db/index.ts'
import { campaigns, decisions, deliveries, events, experiments, messages } from '../../src/db/schema.ts'
import { keptContent } from '../../src/deliver/kept-content.ts'
import { experimentsOf } from '../../src/experiment/outcome.ts'
import type { Verdict } from '../../src/words.ts'
import { tickAll } from '../../src/worker.ts'
import { type World, world } from '../world.ts'

const people = 150

/** So many people at a desk, each in an outlet of their own, who agreed to e-mail. */
const readers = [
  'Code site;Raison sociale;Typologie;Code postal;Ville;Pays;Identifiant;Prénom;Nom;Profil;E-mail;Langue;Accord e-mail;Accord suivi des ouvertures',
  ...Array.from(
    { length: people },
    (_, n) =>
      `S${n};Maison ${n};Revendeur;69002;Lyon;France;P${n};Jean;N${n};Bureau;jean.n${n}@maison${n}.example.com;fr;oui;oui`,
  ),
].join('\n')

const campaign = (name: string, experiment: string, more = '') => ({
  file: `${name}.yaml`,
  text: `name: ${name}
title: { fr: Essai, en: Trial }
class: relational
audience: { segment: tous }
anchor: { launch: 2027-01-12T09:30 }
link: https://www.example.com
steps:
  - name: annonce
    at: launch
    intent: follow-up
    channels: [email]
    template: challenge/launch
    experiment: ${experiment}
${more}`,
})

let w: World
beforeAll(async () => {
  w = await world({ file: readers, at: new Date('2027-01-12T08:00:00Z') })
})
afterAll(() => w.close())

const at = (iso: string) => w.clock.set(new Date(iso))
const idOf = async (name: string) =>
  (await w.context.db.select({ id: campaigns.id }).from(campaigns).where(eq(campaigns.name, name)))[0]!.id
const messagesOf = async (name: string) =>
  w.context.db
    .select()
    .from(messages)
    .where(and(eq(messages.campaignId, await idOf(name)), eq(messages.step, 'annonce')))
const decidedIn = (messageId: string) => w.context.db.select().from(decisions).where(eq(decisions.messageId, messageId))

/** Somebody follows the link of so many messages. */
async function click(messageId: string, many: number, verdict: Verdict = 'human_confirmed') {
  const { db } = w.context
  const rows = await db.select().from(deliveries).where(eq(deliveries.messageId, messageId))
  const mails = rows.filter((row) => row.channel === 'email').slice(0, many)
  for (const mail of mails)
    await db.insert(events).values({
      ...{ networkId: w.network.id, id: newId(), type: 'click', deliveryId: mail.id, messageId },
      ...{ contactId: mail.recipientKey.replace('contact:', ''), channel: 'email', dedupeKey: newId() },
      ...{ verdict, data: {}, occurredAt: w.clock.now(), recordedAt: w.clock.now() },
    })
}

describe('an experiment on the subject line', () => {
  const file = campaign('objet', '{ vary: subject, b: { fr: "Une place vous est gardée" } }')

  test('is planned as both variants and the rest, everybody in one of them', async () => {
    const read = await readCampaign(w.context, w.network, file, w.clock.now())
    const plan = await planCampaign(w.context, w.network, read, w.clock.now())
    expect(plan.steps.map((step) => step.occurrence)).toEqual(['a', 'b', 'rest'])
    expect(plan.steps.reduce((sum, step) => sum + step.audience, 0)).toBe(people)
    expect(plan.notices).toMatchObject([{ code: 'experiment.small', step: 'annonce' }])
    expect(plan.steps.map((step) => step.at)).toEqual([
      '2027-01-12T08:30:00.000Z',
      '2027-01-12T08:30:00.000Z',
      '2027-01-12T12:30:00.000Z',
    ])
  })

  test('goes out in both variants to a part of the audience, then to the rest with the better one', async () => {
    await launchCampaign(w.context, w.network, file, 'test', w.clock.now())
    at('2027-01-12T08:30:00Z')
    await tickAll(w.context)
    const [a, b, rest] = ['a', 'b', 'rest'].map(
      (occurrence) => async () => (await messagesOf('objet')).find((row) => row.occurrence === occurrence)!,
    ) as (() => Promise<typeof messages.$inferSelect>)[]
    const tried = [await decidedIn((await a!()).id), await decidedIn((await b!()).id)]
    for (const arm of tried) expect(arm.length).toBeGreaterThan(5)
    expect(await decidedIn((await rest!()).id)).toEqual([])
    expect((await rest!()).dueAt.toISOString()).toBe('2027-01-12T12:30:00.000Z')
    const [state] = await experimentsOf(w.context.db, w.network.id, await idOf('objet'))
    expect(state).toMatchObject({ step: 'annonce', audience: people, winner: null })
    expect(state!.share).toBeCloseTo(23.4 / people, 2)

    await click((await b!()).id, tried[1]!.length - 2)
    // Nobody can say who followed these: they decide nothing.
    await click((await a!()).id, tried[0]!.length, 'unknown')
    at('2027-01-12T12:30:00Z')
    await tickAll(w.context)
    const [settled] = await experimentsOf(w.context.db, w.network.id, await idOf('objet'))
    // Of those written to, the simulated readers of a few answer or bounce by themselves.
    const { a: one, b: other, verdict } = settled!.figures!
    expect({ winner: settled!.winner, verdict }).toEqual({ winner: 'b', verdict: 'clear' })
    expect(one.acted).toBeLessThan(one.people / 2)
    expect(other.acted).toBeGreaterThan(other.people / 2)
    expect(one.people).toBeLessThanOrEqual(tried[0]!.length)
    const others = await decidedIn((await rest!()).id)
    const everybody = [...tried.flat(), ...others].map((row) => row.contactId)
    expect(everybody).toHaveLength(people)
    expect(new Set(everybody).size).toBe(people)
    for (const [message, subject] of [
      [await a!(), 'c’est parti, inscrivez-vous'],
      [await b!(), 'Une place vous est gardée'],
      [await rest!(), 'Une place vous est gardée'],
    ] as const) {
      const mails = await w.context.db.select().from(deliveries).where(eq(deliveries.messageId, message.id))
      const mail = mails.find((row) => row.channel === 'email')!
      const shown = await keptContent(w.context.db, w.network.id, mail.id)
      expect(JSON.stringify(shown)).toContain(subject)
    }
  })
})

test('an experiment on the words sends the rest those that did better, each frozen at launch', async () => {
  at('2027-02-09T08:00:00Z')
  const file = campaign('canal', '{ vary: template, b: challenge/relance }')
  file.text = file.text.replace('2027-01-12', '2027-02-09')
  await launchCampaign(w.context, w.network, file, 'test', w.clock.now())
  at('2027-02-09T08:30:00Z')
  await tickAll(w.context)
  at('2027-02-09T12:30:00Z')
  await tickAll(w.context)
  const [row] = await w.context.db
    .select()
    .from(experiments)
    .where(eq(experiments.campaignId, await idOf('canal')))
  const [a, b, rest] = (await messagesOf('canal')).toSorted((x, y) => x.occurrence.localeCompare(y.occurrence))
  expect([a!.template, b!.template]).toEqual(['challenge/launch', 'challenge/relance'])
  expect(row!.decidedAt?.toISOString()).toBe('2027-02-09T12:30:00.000Z')
  expect(rest!.template).toBe({ a: 'challenge/launch', b: 'challenge/relance' }[row!.winner!])
  const mails = await w.context.db.select().from(deliveries).where(eq(deliveries.messageId, rest!.id))
  expect(mails.length).toBeGreaterThan(50)
  expect(mails.filter((mail) => mail.status === 'needs_review' || mail.status === 'failed').length).toBeLessThan(20)
})

test.each([
  ['{ vary: subject, b: challenge/relance }', /Expected key: value/],
  ['{ vary: subject, hour: "09:00", b: { fr: Autre } }', /hour/],
  ['{ vary: weather, b: 1 }', /varies one thing/],
  ['{ vary: hour, b: "25:00" }', /09:00/],
  ['{ vary: template, b: challenge/nowhere }', /no template/],
])('%s is refused, with what is wrong', async (experiment, message) => {
  await expect(
    readCampaign(w.context, w.network, campaign('faux', experiment), new Date('2027-01-01T08:00:00Z')),
  ).rejects.toThrow(message)
})

test.each([
  ['    urgency: high', /urgent/],
  ['    every: month', /recurs/],
])('a step with %s has no variants', async (line, message) => {
  const file = campaign('faux', '{ vary: hour, b: "14:00" }', line)
  await expect(readCampaign(w.context, w.network, file, new Date('2027-01-01T08:00:00Z'))).rejects.toThrow(message)
})
