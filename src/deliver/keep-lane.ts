import { eq } from 'drizzle-orm'
import { businessNow } from '../clock.ts'
import type { Context } from '../context.ts'
import { networks } from '../db/schema.ts'
import { openGate } from './gate.ts'
import { type Kept, type Lane, runLane } from './lane.ts'
import type { Signal } from './lanes.ts'
import { holdCarriers } from './own-carriers.ts'

/** So long a lane goes on by the settings and credentials it has read; then it reads them anew (wall time). */
const turnMs = 2_000

/**
 * Keeps a lane going, whatever else is looked at meanwhile, until nothing is due in it and everything is answered.
 * A call that hangs keeps its own place in the lane and no other.
 */
export async function keepLane(context: Context, networkId: string, lane: Lane, signal: Signal): Promise<void> {
  let kept: Kept | undefined
  const released = new Set<Promise<void>>()
  const isStopped = () => signal.isOver() || (context.stop?.aborted ?? false)
  try {
    while (!isStopped()) {
      if (context.room && !(await context.room.isEnough())) return
      const [network] = await context.db.select().from(networks).where(eq(networks.id, networkId))
      if (!network) return
      const beganAt = context.wall.now().getTime()
      const held = await holdCarriers(context, network)
      kept ??= { underWay: new Set(), gate: openGate(held.context, network), pause: (ms) => pause(signal, ms) }
      kept.gate.refresh(held.context, network)
      let dealtWith: number
      try {
        const isOver = () => isStopped() || context.wall.now().getTime() - beganAt >= turnMs
        const now = businessNow(new Date(beganAt), network)
        dealtWith = await runLane(held.context, network, now, lane, isOver, kept)
      } finally {
        // The adapters stay open for what they have begun.
        const release = Promise.all(kept.underWay).then(held.release)
        released.add(release)
        void release.finally(() => released.delete(release))
      }
      if (dealtWith === 0 && !(await signal.rest(kept.underWay))) return
    }
  } finally {
    await Promise.all(kept?.underWay ?? [])
    await Promise.all(released)
  }
}

async function pause(signal: Signal, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await signal.rest(new Set([over]))
  clearTimeout(timer)
}
