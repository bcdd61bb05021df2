/** Days on which two campaigns reach the same people. */
import { and, countDistinct, eq, inArray } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import { contacts, segmentMembers, segments } from '../db/schema.ts'
import type { AgendaEntry } from './agenda.ts'
import { localTime } from './launch-date.ts'
import type { LocalDate } from './recurrence.ts'

export interface Collision {
  date: LocalDate
  a: AgendaEntry
  b: AgendaEntry
  /** Undefined where an audience is not a segment, so that nobody knows before the day. */
  shared?: { people: number; sites: number }
}

/** A page counts no more pairs of audiences. */
const mostPairs = 40

/** Sendings of two campaigns on one local day to audiences that overlap; with how many people and outlets. */
export async function collisionsAmong(
  tx: Tx,
  networkId: string,
  entries: readonly AgendaEntry[],
  timezone: string,
): Promise<Collision[]> {
  const found: Collision[] = []
  const counted = new Map<string, { people: number; sites: number }>()
  const days = new Map<LocalDate, AgendaEntry[]>()
  for (const entry of entries) {
    if (entry.what !== 'step' || entry.run === 'skipped' || entry.run === 'canceled') continue
    const date = localTime(entry.at, timezone).slice(0, 10)
    const day = days.get(date) ?? []
    // One sending of a campaign stands for its others of the day.
    if (!day.some((other) => other.campaignId === entry.campaignId)) day.push(entry)
    days.set(date, day)
  }
  for (const [date, day] of days) {
    for (const [index, a] of day.entries()) {
      for (const b of day.slice(index + 1)) {
        if (a.segment === undefined || b.segment === undefined) {
          found.push({ date, a, b })
          continue
        }
        const key = [a.segment, b.segment].sort().join(' ')
        if (!counted.has(key) && counted.size >= mostPairs) continue
        const shared = counted.get(key) ?? (await sharedBy(tx, networkId, a.segment, b.segment))
        counted.set(key, shared)
        if (shared.people > 0) found.push({ date, a, b, shared })
      }
    }
  }
  return found
}

async function sharedBy(tx: Tx, networkId: string, a: string, b: string): Promise<{ people: number; sites: number }> {
  const ids = new Map(
    (
      await tx.select({ id: segments.id, name: segments.name }).from(segments).where(eq(segments.networkId, networkId))
    ).map((row) => [row.name, row.id]),
  )
  const [first, second] = [ids.get(a), ids.get(b)]
  if (first === undefined || second === undefined) return { people: 0, sites: 0 }
  const ofSecond = tx
    .select({ contactId: segmentMembers.contactId })
    .from(segmentMembers)
    .where(and(eq(segmentMembers.networkId, networkId), eq(segmentMembers.segmentId, second)))
  const [row] = await tx
    .select({ people: countDistinct(segmentMembers.contactId), sites: countDistinct(contacts.siteId) })
    .from(segmentMembers)
    .innerJoin(
      contacts,
      and(eq(contacts.networkId, segmentMembers.networkId), eq(contacts.id, segmentMembers.contactId)),
    )
    .where(
      and(
        eq(segmentMembers.networkId, networkId),
        eq(segmentMembers.segmentId, first),
        inArray(segmentMembers.contactId, ofSecond),
      ),
    )
  return { people: row?.people ?? 0, sites: row?.sites ?? 0 }
}
