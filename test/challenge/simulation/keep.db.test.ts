import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  confirmSimulation,
  keepSimulation,
  reachObstacle,
  simulationsOf,
} from '../../../src/challenge/simulation/keep.ts'
import { simulate } from '../../../src/challenge/simulation/simulate.ts'
import { auditEntries } from '../../../src/db/schema.ts'
import { freshDatabase, type TestDatabase } from '../../database.ts'
import { rules, type Seeded, seedChallenge } from '../grand-nord.ts'

let store: TestDatabase
let nord: Seeded
const at = new Date('2026-11-22T10:00:00Z')
beforeAll(async () => {
  store = await freshDatabase()
  nord = await seedChallenge(store.db, [{ name: 'A', site: 'N1' }])
})
afterAll(() => store.drop())

test('rules that too few would have reached wait for somebody to answer for them, with a reason that stays', async () => {
  const figures = simulate(rules, { from: '2026-01-01', to: '2026-03-31' }, [
    { who: 'A', role: '', criterion: 'ventes', day: '2026-01-10', isMonth: false, quantity: 2 },
  ])
  const of = { networkId: nord.networkId, campaign: 'grand-nord', rules, data: 'x', figures, by: 'u1', at }
  expect(await reachObstacle(store.db, nord.networkId, 'grand-nord', rules)).toBeUndefined()
  const kept = await keepSimulation(store.db, of)
  expect((await keepSimulation(store.db, of)).id).toBe(kept.id)
  expect(await simulationsOf(store.db, nord.networkId, 'grand-nord')).toHaveLength(1)
  expect(await reachObstacle(store.db, nord.networkId, 'grand-nord', rules)).toMatchObject({
    verdict: 'too_few',
    people: 1,
    reached: 0,
  })
  expect(await reachObstacle(store.db, nord.networkId, 'grand-nord', { ...rules, freeze: 'P5D' })).toBeUndefined()
  const answer = { by: 'u1', at, wallAt: at }
  expect(await confirmSimulation(store.db, nord.networkId, kept.id, { ...answer, reason: ' ' })).toBe(false)
  expect(await confirmSimulation(store.db, nord.networkId, kept.id, { ...answer, reason: 'Année de lancement' })).toBe(
    true,
  )
  expect(await confirmSimulation(store.db, nord.networkId, kept.id, { ...answer, reason: 'Encore' })).toBe(false)
  expect(await reachObstacle(store.db, nord.networkId, 'grand-nord', rules)).toBeUndefined()
  const trail = await store.db.select().from(auditEntries).where(eq(auditEntries.subject, kept.id))
  expect(trail).toMatchObject([
    { action: 'challenge.confirm_simulation', data: { reason: 'Année de lancement', reached: 0 } },
  ])
})
