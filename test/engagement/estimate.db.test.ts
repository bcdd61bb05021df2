import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { engagements, groupEngagements } from '../../src/db/schema.ts'
import { beliefsOf, boundsOf } from '../../src/engagement/beliefs.ts'
import { estimateDue } from '../../src/engagement/estimate.ts'
import { estimatedKappa, spreadOf } from '../../src/engagement/kappa.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { day, type Person, person, type Small, since, smallNetwork } from '../tracking/small-network.ts'

let store: TestDatabase
beforeAll(async () => {
  store = await freshDatabase()
})
afterAll(() => store.drop())

/** People who have each been written to `exposures` times by e-mail, and the group they make up. */
async function group(shown: readonly { actions: number; exposures: number }[]): Promise<[Small, Person[]]> {
  const small = await smallNetwork(store.db)
  const people: Person[] = []
  for (const _ of shown) people.push(await person(store.db, small))
  await store.db.insertRows(
    engagements,
    shown.map(({ actions, exposures }, index) => ({
      ...{ networkId: small.networkId, contactId: people[index]!.contactId, channel: 'email' as const },
      ...{ s: actions, n: exposures, at: since(0), exposures, actions, misses: 0 },
    })),
  )
  const sum = (of: 'actions' | 'exposures') => shown.reduce((total, one) => total + one[of], 0)
  await store.db.insertRows(groupEngagements, [
    {
      ...{ networkId: small.networkId, profile: 'field' as const, channel: 'email' as const },
      ...{ s: sum('actions'), n: sum('exposures'), at: since(0) },
    },
  ])
  return [small, people]
}

const groupOf = async ({ networkId }: Small) =>
  (await store.db.select().from(groupEngagements).where(eq(groupEngagements.networkId, networkId)))[0]!

const shown = [3, 0, 2, 5, 1, 0, 4, 2, 1, 6, 3, 0, 2, 5, 1, 0, 4, 2, 1, 6].map((actions, n) => ({
  actions: actions * 2,
  exposures: [10, 6, 8, 12, 9, 5, 10, 8, 7, 12][n % 10]! * 2,
}))
const known = estimatedKappa(spreadOf(shown.map(({ actions, exposures }) => ({ s: actions, n: exposures }))))!

test('what a group’s mean weighs is estimated by the clock, dated, and once a week', async () => {
  const [small, people] = await group(shown)
  expect(await estimateDue(store.db, { id: small.networkId }, since(day))).toBe(1)
  const row = await groupOf(small)
  expect(row.kappa).toBeCloseTo(known, 6)
  expect(row.kappaAt).toEqual(since(day))
  await store.db.update(engagements).set({ actions: 0 }).where(eq(engagements.contactId, people[0]!.contactId))
  expect(await estimateDue(store.db, { id: small.networkId }, since(8 * day - 1))).toBeUndefined()
  expect((await groupOf(small)).kappa).toBeCloseTo(known, 6)
  expect(await estimateDue(store.db, { id: small.networkId }, since(8 * day))).toBe(1)
  expect(Math.abs((await groupOf(small)).kappa! - known)).toBeGreaterThan(0.01)
})

test('beliefs then use it, and say so', async () => {
  const [small, people] = await group(shown)
  const who = [{ id: people[3]!.contactId, profile: 'field' as const }]
  const before = (await beliefsOf(store.db, small.networkId, who, since(0))).get(who[0]!.id)!.email!
  expect(before.kappa).toBeUndefined()
  await estimateDue(store.db, { id: small.networkId }, since(0))
  const after = (await beliefsOf(store.db, small.networkId, who, since(0))).get(who[0]!.id)!.email!
  expect(after).toMatchObject({ kappa: expect.closeTo(known, 6), kappaAt: since(0) })
  const total = shown.reduce((sum, one) => ({ s: sum.s + one.actions, n: sum.n + one.exposures }), { s: 0, n: 0 })
  const mean = (20 * 0.08 + total.s) / (20 + total.n)
  expect(before.mean).toBeCloseTo((8 * mean + 10) / (8 + 24), 9)
  expect(after.mean).toBeCloseTo((known * mean + 10) / (known + 24), 6)
  // Those who differ little are known by their group: surer than eight exposures would make it.
  const width = ({ low, high }: { low: number; high: number }) => high - low
  expect(width(boundsOf(after, 8))).toBeLessThan(width(boundsOf(before, 8)))
})

test('too few people or exposures leave what the network has set', async () => {
  const [few] = await group(shown.slice(0, 19))
  expect(await estimateDue(store.db, { id: few.networkId }, since(0))).toBe(0)
  expect(await groupOf(few)).toMatchObject({ kappa: null, kappaAt: since(0) })
  const [seldom] = await group(shown.map(() => ({ actions: 1, exposures: 9 })))
  expect(await estimateDue(store.db, { id: seldom.networkId }, since(0))).toBe(0)
  const [none] = await group([])
  expect(await estimateDue(store.db, { id: none.networkId }, since(0))).toBe(0)
})
