import { type Beta, probabilityAbove } from '../engagement/beta.ts'

/** How a variant went: how many of the people it reached did what counts. */
export interface Arm {
  acted: number
  people: number
}

/** What is believed of a rate before the first answer: a quarter, worth ten people. */
export const prior: Beta = { alpha: 2.5, beta: 7.5 }

/** Two variants held beside one another. */
export interface Comparison {
  /** The one with the higher mean; a, where both are alike. */
  better: 'a' | 'b'
  /** That b's true rate is above a's, 0 … 1. */
  probabilityB: number
  /** What choosing it would lose of the rate, on average, were the other one better. */
  lossA: number
  lossB: number
  verdict: Verdict
}

/** How sure the choice is: a clear winner, a probable one, or a difference that chance alone may have made. */
export type Verdict = 'clear' | 'probable' | 'inconclusive'

const acceptableLoss = 0.005

/**
 * Compares two variants by the expected loss of choosing each, E[p other]·P(Beta(α other + 1, β other) > Beta(chosen)) −
 * E[p chosen]·P(Beta(other) > Beta(α chosen + 1, β chosen)) (Stucchio, Bayesian A/B Testing at VWO, 2015, eq. 6). A clear
 * winner loses at most half a point on average and is the better one with 95 %, a probable one with 90 %.
 */
export function compare(a: Arm, b: Arm): Comparison {
  const [ofA, ofB] = [posterior(a), posterior(b)]
  const probabilityB = probabilityAbove(ofB, ofA)
  const lossA = expectedLoss(ofA, ofB)
  const lossB = expectedLoss(ofB, ofA)
  const better = mean(ofB) > mean(ofA) ? 'b' : 'a'
  const [loss, sureness] = better === 'a' ? [lossA, 1 - probabilityB] : [lossB, probabilityB]
  const isSmall = loss <= acceptableLoss
  const verdict = isSmall && sureness >= 0.95 ? 'clear' : isSmall && sureness >= 0.9 ? 'probable' : 'inconclusive'
  return { better, probabilityB, lossA, lossB, verdict }
}

const posterior = ({ acted, people }: Arm): Beta => ({
  alpha: prior.alpha + acted,
  beta: prior.beta + people - acted,
})

const mean = ({ alpha, beta }: Beta): number => alpha / (alpha + beta)

const oneMore = ({ alpha, beta }: Beta): Beta => ({ alpha: alpha + 1, beta })

const expectedLoss = (chosen: Beta, other: Beta): number =>
  mean(other) * probabilityAbove(oneMore(other), chosen) - mean(chosen) * probabilityAbove(other, oneMore(chosen))

/** The spread of differences that looking at any time is tuned to. */
const mixtureSpread = 0.05

/**
 * How far the figures speak against "both alike", valid however often one looks: the mixture sequential probability
 * ratio Λ = √(V/(V+τ²))·exp(τ²d²/(2V(V+τ²))), V = Σ p(1−p)/n, τ = 0.05 (Johari, Koomen, Pekelis and Walsh, Peeking at A/B
 * Tests, KDD 2017). The p-value is min(1, 1/max Λ) over all looks.
 */
export function sequentialRatio(a: Arm, b: Arm): number {
  if (a.people <= 0 || b.people <= 0) return 1
  const rate = ({ acted, people }: Arm) => acted / people
  const noise = ({ acted, people }: Arm) => (rate({ acted, people }) * (1 - rate({ acted, people }))) / people
  const v = noise(a) + noise(b)
  if (v <= 0) return 1
  const d = rate(b) - rate(a)
  const t = mixtureSpread ** 2
  return Math.sqrt(v / (v + t)) * Math.exp((t * d * d) / (2 * v * (v + t)))
}

/** The always-valid p-value of the looks so far. */
export const sequentialP = (ratios: readonly number[]): number => Math.min(1, 1 / Math.max(1, ...ratios))
