import { betaCdf } from '../engagement/beta.ts'

export interface Participation {
  /** Registered participants, n. */
  registered: number
  /** Active participants in each of the two or three full periods before, the oldest first. */
  history: readonly number[]
  /** Registered participants with at least one validated act in this period. */
  active: number
}

export interface DropRule {
  /** The share of the usual participation below which a fall is looked at. */
  below: number
  /** A fall that chance alone would make as often as this is none. */
  chance: number
  /** So few of all are alarming whatever chance says, and so small a part of the usual. */
  floor: number
  floorOfBaseline: number
}

export const dropRule: DropRule = { below: 0.85, chance: 0.1, floor: 0.3, floorOfBaseline: 0.6 }

export type DropReason = 'fell' | 'too_few' | 'steady' | 'no_baseline'

export interface Drop {
  fires: boolean
  because: DropReason
  /** The usual share of the registered that is active; undefined without two full periods before. */
  baseline?: number
  /** This period against the usual. */
  ratio?: number
  /** How often chance alone gives so few, or fewer. */
  probability?: number
}

/** Full periods a baseline is taken over. */
export const leastHistory = 2
export const mostHistory = 3

/**
 * P(X ≤ x) of the binomial distribution, by the incomplete beta function: I(1 − p; n − x, x + 1) (DLMF 8.17.5).
 * Exact to 1e-12 up to millions of trials.
 */
export function binomialAtMost(x: number, n: number, p: number): number {
  if (x < 0) return 0
  if (x >= n) return 1
  if (p <= 0) return 1
  if (p >= 1) return 0
  return betaCdf(1 - p, { alpha: n - x, beta: x + 1 })
}

/**
 * Whether participation dropped. It did when the active are both fewer than 85 % of the usual and so few that chance
 * makes it less than one time in ten; or when they are fewer than 30 % of all and than 60 % of the usual. The usual
 * is the mean of the two or three full periods before, over today's registered.
 */
export function participationDrop({ registered, history, active }: Participation, rule: Partial<DropRule> = {}): Drop {
  const { below, chance, floor, floorOfBaseline } = { ...dropRule, ...rule }
  const usual = history.slice(-mostHistory)
  if (registered <= 0 || usual.length < leastHistory) return { fires: false, because: 'no_baseline' }
  // Whoever left since then was active and is not registered any more: a share stays a share.
  const baseline = Math.min(1, usual.reduce((sum, count) => sum + count, 0) / usual.length / registered)
  if (baseline === 0) return { fires: false, because: 'no_baseline', baseline }
  const ratio = active / (baseline * registered)
  const probability = binomialAtMost(active, registered, baseline)
  const fell = ratio < below && probability < chance
  const isTooFew = active / registered < Math.min(floor, floorOfBaseline * baseline)
  const because = fell ? 'fell' : isTooFew ? 'too_few' : 'steady'
  return { fires: fell || isTooFew, because, baseline, ratio, probability }
}

/** When a drop may be told at all; periods are counted from 0, the first of the challenge. */
export interface Moment {
  period: number
  /** How many periods the challenge has. */
  periods: number
  now: Date
  lastFiredAt?: Date | undefined
  cooldownDays: number
  /** The period lies, wholly or in part, in time declared slack, such as August. */
  isSlack: boolean
}

export type NotNow = 'too_early' | 'last_period' | 'cooling_down' | 'slack'

/** The first period looked at: two full ones lie before it. */
export const firstPeriod = 2

/** Why a drop may not be told now; undefined when it may. A cooldown ends at the very instant its days are over. */
export function notNow({ period, periods, now, lastFiredAt, cooldownDays, isSlack }: Moment): NotNow | undefined {
  if (period < firstPeriod) return 'too_early'
  if (period >= periods - 1) return 'last_period'
  if (isSlack) return 'slack'
  if (lastFiredAt && now.getTime() < lastFiredAt.getTime() + cooldownDays * 86_400_000) return 'cooling_down'
  return undefined
}

export type ParticipantState = 'never-started' | 'active' | 'slowing' | 'stalled'

/**
 * How a registered participant is doing: `active` in this period or the one just before and no slower than they
 * were; `slowing` with fewer acts in the last two periods than half of what they made in the two before; `stalled`
 * after two periods without an act; `never-started` without any. `acts` holds the acts of each period so far.
 */
export function participantState(acts: readonly number[]): ParticipantState {
  const sum = (counts: readonly number[]) => counts.reduce((all, count) => all + count, 0)
  if (sum(acts) === 0) return 'never-started'
  const recent = sum(acts.slice(-2))
  if (recent === 0) return 'stalled'
  return recent < sum(acts.slice(-4, -2)) / 2 ? 'slowing' : 'active'
}
