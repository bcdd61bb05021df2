import { eq } from 'drizzle-orm'
import { businessNow } from '../clock.ts'
import type { Context } from '../context.ts'
import { networks } from '../db/schema.ts'
import { type Lane, runLane, type UnderWay } from './lane.ts'
import type { Signal } from './lanes.ts'
import { holdCarriers } from './own-carriers.ts'

/** So long a lane goes on by the settings and credentials it has read; then it reads them anew (wall time). */
const turnMs = 2_000

/**
 * Keeps a lane going, whatever else is looked at meanwhile, until nothing is due in it and everything is answered.
 * A call that hangs keeps its own place in the lane and no other.
 */
export async function keepLane(context: Context, networkId: string, lane: Lane, signal: Signal): Promise<void> {
  const underWay: UnderWay = new Set()
  const released = new Set<Promise<void>>()
  const isStopped = () => signal.isOver() || (context.stop?.aborted ?? false)
  try {
    while (!isStopped()) {
      const [network] = await context.db.select().from(networks).where(eq(networks.id, networkId))
      if (!network) return
      const beganAt = context.wall.now().getTime()
      const held = await holdCarriers(context, network)
      let dealtWith: number
      try {
        const isOver = () => isStopped() || context.wall.now().getTime() - beganAt >= turnMs
        dealtWith = await runLane(
          held.context,
          network,
          businessNow(new Date(beganAt), network),
          lane,
          isOver,
          underWay,
        )
      } finally {
        // The adapters stay open for what they have begun.
        const release = Promise.all(underWay).then(held.release)
        released.add(release)
        void release.finally(() => released.delete(release))
      }
      if (dealtWith === 0 && !(await signal.rest(underWay))) return
    }
  } finally {
    await Promise.all(underWay)
    await Promise.all(released)
  }
}
