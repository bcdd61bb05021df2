import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { leastGain, testAndRoll } from '../../src/experiment/size.ts'
import { type Arm, compare, sequentialP, sequentialRatio } from '../../src/experiment/verdict.ts'

describe('how many to try two variants on (Test & Roll, a quarter acts)', () => {
  test.each([
    [43, 7.01, 6.76, 0.09],
    [101, 16.01, 14.87, 0.31],
    [400, 56.46, 47.02, 2.2],
    [1_000, 120.33, 91.78, 7.8],
    [2_700, 250, 175.67, 27.5],
    [4_000, 326.19, 223.33, 44.3],
  ])('of %i people: %d each, %d where subjects differ by 5 points, for %d acts more', (people, each, wider, gain) => {
    expect(testAndRoll(people, 0.25).perVariant).toBeCloseTo(each, 2)
    expect(testAndRoll(people, 0.25, 0.05).perVariant).toBeCloseTo(wider, 2)
    expect(Math.abs(testAndRoll(people, 0.25).expectedGain - gain)).toBeLessThanOrEqual(gain < 1 ? 0.005 : 0.05)
  })

  test('is not worth the trouble in a small network, and is in a large one', () => {
    expect(testAndRoll(200, 0.25).expectedGain).toBeLessThan(leastGain)
    expect(testAndRoll(400, 0.25).expectedGain).toBeGreaterThan(leastGain)
    expect(testAndRoll(1, 0.25)).toEqual({ perVariant: 0, expectedGain: 0 })
  })

  test('never tries on more than there are', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 1e6 }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (people, rate) => {
          const { perVariant, expectedGain } = testAndRoll(people, rate)
          expect(perVariant).toBeGreaterThan(0)
          expect(2 * perVariant).toBeLessThanOrEqual(people)
          expect(expectedGain).toBeGreaterThanOrEqual(0)
        },
      ),
    )
  })
})

const arm = (acted: number, people: number): Arm => ({ acted, people })

describe('which variant to choose, and how sure that is (scipy 1.17.1)', () => {
  test.each([
    [5, 21, 9, 22, 0.850865, 0.126305, 0.008866, 'inconclusive'],
    [50, 200, 62, 200, 0.905099, 0.059086, 0.001943, 'probable'],
    [22, 57, 30, 57, 0.9207, 0.122459, 0.003056, 'probable'],
    [82, 326, 98, 326, 0.917013, 0.048924, 0.001305, 'probable'],
  ])('%i/%i against %i/%i', (x1, n1, x2, n2, probability, lossA, lossB, verdict) => {
    const found = compare(arm(x1, n1), arm(x2, n2))
    expect(Math.abs(found.probabilityB - probability)).toBeLessThan(1e-6)
    expect(Math.abs(found.lossA - lossA)).toBeLessThan(1e-6)
    expect(Math.abs(found.lossB - lossB)).toBeLessThan(1e-6)
    expect(found).toMatchObject({ better: 'b', verdict })
  })

  test('a difference that is large and certain has a clear winner, whichever side it is on', () => {
    expect(compare(arm(200, 1_000), arm(300, 1_000))).toMatchObject({ better: 'b', verdict: 'clear' })
    expect(compare(arm(300, 1_000), arm(200, 1_000))).toMatchObject({ better: 'a', verdict: 'clear' })
  })

  test('two variants that nobody answered, or that are alike, have none', () => {
    expect(compare(arm(0, 0), arm(0, 0))).toMatchObject({ better: 'a', verdict: 'inconclusive' })
    const { probabilityB, verdict } = compare(arm(50, 200), arm(50, 200))
    expect(probabilityB).toBeCloseTo(0.5, 9)
    expect(verdict).toBe('inconclusive')
  })

  test('losses are never negative, and the better one loses less', () => {
    const some = fc.nat(300).chain((people) => fc.record({ people: fc.constant(people), acted: fc.nat(people) }))
    fc.assert(
      fc.property(some, some, (a, b) => {
        const { lossA, lossB, better } = compare(a, b)
        expect(Math.min(lossA, lossB)).toBeGreaterThanOrEqual(-1e-8)
        expect(better === 'a' ? lossA - lossB : lossB - lossA).toBeLessThanOrEqual(1e-8)
      }),
      { numRuns: 40 },
    )
  })
})

describe('looking at any time (mSPRT)', () => {
  test.each([
    [5, 21, 9, 22, 1.024512, 0.976074],
    [50, 200, 62, 200, 1.097447, 0.911205],
    [82, 326, 98, 326, 1.110644, 0.900378],
    [200, 1_000, 260, 1_000, 30.914023, 0.032348],
  ])('%i/%i against %i/%i', (x1, n1, x2, n2, ratio, p) => {
    const found = sequentialRatio(arm(x1, n1), arm(x2, n2))
    expect(Math.abs(found - ratio)).toBeLessThan(1e-6)
    expect(Math.abs(sequentialP([found]) - p)).toBeLessThan(1e-6)
  })

  test('an earlier look that spoke louder still counts', () => {
    expect(sequentialP([1.2, 30, 2])).toBeCloseTo(1 / 30, 12)
    expect(sequentialP([])).toBe(1)
    expect(sequentialRatio(arm(0, 0), arm(1, 2))).toBe(1)
  })
})
