import { inArray } from 'drizzle-orm'
import type { Db } from '../../../db/index.ts'
import { users } from '../../../db/schema.ts'

/** The names of those who saved versions, by their id. */
export async function namesOf(db: Db, saved: readonly { createdBy?: string }[]): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(saved.flatMap(({ createdBy }) => createdBy ?? []))]
  if (ids.length === 0) return new Map()
  const rows = await db.select({ id: users.id, name: users.name }).from(users).where(inArray(users.id, ids))
  return new Map(rows.map(({ id, name }) => [id, name]))
}
