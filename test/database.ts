import { mkdtempSync, rmSync } from 'node:fs'
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
  if (dialect === 'postgres') location.url = await createPostgresDatabase()
  const db = await openDatabase(location)
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

/** An empty database of the run's PostgreSQL server, without tables. */
export async function createPostgresDatabase(): Promise<string> {
  const server = inject('postgresUrl')
  const name = `t${newId().replaceAll('-', '')}`
  const client = new pg.Client({ connectionString: `${server}/postgres` })
  await client.connect()
  await client.query(`create database ${name}`)
  await client.end()
  return `${server}/${name}`
}
