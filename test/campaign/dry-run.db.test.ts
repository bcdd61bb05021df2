import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DryRun, dryRun } from '../../bench/dry-run.ts'
import { channelNames } from '../../src/words.ts'
import { type World, world } from '../world.ts'

/** The head of the 4,000 agencies' file, dirt and all; `npm run accept` does the same with the whole of it. */
const file = readFileSync(new URL('../../examples/data/agences-4000.csv', import.meta.url), 'utf8')
  .split(/(?<=\n)/)
  .slice(0, 251)
  .join('')

let w: World
let found: DryRun
beforeAll(async () => {
  w = await world({ file, at: new Date('2027-01-04T09:00:00Z') })
  found = await dryRun(w.context, w.network, w.clock.now())
})
afterAll(() => w.close())

describe('the dry run of a five-step challenge over the agencies’ file', () => {
  test('puts every contact into exactly one bucket of each step, each with a reason', () => {
    expect(found).toMatchObject({ steps: 5, misplaced: 0, unexplained: 0, miscounted: 0 })
    expect(found.contacts).toBeGreaterThan(200)
    for (const buckets of Object.values(found.buckets))
      expect(Object.values(buckets).reduce((sum, count) => sum + count, 0)).toBe(found.contacts)
    const names = new Set(Object.values(found.buckets).flatMap((buckets) => Object.keys(buckets)))
    expect(names).toContain('held_out')
    expect(channelNames.filter((name) => names.has(name)).length).toBeGreaterThan(2)
  })

  test('is the same the second time', () => {
    expect(found.unlike).toBe(0)
  })

  test('says what the launch then does to each of them: channel, moment and reason', () => {
    expect(found.examples).toEqual([])
    expect(found.otherwise).toBe(0)
  })
})
