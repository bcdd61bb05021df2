import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { eq, getTableColumns } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { tablesInOrder } from '../../src/backup/tables.ts'
import type { Context } from '../../src/context.ts'
import { newId } from '../../src/db/index.ts'
import { auditEntries, batches, contacts, jobs, networks, sites } from '../../src/db/schema.ts'
import { releaseJobs, runJobs, runOneJob } from '../../src/job/run.ts'
import { askDemoDeletion, deletionOf, NotADemo, tablesToEmpty } from '../../src/network/delete-demo.ts'
import { createNetwork, type Network } from '../../src/network/networks.ts'
import { systemRandom } from '../../src/random.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'

import { pagesContext } from '../web/context.ts'
import { rowInEveryTable } from './row-in-every-table.ts'

const at = new Date('2026-11-16T08:00:00Z')
const manyContacts = 1_200
const france = { country: 'FR', language: 'fr', timezone: 'Europe/Paris' } as const

let store: TestDatabase
let context: Context
let demo: Network
let other: Network
let filled: string[]

beforeEach(async () => {
  store = await freshDatabase()
  const secret = 'a-secret-of-the-tests-0123456789abcdef'
  context = pagesContext({
    db: store.db,
    wall: { now: () => at },
    random: systemRandom,
    publicUrl: 'http://relais.test',
    secret,
    dataFolder: store.folder,
  })
  const make = (name: string, isDemo: boolean) =>
    store.db.transaction((tx) => createNetwork(tx, { name, title: name, mode: 'sandbox', isDemo, ...france }, at))
  demo = await make('demo', true)
  other = await make('grand-nord', false)
  filled = await rowInEveryTable(store.db, demo)
  await rowInEveryTable(store.db, other)
  const [site] = await store.db.select().from(sites).where(eq(sites.networkId, demo.id))
  const people = Array.from({ length: manyContacts }, (_, n) => ({
    ...{ networkId: demo.id, id: newId(), siteId: site!.id, identityKey: `n${n}` },
    ...({ profile: 'field', language: 'fr', attributes: {}, createdAt: at, updatedAt: at } as const),
  }))
  for (let from = 0; from < people.length; from += 500)
    await store.db.insertRows(contacts, people.slice(from, from + 500))
})
afterEach(() => store.drop())

/** Rows of a network by table. */
async function rowsOf({ id }: Network): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { name, table } of tablesInOrder()) {
    const { networkId } = getTableColumns(table)
    if (networkId) counts[name] = await store.db.$count(table as PgTable, eq(networkId, id))
  }
  return counts
}

const owner = 'of-demo-users'
const ask = () => askDemoDeletion(context, demo, owner)

test('every table with rows of networks is either emptied, the audit trail, or goes with the network itself', async () => {
  const owned = tablesInOrder().flatMap(({ name, table }) => ('networkId' in getTableColumns(table) ? [name] : []))
  expect(filled.sort()).toEqual([...owned].sort())
  expect([...tablesToEmpty().map(({ name }) => name), 'audit_entries', 'jobs', 'memberships'].sort()).toEqual(
    owned.sort(),
  )
})

test('the example network disappears from every table, the audit trail excepted, and the other keeps all it has', async () => {
  const before = await rowsOf(other)
  expect(Object.entries(before).filter(([, count]) => count === 0)).toEqual([])
  await ask()
  await runJobs(context)
  const left = Object.entries(await rowsOf(demo)).filter(([, count]) => count > 0)
  expect(left).toEqual([['audit_entries', 2]])
  expect(await store.db.select().from(networks).where(eq(networks.id, demo.id))).toEqual([])
  expect(await rowsOf(other)).toEqual(before)
  const [said] = await store.db.select().from(auditEntries).where(eq(auditEntries.action, 'network.delete'))
  expect(said).toMatchObject({ actor: owner, subject: demo.id, data: { name: 'demo' } })
})

test('a deletion left off in the middle goes on where it was, five hundred rows at a time', async () => {
  await ask()
  let parts = 0
  await runOneJob(context, deletionOf(demo), () => parts++ > 25)
  const half = await rowsOf(demo)
  expect(Object.values(half).some((count) => count === 0)).toBe(true)
  expect(half.contacts).toBeGreaterThan(0)
  const [job] = await store.db.select().from(jobs).where(eq(jobs.networkId, demo.id))
  expect(job).toMatchObject({ status: 'queued', kind: 'network.delete' })
  expect(job!.done).toBeGreaterThan(0)
  await releaseJobs(context)
  await runJobs(context)
  expect(await store.db.select().from(networks).where(eq(networks.id, demo.id))).toEqual([])
})

test('what it composed goes from the data folder, and nothing outside of it', async () => {
  const inside = join(store.folder, 'batches', 'R-1')
  const outside = join(store.folder, '..', `kept-${demo.id}`)
  for (const folder of [inside, outside]) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'letters.pdf'), 'x')
  }
  await store.db.update(batches).set({ path: 'batches/R-1' }).where(eq(batches.networkId, demo.id))
  const [batch] = await store.db.select().from(batches).where(eq(batches.networkId, demo.id))
  await store.db.insertRows(batches, [{ ...batch!, id: 'elsewhere', number: 'R-2', path: `../kept-${demo.id}` }])
  await ask()
  await runJobs(context)
  expect(existsSync(inside)).toBe(false)
  expect(existsSync(outside)).toBe(true)
})

test('whoever deletes the example is left with a network of their own to import into', async () => {
  const own = await ask()
  expect(own).toMatchObject({ isDemo: false, mode: 'sandbox' })
  // Somebody else's network is not offered to them.
  expect(own.id).not.toBe(other.id)
  const again = await ask()
  expect(again.id).toBe(own.id)
})

test('no other network can be deleted whole', async () => {
  await expect(askDemoDeletion(context, other, owner)).rejects.toThrow(NotADemo)
  expect((await rowsOf(other)).contacts).toBe(1)
})
