import { and, asc, gt, lt, or } from 'drizzle-orm'
import type { Context, Network } from '../context.ts'
import { deliveries } from '../db/schema.ts'
import { sendersOfLane } from '../deliver/admit.ts'
import { isDue } from '../deliver/claim.ts'
import { carriedBy } from '../deliver/deliver-due.ts'
import { withOwnCarriers } from '../deliver/own-carriers.ts'
import { type KeyRange, type Line, type Speed, speeds } from './index.ts'

/** So many deliveries make a range: Redis then holds a few bytes for each, and a claim in it stays one short look. */
export const rangeSize = 100
/** With so many ranges waiting, workers have enough to do until the next look. */
const enough = 20

/** Offers what is due and leaves by a carrier to every worker. */
export async function spreadDue(context: Context, network: Network, now: Date): Promise<void> {
  const { queue } = context
  if (!queue.isShared()) return
  const carriers = await withOwnCarriers(context, network, async (own) => carriedBy(own, network))
  for (const channel of carriers)
    for (const speed of Object.keys(speeds) as Speed[]) {
      const line: Line = { channel, speed }
      if (!(await isSomeDue(context, network, now, line))) continue
      const choose = (waiting: readonly KeyRange[], room: number) =>
        rangesDue(context, network, now, line, waiting, room)
      if (!(await queue.offer(network.id, line, choose))) return
    }
}

const dueOn = (network: Network, now: Date, { channel, speed }: Line) =>
  isDue(network, now, { channels: [channel], urgencies: speeds[speed] })

async function isSomeDue({ db }: Context, network: Network, now: Date, line: Line): Promise<boolean> {
  const [some] = await db
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(dueOn(network, now, line))
    .limit(1)
  return some !== undefined
}

/**
 * What is due and in none of the ranges that wait, the most urgent first, as at most `room` ranges. Every sender has its
 * share of them: what waits for a provider that is down leaves room for the others.
 */
export async function rangesDue(
  context: Context,
  network: Network,
  now: Date,
  line: Line,
  waiting: readonly KeyRange[],
  room: number,
): Promise<KeyRange[]> {
  if (waiting.length >= enough) return []
  const lane = { channels: [line.channel], urgencies: speeds[line.speed] }
  const isElsewhere = waiting.map(({ first, last }) => or(lt(deliveries.id, first), gt(deliveries.id, last)))
  const among = await sendersOfLane(context, network, lane)
  const byPriority = new Map<number, string[]>()
  for (const sender of among) {
    const rows = await context.db
      .select({ id: deliveries.id, priority: deliveries.priority })
      .from(deliveries)
      .where(and(isDue(network, now, { ...lane, senderId: sender?.id ?? null }), ...isElsewhere))
      .orderBy(asc(deliveries.priority), asc(deliveries.dueAt))
      .limit(Math.ceil(room / among.length) * rangeSize)
    for (const { id, priority } of rows) {
      const ids = byPriority.get(priority)
      if (ids) ids.push(id)
      else byPriority.set(priority, [id])
    }
  }
  return [...byPriority]
    .sort(([a], [b]) => a - b)
    .flatMap(([priority, ids]) => chunks(ids.sort(), priority))
    .slice(0, room)
}

function chunks(ids: readonly string[], priority: number): KeyRange[] {
  const ranges: KeyRange[] = []
  for (let start = 0; start < ids.length; start += rangeSize)
    ranges.push({ first: ids[start]!, last: ids[Math.min(start + rangeSize, ids.length) - 1]!, priority })
  return ranges
}
