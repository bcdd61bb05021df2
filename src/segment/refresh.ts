import { and, asc, count, eq, gt, gte } from 'drizzle-orm'
import { type Db, oneOf, type Tx } from '../db/index.ts'
import { contacts, engagements, segmentMembers, segments } from '../db/schema.ts'
import { learningOf } from '../engagement/defaults.ts'
import { reconsider } from '../sequence/reconsider.ts'
import { dueChecks, holdChecks, setChecks } from './check.ts'
import { factsAround } from './facts.ts'
import { matches } from './matches.ts'
import { needsOf } from './needs.ts'
import { nextChangeAt } from './next-change.ts'
import { inDependencyOrder, type SegmentRule, segmentRule } from './rule.ts'

/** Of 500 contacts, those who changed segment are far fewer than rows fit a transaction. */
const pageSize = 500
const dayMs = 86_400_000

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

/** Contacts looked at in one transaction of the worker: with the people of their sites they stay few. */
const duePage = 200

/**
 * Works out anew the memberships of those to whom something happened, or a window of whom has ended by `now` (business
 * time), at most `limit` of them. Returns how many were looked at; call again while it returns `limit`.
 */
export async function refreshDue(db: Db, network: { id: string }, now: Date, limit = duePage): Promise<number> {
  const due = await dueChecks(db, network.id, now, limit)
  if (due.length === 0) return 0
  const known = await segmentsInOrder(db, network.id)
  await db.transaction((tx) => refreshPage(tx, network.id, known, due, now))
  return due.length
}

/**
 * Brings all memberships to what they are at `now`, for a step that is about to choose its people: whatever is due,
 * and those who acted lately, whose being hot hangs on what others of their group did.
 */
export async function refreshForStep(db: Db, network: { id: string }, now: Date): Promise<void> {
  const rules = (await segmentsInOrder(db, network.id)).map((segment) => segment.rule)
  if (rules.length === 0) return
  while ((await refreshDue(db, network, now)) > 0);
  if (!needsOf(rules).engagement) return
  const { segments: cut } = await learningOf(db, network.id)
  const since = new Date(now.getTime() - cut.hotDays * dayMs)
  for (let after = ''; ; ) {
    const rows = await db
      .selectDistinct({ id: engagements.contactId })
      .from(engagements)
      .where(
        and(
          eq(engagements.networkId, network.id),
          gt(engagements.contactId, after),
          gte(engagements.lastActionAt, since),
        ),
      )
      .orderBy(asc(engagements.contactId))
      .limit(pageSize)
    if (rows.length === 0) return
    const ids = rows.map((row) => row.id)
    await refreshSegments(db, network, now, ids)
    after = ids.at(-1)!
  }
}

/** The next page of a network's contacts, worked out in the caller's transaction; returns where to go on, if anywhere. */
export async function refreshAfter(
  tx: Tx,
  network: { id: string },
  now: Date,
  after: string,
): Promise<{ last: string; looked: number } | undefined> {
  const ids = await contactsAfter(tx, network.id, after)
  const last = ids.at(-1)
  if (last === undefined) return undefined
  await refreshPage(tx, network.id, await segmentsInOrder(tx, network.id), ids, now)
  return { last, looked: ids.length }
}

async function contactsAfter(tx: Tx, networkId: string, after: string): Promise<string[]> {
  const rows = await tx
    .select({ id: contacts.id })
    .from(contacts)
    .where(and(eq(contacts.networkId, networkId), gt(contacts.id, after)))
    .orderBy(asc(contacts.id))
    .limit(pageSize)
  return rows.map((row) => row.id)
}

async function segmentsInOrder(db: Tx, networkId: string): Promise<Known[]> {
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
    const ids = await contactsAfter(db, networkId, after)
    if (ids.length > 0) yield ids
    if (ids.length < pageSize) return
    after = ids.at(-1)!
  }
}

async function refreshPage(
  tx: Tx,
  networkId: string,
  known: readonly Known[],
  ids: readonly string[],
  now: Date,
): Promise<Moved> {
  const rules = known.map((segment) => segment.rule)
  // Held before anything is read: what happens from here on asks for another look, and waits for this one to be over.
  const held = await holdChecks(tx, networkId, ids)
  const facts = await factsAround(tx, networkId, ids, { now, rules })
  const joining: (typeof segmentMembers.$inferInsert)[] = []
  const leaving = new Map<string, string[]>()
  // By segment, not by contact: a rule about a site's people asks for all of them as they are now.
  for (const segment of known)
    for (const own of facts.values()) {
      const was = own.segments.has(segment.name)
      const is = own.isActive && matches(segment.rule, own)
      // The segments that come after ask for this one as it is now.
      if (is) own.segments.add(segment.name)
      else own.segments.delete(segment.name)
      if (is && !was) joining.push({ networkId, segmentId: segment.id, contactId: own.contactId, since: now })
      if (was && !is) leaving.set(segment.id, [...(leaving.get(segment.id) ?? []), own.contactId])
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
  const asked = ids.flatMap((id) => facts.get(id) ?? [])
  const next = asked.map((own) => ({
    contactId: own.contactId,
    at: own.isActive ? nextChangeAt(rules, own) : undefined,
  }))
  await setChecks(tx, networkId, held, next)
  const nameOf = new Map(known.map((segment) => [segment.id, segment.name]))
  await reconsider(
    tx,
    networkId,
    asked.map((own) => own.contactId),
    [
      ...joining.map(({ segmentId, contactId }) => ({
        segment: nameOf.get(segmentId)!,
        contactId,
        kind: 'enters' as const,
      })),
      ...[...leaving].flatMap(([segmentId, contactIds]) =>
        contactIds.map((contactId) => ({ segment: nameOf.get(segmentId)!, contactId, kind: 'leaves' as const })),
      ),
    ],
    now,
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
