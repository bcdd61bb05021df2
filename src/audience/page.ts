import { and, asc, eq, gt } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import { contacts, segmentMembers } from '../db/schema.ts'

/** Whom a step may reach, before its own `to` condition: a segment, the people of a site, one person, or everyone. */
export interface Audience {
  networkId: string
  segmentId?: string
  siteId?: string
  contactId?: string
}

/**
 * The next contacts of an audience in id order, active ones only. Resumable after any id, so the audience
 * is never in memory whole.
 */
export async function audiencePage(tx: Tx, audience: Audience, after: string, limit: number): Promise<string[]> {
  const { networkId, segmentId, siteId, contactId } = audience
  const reachable = and(
    eq(contacts.networkId, networkId),
    eq(contacts.isActive, true),
    gt(contacts.id, after),
    siteId === undefined ? undefined : eq(contacts.siteId, siteId),
    contactId === undefined ? undefined : eq(contacts.id, contactId),
  )
  const rows = segmentId
    ? await tx
        .select({ id: contacts.id })
        .from(segmentMembers)
        .innerJoin(
          contacts,
          and(eq(contacts.networkId, segmentMembers.networkId), eq(contacts.id, segmentMembers.contactId)),
        )
        .where(
          and(
            eq(segmentMembers.networkId, networkId),
            eq(segmentMembers.segmentId, segmentId),
            gt(segmentMembers.contactId, after),
            reachable,
          ),
        )
        .orderBy(asc(segmentMembers.contactId))
        .limit(limit)
    : await tx.select({ id: contacts.id }).from(contacts).where(reachable).orderBy(asc(contacts.id)).limit(limit)
  return rows.map((row) => row.id)
}
