import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { betaCdf, betaQuantile, probabilityAbove } from '../../src/engagement/beta.ts'
import { posterior } from '../../src/engagement/formula.ts'
import { estimatedKappa, kappaOf, spreadOf } from '../../src/engagement/kappa.ts'

// Figures of scipy 1.17.1: means and probabilities within 1e-6, quantiles within 1e-5.
const v1 = posterior(0.35, 8, { s: 0, n: 0 })
const v2 = posterior(0.08, 8, { s: 0, n: 0 })
const v3 = posterior(0.25, 8, { s: 1.898578, n: 3.712739 })
const v4 = posterior(0.35, 8, { s: 2.282405, n: 2.912366 })

test.each([
  ['V1', v1, 0.149884, 0.569081],
  ['V2', v2, 0.003267, 0.204066],
  ['V3', v3, 0.167035, 0.512394],
  ['V4', v4, 0.276928, 0.657616],
] as const)('%s: nine times in ten the rate lies above the lower bound, and below the upper', (_, of, low, high) => {
  expect(betaQuantile(0.1, of)).toBeCloseTo(low, 5)
  expect(betaQuantile(0.9, of)).toBeCloseTo(high, 5)
})

test('V5: how likely one channel is better than another', () => {
  expect(Math.abs(probabilityAbove(v4, v3) - 0.749705)).toBeLessThan(1e-6)
  expect(Math.abs(probabilityAbove(v1, v2) - 0.938879)).toBeLessThan(1e-6)
})

test('V11: how often each of three channels would be drawn by Thompson sampling', () => {
  const intranet = { alpha: 1.2, beta: 6.8 }
  const email = probabilityAbove(v3, v4, intranet)
  const sms = probabilityAbove(v4, v3, intranet)
  expect(Math.abs(email - 0.239372)).toBeLessThan(1e-6)
  expect(Math.abs(sms - 0.728002)).toBeLessThan(1e-6)
  expect(Math.abs(probabilityAbove(intranet, v3, v4) - 0.032626)).toBeLessThan(1e-6)
})

test.each([
  [8, 0.125, 0.235569, 0.2],
  [12, 0.1, 0.189766, 0.122807],
  [16, 0.083333, 0.158841, 0.083004],
  [24, 0.0625, 0.119769, undefined],
])('V12: after %i misses and no act', (misses, mean, high, allMissed) => {
  const of = posterior(0.25, 8, { s: 0, n: misses })
  expect(Math.abs(of.mean - mean)).toBeLessThan(1e-6)
  expect(betaQuantile(0.9, of)).toBeCloseTo(high, 5)
  if (allMissed === undefined) return
  // The chance of a row of misses under the prior: Γ(β+k)Γ(α+β) / Γ(β)Γ(α+β+k), as a product.
  const chance = Array.from({ length: misses }, (_, k) => (6 + k) / (8 + k)).reduce((all, one) => all * one, 1)
  expect(Math.abs(chance - allMissed)).toBeLessThan(1e-6)
})

describe('the Beta distribution', () => {
  const strength = fc.double({ min: 0.25, max: 200, noNaN: true })
  const beta = fc.record({ alpha: strength, beta: strength })
  /** Exact in binary, and so is what it leaves of 1. */
  const exact = fc.nat(2 ** 20).map((n) => n / 2 ** 20)

  test('a quantile is what its probability lies below', () => {
    fc.assert(
      fc.property(beta, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (of, p) => {
        const x = betaQuantile(p, of)
        // Where it is so steep that doubles cannot tell, the neighbours enclose it.
        if (x > 1e-9 && x < 1 - 1e-9) {
          expect(betaCdf(x - 1e-11, of)).toBeLessThanOrEqual(p + 1e-9)
          expect(betaCdf(x + 1e-11, of)).toBeGreaterThanOrEqual(p - 1e-9)
        }
      }),
    )
  })

  test('rises from 0 to 1, and is itself seen from the other end', () => {
    fc.assert(
      fc.property(beta, exact, (of, x) => {
        const p = betaCdf(x, of)
        expect(p).toBeGreaterThanOrEqual(0)
        expect(p).toBeLessThanOrEqual(1)
        expect(betaCdf(1 - x, { alpha: of.beta, beta: of.alpha })).toBeCloseTo(1 - p, 9)
      }),
    )
    expect(betaCdf(0.3, { alpha: 1, beta: 1 })).toBeCloseTo(0.3, 12)
    expect(betaCdf(0.3, { alpha: 2, beta: 1 })).toBeCloseTo(0.09, 12)
    expect(betaCdf(0.3, { alpha: 1, beta: 3 })).toBeCloseTo(1 - 0.7 ** 3, 12)
  })

  test('one of two is better, and it is not both', () => {
    fc.assert(
      fc.property(beta, beta, (a, b) => {
        expect(probabilityAbove(a, b) + probabilityAbove(b, a)).toBeCloseTo(1, 8)
      }),
    )
    expect(probabilityAbove({ alpha: 3, beta: 5 }, { alpha: 3, beta: 5 })).toBeCloseTo(0.5, 9)
    expect(probabilityAbove({ alpha: 2, beta: 1 }, { alpha: 1, beta: 1 })).toBeCloseTo(2 / 3, 9)
  })
})

describe('what a group’s mean is worth', () => {
  test('V9: contacts who differ a little', () => {
    const s = [3, 0, 2, 5, 1, 0, 4, 2, 1, 6]
    const n = [10, 6, 8, 12, 9, 5, 10, 8, 7, 12]
    expect(Math.abs(kappaOf(spreadOf(s.map((acts, i) => ({ s: acts, n: n[i]! })))) - 34.444349)).toBeLessThan(1e-6)
  })

  test('V10: contacts who do not differ leave the mean everything', () => {
    expect(kappaOf(spreadOf([2, 2, 2, 2].map((s) => ({ s, n: 8 }))))).toBe(50)
  })

  test('is not estimated from too little, and stays within its bounds', () => {
    const apart = (count: number, n: number) =>
      spreadOf(Array.from({ length: count }, (_, i) => ({ s: i % 2 ? n : 0, n })))
    expect(estimatedKappa(apart(19, 20))).toBeUndefined()
    expect(estimatedKappa(apart(20, 9.9))).toBeUndefined()
    expect(estimatedKappa(apart(20, 10))).toBe(2)
    expect(estimatedKappa(spreadOf(Array.from({ length: 20 }, () => ({ s: 3, n: 10 }))))).toBe(50)
    for (const shown of [[], [{ s: 1, n: 2 }], [{ s: 0, n: 0 }]]) expect(kappaOf(spreadOf(shown))).toBe(50)
  })
})
