import { getTableColumns } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exportAll } from '../../src/backup/export-all.ts'
import { ImportRefused, importAll } from '../../src/backup/import-all.ts'
import { tablesInOrder } from '../../src/backup/tables.ts'
import { installation } from '../../src/db/schema.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { mondayMorning, type World, world } from '../world.ts'

let here: World
let lines: string[]
let counts: Record<string, number>
const opened: TestDatabase[] = []

const exported = async () => {
  const said: string[] = []
  const counted = await exportAll(here.context.db, {
    relais: '0.1.0',
    at: mondayMorning,
    write: async (line) => void said.push(line.trimEnd()),
  })
  return { said, counted }
}

async function* each(given: readonly string[]) {
  for (const line of given) yield line
}

const empty = async () => {
  const store = await freshDatabase()
  opened.push(store)
  return store.db
}

beforeAll(async () => {
  here = await world()
  const { said, counted } = await exported()
  lines = said
  counts = counted
})
afterAll(async () => {
  await here.close()
  for (const store of opened) await store.drop()
})

test('every table is exported, and comes after those it points to', () => {
  const names = tablesInOrder().map(({ name }) => name)
  expect(names).toContain('deliveries')
  expect(names.indexOf('networks')).toBeLessThan(names.indexOf('sites'))
  expect(names.indexOf('contacts')).toBeLessThan(names.indexOf('contact_addresses'))
  expect(Object.keys(counts).sort()).toEqual([...names].sort())
  expect(counts.contacts).toBe(7)
})

test('an installation moved into an empty one is the same, row for row', async () => {
  const db = await empty()
  expect(await importAll(db, each(lines), mondayMorning)).toEqual(counts)
  for (const { table, name } of tablesInOrder()) {
    const [before, after] = await Promise.all([
      here.context.db.select().from(table as never),
      db.select().from(table as never),
    ])
    const key = Object.keys(getTableColumns(table))[0]!
    const sorted = (rows: object[]) => rows.map((row) => JSON.stringify(row)).sort()
    expect(sorted(after), `${name} by ${key}`).toEqual(sorted(before))
  }
})

test('an import that was killed on the way goes on with the same file', async () => {
  const db = await empty()
  const dies = async function* () {
    for (const line of lines.slice(0, 30)) yield line
    throw new Error('killed')
  }
  await expect(importAll(db, dies(), mondayMorning)).rejects.toThrow('killed')
  expect(await importAll(db, each(lines), mondayMorning)).toEqual(counts)
})

test.each<[string, (lines: string[]) => string[], RegExp]>([
  ['cut short', (all) => all.slice(0, -1), /cut short/],
  ['cut in the middle of a line', (all) => [...all.slice(0, 10), all[10]!.slice(0, 20)], /line 11|Line 11/],
  [
    'with a row changed',
    (all) => all.map((line, n) => (n === 5 ? line.replace(/"name":"[^"]*"/, '"name":"x"') : line)),
    /checksum/,
  ],
  ['with a row missing', (all) => all.filter((_, n) => n !== 5), /checksum|foreign|FOREIGN/i],
  ['of another kind', () => ['{"hello":1}'], /first line/],
  ['of a newer version', (all) => [all[0]!, '{"table":"holograms","row":{}}', ...all.slice(1)], /newer version/],
])('a file %s is refused with the reason', async (_, damage, reason) => {
  const db = await empty()
  await expect(importAll(db, each(damage(lines)), mondayMorning)).rejects.toThrow(reason)
})

test('nothing is imported over what is there', async () => {
  await expect(importAll(here.context.db, each(lines), mondayMorning)).rejects.toThrow(ImportRefused)
})

test('what is written while the export runs is not in it, but in the next', async () => {
  const { context } = here
  let wrote = false
  const said: string[] = []
  await exportAll(context.db, {
    relais: '0.1.0',
    at: mondayMorning,
    write: async (line) => {
      said.push(line)
      if (wrote || !line.startsWith('{"table"')) return
      wrote = true
      await context.db.insert(installation).values({ key: 'later', value: 'x', updatedAt: mondayMorning })
    },
  })
  expect(wrote).toBe(true)
  expect(said.some((line) => line.includes('"later"'))).toBe(false)
  expect((await exported()).said.some((line) => line.includes('"later"'))).toBe(true)
})
