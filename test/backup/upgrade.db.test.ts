import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import Database from 'better-sqlite3'
import { count } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { tablesInOrder } from '../../src/backup/tables.ts'
import { type Db, dialect, openDatabase } from '../../src/db/index.ts'
import { migrationsFolder } from '../../src/db/migrations.ts'
import { deliveries } from '../../src/db/schema.ts'
import { deliveryStatuses } from '../../src/words.ts'
import { relais } from '../cli/process.ts'
import { createPostgresDatabase } from '../database.ts'

let folder: string
let released: Database.Database
let db: Db
let path: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'relais-upgrade-'))
  path = join(folder, 'relais.db')
  const file = gunzipSync(readFileSync(join(import.meta.dirname, 'releases/0.1.0.db.gz')))
  writeFileSync(path, file)
  writeFileSync(join(folder, 'as-released.db'), file)
  released = new Database(join(folder, 'as-released.db'), { readonly: true })
  const url = dialect === 'postgres' ? await asReleasedOnPostgres() : undefined
  db = await openDatabase({ path, url })
  await db.migrate()
})
afterAll(async () => {
  released.close()
  await db.close()
  rmSync(folder, { recursive: true, force: true })
})

const rowsOf = (table: string) => released.prepare(`select * from "${table}"`).all() as Record<string, unknown>[]
const tablesThen = () =>
  (
    released
      .prepare(`select name from sqlite_master where type = 'table' and name not like '\\_\\_%' escape '\\'`)
      .all() as { name: string }[]
  ).map(({ name }) => name)

/** The same rows on PostgreSQL, under the tables that release made there. */
async function asReleasedOnPostgres(): Promise<string> {
  const url = await createPostgresDatabase()
  const migrations = join(folder, 'migrations')
  cpSync(migrationsFolder('postgres'), migrations, { recursive: true })
  const journalPath = join(migrations, 'meta/_journal.json')
  const journal = JSON.parse(readFileSync(journalPath, 'utf8')) as { entries: unknown[] }
  writeFileSync(journalPath, JSON.stringify({ ...journal, entries: journal.entries.slice(0, 1) }))
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await migrate(drizzle(client), { migrationsFolder: migrations })
  // Foreign keys wait until all rows are there, whatever their order.
  await client.query('set session_replication_role = replica')
  for (const table of tablesThen()) {
    const { rows: columns } = await client.query<{ column_name: string; data_type: string }>(
      'select column_name, data_type from information_schema.columns where table_name = $1',
      [table],
    )
    const types = new Map(columns.map((column) => [column.column_name, column.data_type]))
    for (const row of rowsOf(table)) {
      const names = Object.keys(row)
      await client.query(
        `insert into "${table}" (${names.map((name) => `"${name}"`)}) values (${names.map((_, index) => `$${index + 1}`)})`,
        names.map((name) => onPostgres(row[name], types.get(name))),
      )
    }
  }
  await client.end()
  return url
}

function onPostgres(value: unknown, type: string | undefined): unknown {
  if (value === null) return null
  if (type === 'boolean') return value === 1
  if (type?.startsWith('timestamp')) return new Date(value as number)
  return value
}

test('the release left deliveries in every status', () => {
  const statuses = released.prepare('select distinct status from deliveries').pluck().all()
  expect(statuses.sort()).toEqual([...deliveryStatuses].sort())
})

test('every row of the earlier release is there after the upgrade', async () => {
  const then = tablesThen()
  for (const { table, name } of tablesInOrder().filter((one) => then.includes(one.name))) {
    const [row] = (await db.select({ rows: count() }).from(table as never)) as { rows: number }[]
    expect({ [name]: row?.rows }).toEqual({ [name]: rowsOf(name).length })
  }
})

test('as many deliveries are in each status as before', async () => {
  const now = await db.select({ status: deliveries.status, rows: count() }).from(deliveries).groupBy(deliveries.status)
  const before = released.prepare('select status, count(*) as rows from deliveries group by status').all()
  const byStatus = (a: { status: string }, b: { status: string }) => a.status.localeCompare(b.status)
  expect(now.sort(byStatus)).toEqual((before as typeof now).sort(byStatus))
})

// The program as a process, on the very file that release left.
if (dialect === 'sqlite')
  test('what the earlier release left undone is done, and nothing twice', async () => {
    await db.close()
    const run = (...argv: string[]) => relais([...argv, '--json'], { cwd: folder, env: { RELAIS_DATA: folder } })
    const advanced = await run('advance', '--until-idle')
    expect(advanced).toMatchObject({ code: 0 })
    const now = new Database(path, { readonly: true })
    const statuses = now.prepare('select status from deliveries').pluck().all() as string[]
    expect(statuses.filter((status) => ['planned', 'held', 'queued', 'sending', 'unknown'].includes(status))).toEqual(
      [],
    )
    // What had left before has not left again: its attempts are those it had.
    const left = released.prepare(
      `select id, attempt from deliveries where status in ('sent', 'delivered', 'accepted')`,
    )
    const attempts = now.prepare('select attempt from deliveries where id = ?').pluck()
    for (const { id, attempt } of left.all() as { id: string; attempt: number }[])
      expect(attempts.get(id)).toBe(attempt)
    now.close()
    db = await openDatabase({ path })
  })
