import type { Logger } from 'pino'

/** What a lane is told while it goes on. */
export interface Signal {
  /** True once it should begin nothing more. */
  isOver(): boolean
  /**
   * Waits until one of these ends or somebody looks at the lane again. False when neither will happen: there is
   * nothing to wait for and nobody has looked since it last rested.
   */
  rest(until: ReadonlySet<Promise<unknown>>): Promise<boolean>
}

/** Lanes that outlive the look that began them, each by its name. */
export interface Lanes {
  /** Runs work, unless it is being run under this name already; then it is told that somebody looked. */
  begin(name: string, work: (signal: Signal) => Promise<void>): void
  /** Asks every lane to begin nothing more and waits for what is under way. */
  end(): Promise<void>
}

interface Running {
  done: Promise<void>
  wasWoken: boolean
  wake?: () => void
}

/** A lane that breaks is logged; the next look begins it anew. */
export function openLanes(log: Logger): Lanes {
  const running = new Map<string, Running>()
  let isOver = false
  const restOf =
    (lane: Running): Signal['rest'] =>
    async (until) => {
      if (!lane.wasWoken) {
        if (until.size === 0 || isOver) return false
        const woken = new Promise<void>((resolve) => {
          lane.wake = resolve
        })
        await Promise.race([woken, ...until])
        lane.wake = undefined
      }
      lane.wasWoken = false
      return true
    }
  const wake = (lane: Running) => {
    lane.wasWoken = true
    lane.wake?.()
  }
  return {
    begin: (name, work) => {
      if (isOver) return
      const there = running.get(name)
      if (there) return wake(there)
      const lane: Running = { done: Promise.resolve(), wasWoken: false }
      running.set(name, lane)
      lane.done = work({ isOver: () => isOver, rest: restOf(lane) })
        .catch((error: unknown) => log.error({ lane: name, err: error }, 'A lane met an error; it will begin again'))
        .finally(() => running.delete(name))
    },
    end: async () => {
      isOver = true
      for (const lane of running.values()) wake(lane)
      await Promise.all([...running.values()].map(({ done }) => done))
    },
  }
}
