import { and, asc, count, eq, gt } from 'drizzle-orm'
import { type Db, oneOf, type Tx } from '../db/index.ts'
import { contacts, segmentMembers, segments } from '../db/schema.ts'
import { factsOf } from './facts.ts'
import { matches } from './matches.ts'
import { inDependencyOrder, type SegmentRule, segmentRule } from './rule.ts'

/** Of 500 contacts, those who changed segment are far fewer than rows fit a transaction. */
const pageSize = 500

export interface Moved {
  joined: number
  left: number
}

interface Known {
  id: string
  name: string
  rule: SegmentRule
}

/**
 * Works out who belongs to each segment as of `now` (business time), page by page, and writes the differences.
 * With `contactIds`, only for these. Segments that name others are worked out after them.
 */
export async function refreshSegments(
  db: Db,
  network: { id: string },
  now: Date,
  contactIds?: readonly string[],
): Promise<Moved> {
  const known = await segmentsInOrder(db, network.id)
  const moved: Moved = { joined: 0, left: 0 }
  if (known.length === 0) return moved
  for await (const page of pages(db, network.id, contactIds)) {
    const changed = await db.transaction((tx) => refreshPage(tx, network.id, known, page, now))
    moved.joined += changed.joined
    moved.left += changed.left
  }
  return moved
}

async function segmentsInOrder(db: Db, networkId: string): Promise<Known[]> {
  const rows = await db.select().from(segments).where(eq(segments.networkId, networkId)).orderBy(asc(segments.name))
  const byName = new Map(
    rows.map((row) => [row.name, { id: row.id, name: row.name, rule: segmentRule.parse(row.rule) }]),
  )
  const rules = new Map([...byName].map(([name, { rule }]) => [name, rule]))
  return inDependencyOrder(rules).map((name) => byName.get(name)!)
}

async function* pages(db: Db, networkId: string, contactIds?: readonly string[]): AsyncGenerator<string[]> {
  if (contactIds) {
    for (let start = 0; start < contactIds.length; start += pageSize) yield contactIds.slice(start, start + pageSize)
    return
  }
  for (let after = ''; ; ) {
    const rows = await db
      .select({ id: contacts.id })
      .from(contacts)
      .where(and(eq(contacts.networkId, networkId), gt(contacts.id, after)))
      .orderBy(asc(contacts.id))
      .limit(pageSize)
    if (rows.length > 0) yield rows.map((row) => row.id)
    if (rows.length < pageSize) return
    after = rows.at(-1)!.id
  }
}

async function refreshPage(tx: Tx, networkId: string, known: readonly Known[], ids: string[], now: Date) {
  const facts = await factsOf(tx, networkId, ids, { now, rules: known.map((segment) => segment.rule) })
  const active = await tx
    .select({ id: contacts.id })
    .from(contacts)
    .where(and(eq(contacts.networkId, networkId), oneOf(contacts.id, ids), eq(contacts.isActive, true)))
  const isActive = new Set(active.map((row) => row.id))
  const joining: (typeof segmentMembers.$inferInsert)[] = []
  const leaving = new Map<string, string[]>()
  for (const own of facts.values()) {
    for (const segment of known) {
      const was = own.segments.has(segment.name)
      const is = isActive.has(own.contactId) && matches(segment.rule, own)
      // The segments that come after ask for this one as it is now.
      if (is) own.segments.add(segment.name)
      else own.segments.delete(segment.name)
      if (is && !was) joining.push({ networkId, segmentId: segment.id, contactId: own.contactId, since: now })
      if (was && !is) leaving.set(segment.id, [...(leaving.get(segment.id) ?? []), own.contactId])
    }
  }
  await tx.insertRows(segmentMembers, joining, 'ignore')
  for (const [segmentId, contactIds] of leaving)
    await tx
      .delete(segmentMembers)
      .where(
        and(
          eq(segmentMembers.networkId, networkId),
          eq(segmentMembers.segmentId, segmentId),
          oneOf(segmentMembers.contactId, contactIds),
        ),
      )
  return { joined: joining.length, left: [...leaving.values()].reduce((sum, list) => sum + list.length, 0) }
}

/** How many contacts a segment holds, as last worked out; 0 for a name that is not a segment. */
export async function segmentSize(tx: Tx, networkId: string, name: string): Promise<number> {
  const [row] = await tx
    .select({ size: count() })
    .from(segmentMembers)
    .innerJoin(
      segments,
      and(eq(segments.networkId, segmentMembers.networkId), eq(segments.id, segmentMembers.segmentId)),
    )
    .where(and(eq(segments.networkId, networkId), eq(segments.name, name)))
  return row?.size ?? 0
}
