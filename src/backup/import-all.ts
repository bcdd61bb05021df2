import { createHash } from 'node:crypto'
import { eq } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import { z } from 'zod'
import type { Db } from '../db/index.ts'
import { installation, networks, users } from '../db/schema.ts'
import { rowFromJson } from './row-text.ts'
import { type StoredTable, tablesInOrder } from './tables.ts'

/** The file cannot be taken in; the message says what, where and how to mend it. Nothing is half believed. */
export class ImportRefused extends Error {
  override name = 'ImportRefused'
}

const headSchema = z.object({ format: z.literal('relais-export'), version: z.literal(1), exportedAt: z.string() })
const rowSchema = z.object({ table: z.string(), row: z.record(z.string(), z.unknown()) })
const endSchema = z.object({ end: z.literal(true), counts: z.record(z.string(), z.number()), sha256: z.string() })

const chunkSize = 500
const underWay = 'import-all'

/**
 * Takes an export into an empty installation, in chunks: killed on the way, the same file goes on where it was.
 * The counts of the file's last line must be what the database holds in the end.
 * @throws ImportRefused when the database is not empty, or the file is damaged, cut short or from a newer version.
 */
export async function importAll(db: Db, lines: AsyncIterable<string>, at: Date): Promise<Record<string, number>> {
  const tables = new Map(tablesInOrder().map((stored) => [stored.name, stored]))
  const digest = createHash('sha256')
  let number = 0
  let end: z.infer<typeof endSchema> | undefined
  let chunk: { stored: StoredTable; rows: Record<string, unknown>[] } | undefined
  const write = async () => {
    if (!chunk) return
    const { stored, rows } = chunk
    chunk = undefined
    await db.transaction((tx) => tx.insertRows(stored.table as PgTable, rows as never, 'ignore'))
  }
  for await (const line of lines) {
    number++
    if (line === '') continue
    const content = read(line, number)
    if (number === 1) await begin(db, content, at)
    else if (end) throw new ImportRefused(`Line ${number} comes after the end of the export; take it out of the file.`)
    else if (endSchema.safeParse(content).success) end = endSchema.parse(content)
    else {
      const { stored, row } = rowOf(tables, content, number)
      if (chunk && (chunk.stored !== stored || chunk.rows.length >= chunkSize)) await write()
      chunk ??= { stored, rows: [] }
      chunk.rows.push(row)
    }
    if (!end) digest.update(`${line}\n`)
  }
  await write()
  if (!end)
    throw new ImportRefused(
      `The file stops at line ${number} without its last line: it was cut short. Export it again.`,
    )
  if (digest.digest('hex') !== end.sha256)
    throw new ImportRefused(
      'The file is not what was exported: its checksum differs. Export it again, or copy it anew.',
    )
  const counts = await countAll(db, [...tables.values()])
  await db.delete(installation).where(eq(installation.key, underWay))
  counts.installation = end.counts.installation ?? 0
  for (const [table, expected] of Object.entries(end.counts))
    if (counts[table] !== expected)
      throw new ImportRefused(`${table} holds ${counts[table] ?? 0} rows where the export had ${expected}.`)
  return counts
}

function read(line: string, number: number): unknown {
  try {
    return JSON.parse(line)
  } catch {
    throw new ImportRefused(`Line ${number} is not JSON: the file is damaged or cut short. Export it again.`)
  }
}

function rowOf(tables: ReadonlyMap<string, StoredTable>, content: unknown, number: number) {
  const line = rowSchema.safeParse(content)
  const stored = line.success ? tables.get(line.data.table) : undefined
  if (!line.success || !stored)
    throw new ImportRefused(
      `Line ${number} is of no table this Relais knows${line.success ? ` (${line.data.table})` : ''}: was the file made by a newer version?`,
    )
  try {
    return { stored, row: rowFromJson(stored.columns, line.data.row) }
  } catch (error) {
    throw new ImportRefused(`Line ${number} (${line.data.table}): ${(error as Error).message}.`)
  }
}

/** Only into an empty installation, or one that this very export was on its way into. */
async function begin(db: Db, content: unknown, at: Date): Promise<void> {
  const head = headSchema.safeParse(content)
  if (!head.success)
    throw new ImportRefused(
      'The first line does not say that this is a Relais export; use a file of `relais export --all`.',
    )
  const [started] = await db.select().from(installation).where(eq(installation.key, underWay))
  if (started?.value === head.data.exportedAt) return
  const [[network], [user]] = await Promise.all([
    db.select({ id: networks.id }).from(networks).limit(1),
    db.select({ id: users.id }).from(users).limit(1),
  ])
  if (started || network || user)
    throw new ImportRefused(
      'There is something in this installation already; import into an empty one (a new RELAIS_DATA or database).',
    )
  await db.insert(installation).values({ key: underWay, value: head.data.exportedAt, updatedAt: at })
}

async function countAll(db: Db, tables: readonly StoredTable[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { name, table } of tables) counts[name] = await db.$count(table as PgTable)
  return counts
}
