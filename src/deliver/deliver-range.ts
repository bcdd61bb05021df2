import { eq } from 'drizzle-orm'
import { businessNow } from '../clock.ts'
import type { Context } from '../context.ts'
import { networks } from '../db/schema.ts'
import { type KeyRange, type Line, speeds } from '../queue/index.ts'
import { claimedAtOnce } from './calls.ts'
import { chooseChannel } from './choose-channel.ts'
import { carried, carriedBy } from './deliver-due.ts'
import { type Gate, openGate } from './gate.ts'
import { runLane } from './lane.ts'
import { withOwnCarriers } from './own-carriers.ts'

/** After so long a range is left to be offered again, so that what is more urgent has its turn (wall time). */
const turnMs = 2_000

/** What a worker has learnt of providers, by network and line: the next range goes on from it. */
export type Gates = Map<string, Gate>

/** Hands over what is due in a range, by the same claims as everywhere else. Returns how many were dealt with. */
export async function deliverRange(
  context: Context,
  networkId: string,
  { channel, speed }: Line,
  { first, last }: KeyRange,
  isStopped: () => boolean,
  gates: Gates = new Map(),
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
    const key = `${networkId} ${channel} ${speed}`
    const gate = gates.get(key) ?? openGate(own, network)
    gates.set(key, gate)
    gate.refresh(own, network)
    const lane = { channels: [channel], urgencies, ids: { first, last }, ...atOnce, isPatient: true, gate }
    return runLane(own, network, businessNow(begunAt, network), lane, isOver)
  })
}
