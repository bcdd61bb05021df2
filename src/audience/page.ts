import { and, asc, eq, exists, gt, sql } from 'drizzle-orm'
import { prepared, type Tx } from '../db/index.ts'
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
  if (segmentId !== undefined && siteId === undefined && contactId === undefined)
    return (await membersAfter(tx, { networkId, segmentId, after, limit })).map((row) => row.id)
  const rows = await tx
    .select({ id: contacts.id })
    .from(contacts)
    .where(
      and(
        eq(contacts.networkId, networkId),
        eq(contacts.isActive, true),
        gt(contacts.id, after),
        segmentId === undefined ? undefined : isMember(tx, networkId, segmentId),
        siteId === undefined ? undefined : eq(contacts.siteId, siteId),
        contactId === undefined ? undefined : eq(contacts.id, contactId),
      ),
    )
    .orderBy(asc(contacts.id))
    .limit(limit)
  return rows.map((row) => row.id)
}

const membersAfter = prepared((tx) =>
  tx
    .select({ id: contacts.id })
    .from(segmentMembers)
    .innerJoin(
      contacts,
      and(eq(contacts.networkId, segmentMembers.networkId), eq(contacts.id, segmentMembers.contactId)),
    )
    .where(
      and(
        eq(segmentMembers.networkId, sql.placeholder('networkId')),
        eq(segmentMembers.segmentId, sql.placeholder('segmentId')),
        gt(segmentMembers.contactId, sql.placeholder('after')),
        eq(contacts.isActive, true),
      ),
    )
    .orderBy(asc(segmentMembers.contactId))
    .limit(sql.placeholder('limit')),
)

const isMember = (tx: Tx, networkId: string, segmentId: string) =>
  exists(
    tx
      .select({ id: segmentMembers.contactId })
      .from(segmentMembers)
      .where(
        and(
          eq(segmentMembers.networkId, networkId),
          eq(segmentMembers.segmentId, segmentId),
          eq(segmentMembers.contactId, contacts.id),
        ),
      ),
  )
