import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { newcombe, wilson } from '../../src/engagement/interval.ts'
import { leastDetectableDifference, upliftOf } from '../../src/engagement/uplift.ts'

test('44 of 80 is 55 %, with 95 % between 44.1 % and 65.4 % (Wilson)', () => {
  const { value, low, high } = wilson(44, 80)!
  expect(value).toBeCloseTo(0.55, 12)
  expect(Math.abs(low - 0.441195)).toBeLessThan(1e-6)
  expect(Math.abs(high - 0.654223)).toBeLessThan(1e-6)
  expect(wilson(0, 0)).toBeUndefined()
})

test('an interval holds its value and stays within 0 and 1, whatever was counted', () => {
  const share = fc.nat(500).chain((people) => fc.record({ people: fc.constant(people + 1), acted: fc.nat(people + 1) }))
  fc.assert(
    fc.property(share, share, (a, b) => {
      const one = wilson(a.acted, a.people)!
      expect(one.low).toBeGreaterThanOrEqual(0)
      expect(one.high).toBeLessThanOrEqual(1)
      expect(one.value).toBeGreaterThanOrEqual(one.low)
      expect(one.value).toBeLessThanOrEqual(one.high)
      const there = newcombe(a, b)!
      const back = newcombe(b, a)!
      expect(there.low).toBeGreaterThanOrEqual(-1)
      expect(there.high).toBeLessThanOrEqual(1)
      expect(there.value).toBeCloseTo(-back.value, 12)
      expect(there.low).toBeCloseTo(-back.high, 12)
    }),
    {
      examples: [
        [
          { people: 297, acted: 297 },
          { people: 1, acted: 0 },
        ],
      ],
    },
  )
})

test.each([
  [936, 3600, 88, 400, 0.04, -0.005388, 0.080538],
  [12, 40, 70, 360, 0.105556, -0.021561, 0.264363],
  [25, 101, 18, 100, 0.067525, -0.046361, 0.179339],
])('the difference of %i/%i and %i/%i, between its bounds (Newcombe)', (x1, n1, x2, n2, value, low, high) => {
  const found = newcombe({ acted: x1, people: n1 }, { acted: x2, people: n2 })!
  expect(Math.abs(found.value - value)).toBeLessThan(1e-6)
  expect(Math.abs(found.low - low)).toBeLessThan(1e-6)
  expect(Math.abs(found.high - high)).toBeLessThan(1e-6)
})

describe('the least difference that can be shown (80 % power, 5 %, baselines 5, 25 and 55 %)', () => {
  test.each([
    [22, 21, [0.347, 0.414, 0.367]],
    [51, 50, [0.196, 0.268, 0.257]],
    [360, 40, [0.164, 0.224, 0.212]],
    [200, 200, [0.08, 0.13, 0.136]],
    [2430, 270, [0.049, 0.082, 0.088]],
    [3600, 400, [0.039, 0.067, 0.072]],
    [2000, 2000, [0.021, 0.039, 0.044]],
  ])('%i against %i people', (treated, heldOut, expected) => {
    for (const [index, baseline] of [0.05, 0.25, 0.55].entries())
      expect(Math.abs(leastDetectableDifference(baseline, treated, heldOut) - expected[index]!)).toBeLessThan(0.00051)
  })

  test('where nothing would show, it is all there is to rise', () => {
    expect(leastDetectableDifference(0.9, 5, 5)).toBeCloseTo(0.1, 9)
  })
})

describe('what may be told of a campaign’s effect', () => {
  const of = (acted: number, people: number) => ({ acted, people })

  test('with 400 held out: the difference and its bounds, even where they hold nothing', () => {
    const found = upliftOf({ treated: of(936, 3600), heldOut: of(88, 400), campaigns: 1 })
    expect(found).toMatchObject({ isMeasurable: true, difference: { value: expect.closeTo(0.04, 6) } })
    expect(found.leastDetectable).toBeGreaterThan(0.06)
    expect(found.leastDetectable).toBeLessThan(0.067)
  })

  test('of 43 partners, nothing; and how large a difference would have had to be', () => {
    const found = upliftOf({ treated: of(7, 22), heldOut: of(5, 21), campaigns: 1 })
    expect(found).toMatchObject({ isMeasurable: false, reason: 'too_few_held_out' })
    expect(found.leastDetectable).toBeGreaterThan(0.35)
  })

  test('99 held out are too few for one campaign, enough for six together', () => {
    const given = { treated: of(300, 900), heldOut: of(20, 99) }
    expect(upliftOf({ ...given, campaigns: 5 }).isMeasurable).toBe(false)
    expect(upliftOf({ ...given, campaigns: 6 }).isMeasurable).toBe(true)
    expect(upliftOf({ treated: of(300, 900), heldOut: of(20, 100), campaigns: 1 }).isMeasurable).toBe(true)
  })

  test('without anybody held out, or anybody treated, it says so', () => {
    expect(upliftOf({ treated: of(3, 9), heldOut: of(0, 0), campaigns: 9 })).toEqual({
      isMeasurable: false,
      reason: 'no_holdout',
    })
    expect(upliftOf({ treated: of(0, 0), heldOut: of(3, 200), campaigns: 9 })).toEqual({
      isMeasurable: false,
      reason: 'nobody_treated',
    })
  })
})
