import type { Context } from './context.ts'
import { openLanes } from './deliver/lanes.ts'
import { releaseJobs } from './job/run.ts'
import { tickAll } from './worker.ts'

/** How often the worker looks when there was nothing to do. */
const pauseMs = 1_000

export interface RunningWorker {
  /** Resolves when what is under way is through; nothing new is begun. */
  stop(): Promise<void>
}

/** Looks again and again until stopped. An error is logged and the next look comes: nothing is lost by waiting. */
export function startWorker(given: Context): RunningWorker {
  const lanes = openLanes(given.log)
  const context = { ...given, lanes }
  let isStopping = false
  let wake: (() => void) | undefined
  const pause = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, pauseMs)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  const loop = async () => {
    while (!isStopping) {
      try {
        await tickAll(context)
      } catch (error) {
        context.log.error({ err: error }, 'The worker met an error; it will look again')
      }
      if (!isStopping) await pause()
    }
    await lanes.end()
    await releaseJobs(context)
  }
  const running = loop()
  return {
    stop: async () => {
      isStopping = true
      wake?.()
      await running
    },
  }
}
