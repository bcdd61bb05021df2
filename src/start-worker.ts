import type { Context } from './context.ts'
import { deliverRange, type Gates } from './deliver/deliver-range.ts'
import { openLanes } from './deliver/lanes.ts'
import { releaseJobs } from './job/run.ts'
import { stopLeading } from './queue/lead.ts'
import { type ChannelName, channelNames } from './words.ts'
import { tickAll } from './worker.ts'

/** How often the worker looks when there was nothing to do. */
const pauseMs = 1_000
/** How long it waits once it is called, for what comes along with the call. */
const wokenPauseMs = 20

export interface RunningWorker {
  /** Resolves when what is under way is through; nothing new is begun. */
  stop(): Promise<void>
}

/**
 * Looks again and again until stopped, and takes what ranges it is offered. An error is logged and the next look
 * comes: nothing is lost by waiting. `channels` are those it hands over on.
 */
export function startWorker(
  given: Context,
  { channels = channelNames }: { channels?: readonly ChannelName[] } = {},
): RunningWorker {
  const lanes = openLanes(given.log)
  const context: Context = { ...given, lanes, takes: new Set(channels) }
  let isStopping = false
  let isWoken = false
  let wake: (() => void) | undefined
  const pause = () =>
    new Promise<void>((resolve) => {
      let timer = setTimeout(resolve, isWoken ? wokenPauseMs : pauseMs)
      wake = () => {
        clearTimeout(timer)
        timer = setTimeout(resolve, isStopping ? 0 : wokenPauseMs)
      }
    })
  const look = () => {
    if (isWoken) return
    isWoken = true
    wake?.()
  }
  const isStopped = () => isStopping || (context.stop?.aborted ?? false)
  const gates: Gates = new Map()
  const working = context.queue.work({
    channels,
    look,
    take: async (networkId, line, range) =>
      void (await deliverRange(context, networkId, line, range, isStopped, gates)),
  })
  const loop = async () => {
    while (!isStopping) {
      isWoken = false
      try {
        await tickAll(context)
      } catch (error) {
        context.log.error({ err: error }, 'The worker met an error; it will look again')
      }
      if (!isStopping) await pause()
    }
    await Promise.all([lanes.end(), working.stop()])
    await releaseJobs(context)
    await stopLeading(context)
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
