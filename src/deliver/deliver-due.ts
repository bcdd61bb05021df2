import type { Context, Network } from '../context.ts'
import { speeds } from '../queue/index.ts'
import { type ChannelName, channelNames } from '../words.ts'
import { claimedAtOnce } from './calls.ts'
import { chooseChannel } from './choose-channel.ts'
import { keepLane } from './keep-lane.ts'
import { type Lane, runLane } from './lane.ts'
import { withOwnCarriers } from './own-carriers.ts'
import { release } from './release.ts'

/** Own sinks and previews answer at once, so large batches cost least. */
const ownSinks = { size: 250, atOnce: 1 }
/** What is claimed for a carrier is called at once: a crash then puts in doubt what was under way, and no more. */
export const carried = { size: 8, atOnce: 4, isPaced: true }

/**
 * Hands over everything due until none is left or `isOver`: own sinks together, every channel a carrier serves in
 * lanes of its own, urgent apart from bulk. Where the worker keeps lanes, those are begun or woken and not waited
 * for: a provider that hangs holds up neither another channel nor what else is to be looked at. While workers share
 * their work, what carriers take is left to be offered in ranges. Returns how many were dealt with here, also by not
 * sending them.
 */
export async function deliverDue(
  context: Context,
  network: Network,
  now: Date,
  isOver: () => boolean = () => context.stop?.aborted ?? false,
): Promise<number> {
  return withOwnCarriers(context, network, async (own) => {
    await release(own.db, own, network, now)
    const carriers = carriedBy(own, network)
    const takes = (name: ChannelName) => context.takes?.has(name) ?? true
    const isSpread = context.lanes !== undefined && context.queue.isShared()
    const lanes = (isSpread ? [] : carriers.filter(takes)).flatMap((channel) =>
      Object.entries(speeds).map(([speed, urgencies]) => ({
        name: `${network.id} ${channel} ${speed}`,
        lane: {
          channels: [channel],
          urgencies,
          ...claimedAtOnce(chooseChannel(own.channels, network, channel), urgencies, carried),
        },
      })),
    )
    const run = (lane: Lane) => runLane(own, network, now, lane, isOver)
    const here = [
      run({ channels: channelNames.filter((name) => !carriers.includes(name) && takes(name)), ...ownSinks }),
    ]
    for (const { name, lane } of lanes)
      if (context.lanes) context.lanes.begin(name, (signal) => keepLane(context, network.id, lane, signal))
      else here.push(run(lane))
    const ended = await Promise.allSettled(here)
    const broken = ended.find((one) => one.status === 'rejected')
    if (broken) throw broken.reason
    return ended.reduce((sum, one) => sum + (one.status === 'fulfilled' ? one.value : 0), 0)
  })
}

/** The channels whose messages leave a network by a carrier; on the others they only arrive here. */
export const carriedBy = ({ channels }: Context, network: Network): ChannelName[] =>
  channelNames.filter((name) => {
    const channel = chooseChannel(channels, network, name)
    return channel !== undefined && !channel.isLocal
  })
