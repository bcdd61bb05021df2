import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { binomialAtMost, notNow, participantState, participationDrop } from '../../src/challenge/participation.ts'

describe('the formula', () => {
  test.each([
    [101, [78, 74], 60, 0.752475, 0.789474, 0.000332, true],
    [101, [78, 74], 68, 0.752475, 0.894737, 0.044877, false],
    [43, [30, 31, 29], 24, 0.697674, 0.8, 0.036939, true],
    [43, [30, 31, 29], 27, 0.697674, 0.9, 0.201339, false],
    [400, [101, 96, 99], 82, 0.246667, 0.831081, 0.028557, true],
    [12, [9, 8], 6, 0.708333, 0.705882, 0.105086, false],
  ])('of %i after %j, %i active', (registered, history, active, baseline, ratio, probability, fires) => {
    const drop = participationDrop({ registered, history, active })
    expect(Math.abs(drop.baseline! - baseline)).toBeLessThan(1e-6)
    expect(Math.abs(drop.ratio! - ratio)).toBeLessThan(1e-6)
    expect(Math.abs(drop.probability! - probability)).toBeLessThan(1e-6)
    expect(drop.fires).toBe(fires)
  })

  test('fires under three in ten and six tenths of the usual, whatever chance says of so few', () => {
    // 5 of 10 are usual: 2 is 40 % of it and 20 % of all; chance makes it one time in eighteen.
    expect(participationDrop({ registered: 10, history: [5, 5], active: 2 }, { below: 0.3 })).toMatchObject({
      fires: true,
      because: 'too_few',
    })
    // A usual share of 25 % puts the floor at 15 %: 20 % stays above it.
    expect(participationDrop({ registered: 20, history: [5, 5], active: 4 }).fires).toBe(false)
  })

  test('says nothing without two full periods, without anybody, or where nobody ever was active', () => {
    expect(participationDrop({ registered: 100, history: [80], active: 1 })).toEqual({
      fires: false,
      because: 'no_baseline',
    })
    expect(participationDrop({ registered: 0, history: [8, 8], active: 0 }).fires).toBe(false)
    expect(participationDrop({ registered: 9, history: [0, 0], active: 0 }).fires).toBe(false)
  })

  test('takes the last three of a longer history', () => {
    const long = participationDrop({ registered: 43, history: [2, 43, 30, 31, 29], active: 24 })
    expect(long.baseline).toBeCloseTo(90 / 3 / 43, 12)
  })

  test('chance adds up to one, term by term', () => {
    const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n, k - 1) * (n - k + 1)) / k)
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(40), fc.integer({ min: 1, max: 99 }), (n, x, percent) => {
        const p = percent / 100
        let sum = 0
        for (let k = 0; k <= Math.min(x, n); k += 1) sum += choose(n, k) * p ** k * (1 - p) ** (n - k)
        expect(binomialAtMost(x, n, p)).toBeCloseTo(Math.min(1, sum), 9)
      }),
      { numRuns: 200 },
    )
  })
})

describe('the moment', () => {
  const at = new Date('2027-02-15T08:00:00Z')
  const moment = { period: 4, periods: 9, now: at, cooldownDays: 10, isSlack: false }

  test('a drop is told from the third week on and not in the last', () => {
    expect(notNow(moment)).toBeUndefined()
    expect(notNow({ ...moment, period: 1 })).toBe('too_early')
    expect(notNow({ ...moment, period: 2 })).toBeUndefined()
    expect(notNow({ ...moment, period: 7 })).toBeUndefined()
    expect(notNow({ ...moment, period: 8 })).toBe('last_period')
  })

  test('ten days lie between two, to the second', () => {
    const told = (ago: number) => ({ ...moment, lastFiredAt: new Date(at.getTime() - ago) })
    expect(notNow(told(10 * 86_400_000 - 1))).toBe('cooling_down')
    expect(notNow(told(10 * 86_400_000))).toBeUndefined()
  })

  test('time declared slack is quiet', () => {
    expect(notNow({ ...moment, isSlack: true })).toBe('slack')
  })
})

test.each([
  [[], 'never-started'],
  [[0, 0, 0], 'never-started'],
  [[1], 'active'],
  [[1, 0], 'active'],
  [[1, 0, 0], 'stalled'],
  [[4, 4, 2, 1], 'slowing'],
  [[4, 4, 2, 2], 'active'],
  [[0, 0, 0, 2], 'active'],
] as const)('acts %j: %s', (acts, state) => {
  expect(participantState(acts)).toBe(state)
})
