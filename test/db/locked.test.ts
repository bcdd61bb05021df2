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
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'relais-locked-'))
  db = openSqlite(join(folder, 'relais.db'))
  await db.migrate()
  other = new Database(join(folder, 'relais.db'))
})
afterEach(async () => {
  other.close()
  await db.close()
  rmSync(folder, { recursive: true, force: true })
})

test('a write waits for another program’s lock and then happens, while the event loop goes on', async () => {
  other.exec('begin immediate')
  let isWritten = false
  const writing = db
    .transaction((tx) => tx.delete(installation))
    .then(() => {
      isWritten = true
    })
  let turns = 0
  while (turns < 20) {
    await new Promise((resolve) => setTimeout(resolve, 1))
    turns++
  }
  expect(isWritten).toBe(false)
  other.exec('rollback')
  await writing
})

test('a lock that is not given back is an error for whoever asked, not a wait without end', async () => {
  other.exec('begin immediate')
  await expect(db.transaction((tx) => tx.delete(installation))).rejects.toMatchObject({ code: 'SQLITE_BUSY' })
  other.exec('rollback')
  await db.transaction((tx) => tx.delete(installation))
})
