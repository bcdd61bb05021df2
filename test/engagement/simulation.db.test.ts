import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Simulated, simulate } from '../../bench/learning.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'

let store: TestDatabase
let runs: Simulated[]
beforeAll(async () => {
  store = await freshDatabase()
  runs = []
  for (const seed of ['1', '2'])
    runs.push(await simulate(store.db, { seed, people: 60, issues: 4, isPriorWrong: true }))
}, 60_000)
afterAll(() => store.drop())

const mean = (of: keyof Simulated) => runs.reduce((sum, run) => sum + run[of], 0) / runs.length

test('after three issues the learned segments match the simulated truth, from wrong first guesses too', () => {
  expect(mean('match')).toBeGreaterThan(0.85)
  expect(mean('channelGuessed')).toBeLessThan(0.35)
  expect(mean('channelFound')).toBeGreaterThan(mean('channelGuessed') + 0.3)
})

test('learned routing beats always writing e-mail', () => {
  for (const run of runs) expect(run.learned).toBeGreaterThan(run.alwaysEmail)
  expect(mean('learnedLater')).toBeGreaterThan(mean('alwaysEmailLater') + 0.04)
})

test('a withdrawal of consent holds from the next decision on', () => {
  for (const run of runs) {
    expect(run.withdrawn).toBeGreaterThan(0)
    expect(run.afterWithdrawal).toBe(0)
  }
})

test('some messages are drawn by lot, about three in a hundred', () => {
  expect(mean('explored')).toBeGreaterThan(0.01)
  expect(mean('explored')).toBeLessThan(0.06)
})
