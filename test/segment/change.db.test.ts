import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../src/db/index.ts'
import { auditEntries, campaigns, campaignVersions, jobs, networks, segments } from '../../src/db/schema.ts'
import { changeSegment, deleteSegment, nameFor, SegmentInUse } from '../../src/segment/change.ts'
import { lookedAtMost, reachOf } from '../../src/segment/reach.ts'
import { listSegments, SegmentProblem } from '../../src/segment/save.ts'
import { chosenBy } from '../../src/segment/snapshot.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { launch, person, type Small, smallNetwork } from '../tracking/small-network.ts'

let store: TestDatabase
beforeAll(async () => {
  store = await freshDatabase()
})
afterAll(() => store.drop())

const wall = { now: () => launch }
const both = (title: string) => ({ fr: title, en: title })
const deps = () => ({ db: store.db, wall })
const networkRow = async ({ networkId }: Small) =>
  (await store.db.select().from(networks).where(eq(networks.id, networkId)))[0]!
const idOf = async (small: Small, name: string) =>
  (await listSegments(store.db, small.networkId)).find((one) => one.name === name)!.id

describe('a segment', () => {
  test('is named after its title, once', () => {
    expect(nameFor('Artisans de l’Est', new Set())).toBe('artisans-de-l-est')
    expect(nameFor('Artisans de l’Est', new Set(['artisans-de-l-est']))).toBe('artisans-de-l-est-2')
    expect(nameFor('!!!', new Set())).toBe('segment')
  })

  test('that is changed is audited, and has everybody worked out anew', async () => {
    const small = await smallNetwork(store.db)
    const network = await networkRow(small)
    const name = await changeSegment(deps(), network, { title: both('Vendeurs'), rule: { profile: 'sales' } }, 'ana')
    expect(name).toBe('vendeurs')
    const [job] = await store.db
      .select()
      .from(jobs)
      .where(and(eq(jobs.networkId, small.networkId), eq(jobs.kind, 'segment.refresh')))
    expect(job?.status).toBe('queued')
    const [entry] = await store.db.select().from(auditEntries).where(eq(auditEntries.networkId, small.networkId))
    expect(entry).toMatchObject({ action: 'segment.change', subject: 'vendeurs', actor: 'ana' })
    await expect(
      changeSegment(deps(), network, { name, title: both('V'), rule: { segment: 'vendeurs' } }, 'ana'),
    ).rejects.toThrow(SegmentProblem)
  })

  test('is deleted only when nothing stands on it, a draft with faults included', async () => {
    const small = await smallNetwork(store.db)
    const network = await networkRow(small)
    for (const [title, rule] of [
      ['base', { profile: 'sales' }],
      ['above', { segment: 'base' }],
    ] as const)
      await changeSegment(deps(), network, { title: both(title), rule }, 'ana')
    const campaignId = newId()
    await store.db.insert(campaigns).values({
      ...{ networkId: small.networkId, id: campaignId, name: 'draft', title: both('Brouillon'), class: 'marketing' },
      ...{ status: 'draft', createdAt: launch },
    })
    await store.db.insert(campaignVersions).values({
      ...{ networkId: small.networkId, campaignId, version: 1, definition: {}, hash: 'h', createdBy: 'ana' },
      ...{ source: 'audience: { segment: above }\nsteps: { one: { when: wrong } }', createdAt: launch },
    })
    await store.db.update(campaigns).set({ version: 1 }).where(eq(campaigns.id, campaignId))
    const remove = async (name: string) => deleteSegment(deps(), network, await idOf(small, name), 'ana')
    await expect(remove('base')).rejects.toThrow(SegmentInUse)
    await expect(remove('above')).rejects.toThrow(/used by draft/)
    // What a step waits for, and the goal people leave for, stand on a segment as an audience does.
    for (const source of [
      'entry: { enters: above }',
      'exit: { when: above }',
      'steps: [{ when: { leaves: above } }]',
      'steps: [{ when: { all: [{ event: told }, { not: { enters: above } }] } }]',
      'steps: [{ when: { all: [{ event: told }, { rule: { any: [{ segment: above }, registered] } }] } }]',
    ]) {
      await store.db.update(campaignVersions).set({ source }).where(eq(campaignVersions.campaignId, campaignId))
      await expect(remove('above'), source).rejects.toThrow(/used by draft/)
    }
    await store.db.update(campaigns).set({ status: 'canceled' }).where(eq(campaigns.id, campaignId))
    await remove('above')
    await remove('base')
    expect(await store.db.select().from(segments).where(eq(segments.networkId, small.networkId))).toEqual([])
  })

  test('is remembered with a step by its rule and version, and what it stands on too', async () => {
    const small = await smallNetwork(store.db)
    const network = await networkRow(small)
    await changeSegment(deps(), network, { title: both('base'), rule: { profile: 'sales' } }, 'ana')
    await changeSegment(deps(), network, { title: both('above'), rule: { not: { segment: 'base' } } }, 'ana')
    await changeSegment(deps(), network, { name: 'base', title: both('base'), rule: { profile: 'field' } }, 'ana')
    expect(await chosenBy(store.db, small.networkId, [{ all: ['above', 'registered'] }])).toEqual({
      above: { version: 1, rule: { not: { segment: 'base' } } },
      base: { version: 2, rule: { profile: 'field' } },
    })
  })
})

test('reach counts whom a rule means within a scope, and on what they can be had', async () => {
  const small = await smallNetwork(store.db)
  for (let n = 0; n < 3; n++) await person(store.db, small, { profile: n === 0 ? 'sales' : 'field' })
  const count = (scope: Parameters<typeof reachOf>[4]) =>
    reachOf(store.db, small.networkId, { profile: 'field' }, launch, scope)
  expect(await count({ of: 'network' })).toEqual({
    ...{ people: 2, byChannel: { sms: 2, email: 2, print: 0 }, nowhere: 0, looked: 3, isMore: false },
  })
  expect(await count({ of: 'sites', areas: [], siteIds: [small.siteId] })).toMatchObject({ people: 2 })
  expect(await count({ of: 'sites', areas: ['Sud'], siteIds: [] })).toMatchObject({ people: 0, looked: 0 })
  expect(lookedAtMost).toBeGreaterThanOrEqual(3)
})
