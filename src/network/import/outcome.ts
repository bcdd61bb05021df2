import { and, eq } from 'drizzle-orm'
import type { Tx } from '../../db/index.ts'
import { imports, mappings } from '../../db/schema.ts'
import { enqueueDuplicates } from '../duplicates/enqueue.ts'
import { type Column, headersHash, mappingOf } from './columns.ts'
import type { ImportSummary } from './summary.ts'

/** The end of an import: its counts, the mapping for the next file of its kind, and a look for people who came twice. */
export async function saveOutcome(
  tx: Tx,
  networkId: string,
  importId: string,
  columns: readonly Column[],
  summary: ImportSummary,
  finishedAt: Date,
): Promise<void> {
  const { read, blank, created, updated, unchanged, rejected, warnings, sites } = summary
  await tx
    .update(imports)
    .set({
      status: 'done',
      counts: { read, blank, created, updated, unchanged, rejected, warnings, sites },
      progress: read,
      rejectsPath: summary.rejectsFile ?? null,
      error: null,
      finishedAt,
    })
    .where(and(eq(imports.networkId, networkId), eq(imports.id, importId)))
  if (created + updated > 0) await enqueueDuplicates(tx, networkId, finishedAt)
  if (columns.length === 0) return
  const saved = { columns: mappingOf(columns), updatedAt: finishedAt }
  await tx
    .insert(mappings)
    .values({ networkId, headersHash: headersHash(columns.map((column) => column.header)), ...saved })
    .onConflictDoUpdate({ target: [mappings.networkId, mappings.headersHash], set: saved })
}

/** An import that broke off; what it had taken in stays, and it goes on from there. */
export async function markFailed(
  tx: Tx,
  networkId: string,
  importId: string,
  error: string,
  finishedAt: Date,
): Promise<void> {
  await tx
    .update(imports)
    .set({ status: 'failed', error: error.slice(0, 1_000), finishedAt })
    .where(and(eq(imports.networkId, networkId), eq(imports.id, importId)))
}
