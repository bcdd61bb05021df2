import { describe, expect, test } from 'vitest'
import { costMillis } from '../../src/routing/cost.ts'
import { defaultPolicy } from '../../src/routing/default-policy.ts'
import { prefer, probabilityBetter, reachOfTwo, type Scored, utility } from '../../src/routing/score.ts'
import type { Belief } from '../../src/routing/types.ts'
import { belief, withValues } from './cast.ts'

const steadiness = { hysteresis: 0.05, switchProbability: 0.7, kappa: 8 }

/** Two posteriors worked out with scipy from dated exposures, κ = 8. */
const email: Belief = { mean: 0.332849, s: 1.898578, n: 3.712739, exposures: 6, actions: 3 }
const sms: Belief = { mean: 0.465747, s: 2.282405, n: 2.912366, exposures: 4, actions: 3 }

/** U = v·p − cost − λ·fatigue in euros, λ = 0.10. */
describe.each([
  [0.2, { email: 0.04557, intranet: 0.03, sms: -0.026851, print: -1.3 }, 'email'],
  [1, { sms: 0.345747, email: 0.311849, intranet: 0.15 }, 'sms'],
  [5, { sms: 2.208735, email: 1.643245, print: 0.14 }, 'sms'],
] as const)('when reaching someone is worth %s €', (worth, expected, best) => {
  const known = {
    email: { belief: email, cost: 0.001, fatigue: 0.2 },
    sms: { belief: sms, cost: 0.07, fatigue: 0.5 },
    print: { belief: belief(0.3), cost: 1.35, fatigue: 0.1 },
    intranet: { belief: belief(0.15), cost: 0, fatigue: 0 },
  }
  const options = Object.entries(known).map(
    ([
      channel,
      {
        belief: { mean },
        ...rest
      },
    ]) => ({
      channel,
      utility: utility({ worth, p: mean, lambda: 0.1, ...rest }),
      belief: known[channel as keyof typeof known].belief,
    }),
  )

  test('each channel has its utility', () => {
    for (const [channel, value] of Object.entries(expected)) {
      expect(options.find((option) => option.channel === channel)?.utility).toBeCloseTo(value, 6)
    }
  })

  test(`${best} is preferred to the e-mail of habit`, () => {
    expect(prefer(options as [(typeof options)[0]], steadiness).channel).toBe(best)
  })
})

test('two channels reach more than one, and less than if they were independent', () => {
  const { independent, cautious } = reachOfTwo(0.465747, 0.332849)
  expect(independent).toBeCloseTo(0.643573, 6)
  expect(cautious).toBeCloseTo(0.55466, 6)
})

describe('steadiness', () => {
  const option = (mean: number, worth: number, n = 0): Scored => ({ belief: { ...belief(mean), n }, utility: worth })

  test('the habit stands while the difference is within the hysteresis', () => {
    const options: [Scored, Scored] = [option(0.25, 100), option(0.3, 200)]
    expect(prefer(options, steadiness)).toBe(options[0])
  })

  test('it gives way to a clear difference', () => {
    const options: [Scored, Scored] = [option(0.25, 100), option(0.301, 200)]
    expect(prefer(options, steadiness)).toBe(options[1])
  })

  test('it gives way to a small difference that is nearly certain', () => {
    const options: [Scored, Scored] = [option(0.25, 100, 400), option(0.29, 200, 400)]
    expect(prefer(options, steadiness)).toBe(options[1])
    expect(prefer(options, { ...steadiness, switchProbability: 0.99 })).toBe(options[0])
  })

  test('it gives way to a better answered channel only when that is worth more', () => {
    const options: [Scored, Scored] = [option(0.25, 100), option(0.6, 50)]
    expect(prefer(options, steadiness)).toBe(options[0])
  })

  test('it gives way when it is sent at a loss', () => {
    const options: [Scored, Scored] = [option(0.25, -1), option(0.1, 50)]
    expect(prefer(options, steadiness)).toBe(options[1])
  })

  test('it stands against channels nothing is believed of', () => {
    const options: [Scored, Scored] = [option(0.01, 1), {}]
    expect(prefer(options, steadiness)).toBe(options[0])
    expect(prefer([{}, option(0.9, 900)], steadiness)).toEqual({})
  })
})

test.each([
  [sms, email, 0.749705],
  [belief(0.35), belief(0.08), 0.938879],
])('the probability that one channel is better agrees with the exact integral', (a, b, exact) => {
  expect(Math.abs(probabilityBetter(a, b, 8) - exact)).toBeLessThan(0.01)
  expect(probabilityBetter(a, b, 8) + probabilityBetter(b, a, 8)).toBeCloseTo(1, 7)
})

/** Sums of thousandths, rounded once. */
const toMinorUnits = (millis: number) => Math.round(millis / 1_000)

describe('costs', () => {
  const { values } = defaultPolicy
  const sum = (count: number, channel: 'sms' | 'email' | 'print', parts = 1, of = values) =>
    count * costMillis(channel, parts, of)

  test('43 kits at 1.55 €, 400 SMS and 4 e-mails to 400 people make 94.25 €', () => {
    const kits = withValues(defaultPolicy, { costs: { ...values.costs.value, print: 155_000 } }).values
    expect(toMinorUnits(sum(43, 'print', 1, kits) + sum(400, 'sms') + sum(1_600, 'email'))).toBe(9_425)
  })

  test('a second part costs 26.00 € more', () => {
    expect(toMinorUnits(sum(400, 'sms', 2) - sum(400, 'sms', 1))).toBe(2_600)
  })

  test.each([
    ['sms', 1, 26_000],
    ['sms', 2, 52_000],
    ['print', 1, 440_000],
    ['email', 1, 400],
  ] as const)('4,000 agencies by %s of %i part cost %i cents', (channel, parts, cents) => {
    expect(toMinorUnits(sum(4_000, channel, parts))).toBe(cents)
  })
})
