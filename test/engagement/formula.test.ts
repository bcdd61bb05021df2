import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { learningDefaults, learningValues } from '../../src/engagement/defaults.ts'
import {
  add,
  decay,
  groupMean,
  posterior,
  type Standing,
  type Sums,
  siteMean,
  stateOf,
  weight,
} from '../../src/engagement/formula.ts'
import { isMeasurable } from '../../src/engagement/measurable.ts'

const day = 86_400_000
const origin = Date.parse('2026-01-05T08:00:00Z')
const on = (days: number) => new Date(origin + days * day)
const nothing: Sums = { s: 0, n: 0, at: on(0) }

/** Exposures aged in days, acted upon or not, added up all at once as of day 0. */
const batch = (exposures: [age: number, y: 0 | 1][], halfLife: number) =>
  exposures.reduce(
    (sums, [age, y]) => ({
      s: sums.s + y * weight(on(-age), on(0), halfLife),
      n: sums.n + weight(on(-age), on(0), halfLife),
    }),
    { s: 0, n: 0 },
  )

describe('the posterior of a contact on a channel (checked against scipy 1.17.1)', () => {
  test('V1 and V2: without data the mean is the group’s', () => {
    const v1 = posterior(0.35, 8, { s: 0, n: 0 })
    expect(v1.alpha).toBeCloseTo(2.8, 6)
    expect(v1.beta).toBeCloseTo(5.2, 6)
    expect(v1.mean).toBeCloseTo(0.35, 6)
    const v2 = posterior(0.08, 8, { s: 0, n: 0 })
    expect([v2.alpha, v2.beta, v2.mean].map((x) => Number(x.toFixed(6)))).toEqual([0.64, 7.36, 0.08])
  })

  test('V3: an e-mail reader of three acts in six', () => {
    const sums = batch(
      [
        [3, 1],
        [17, 0],
        [45, 1],
        [80, 0],
        [120, 0],
        [200, 1],
      ],
      90,
    )
    expect(sums.s).toBeCloseTo(1.898578, 6)
    expect(sums.n).toBeCloseTo(3.712739, 6)
    const { alpha, beta, mean } = posterior(0.25, 8, sums)
    expect(alpha).toBeCloseTo(3.898578, 6)
    expect(beta).toBeCloseTo(7.814161, 6)
    expect(mean).toBeCloseTo(0.332849, 6)
  })

  test('V4: three acts on four SMS', () => {
    const sums = batch(
      [
        [5, 1],
        [20, 1],
        [60, 0],
        [100, 1],
      ],
      90,
    )
    expect(sums.s).toBeCloseTo(2.282405, 6)
    expect(sums.n).toBeCloseTo(2.912366, 6)
    expect(posterior(0.35, 8, sums).mean).toBeCloseTo(0.465747, 6)
  })

  // These vectors add an exposure on the day it is sent. Relais adds it once it is over, with the weight it has by
  // then counted from its sending, which comes to the same sums: the last test of this file.
  test('V6: miss on day 0, hit on day 7, miss on day 21, as counted from their sending', () => {
    let sums = add(nothing, { sentAt: on(0), s: 0, n: 1 }, on(0), 90)
    expect([sums.s, sums.n]).toEqual([0, 1])
    sums = add(sums, { sentAt: on(7), s: 1, n: 1 }, on(7), 90)
    expect(sums.s).toBeCloseTo(1, 6)
    expect(sums.n).toBeCloseTo(1.947516, 6)
    sums = add(sums, { sentAt: on(21), s: 0, n: 1 }, on(21), 90)
    expect(sums.s).toBeCloseTo(0.897787, 6)
    expect(sums.n).toBeCloseTo(2.748454, 6)
    const read = decay(sums, on(30), 90)
    expect(read.s).toBeCloseTo(0.837665, 6)
    expect(read.n).toBeCloseTo(2.564398, 6)
    expect(posterior(0.25, 8, read).mean).toBeCloseTo(0.268606, 6)
  })

  test('V7: an act on day 23 for the exposure of day 21', () => {
    const v6 = { s: 0.897787, n: 2.748454, at: on(21) }
    const sums = add(v6, { sentAt: on(21), s: 1, n: 0 }, on(23), 90)
    expect(sums.s).toBeCloseTo(1.868778, 5)
    expect(sums.n).toBeCloseTo(2.706443, 5)
  })

  test('V8: the group’s mean', () => {
    expect(groupMean(0.35, 20, { s: 31, n: 74 })).toBeCloseTo(0.404255, 6)
    expect(groupMean(0.08, 20, { s: 2, n: 60 })).toBeCloseTo(0.045, 6)
    expect(groupMean(0.35, 20)).toBe(0.35)
  })

  test('the outlet’s mean: the group’s, and what the others there have shown', () => {
    // (20 × 0.35 + 6) / (20 + 12), as the group’s mean with the group for a table.
    expect(siteMean(0.35, 20, { s: 8, n: 16 }, { s: 2, n: 4 })).toBeCloseTo(13 / 32, 12)
    expect(siteMean(0.35, 20, { s: 8, n: 16 }, { s: 0, n: 0 })).toBeCloseTo(groupMean(0.35, 20, { s: 8, n: 16 }), 12)
  })

  test('an outlet of one says no more than its group', () => {
    expect(siteMean(0.25, 20, { s: 3, n: 9 }, { s: 3, n: 9 })).toBe(0.25)
  })

  test('what somebody did elsewhere is no act of the others: the mean stays within what they can have shown', () => {
    expect(siteMean(0.25, 20, { s: 1, n: 2 }, { s: 5, n: 9 })).toBe(0.25)
    expect(siteMean(0.25, 20, { s: 4, n: 5 }, { s: 0, n: 3 })).toBeCloseTo((20 * 0.25 + 2) / 22, 12)
  })

  test('V3: each exposure weighs by its age', () => {
    const weights = [3, 17, 45, 80, 120, 200].map((age) => weight(on(-age), on(0), 90))
    for (const [n, expected] of [0.97716, 0.877281, Math.SQRT1_2, 0.54003, 0.39685, 0.214311].entries())
      expect(weights[n]).toBeCloseTo(expected, 6)
  })

  test.each([
    ['weekly', 7, 90, 19.0534],
    ['monthly', 30, 90, 4.8473],
    ['a letter a quarter', 91, 180, 3.3828],
  ])('N saturates: %s', (_, everyDays, halfLife, expected) => {
    let sums: Sums = nothing
    for (let n = 0; n < 300; n++)
      sums = add(sums, { sentAt: on(n * everyDays), s: 0, n: 1 }, on(n * everyDays), halfLife)
    expect(sums.n).toBeCloseTo(expected, 3)
  })

  test('exposures counted late and in any order give the sums of all together', () => {
    const exposure = fc.record({
      sent: fc.integer({ min: 0, max: 400 }),
      lag: fc.double({ min: 0, max: 60, noNaN: true }),
      acted: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(exposure, { minLength: 1, maxLength: 30 }), (exposures) => {
        let sums = nothing
        for (const { sent, lag, acted } of exposures)
          sums = add(sums, { sentAt: on(sent), s: acted ? 1 : 0, n: 1 }, on(sent + lag), 90)
        const end = on(500)
        const read = decay(sums, end, 90)
        const n = exposures.reduce((sum, { sent }) => sum + weight(on(sent), end, 90), 0)
        const s = exposures.reduce((sum, { sent, acted }) => sum + (acted ? weight(on(sent), end, 90) : 0), 0)
        expect(read.n).toBeCloseTo(n, 9)
        expect(read.s).toBeCloseTo(s, 9)
      }),
    )
  })

  test('what is taken back leaves nothing', () => {
    const counted = add(nothing, { sentAt: on(1), s: 0, n: 1 }, on(5), 30)
    expect(add(counted, { sentAt: on(1), s: 0, n: -1 }, on(40), 30)).toEqual({ s: 0, n: 0, at: on(40) })
  })
})

describe('where a contact stands', () => {
  const cut = learningDefaults.segments.value
  const standing = (given: Partial<Standing>): Standing => ({
    exposures: 10,
    actions: given.sinceAction === undefined ? 0 : 1,
    misses: 0,
    span: 365,
    mean: 0.2,
    wasHot: false,
    isSeen: true,
    ...given,
  })
  test.each<[string, Partial<Standing>, string]>([
    ['acted 5 days ago, mean .41', { sinceAction: 5, mean: 0.41 }, 'hot'],
    ['acted 5 days ago, mean .22', { sinceAction: 5, mean: 0.22 }, 'warm'],
    ['acted 29 days ago, mean .27, was hot', { sinceAction: 29, mean: 0.27, wasHot: true }, 'hot'],
    ['acted 29 days ago, mean .27, was not', { sinceAction: 29, mean: 0.27 }, 'warm'],
    ['acted 120 days ago', { sinceAction: 120 }, 'cold'],
    ['never acted, 7 misses', { exposures: 7, misses: 7 }, 'cold'],
    ['never acted, 12 misses over 100 days', { exposures: 12, misses: 12, span: 100 }, 'dormant'],
    ['never acted, 12 misses over 80 days', { exposures: 12, misses: 12, span: 80 }, 'cold'],
    ['acted 200 days ago, 10 misses', { sinceAction: 200, misses: 10 }, 'cold'],
    ['acted 200 days ago, 16 misses', { sinceAction: 200, misses: 16, span: 150 }, 'dormant'],
    ['never acted, 15 misses of acts alone', { exposures: 15, misses: 15, span: 100, isSeen: false }, 'cold'],
    ['never acted, 16 misses of acts alone', { exposures: 16, misses: 16, span: 100, isSeen: false }, 'dormant'],
    ['acted 200 days ago, 23 misses of acts', { sinceAction: 200, misses: 23, span: 150, isSeen: false }, 'cold'],
    ['acted 200 days ago, 24 misses of acts', { sinceAction: 200, misses: 24, span: 150, isSeen: false }, 'dormant'],
    ['two exposures, no act', { exposures: 2, misses: 2 }, 'new'],
  ])('%s: %s', (_, given, state) => {
    expect(stateOf(standing(given), cut)).toBe(state)
  })
})

describe('figures are data', () => {
  test('a network’s own figures go over the defaults', () => {
    const values = learningValues({ kappa: 12, windowHours: { sms: 48 }, priors: { field: { sms: 0.5 } } })
    expect(values).toMatchObject({ kappa: 12, kappaGroup: 20 })
    expect(values.windowHours).toMatchObject({ sms: 48, email: 72 })
    expect(values.priors.field).toEqual({ email: 0.08, sms: 0.5, print: 0.12, intranet: 0.04 })
    expect(learningValues().windowHours.sms).toBe(24)
  })

  test('a figure that cannot be is named', () => {
    expect(() => learningValues({ priors: { field: { sms: 35 } } })).toThrow(/defaults\.engagement\.priors\.field\.sms/)
    expect(() => learningValues({ halflife: {} })).toThrow(/halflife/)
  })

  test('every default says where it comes from and when it was checked', () => {
    for (const dated of Object.values(learningDefaults)) {
      expect(dated.source).not.toBe('')
      expect(dated.checkedOn).toMatch(/^\d{4}-\d\d-\d\d$/)
    }
  })
})

test.each([
  ['email', ['click'], 'individual', true],
  ['email', ['click'], 'aggregate', false],
  ['email', ['click'], 'none', false],
  ['email', ['click', 'reply'], 'none', true],
  ['sms', ['reply'], 'none', true],
  ['print', ['scan'], 'none', true],
  ['intranet', ['read'], 'none', true],
  ['email', [], 'individual', false],
] as const)('silence after %s asking for %j, tracked %s, says something: %s', (channel, asksFor, mode, expected) => {
  expect(isMeasurable(channel, asksFor, mode)).toBe(expected)
})
