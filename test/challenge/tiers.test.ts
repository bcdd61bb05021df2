import { describe, expect, test } from 'vitest'
import { challengeBlock } from '../../src/challenge/definition.ts'
import { tierOf } from '../../src/challenge/tiers.ts'
import { rules } from './grand-nord.ts'

const tier = (name: string, from: number) => ({ name, title: { fr: name }, from })
const withTiers = (tiers: unknown) => challengeBlock.safeParse({ ...rules, tiers })
const club = challengeBlock.parse({
  ...rules,
  tiers: [tier('bronze', 10), tier('argent', 200), tier('or', 800)],
})

describe('tiers', () => {
  test.each([
    [0, undefined, 'bronze', 10],
    [10, 'bronze', 'argent', 190],
    [199, 'bronze', 'argent', 1],
    [200, 'argent', 'or', 600],
    [800, 'or', undefined, 0],
    [5_000, 'or', undefined, 0],
  ])('%i points are tier %s, with %s next in %i', (points, name, next, toNext) => {
    const found = tierOf(club, points)
    expect([found?.tier?.name, found?.next?.name, found?.toNext]).toEqual([name, next, toNext])
  })

  test('there are none where the rules have none', () => {
    expect(tierOf(rules, 500)).toBeUndefined()
  })

  test('thresholds that do not rise, names that come twice and a single tier are refused', () => {
    for (const tiers of [
      [tier('bronze', 200), tier('argent', 200)],
      [tier('bronze', 0), tier('bronze', 200)],
      [tier('bronze', 0)],
    ])
      expect(withTiers(tiers).success).toBe(false)
  })
})
