import { eq } from 'drizzle-orm'
import { businessNow } from '../clock.ts'
import type { Context } from '../context.ts'
import { networks } from '../db/schema.ts'
import { type KeyRange, type Line, speeds } from '../queue/index.ts'
import { claimedAtOnce } from './calls.ts'
import { chooseChannel } from './choose-channel.ts'
import { carried, carriedBy } from './deliver-due.ts'
import { runLane } from './lane.ts'
import { withOwnCarriers } from './own-carriers.ts'

/** After so long a range is left to be offered again, so that what is more urgent has its turn (wall time). */
const turnMs = 2_000

/** Hands over what is due in a range, by the same claims as everywhere else. Returns how many were dealt with. */
export async function deliverRange(
  context: Context,
  networkId: string,
  { channel, speed }: Line,
  { first, last }: KeyRange,
  isStopped: () => boolean,
): Promise<number> {
  if (context.room && !(await context.room.isEnough())) return 0
  const [network] = await context.db.select().from(networks).where(eq(networks.id, networkId))
  if (!network) return 0
  return withOwnCarriers(context, network, async (own) => {
    if (!carriedBy(own, network).includes(channel)) return 0
    const begunAt = context.wall.now()
    const isOver = () => isStopped() || context.wall.now().getTime() - begunAt.getTime() >= turnMs
    const urgencies = speeds[speed]
    const atOnce = claimedAtOnce(chooseChannel(own.channels, network, channel), urgencies, carried)
    const lane = { channels: [channel], urgencies, ids: { first, last }, ...atOnce, isPatient: true }
    return runLane(own, network, businessNow(begunAt, network), lane, isOver)
  })
}
