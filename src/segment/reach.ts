import { and, asc, eq, gt } from 'drizzle-orm'
import type { Scope } from '../accounts/policy.ts'
import { contactsWithin } from '../accounts/scope.ts'
import { type Db, oneOf } from '../db/index.ts'
import { contacts, segmentMembers } from '../db/schema.ts'
import type { ChannelName } from '../words.ts'
import { factsOf } from './facts.ts'
import { matches } from './matches.ts'
import type { SegmentRule } from './rule.ts'

const pageSize = 500
/** People looked at for a figure on a page; beyond, it says that it is of the first so many. */
export const lookedAtMost = 5_000

/** How many people a rule means, and on what they can be reached. */
export interface Reach {
  people: number
  byChannel: Record<'sms' | 'email' | 'print', number>
  /** Those without a mobile, a mailbox and a letterbox. */
  nowhere: number
  /** How many contacts were looked at, and whether there are more. */
  looked: number
  isMore: boolean
}

const counted = ['sms', 'email', 'print'] as const satisfies readonly ChannelName[]

const nobody = (): Reach => ({
  people: 0,
  byChannel: { sms: 0, email: 0, print: 0 },
  nowhere: 0,
  looked: 0,
  isMore: false,
})

/**
 * Counts whom a rule means as of `now` (business time) among the active contacts of a scope, page by page and at most
 * `lookedAtMost` of them, so that a page that asks never waits for a network of any size.
 */
export async function reachOf(db: Db, networkId: string, rule: SegmentRule, now: Date, scope: Scope): Promise<Reach> {
  const reach = nobody()
  const asked: SegmentRule[] = [rule, { reachable: 'email' }]
  for await (const ids of contactPages(db, networkId, scope, reach)) {
    for (const facts of (await factsOf(db, networkId, ids, { now, rules: asked })).values())
      if (matches(rule, facts)) countIn(reach, facts.reachable)
  }
  return reach
}

/** As `reachOf`, of all the segments of a network by id, as they were last worked out. */
export async function reachOfSegments(
  db: Db,
  networkId: string,
  now: Date,
  scope: Scope,
): Promise<{ bySegment: Map<string, Reach>; looked: number; isMore: boolean }> {
  const bySegment = new Map<string, Reach>()
  const all = nobody()
  for await (const ids of contactPages(db, networkId, scope, all)) {
    const facts = await factsOf(db, networkId, ids, { now, rules: [{ reachable: 'email' }] })
    for (const { segmentId, contactId } of await membershipsOf(db, networkId, ids)) {
      const reach = bySegment.get(segmentId) ?? nobody()
      bySegment.set(segmentId, reach)
      const known = facts.get(contactId)
      if (known) countIn(reach, known.reachable)
    }
  }
  return { bySegment, looked: all.looked, isMore: all.isMore }
}

const membershipsOf = (db: Db, networkId: string, ids: readonly string[]) =>
  db
    .select({ segmentId: segmentMembers.segmentId, contactId: segmentMembers.contactId })
    .from(segmentMembers)
    .where(and(eq(segmentMembers.networkId, networkId), oneOf(segmentMembers.contactId, ids)))

function countIn(reach: Reach, channels: ReadonlySet<ChannelName>): void {
  reach.people++
  for (const channel of counted) if (channels.has(channel)) reach.byChannel[channel]++
  if (!counted.some((channel) => channels.has(channel))) reach.nowhere++
}

async function* contactPages(db: Db, networkId: string, scope: Scope, reach: Reach): AsyncGenerator<string[]> {
  for (let after = ''; ; ) {
    const rows = await db
      .select({ id: contacts.id })
      .from(contacts)
      .where(
        and(
          eq(contacts.networkId, networkId),
          eq(contacts.isActive, true),
          gt(contacts.id, after),
          contactsWithin(db, scope),
        ),
      )
      .orderBy(asc(contacts.id))
      .limit(pageSize)
    if (rows.length === 0) return
    if (reach.looked >= lookedAtMost) {
      reach.isMore = true
      return
    }
    reach.looked += rows.length
    yield rows.map((row) => row.id)
    if (rows.length < pageSize) return
    after = rows.at(-1)!.id
  }
}
