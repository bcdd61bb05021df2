import type { Belief } from '../routing/types.ts'
import type { EngagementState } from '../words.ts'
import type { SegmentCutOffs } from './defaults.ts'

/*
 * Decayed Beta-Bernoulli learning of one contact on one channel. An exposure aged `a` days weighs 2^(−a/H);
 * S is the weight of those acted upon, N of all that are over. An exposure is over when its window has closed
 * or when an act came before; it then counts from the time it was *sent*, so that what is learnt does not
 * depend on when a worker came to look. A running state (S, N, at) gives the same sums as all exposures
 * together, in whatever order they are added.
 */

const dayMs = 86_400_000

/** The weight at `now` of something sent at `sentAt`. */
export const weight = (sentAt: Date, now: Date, halfLifeDays: number): number =>
  2 ** (-(now.getTime() - sentAt.getTime()) / dayMs / halfLifeDays)

export interface Sums {
  s: number
  n: number
  at: Date
}

/** The sums as of `at`, earlier or later than they were written. */
export function decay(sums: Sums, at: Date, halfLifeDays: number): Sums {
  const factor = weight(sums.at, at, halfLifeDays)
  return { s: sums.s * factor, n: sums.n * factor, at }
}

/** Counts for an exposure sent at `sentAt`: `n` +1 once it is over, `s` +1 once acted upon, −1 to take back. */
export function add(sums: Sums, counted: { sentAt: Date; s: number; n: number }, at: Date, halfLifeDays: number): Sums {
  const now = at > sums.at ? at : sums.at
  const aged = decay(sums, now, halfLifeDays)
  const w = weight(counted.sentAt, now, halfLifeDays)
  return { s: settle(aged.s + counted.s * w), n: settle(aged.n + counted.n * w), at: now }
}

/** What is taken back leaves a rounding rest; it must not turn negative. */
const settle = (sum: number) => (sum < 1e-12 ? 0 : sum)

/** The group's mean: the cold-start rate worth `kappaGroup` exposures, and what the group has shown. */
export const groupMean = (m0: number, kappaGroup: number, group?: { s: number; n: number }): number =>
  group ? (kappaGroup * m0 + group.s) / (kappaGroup + group.n) : m0

/**
 * The mean of an outlet, for one of its people: the group's, worth `kappaSite` exposures, and what the *others* there
 * have shown. Their own acts are left out, since they count in full below: an outlet of one says no more than its group.
 */
export function siteMean(
  mean: number,
  kappaSite: number,
  site: { s: number; n: number },
  own: { s: number; n: number },
): number {
  const n = Math.max(0, site.n - own.n)
  // Who changed outlet or profile takes along what was counted elsewhere: it is no act of the others.
  const s = Math.min(n, Math.max(0, site.s - own.s))
  return (kappaSite * mean + s) / (kappaSite + n)
}

export interface Posterior {
  alpha: number
  beta: number
  mean: number
}

/** The Beta posterior of a contact whose group's mean `m` is worth `kappa` exposures. */
export function posterior(m: number, kappa: number, { s, n }: { s: number; n: number }): Posterior {
  const alpha = kappa * m + s
  const beta = kappa * (1 - m) + n - s
  return { alpha, beta, mean: alpha / (alpha + beta) }
}

export const belief = (
  m: number,
  kappa: number,
  sums: { s: number; n: number },
  counts: { exposures: number; actions: number },
): Belief => ({ mean: posterior(m, kappa, sums).mean, s: sums.s, n: sums.n, ...counts })

export interface Standing {
  /** Exposures that are over, and acts among them. */
  exposures: number
  actions: number
  /** Measurable exposures over since the last act. */
  misses: number
  /** Days since the last act; undefined when there was none. */
  sinceAction?: number
  /** Days since the first exposure. */
  span: number
  /** The best mean over the channels looked at. */
  mean: number
  wasHot: boolean
  /** Whether opens of this person’s own are seen, or only what they do. */
  isSeen: boolean
}

/**
 * Where a contact stands, by fixed cut-offs: fifths of a list mean nothing in a network of 43. Hot is left
 * only below a lower mean, so that nobody flutters.
 */
export function stateOf(standing: Standing, cut: SegmentCutOffs): EngagementState {
  const { exposures, actions, misses, sinceAction, span, mean, wasHot, isSeen } = standing
  const [missesNever, missesAfter] = isSeen
    ? [cut.dormantMissesNever, cut.dormantMissesAfter]
    : [cut.unseenMissesNever, cut.unseenMissesAfter]
  const hasActed = actions > 0 || sinceAction !== undefined
  if (!hasActed && exposures < cut.newExposures) return 'new'
  if (sinceAction !== undefined && sinceAction <= cut.hotDays && mean >= (wasHot ? cut.hotLeaveMean : cut.hotMean))
    return 'hot'
  if (sinceAction !== undefined && sinceAction <= cut.warmDays) return 'warm'
  const ignored = hasActed
    ? sinceAction !== undefined && sinceAction > cut.dormantDays && misses >= missesAfter
    : misses >= missesNever
  return span >= cut.dormantSpanDays && ignored ? 'dormant' : 'cold'
}

/** Days between two instants, parts of a day included. */
export const daysBetween = (from: Date, to: Date): number => (to.getTime() - from.getTime()) / dayMs
