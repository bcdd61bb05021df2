import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { installation } from '../../src/db/schema.ts'
import { openSqlite } from '../../src/db/sqlite.ts'
import type { Db } from '../../src/db/types.ts'

let folder: string
let db: Db
let other: Database.Database
/** What happens while the lock is waited for, instead of time passing. */
let meanwhile: () => void
let waits: number
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'relais-locked-'))
  meanwhile = () => undefined
  waits = 0
  db = openSqlite(join(folder, 'relais.db'), undefined, async () => {
    waits++
    meanwhile()
  })
  await db.migrate()
  other = new Database(join(folder, 'relais.db'))
  other.exec('begin immediate')
})
afterEach(async () => {
  other.close()
  await db.close()
  rmSync(folder, { recursive: true, force: true })
})

test('a write waits for another program’s lock outside SQLite, which would hold up everybody, and then happens', async () => {
  meanwhile = () => {
    if (waits === 3) other.exec('rollback')
  }
  await db.transaction((tx) => tx.delete(installation))
  expect(waits).toBe(3)
})

test('a lock that is not given back is an error for whoever asked, not a wait without end', async () => {
  await expect(db.transaction((tx) => tx.delete(installation))).rejects.toMatchObject({ code: 'SQLITE_BUSY' })
  expect(waits).toBe(99)
  other.exec('rollback')
  await db.transaction((tx) => tx.delete(installation))
})
