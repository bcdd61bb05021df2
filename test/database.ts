import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { inject } from 'vitest'
import { type Db, dialect, newId, openDatabase } from '../src/db/index.ts'

export interface TestDatabase {
  db: Db
  /** A folder of the test's own, removed with the database. */
  folder: string
  /** What a second process would open. */
  location: { path: string; url?: string }
  drop(): Promise<void>
}

/** An empty database with the real migrations: a SQLite file, or a database of the embedded PostgreSQL. */
export async function freshDatabase(): Promise<TestDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'relais-test-'))
  const location: TestDatabase['location'] = { path: join(folder, 'relais.db') }
  if (dialect === 'postgres') location.url = await createPostgresDatabase(await migratedTemplate())
  else writeFileSync(location.path, await migratedFile())
  // No test pulls the plug of the machine: waiting for its disk at each commit would be most of a test's time.
  const db = await openDatabase({ ...location, isReplayable: true })
  await db.migrate()
  return {
    db,
    folder,
    location,
    drop: async () => {
      await db.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

let migrated: Promise<Buffer> | undefined

/** A SQLite file with the real migrations, which take ten times as long as writing down what they made. */
function migratedFile(): Promise<Buffer> {
  migrated ??= (async () => {
    const folder = mkdtempSync(join(tmpdir(), 'relais-migrated-'))
    try {
      const path = join(folder, 'relais.db')
      const db = await openDatabase({ path, isReplayable: true })
      await db.migrate()
      await db.close()
      return readFileSync(path)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })()
  return migrated
}

/** A database of the run's PostgreSQL server: without tables, or a copy of another one. */
export async function createPostgresDatabase(copyOf?: string): Promise<string> {
  const server = inject('postgresUrl')
  const name = `t${newId().replaceAll('-', '')}`
  // Copying files skips the write-ahead log: 15 ms instead of 60, and of 200 for the migrations.
  await onServer(`create database ${name}${copyOf ? ` template ${copyOf} strategy file_copy` : ''}`)
  return `${server}/${name}`
}

const template = 'migrated'
let isTemplateThere = false

/** The database every other one is a copy of: made by whichever test of the run comes first. */
async function migratedTemplate(): Promise<string> {
  if (isTemplateThere) return template
  const server = inject('postgresUrl')
  const client = new pg.Client({ connectionString: `${server}/postgres` })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock(1)')
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [template])
    if (!rowCount) {
      const made = await createPostgresDatabase()
      const db = await openDatabase({ path: '', url: made })
      await db.migrate()
      await db.close()
      await client.query(`alter database ${new URL(made).pathname.slice(1)} rename to ${template}`)
    }
    isTemplateThere = true
    return template
  } finally {
    await client.end()
  }
}

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${inject('postgresUrl')}/postgres` })
  await client.connect()
  await client.query(statement)
  await client.end()
}
