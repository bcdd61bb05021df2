/*
 * The Beta distribution, for saying how sure a mean is and which of two is higher. Checked against scipy 1.17.1.
 */

/** ln Γ(x), x > 0, by Lanczos' approximation (g = 7, nine terms): relative error below 1e-13. */
function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x)
  const terms = [
    676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
    -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
  ]
  const sum = terms.reduce((before, term, n) => before + term / (x + n), 0.9999999999998099)
  const t = x + 6.5
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum)
}

const logBeta = (a: number, b: number): number => logGamma(a) + logGamma(b) - logGamma(a + b)

export interface Beta {
  /** Both above 0. */
  alpha: number
  beta: number
}

/** Probability of lying at or below x: the regularised incomplete beta function, by its continued fraction (DLMF 8.17.22). */
export function betaCdf(x: number, { alpha, beta }: Beta): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  // The fraction converges fast below the mean; above it, the other tail does.
  if (x > (alpha + 1) / (alpha + beta + 2)) return 1 - betaCdf(1 - x, { alpha: beta, beta: alpha })
  const front = Math.exp(alpha * Math.log(x) + beta * Math.log1p(-x) - logBeta(alpha, beta)) / alpha
  const tiny = 1e-300
  let c = 1
  let d = 1 / (1 - ((alpha + beta) * x) / (alpha + 1) || tiny)
  let fraction = d
  for (let m = 1; m <= 500; m++) {
    const even = (m * (beta - m) * x) / ((alpha + 2 * m - 1) * (alpha + 2 * m))
    const odd = (-(alpha + m) * (alpha + beta + m) * x) / ((alpha + 2 * m) * (alpha + 2 * m + 1))
    for (const term of [even, odd]) {
      d = 1 / (1 + term * d || tiny)
      c = 1 + term / c || tiny
      fraction *= c * d
    }
    if (Math.abs(c * d - 1) < 1e-15) break
  }
  return front * fraction
}

/** The x below which a share p lies, within 1e-12: halving, since it cannot go astray and is seldom asked. */
export function betaQuantile(p: number, of: Beta): number {
  let [low, high] = [0, 1]
  while (high - low > 1e-12) {
    const middle = (low + high) / 2
    if (betaCdf(middle, of) < p) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/**
 * Probability that a draw of `a` lies above one of each other: the mean of their distribution functions' product
 * over a, by tanh-sinh quadrature (Takahasi and Mori 1974), which takes the densities' poles at 0 and 1 in its
 * stride. Error below 1e-9 where no parameter is below a quarter, and learning's are not.
 */
export function probabilityAbove(a: Beta, ...others: readonly Beta[]): number {
  const scale = logBeta(a.alpha, a.beta)
  const step = 1 / 32
  let sum = 0
  for (let n = -160; n <= 160; n++) {
    const t = n * step
    const u = (Math.PI / 2) * Math.sinh(t)
    // ln x and ln(1 − x) of x = (1 + tanh u) / 2, each exact near its end.
    const logX = -Math.log1p(Math.exp(-2 * u))
    const logRest = -Math.log1p(Math.exp(2 * u))
    const density = Math.exp(a.alpha * logX + a.beta * logRest - scale)
    const below = others.reduce((product, b) => {
      if (u < 0) return product * betaCdf(Math.exp(logX), b)
      return product * (1 - betaCdf(Math.exp(logRest), { alpha: b.beta, beta: b.alpha }))
    }, 1)
    sum += density * Math.PI * Math.cosh(t) * below
  }
  return sum * step
}
