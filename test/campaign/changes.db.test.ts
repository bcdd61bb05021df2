import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { applyChange, discardChange, openChanges, proposeChange, showChange } from '../../src/campaign/changes.ts'
import { putWords } from '../../src/campaign/drafts.ts'
import { launchCampaign } from '../../src/campaign/launch.ts'
import { versionsWithDifferences } from '../../src/campaign/version-snapshots.ts'
import { campaigns, memberships, messages, posts, stepRuns, users, watches } from '../../src/db/schema.ts'
import { look } from '../../src/worker.ts'
import { type World, world } from '../world.ts'

const step = (name: string, at: string) =>
  `  - { name: ${name}, at: "${at}", intent: relationship, channels: [intranet], template: message/change }\n`
const when = (name: string, after = 'PT48H') =>
  `  - { name: ${name}, when: { notOpened: deux, within: ${after} }, intent: follow-up, channels: [intranet], template: message/change }\n`
const text = (...steps: string[]) => `name: change
title: { fr: Essai, en: Trial }
class: relational
audience: { segment: tous }
anchor: { launch: 2027-01-12T10:00 }
steps:
${steps.join('')}`
const first = text(step('une', 'launch'), step('deux', 'launch + 2 days'))
const second = text(step('une', 'launch'), step('deux', 'launch + 3 days'))

const third = text(step('une', 'launch'), step('deux', 'launch + 40 days'))

let w: World
let campaignId: string
beforeAll(async () => {
  w = await world({ at: new Date('2027-01-12T08:00:00Z') })
  await words('Bonjour.')
  const launched = await launchCampaign(w.context, w.network, { file: 'x', text: first }, 'test', w.clock.now())
  campaignId = launched.campaignId
  await w.context.db.insert(users).values([
    { ...{ id: 'anne', name: 'Anne', email: 'anne@example.org' }, ...stamp() },
    { ...{ id: 'bruno', name: 'Bruno', email: 'bruno@example.org' }, ...stamp() },
    { ...{ id: 'carla', name: 'Carla', email: 'carla@example.org' }, ...stamp() },
  ])
  await w.context.db.insert(memberships).values(
    ['anne', 'bruno', 'carla'].map((userId) => ({
      ...{ networkId: w.network.id, userId, role: 'marketer' as const, scope: {}, createdAt: w.clock.now() },
    })),
  )
})
afterAll(() => w.close())

const stamp = () => ({ createdAt: w.clock.now(), updatedAt: w.clock.now() })
const words = (body: string) => {
  const source = `---\ntitle: Essai\n---\n${body}\n`
  const own = { template: 'message/change', channel: 'intranet' as const, language: 'fr' as const, source }
  return w.context.db.transaction((tx) => putWords(tx, w.network.id, [own], 'test', w.clock.now()))
}
const to = async (at: string) => {
  w.clock.set(new Date(at))
  while ((await look(w.context, w.network, w.clock.now())).didSomething);
}
const propose = (version: number, given: string, actor = 'anne') =>
  proposeChange(w.context, w.network, { campaignId, version, text: given }, actor, w.clock.now())
const apply = (changeId: string, actor = 'anne', takeOver: string[] = [], network = w.network) =>
  applyChange(w.context, network, { campaignId, changeId, takeOver }, actor, w.clock.now())
const show = (changeId: string) => showChange(w.context, w.network, { campaignId, changeId }, w.clock.now())
const open = () => openChanges(w.context.db, w.network.id, campaignId)

test('a change that changes nothing is not kept, nor one of a version that is no longer there', async () => {
  await expect(propose(1, first)).rejects.toMatchObject({ code: 'same' })
  await expect(propose(7, second)).rejects.toMatchObject({ code: 'moved' })
  expect(await open()).toEqual([])
})

test('what is proposed changes nothing, is one change however often it is asked for, and can be thrown away', async () => {
  const { changeId, isNew } = await propose(1, second)
  expect(isNew).toBe(true)
  expect(await propose(1, second)).toEqual({ changeId, isNew: false })
  const shown = await show(changeId)
  expect(shown?.edit?.steps.map(({ step: name, effect, at, wasAt }) => [name, effect, at, wasAt])).toEqual([
    ['une', 'replaced', new Date('2027-01-12T09:00:00Z'), new Date('2027-01-12T09:00:00Z')],
    ['deux', 'replaced', new Date('2027-01-15T09:00:00Z'), new Date('2027-01-14T09:00:00Z')],
  ])
  expect(shown?.difference.steps).toEqual([
    { step: 'deux', kind: 'changed', keys: [{ key: 'at', before: 'launch + 2 days', after: 'launch + 3 days' }] },
  ])
  expect((await w.context.db.select().from(campaigns))[0]?.version).toBe(1)
  const asked = { campaignId, changeId }
  expect(await discardChange(w.context, w.network, asked, 'anne', w.clock.now())).toBe(true)
  expect(await discardChange(w.context, w.network, asked, 'anne', w.clock.now())).toBe(false)
  await expect(apply(changeId)).rejects.toMatchObject({ code: 'decided' })
})

test('where approvals are asked for, nobody applies their own change', async () => {
  const launching = { approval: { isRequired: true } }
  const strict = { ...w.network, settings: { ...w.network.settings, launching } }
  const { changeId } = await propose(1, second)
  await expect(apply(changeId, 'anne', [], strict)).rejects.toMatchObject({ code: 'unapproved' })
  await expect(apply(changeId, 'operator', [], strict)).rejects.toMatchObject({ code: 'unapproved' })
  expect(await apply(changeId, 'bruno', [], strict)).toEqual({ version: 2, isNew: true })
  expect(await apply(changeId, 'bruno', [], strict)).toEqual({ version: 2, isNew: false })
  expect(await open()).toEqual([])
})

test('words taken over stand between two versions, word by word; the first step has gone and stays as it was', async () => {
  await to('2027-01-12T10:00:00Z')
  await words('Bonsoir à tous.')
  const { changeId } = await propose(2, second)
  const shown = await show(changeId)
  expect(
    shown?.edit?.steps.map(({ step: name, effect, claimed, hasNewWords }) => [name, effect, claimed, hasNewWords]),
  ).toEqual([
    ['une', 'past', 7, true],
    ['deux', 'replaced', 0, true],
  ])
  await apply(changeId, 'bruno', ['deux'])
  const versions = await versionsWithDifferences(w.context.db, w.network.id, campaignId, w.context.templates.layouts)
  expect(versions.map(({ version, by }) => [version, by])).toEqual([
    [3, 'Bruno'],
    [2, 'Bruno'],
    [1, 'test'],
  ])
  const [newest, before] = versions
  expect(newest?.since?.steps).toEqual([])
  expect(newest?.since?.texts).toHaveLength(1)
  expect(newest?.since?.texts[0]).toMatchObject({
    template: 'deux',
    channel: 'intranet',
    language: 'fr',
    kind: 'changed',
  })
  expect(newest?.since?.texts[0]?.parts.filter(({ kind }) => kind !== 'same').map(({ text: said }) => said)).toEqual(
    expect.arrayContaining(['Bonjour']),
  )
  expect(before?.since?.steps.map(({ step: name }) => name)).toEqual(['deux'])
  const said = (await w.context.db.select({ body: posts.body }).from(posts)).map((row) => row.body)
  expect(said.every((body) => body.includes('Bonjour.'))).toBe(true)
})

test('a step that waits for what happens may be added, changed and taken away while the campaign runs', async () => {
  const added = await propose(3, second + when('relance'))
  await apply(added.changeId)
  const row = async () => {
    const [found] = await w.context.db
      .select({ id: messages.id, run: stepRuns.status, definition: messages.definition })
      .from(messages)
      .innerJoin(stepRuns, eq(stepRuns.messageId, messages.id))
      .where(and(eq(messages.campaignId, campaignId), eq(messages.step, 'relance')))
    return found
  }
  const listening = () => w.context.db.$count(watches, eq(watches.campaignId, campaignId))
  expect((await row())?.run).toBe('watching')
  expect(await listening()).toBe(1)
  const changed = await propose(4, second + when('relance', 'PT72H'))
  expect((await show(changed.changeId))?.edit?.steps.at(-1)).toMatchObject({ step: 'relance', effect: 'replaced' })
  await apply(changed.changeId)
  expect(JSON.stringify((await row())?.definition)).toContain('PT72H')
  await expect(propose(5, second + step('relance', 'launch + 5 days'))).rejects.toMatchObject({ code: 'way' })
  const removed = await propose(5, second)
  expect((await show(removed.changeId))?.edit?.steps.at(-1)).toMatchObject({ step: 'relance', effect: 'removed' })
  await apply(removed.changeId)
  expect((await row())?.run).toBe('canceled')
  expect(await listening()).toBe(0)
})

test('where two have to agree, one who says it twice is one, and other words taken over begin anew', async () => {
  const launching = { approval: { isRequired: true }, needed: 2 }
  const strict = { ...w.network, settings: { ...w.network.settings, launching } }
  const version = (await w.context.db.select().from(campaigns))[0]!.version
  const { changeId } = await propose(version, third)
  const waits = { version, isNew: false, missing: 1 }
  expect(await apply(changeId, 'bruno', [], strict)).toEqual(waits)
  expect(await apply(changeId, 'bruno', [], strict)).toEqual(waits)
  expect(await apply(changeId, 'carla', ['deux'], strict)).toEqual(waits)
  expect((await show(changeId))?.change).toMatchObject({
    ...{ status: 'proposed', agreed: { by: ['carla'], takeOver: ['deux'] } },
  })
  expect((await w.context.db.select().from(campaigns))[0]?.version).toBe(version)
  expect(await apply(changeId, 'bruno', ['deux'], strict)).toEqual({ version: version + 1, isNew: true })
})
