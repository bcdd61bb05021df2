import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { putWords } from '../../src/campaign/drafts.ts'
import { applyEdit, planEdit } from '../../src/campaign/edit-running.ts'
import { launchCampaign } from '../../src/campaign/launch.ts'
import type { Context } from '../../src/context.ts'
import { dialect, openDatabase } from '../../src/db/index.ts'
import { campaigns, campaignVersions, deliveries, messages, posts, stepRuns } from '../../src/db/schema.ts'
import { look } from '../../src/worker.ts'
import { type World, world } from '../world.ts'

const step = (name: string, at: string, template = 'message/edit') =>
  `  - { name: ${name}, at: "${at}", intent: relationship, channels: [intranet], template: ${template} }\n`
const text = (...steps: string[]) => `name: edit
title: { fr: Essai, en: Trial }
class: relational
audience: { segment: tous }
anchor: { launch: 2027-01-12T10:00 }
steps:
${steps.join('')}`
const first = text(step('une', 'launch'), step('deux', 'launch + 2 days'), step('trois', 'launch + 3 days'))
/** The second comes a day later, the third is gone, a fourth is new. */
const second = text(step('une', 'launch'), step('deux', 'launch + 3 days'), step('quatre', 'launch + 4 days'))

let w: World
let other: Context
let campaignId: string
beforeEach(async () => {
  w = await world({ at: new Date('2027-01-12T08:00:00Z') })
  const db = dialect === 'postgres' ? await openDatabase(w.store.location) : w.context.db
  other = { ...w.context, db, worker: 'another' }
  await words('Bonjour.')
  const launched = await launchCampaign(w.context, w.network, { file: 'x', text: first }, 'test', w.clock.now())
  campaignId = launched.campaignId
})
afterEach(async () => {
  if (other.db !== w.context.db) await other.db.close()
  await w.close()
})

const words = (body: string) => {
  const source = `---\ntitle: Essai\n---\n${body}\n`
  const own = { template: 'message/edit', channel: 'intranet' as const, language: 'fr' as const, source }
  return w.context.db.transaction((tx) => putWords(tx, w.network.id, [own], 'test', w.clock.now()))
}
const drain = async (context: Context = w.context) => {
  while ((await look(context, w.network, w.clock.now())).didSomething);
}
const to = async (at: string) => {
  w.clock.set(new Date(at))
  await drain()
}
const edit = (context: Context = w.context, given = second, takeOver: string[] = []) =>
  applyEdit(context, w.network, { campaignId, version: 1, text: given, takeOver }, 'test', w.clock.now())
const runs = async () =>
  Object.fromEntries(
    (
      await w.context.db
        .select({ step: messages.step, run: stepRuns.status, version: messages.campaignVersion })
        .from(messages)
        .innerJoin(stepRuns, eq(stepRuns.messageId, messages.id))
    ).map((row) => [row.step, `${row.run} ${row.version}`]),
  )
const bodies = async () => (await w.context.db.select({ body: posts.body }).from(posts)).map((row) => row.body)

test('what is to come goes by the new text, what is past stays, and the page can say so before', async () => {
  await to('2027-01-12T10:00:00Z')
  const planned = await planEdit(w.context, w.network, { campaignId, text: second }, w.clock.now())
  expect(planned.steps.map(({ step: name, effect }) => [name, effect])).toEqual([
    ['une', 'past'],
    ['deux', 'replaced'],
    ['quatre', 'added'],
    ['trois', 'removed'],
  ])
  expect(await edit()).toEqual({ version: 2 })
  expect(await runs()).toEqual({ une: 'done 1', deux: 'waiting 2', trois: 'canceled 1', quatre: 'waiting 2' })
  await to('2027-01-14T12:00:00Z')
  expect(await w.context.db.$count(posts)).toBe(7)
  await to('2027-01-15T12:00:00Z')
  expect(await w.context.db.$count(posts)).toBe(14)
  await to('2027-01-17T12:00:00Z')
  expect(await w.context.db.$count(posts)).toBe(21)
  expect(await w.context.db.$count(campaignVersions)).toBe(2)
})

test('a template changed since reaches a launched step only where somebody takes it over', async () => {
  await words('Bonsoir.')
  const planned = await planEdit(w.context, w.network, { campaignId, text: first }, w.clock.now())
  expect(planned.steps.map((one) => one.hasNewWords)).toEqual([true, true, true])
  await edit(w.context, `${first}# relu\n`, ['deux'])
  await to('2027-01-12T10:00:00Z')
  await to('2027-01-14T12:00:00Z')
  const said = await bodies()
  expect(said.filter((body) => body.includes('Bonjour.'))).toHaveLength(7)
  expect(said.filter((body) => body.includes('Bonsoir.'))).toHaveLength(7)
})

test('what is decided and not yet claimed takes the new words, and its decisions stay', async () => {
  w.clock.set(new Date('2027-01-12T09:00:00Z'))
  const busy: Context = { ...w.context, takes: new Set(['sms']) }
  await look(busy, w.network, w.clock.now())
  const before = await w.context.db.select({ id: deliveries.id, dueAt: deliveries.dueAt }).from(deliveries)
  expect(before).toHaveLength(7)
  const planned = await planEdit(w.context, w.network, { campaignId, text: second }, w.clock.now())
  expect(planned.steps[0]).toMatchObject({ step: 'une', effect: 'begun', unclaimed: 7 })
  await words('Bonsoir.')
  await edit(w.context, second, ['une'])
  expect(await w.context.db.select({ id: deliveries.id, dueAt: deliveries.dueAt }).from(deliveries)).toEqual(before)
  await drain()
  expect((await bodies()).every((body) => body.includes('Bonsoir.'))).toBe(true)
})

test('an edit and the worker in the same moment: the step goes by one text or by the other, whole', async () => {
  w.clock.set(new Date('2027-01-12T09:00:00Z'))
  const later = text(step('une', 'launch + 1 day'), step('deux', 'launch + 2 days'), step('trois', 'launch + 3 days'))
  const edited = edit(other, later).then(
    () => true,
    (error: { code?: string }) => {
      expect(error.code).toBe('begun')
      return false
    },
  )
  await drain()
  const wasEdited = await edited
  await drain()
  const [row] = await w.context.db.select().from(campaigns)
  if (wasEdited && (await runs()).une === 'waiting 2') {
    expect(row?.version).toBe(2)
    expect(await w.context.db.$count(posts)).toBe(0)
  } else expect(await w.context.db.$count(posts)).toBe(7)
  for (const day of [13, 14, 15, 16]) await to(`2027-01-${day}T12:00:00Z`)
  expect(await w.context.db.$count(posts)).toBe(21)
})

test('two edits of the same version: one is made, the other is told to look again', async () => {
  const results = await Promise.allSettled([edit(), edit(other)])
  expect(results.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(await w.context.db.$count(campaignVersions)).toBe(2)
  await expect(edit(w.context, second.replace('name: edit', 'name: autre'))).rejects.toMatchObject({ code: 'renamed' })
})

test('a step that is tried in variants is left as it is', async () => {
  const tried = first.replace(
    'template: message/edit }\n',
    'template: message/edit, experiment: { vary: hour, b: "14:00" } }\n',
  )
  expect(tried).not.toBe(first)
  await expect(edit(w.context, tried)).rejects.toMatchObject({ code: 'experiment' })
  expect((await runs()).une).toBe('waiting 1')
})
