import type { Context, Network } from '../context.ts'
import { applyPending } from '../tracking/inbox.ts'
import type { ChannelName } from '../words.ts'
import { claim, type Share } from './claim.ts'
import { deliverBatch } from './deliver-batch.ts'
import type { Brakes } from './hand-over.ts'

/** A share of what a network owes that is handed over on its own: what hangs in one lane holds up no other. */
export interface Lane extends Share {
  channels: readonly ChannelName[]
  /** Deliveries claimed together: one durable commit. */
  size: number
  /** Batches under way at a time. */
  atOnce: number
}

/** The batches of a lane that are under way; each leaves when it is through. */
export type UnderWay = Set<Promise<void>>

/**
 * Hands over what is due in a lane, urgent first, until nothing is left or `isOver`. What came in meanwhile is applied
 * before each claim: a STOP that was answered must stop what is still owed. Returns how many were dealt with, also by
 * not sending them. Given `underWay`, it returns as soon as nothing more can be begun and leaves there what has not
 * been answered; else it waits for every answer. Rejects with the first failure to write something down.
 */
export async function runLane(
  context: Context,
  network: Network,
  now: Date,
  lane: Lane,
  isOver: () => boolean,
  underWay?: UnderWay,
): Promise<number> {
  const begun: UnderWay = underWay ?? new Set()
  const brakes: Brakes = new Map()
  const failures: unknown[] = []
  let dealtWith = 0
  for (;;) {
    const { taken, claimed } = await claim(context, network, now, lane.size, lane)
    dealtWith += taken
    if (claimed.length > 0) {
      const batch = deliverBatch(context, network, claimed, now, brakes)
        .catch((error: unknown) => void failures.push(error))
        .finally(() => begun.delete(batch))
      begun.add(batch)
    }
    if (isOver() || failures.length > 0) break
    // What is under way may leave something due again, so one more look follows the last of it.
    if (taken === 0 && (underWay || begun.size === 0)) break
    if (taken === 0 || begun.size >= lane.atOnce) await Promise.race(begun)
    await applyPending(context.db, context.wall)
  }
  if (!underWay) await Promise.all(begun)
  if (failures.length > 0) throw failures[0]
  return dealtWith
}
