import { and, asc, count, eq } from 'drizzle-orm'
import type { Db, Tx } from '../db/index.ts'
import { segmentMembers, segments } from '../db/schema.ts'

/** Counting goes no further: a picker need not know more than that there are many. */
export const countedAtMost = 5_000

export interface SegmentSize {
  name: string
  title: Record<string, string>
  size: number
  /** True when there are more than were counted. */
  isMore: boolean
}

/** The segments of a network by name, each with how many belong to it, as far as that is quickly counted. */
export async function segmentSizes(db: Db | Tx, networkId: string): Promise<SegmentSize[]> {
  const known = await db
    .select({ id: segments.id, name: segments.name, title: segments.title })
    .from(segments)
    .where(eq(segments.networkId, networkId))
    .orderBy(asc(segments.name))
  const sizes: SegmentSize[] = []
  for (const { id, name, title } of known) {
    const members = db
      .select({ contactId: segmentMembers.contactId })
      .from(segmentMembers)
      .where(and(eq(segmentMembers.networkId, networkId), eq(segmentMembers.segmentId, id)))
      .limit(countedAtMost + 1)
      .as('counted_members')
    const [row] = await db.select({ size: count() }).from(members)
    const size = row?.size ?? 0
    sizes.push({ name, title, size: Math.min(size, countedAtMost), isMore: size > countedAtMost })
  }
  return sizes
}
