import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rateOf } from '../../src/results/rate.ts'

const wilson = (part: number, whole: number) => {
  const rate = rateOf(part, whole, whole)
  if (rate.is !== 'known') throw new Error(`${part} of ${whole} has no interval.`)
  return rate
}
const counts = fc
  .integer({ min: 1, max: 1_000_000 })
  .chain((whole) => fc.tuple(fc.integer({ min: 0, max: whole }), fc.constant(whole)))

test.each([
  [44, 80, 0.441195, 0.654223],
  [42, 43, 0.87941, 0.995883],
  [101, 400, 0.212417, 0.297292],
])('%i of %i lies between %d and %d', (part, whole, from, to) => {
  const { low, high } = wilson(part, whole)
  expect(low).toBeCloseTo(from, 6)
  expect(high).toBeCloseTo(to, 6)
})

test('nobody and everybody have an interval too, and 5 of 10 is symmetrical', () => {
  expect(wilson(0, 10).low).toBe(0)
  expect(wilson(0, 10).high).toBeCloseTo(0.2775328, 6)
  expect(wilson(10, 10).low).toBeCloseTo(0.7224672, 6)
  expect(wilson(10, 10).high).toBe(1)
  const half = wilson(5, 10)
  expect(half.low + half.high).toBeCloseTo(1, 12)
})

test('the interval lies within 0 and 1 and holds the share', () => {
  fc.assert(
    fc.property(counts, ([part, whole]) => {
      const { low, high } = wilson(part, whole)
      expect(low).toBeGreaterThanOrEqual(0)
      expect(high).toBeLessThanOrEqual(1)
      expect(low).toBeLessThanOrEqual(part / whole)
      expect(high).toBeGreaterThanOrEqual(part / whole)
    }),
  )
})

test('one more who did it moves both ends up, and more people at the same share narrow it', () => {
  fc.assert(
    fc.property(counts, ([part, whole]) => {
      const before = wilson(part, whole)
      if (part < whole) {
        const after = wilson(part + 1, whole)
        expect(after.low).toBeGreaterThan(before.low)
        expect(after.high).toBeGreaterThan(before.high)
      }
      const twice = wilson(part * 2, whole * 2)
      expect(twice.high - twice.low).toBeLessThan(before.high - before.low)
    }),
  )
})

test('a rate says what it rests on', () => {
  expect(rateOf(44, 80, 400, 10)).toMatchObject({ is: 'known', share: 0.55, coverage: 0.2, part: 44, whole: 80 })
  expect(rateOf(4, 9, 400, 10)).toEqual({ is: 'too few' })
  expect(rateOf(4, 10, 400, 10).is).toBe('known')
  expect(rateOf(0, 0, 400)).toEqual({ is: 'unmeasured' })
})
