import { createHash } from 'node:crypto'
import { and, asc, eq, gt, or, type SQL } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { Db, Tx } from '../db/index.ts'
import { rowToJson } from './row-text.ts'
import { type StoredTable, tablesInOrder } from './tables.ts'

/** The first line of an export. */
export interface ExportHead {
  format: 'relais-export'
  version: 1
  relais: string
  exportedAt: string
}

/** The last line: how many rows each table had, and a SHA-256 over every line before. */
export interface ExportEnd {
  end: true
  counts: Record<string, number>
  sha256: string
}

const pageSize = 500

/**
 * The whole installation as JSON lines, as it stood at one instant: a head, a line per row with every table after
 * those it points to, an end. A page at a time, so a million rows need no more memory than a hundred.
 */
export async function exportAll(
  db: Db,
  { relais, at, write }: { relais: string; at: Date; write: (line: string) => Promise<void> },
): Promise<Record<string, number>> {
  const digest = createHash('sha256')
  const say = async (content: object) => {
    const line = `${JSON.stringify(content)}\n`
    digest.update(line)
    await write(line)
  }
  return db.snapshot(async (tx) => {
    await say({ format: 'relais-export', version: 1, relais, exportedAt: at.toISOString() } satisfies ExportHead)
    const counts: Record<string, number> = {}
    for (const stored of tablesInOrder()) {
      counts[stored.name] = 0
      for await (const rows of pagesOf(tx, stored)) {
        counts[stored.name] = (counts[stored.name] ?? 0) + rows.length
        for (const row of rows) await say({ table: stored.name, row: rowToJson(stored.columns, row) })
      }
    }
    const end: ExportEnd = { end: true, counts, sha256: digest.digest('hex') }
    await write(`${JSON.stringify(end)}\n`)
    return counts
  })
}

async function* pagesOf(tx: Pick<Tx, 'select'>, { table, key }: StoredTable) {
  let last: Record<string, unknown> | undefined
  for (;;) {
    const rows: Record<string, unknown>[] = await tx
      .select()
      .from(table as PgTable)
      .where(last && after(key, last))
      .orderBy(...key.map(({ column }) => asc(column)))
      .limit(pageSize)
    if (rows.length > 0) yield rows
    if (rows.length < pageSize) return
    last = rows.at(-1)
  }
}

/** (a, b, c) > (last a, last b, last c), spelled so that both databases use the primary key. */
const after = (key: StoredTable['key'], last: Record<string, unknown>): SQL | undefined =>
  or(
    ...key.map((_, position) =>
      and(
        ...key.slice(0, position).map(({ name, column }) => eq(column, last[name])),
        ...key.slice(position, position + 1).map(({ name, column }) => gt(column, last[name])),
      ),
    ),
  )
