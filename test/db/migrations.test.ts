import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { migrationsFolder } from '../../src/db/migrations.ts'
import { openSqlite } from '../../src/db/sqlite.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relais-migrations-'))
  path = join(folder, 'relais.db')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** The shipped migrations and one more that rebuilds `networks`, whose children cascade, the way drizzle-kit rebuilds a table. */
function withRebuild(): string {
  const migrations = join(folder, 'migrations')
  cpSync(migrationsFolder('sqlite'), migrations, { recursive: true })
  const shipped = new Database(path, { readonly: true })
  const { sql } = shipped.prepare(`select sql from sqlite_master where type = 'table' and name = 'networks'`).get() as {
    sql: string
  }
  shipped.close()
  const rebuild = [
    'PRAGMA foreign_keys=OFF;',
    sql.replace(/networks/, '__new_networks'),
    'INSERT INTO `__new_networks` SELECT * FROM `networks`;',
    'DROP TABLE `networks`;',
    'ALTER TABLE `__new_networks` RENAME TO `networks`;',
    'PRAGMA foreign_keys=ON;',
  ].join('\n--> statement-breakpoint\n')
  writeFileSync(join(migrations, '9999_rebuild.sql'), rebuild)
  const journalPath = join(migrations, 'meta/_journal.json')
  const journal = JSON.parse(readFileSync(journalPath, 'utf8'))
  const last = journal.entries.at(-1)
  journal.entries.push({ ...last, idx: last.idx + 1, when: last.when + 1, tag: '9999_rebuild' })
  writeFileSync(journalPath, JSON.stringify(journal))
  return migrations
}

async function seed() {
  const db = openSqlite(path)
  await db.migrate()
  await db.close()
  const file = new Database(path)
  file.exec(`
    insert into networks (id, number, name, title, mode, settings, created_at) values ('n', 1, 'n', 'N', 'sandbox', '{}', 0);
    insert into sites (network_id, id, external_id, name, country, region, timezone, attributes, created_at, updated_at)
      values ('n', 's', 'S1', 'S', 'FR', 'FR', 'Europe/Paris', '{}', 0, 0);
    insert into senders (network_id, id, channel, name, provider, countries, created_at)
      values ('n', 'x', 'sms', 'X', 'preview', '[]', 0);`)
  file.close()
}

const count = (table: string) => {
  const file = new Database(path, { readonly: true })
  const { total } = file.prepare(`select count(*) as total from ${table}`).get() as { total: number }
  file.close()
  return total
}

test('rebuilding a parent table keeps its children', async () => {
  await seed()
  const db = openSqlite(path, withRebuild())
  await db.migrate()
  await db.close()
  expect([count('networks'), count('sites'), count('senders')]).toEqual([1, 1, 1])
})

test('foreign keys are enforced again after migrating', async () => {
  await seed()
  const db = openSqlite(path, withRebuild())
  await db.migrate()
  const { contacts } = await import('../../src/db/schema.ts')
  const orphan = {
    networkId: 'n',
    id: 'x',
    siteId: 'nowhere',
    identityKey: 'x',
    profile: 'field',
    language: 'fr',
    attributes: {},
    createdAt: new Date(0),
    updatedAt: new Date(0),
  } as const
  await expect(db.insert(contacts).values(orphan)).rejects.toThrow()
  await db.close()
})

test('a database that a newer Relais has migrated is refused and left as it is', async () => {
  await seed()
  const newer = openSqlite(path, withRebuild())
  await newer.migrate()
  await newer.close()
  const older = openSqlite(path)
  await expect(older.migrate()).rejects.toThrow('written by a newer Relais')
  await older.close()
  expect(count('sites')).toBe(1)
})

test('the one writing connection is durable: WAL with synchronous FULL', async () => {
  const db = openSqlite(path)
  await db.migrate()
  // A pragma is per connection, so it is read where it was set: through the writer.
  const { sql } = await import('drizzle-orm')
  const [row] = await db.transaction((tx) =>
    tx
      .select({
        mode: sql<number>`(select synchronous from pragma_synchronous)`,
        journal: sql<string>`(select journal_mode from pragma_journal_mode)`,
      })
      .from(sql`(select 1)`)
      .limit(1),
  )
  expect(row).toEqual({ mode: 2, journal: 'wal' })
  await db.close()
})
