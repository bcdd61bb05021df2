import {
  aheadMs,
  creditMs,
  type Grant,
  type Limit,
  leastFactor,
  type Pace,
  recoveryMs,
  shortestPauseMs,
  startMs,
  tryEveryMs,
} from './pace.ts'

/** All times in milliseconds of the clock given. */
interface State {
  /** When the next unit is due. */
  at: number
  /** Nothing leaves before. */
  pausedUntil: number
  /** The provider has taken nothing since it asked to slow down. */
  isTrying: boolean
  /** What is left of the rate, as of `since`; it grows from there. */
  factor: number
  since: number
}

/** Paces what leaves from this process. `now` is monotonic, in milliseconds. */
export function embeddedPace(now: () => number): Pace {
  const states = new Map<string, State>()
  const stateOf = ({ key }: Limit, at: number): State => {
    const state = states.get(key) ?? { at, pausedUntil: 0, isTrying: false, factor: 1, since: at }
    states.set(key, state)
    // Nobody wanted anything for a while: that is no lateness of ours.
    if (at - state.at > creditMs) state.at = at - startMs
    return state
  }

  return {
    take: async (limits, costs, isUrgent) => {
      const at = now()
      const all = limits.map((limit) => ({ limit, state: stateOf(limit, at) }))
      const grant: Grant = { granted: 0, waitMs: 0, isSlowed: all.some(({ state }) => state.isTrying) }
      for (const cost of costs) {
        grant.waitMs = Math.max(0, ...all.map(({ limit, state }) => waitOf(limit, state, at, isUrgent)))
        if (grant.waitMs > 0) break
        for (const { limit, state } of all) spend(limit, state, at, cost)
        grant.granted++
      }
      return grant
    },
    correct: async (limits, units) => {
      const at = now()
      for (const limit of limits) {
        const state = stateOf(limit, at)
        state.at += units * unitMs(limit, state, at)
      }
    },
    slowDown: async (limit, pauseMs = shortestPauseMs) => {
      const at = now()
      const state = stateOf(limit, at)
      // Answers of calls that were under way together are one request to slow down.
      if (at >= state.pausedUntil) state.factor = Math.max(leastFactor, factorOf(state, at) / 2)
      state.pausedUntil = Math.max(state.pausedUntil, at + Math.max(shortestPauseMs, pauseMs))
      state.isTrying = true
    },
    goOn: async (limit) => {
      const at = now()
      const state = stateOf(limit, at)
      if (!state.isTrying || at < state.pausedUntil) return
      state.isTrying = false
      state.since = at
      state.at = Math.min(state.at, at + unitMs(limit, state, at))
    },
  }
}

const factorOf = ({ factor, since, isTrying }: State, at: number): number =>
  isTrying ? factor : Math.min(1, factor + ((1 - factor) * (at - since)) / recoveryMs)

const unitMs = ({ ratePerSecond }: Limit, state: State, at: number): number =>
  1000 / (ratePerSecond * factorOf(state, at))

function waitOf(limit: Limit, state: State, at: number, isUrgent: boolean): number {
  if (at < state.pausedUntil) return state.pausedUntil - at
  const ahead = isUrgent && !state.isTrying ? Math.max(aheadMs, unitMs(limit, state, at)) : 0
  return Math.max(0, state.at - ahead - at)
}

function spend(limit: Limit, state: State, at: number, cost: number): void {
  state.at += cost * unitMs(limit, state, at)
  if (state.isTrying) state.at = Math.max(state.at, at + tryEveryMs)
}
