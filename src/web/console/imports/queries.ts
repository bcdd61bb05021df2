import { and, desc, eq, lt } from 'drizzle-orm'
import type { Db } from '../../../db/index.ts'
import { duplicates, imports, users } from '../../../db/schema.ts'
import { findJob } from '../../../job/enqueue.ts'
import type { JobRow } from '../../../job/job.ts'

export type ImportRow = typeof imports.$inferSelect & { by: string | null }

const pageSize = 50

/** One page of a network's imports, the newest first. UUIDv7 ids sort by creation, so the id is the cursor. */
export async function listImports(
  db: Db,
  networkId: string,
  cursor?: string,
): Promise<{ rows: ImportRow[]; next?: string }> {
  const found = await db
    .select({ row: imports, by: users.name })
    .from(imports)
    .leftJoin(users, eq(users.id, imports.createdBy))
    .where(and(eq(imports.networkId, networkId), cursor ? lt(imports.id, cursor) : undefined))
    .orderBy(desc(imports.id))
    .limit(pageSize + 1)
  const rows = found.slice(0, pageSize).map(({ row, by }) => ({ ...row, by }))
  return found.length > pageSize ? { rows, next: rows.at(-1)!.id } : { rows }
}

export const lookJobId = (importId: string): string => `${importId}.look`

export interface FoundImport {
  row: ImportRow
  look?: JobRow
  run?: JobRow
  /** The file whose rejects this one mends. */
  mends?: { id: string; fileName: string }
}

export async function findImport(db: Db, networkId: string, id: string): Promise<FoundImport | undefined> {
  const [found] = await db
    .select({ row: imports, by: users.name })
    .from(imports)
    .leftJoin(users, eq(users.id, imports.createdBy))
    .where(and(eq(imports.networkId, networkId), eq(imports.id, id)))
  if (!found) return undefined
  const [look, run] = await Promise.all([findJob(db, networkId, lookJobId(id)), findJob(db, networkId, id)])
  const mendsId = look?.payload.mends
  const [mends] =
    typeof mendsId === 'string'
      ? await db
          .select({ id: imports.id, fileName: imports.fileName })
          .from(imports)
          .where(and(eq(imports.networkId, networkId), eq(imports.id, mendsId)))
      : []
  return { row: { ...found.row, by: found.by }, look, run, mends }
}

/** Pairs waiting to be looked at. */
export const openDuplicates = (db: Db, networkId: string): Promise<number> =>
  db.$count(duplicates, and(eq(duplicates.networkId, networkId), eq(duplicates.status, 'open')))
