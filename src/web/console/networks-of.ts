import { asc, inArray } from 'drizzle-orm'
import type { Db } from '../../db/index.ts'
import { networks } from '../../db/schema.ts'

/** The networks of a picker, in the order they were created. */
export async function networksOf(db: Db, networkIds: string[]) {
  if (networkIds.length === 0) return []
  return db.select().from(networks).where(inArray(networks.id, networkIds)).orderBy(asc(networks.number))
}
