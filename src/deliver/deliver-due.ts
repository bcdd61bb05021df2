import type { Context, Network } from '../context.ts'
import { applyPending } from '../tracking/inbox.ts'
import { type ChannelName, channelNames } from '../words.ts'
import { chooseChannel } from './choose-channel.ts'
import { claim } from './claim.ts'
import { deliverBatch } from './deliver-batch.ts'
import type { Brakes } from './hand-over.ts'
import { withOwnCarriers } from './own-carriers.ts'
import { release } from './release.ts'

interface Pump {
  channels: readonly ChannelName[]
  /** Deliveries claimed together: one durable commit. */
  size: number
  /** Batches under way at a time. */
  atOnce: number
}

/** Own sinks and previews answer at once, so large batches cost least. */
const own = { size: 100, atOnce: 1 }
/** What is claimed for a carrier is called at once: a crash then puts in doubt what was under way, and no more. */
const carried = { size: 4, atOnce: 4 }

/**
 * Hands over everything due, urgent first, until none is left or `isOver`. What came in meanwhile is applied before
 * each claim: a STOP that was answered must stop what is still owed. Returns how many were dealt with, also by not
 * sending them.
 */
export async function deliverDue(
  context: Context,
  network: Network,
  now: Date,
  isOver: () => boolean = () => context.stop?.aborted ?? false,
): Promise<number> {
  return withOwnCarriers(context, network, (own) => deliverBy(own, network, now, isOver))
}

async function deliverBy(context: Context, network: Network, now: Date, isOver: () => boolean): Promise<number> {
  await release(context.db, context, network, now)
  const carriers = channelNames.filter((name) => isCarried(context, network, name))
  const others = channelNames.filter((name) => !carriers.includes(name))
  const dealtWith = await Promise.all([
    run(context, network, now, { channels: others, ...own }, isOver),
    run(context, network, now, { channels: carriers, ...carried }, isOver),
  ])
  return dealtWith.reduce((sum, count) => sum + count, 0)
}

function isCarried({ channels }: Context, network: Network, name: ChannelName): boolean {
  const channel = chooseChannel(channels, network, name)
  return channel !== undefined && !channel.isLocal
}

async function run(
  context: Context,
  network: Network,
  now: Date,
  { channels, size, atOnce }: Pump,
  isOver: () => boolean,
): Promise<number> {
  if (channels.length === 0) return 0
  const brakes: Brakes = new Map()
  const underWay = new Set<Promise<void>>()
  const failures: unknown[] = []
  let dealtWith = 0
  for (;;) {
    const { taken, claimed } = await claim(context, network, now, size, channels)
    dealtWith += taken
    if (claimed.length > 0) {
      const batch = deliverBatch(context, network, claimed, now, brakes)
        .catch((error: unknown) => void failures.push(error))
        .finally(() => underWay.delete(batch))
      underWay.add(batch)
    }
    if (isOver() || failures.length > 0 || (taken === 0 && underWay.size === 0)) break
    // What is under way may leave something due again, so one more look follows the last of it.
    if (taken === 0 || underWay.size >= atOnce) await Promise.race(underWay)
    await applyPending(context.db, context.wall)
  }
  await Promise.all(underWay)
  if (failures.length > 0) throw failures[0]
  return dealtWith
}
