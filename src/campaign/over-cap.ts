/** Times in which several campaigns together would bring people over the caps of their network, seen while planning. */
import { and, count, eq, inArray, sql } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import { segmentMembers, segments } from '../db/schema.ts'
import { classRules } from '../routing/classes.ts'
import type { Policy } from '../routing/types.ts'
import type { AgendaEntry } from './agenda.ts'
import { localTime } from './launch-date.ts'
import type { LocalDate } from './recurrence.ts'

type Cap = Policy['values']['caps']['value'][number]

export interface OverCap {
  /** The first day and the last, where the network is at home. */
  from: LocalDate
  until: LocalDate
  cap: Pick<Cap, 'channel' | 'max' | 'days'>
  /** The sendings of that time, earliest first. */
  entries: readonly AgendaEntry[]
  /**
   * People these sendings would bring over the cap if every step went to the whole of its segment: no more than that,
   * since what a step says of who is left out, consents and the choice of the channel make them fewer.
   */
  atMost: number
}

const dayMs = 86_400_000
/** A page looks at no more of them. */
const mostWindows = 12
/** Above this many memberships people are not counted one by one: the bound by sizes is kept. */
const countedMemberships = 50_000

export interface CapWindow {
  cap: Cap
  entries: AgendaEntry[]
}

/**
 * Times as long as a cap on people, with more sendings of two campaigns or more than it allows, one of them still to
 * come. A cap of one channel counts the steps whose author fixed that channel; one of all channels counts every step.
 * Of times within one another the longest alone. Pure.
 */
export function capWindows(entries: readonly AgendaEntry[], caps: readonly Cap[]): CapWindow[] {
  const sendings = entries
    .filter(
      (entry) =>
        entry.what === 'step' &&
        entry.segment !== undefined &&
        !['skipped', 'canceled'].includes(entry.run) &&
        classRules[entry.class as keyof typeof classRules]?.isCapped === true,
    )
    .toSorted((a, b) => a.at.getTime() - b.at.getTime())
  return caps
    .filter((cap) => cap.subject === 'contact')
    .flatMap((cap) => {
      const own = sendings.filter(({ channels }) => cap.channel === 'any' || channels.includes(cap.channel))
      const found: CapWindow[] = []
      let last = -1
      for (const [index, first] of own.entries()) {
        const within = own.slice(index).filter(({ at }) => at.getTime() - first.at.getTime() < cap.days * dayMs)
        const end = index + within.length - 1
        // All of it was in the one before.
        if (end <= last) continue
        const isOver = within.length > cap.max && new Set(within.map(({ campaignId }) => campaignId)).size > 1
        if (!isOver || !within.some(({ run }) => run === 'waiting' || run === 'planned')) continue
        last = end
        found.push({ cap, entries: within })
      }
      return found
    })
}

/** The caps people would be brought over by several campaigns together, with how many people at most. */
export async function overCaps(
  tx: Tx,
  network: { id: string; timezone: string },
  entries: readonly AgendaEntry[],
  caps: readonly Cap[],
): Promise<OverCap[]> {
  const windows = capWindows(entries, caps)
  if (windows.length === 0) return []
  const ids = new Map(
    (
      await tx.select({ id: segments.id, name: segments.name }).from(segments).where(eq(segments.networkId, network.id))
    ).map((row) => [row.name, row.id]),
  )
  const counted = new Map<string, number>()
  const found: OverCap[] = []
  for (const { cap, entries: own } of windows.slice(0, mostWindows)) {
    const weights = new Map<string, number>()
    for (const { segment } of own) {
      const id = ids.get(segment as string)
      if (id !== undefined) weights.set(id, (weights.get(id) ?? 0) + 1)
    }
    const key = JSON.stringify([cap.max, [...weights].sort()])
    const atMost = counted.get(key) ?? (await peopleOver(tx, network.id, weights, cap.max))
    counted.set(key, atMost)
    if (atMost === 0) continue
    const [from, until] = [own[0]!, own.at(-1)!].map(({ at }) => localTime(at, network.timezone).slice(0, 10))
    found.push({
      ...{ from: from!, until: until!, entries: own, atMost },
      cap: { channel: cap.channel, max: cap.max, days: cap.days },
    })
  }
  return found.toSorted((a, b) => (a.from < b.from ? -1 : 1))
}

/**
 * Who belongs to so many of these segments, each counted as often as its sendings, that they are over `max`. Of large
 * segments a bound by their sizes: whoever is over takes up at least max + 1 of all their sendings.
 */
async function peopleOver(
  tx: Tx,
  networkId: string,
  weights: ReadonlyMap<string, number>,
  max: number,
): Promise<number> {
  if (weights.size === 0) return 0
  const members = and(eq(segmentMembers.networkId, networkId), inArray(segmentMembers.segmentId, [...weights.keys()]))
  const sizes = await tx
    .select({ id: segmentMembers.segmentId, size: count() })
    .from(segmentMembers)
    .where(members)
    .groupBy(segmentMembers.segmentId)
  if (sizes.reduce((sum, { size }) => sum + size, 0) > countedMemberships)
    return Math.floor(sizes.reduce((sum, { id, size }) => sum + size * weights.get(id)!, 0) / (max + 1))
  const cases = [...weights].map(([id, weight]) => sql`when ${id} then ${sql.raw(String(weight))}`)
  const messages = sql`sum(case ${segmentMembers.segmentId} ${sql.join(cases, sql` `)} else 0 end)`
  const over = tx
    .select({ contactId: segmentMembers.contactId })
    .from(segmentMembers)
    .where(members)
    .groupBy(segmentMembers.contactId)
    .having(sql`${messages} > ${sql.raw(String(max))}`)
    .as('over_cap')
  const [row] = await tx.select({ people: count() }).from(over)
  return row?.people ?? 0
}
