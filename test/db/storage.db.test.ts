import { and, asc, count, eq, inArray, is, sql, Table } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, expectTypeOf, test } from 'vitest'
import { newId, type Tx } from '../../src/db/index.ts'
import * as schema from '../../src/db/schema.ts'
import { addresses, contactAddresses, contacts, jobs, networks, sites } from '../../src/db/schema.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'

let store: TestDatabase
let networkId: string
const now = new Date('2026-03-01T09:30:00.123Z')

const network = (name: string, number: number) => ({
  id: newId(),
  number,
  name,
  title: name,
  mode: 'sandbox' as const,
  settings: {},
  createdAt: now,
})
const site = (externalId: string) => ({
  networkId,
  id: newId(),
  externalId,
  name: externalId,
  country: 'FR',
  region: 'FR',
  timezone: 'Europe/Paris',
  attributes: { seats: 12, region: 'ARA' },
  createdAt: now,
  updatedAt: now,
})
const contact = (siteId: string, key: string) => ({
  networkId,
  id: newId(),
  siteId,
  identityKey: key,
  profile: 'field' as const,
  language: 'fr' as const,
  attributes: {},
  createdAt: now,
  updatedAt: now,
})
const job = (n: number) => ({
  networkId,
  id: newId(),
  kind: 'claim',
  status: 'queued' as const,
  payload: { n },
  createdAt: new Date(now.getTime() + n),
  updatedAt: now,
})

beforeAll(async () => {
  store = await freshDatabase()
})
beforeEach(async () => {
  for (const table of [jobs, contactAddresses, addresses, contacts, sites, networks]) await store.db.delete(table)
  const row = network('acme', 1)
  networkId = row.id
  await store.db.insert(networks).values(row)
})
afterAll(() => store.drop())

test('values come back as they went in: instants, booleans, JSON, long numbers', async () => {
  await store.db
    .update(networks)
    .set({ clockOffsetMs: 40 * 24 * 3_600_000 * 100, isDemo: true })
    .where(eq(networks.id, networkId))
  await store.db.insert(sites).values(site('S1'))
  const [row] = await store.db
    .select({
      at: sites.createdAt,
      attributes: sites.attributes,
      offset: networks.clockOffsetMs,
      demo: networks.isDemo,
    })
    .from(sites)
    .innerJoin(networks, eq(networks.id, sites.networkId))
  expect(row).toEqual({ at: now, attributes: { seats: 12, region: 'ARA' }, offset: 345_600_000_000, demo: true })
  expectTypeOf(row!.at).toEqualTypeOf<Date>()
})

test('many rows go in at once, defaults applied, conflicts ignored when asked', async () => {
  const rows = Array.from({ length: 2_345 }, (_, n) => site(`S${n}`))
  expect(await store.db.insertRows(sites, rows)).toBe(2_345)
  expect(await store.db.insertRows(sites, [...rows.slice(0, 5), site('new')], 'ignore')).toBe(1)
  await expect(store.db.insertRows(sites, rows.slice(0, 1))).rejects.toThrow()
  const [first] = await store.db.select().from(sites).where(eq(sites.externalId, 'S7'))
  expect(first).toMatchObject({
    isActive: true,
    typology: null,
    openingHours: null,
    attributes: { seats: 12, region: 'ARA' },
  })
})

test('many rows are updated at once, only where the guard matches', async () => {
  const rows = Array.from({ length: 10 }, (_, n) => job(n))
  await store.db.insertRows(jobs, rows)
  await store.db.update(jobs).set({ status: 'canceled' }).where(eq(jobs.id, rows[3]!.id))
  const matched = await store.db.updateRows(
    jobs,
    { set: ['cursor', 'payload', 'updatedAt'], where: ['networkId', 'id', 'status'] },
    rows.map((row) => ({ ...row, cursor: 'x', payload: { done: true }, updatedAt: new Date(0) })),
  )
  expect(matched).toBe(9)
  const after = await store.db.select().from(jobs).where(eq(jobs.cursor, 'x'))
  expect(after).toHaveLength(9)
  expect(after[0]).toMatchObject({ payload: { done: true }, updatedAt: new Date(0) })
})

test('a guard alike for all rows also holds for columns that are written, and for what is null', async () => {
  const rows = Array.from({ length: 4 }, (_, n) => job(n))
  await store.db.insertRows(jobs, rows)
  await store.db.update(jobs).set({ status: 'canceled' }).where(eq(jobs.id, rows[3]!.id))
  await store.db.update(jobs).set({ cursor: 'taken' }).where(eq(jobs.id, rows[2]!.id))
  const given = rows.map((row) => ({ ...row, status: 'running' as const, cursor: 'mine' }))
  const columns = { set: ['status', 'cursor'], where: ['networkId', 'id'] } as const
  const take = () => store.db.updateRows(jobs, { ...columns, is: { status: 'queued', cursor: null } }, given)
  expect(await take()).toBe(2)
  expect(await take()).toBe(0)
  const after = await store.db.select().from(jobs).where(eq(jobs.cursor, 'mine'))
  expect(after.map(({ id }) => id).sort()).toEqual([rows[0]!.id, rows[1]!.id].sort())
})

test('a bulk write inside a doomed transaction leaves nothing', async () => {
  await expect(
    store.db.transaction(async (tx) => {
      await tx.insertRows(sites, [site('A'), site('B')])
      await tx.updateRows(sites, { set: ['name'], where: ['networkId', 'externalId'] }, [
        { networkId, externalId: 'A', name: 'changed' },
      ])
      throw new Error('no')
    }),
  ).rejects.toThrow('no')
  expect(await store.db.$count(sites)).toBe(0)
})

const claim = (tx: Tx, limit: number) =>
  tx
    .update(jobs)
    .set({ status: 'running' })
    .where(
      and(
        eq(jobs.status, 'queued'),
        inArray(
          jobs.id,
          tx
            .select({ id: jobs.id })
            .from(jobs)
            .where(eq(jobs.status, 'queued'))
            .orderBy(asc(jobs.createdAt))
            .limit(limit),
        ),
      ),
    )
    .returning({ id: jobs.id })

test('four workers never claim the same row', async () => {
  await store.db.insertRows(
    jobs,
    Array.from({ length: 400 }, (_, n) => job(n)),
  )
  const claimed: string[] = []
  const worker = async () => {
    for (let dry = 0; dry < 3; ) {
      const rows = await store.db.transaction((tx) => claim(tx, 7))
      dry = rows.length ? 0 : dry + 1
      claimed.push(...rows.map((row) => row.id))
    }
  }
  await Promise.all([worker(), worker(), worker(), worker()])
  expect(claimed).toHaveLength(400)
  expect(new Set(claimed).size).toBe(400)
})

test('a transaction rolls back as a whole', async () => {
  await expect(
    store.db.transaction(async (tx) => {
      await tx.insert(sites).values(site('A'))
      await Promise.resolve()
      await tx.insert(sites).values(site('B'))
      throw new Error('no')
    }),
  ).rejects.toThrow('no')
  expect(await store.db.$count(sites)).toBe(0)
})

test('a neighbour neither sees nor shares a transaction that is rolled back', async () => {
  let proceed!: () => void
  const held = new Promise<void>((resolve) => {
    proceed = resolve
  })
  const doomed = store.db
    .transaction(async (tx) => {
      await tx.insert(sites).values(site('doomed'))
      await held
      throw new Error('rolled back')
    })
    .catch((error: Error) => error.message)
  const neighbour = store.db.insert(sites).values(site('neighbour'))
  const seen = await store.db.select({ name: sites.name }).from(sites)
  proceed()
  expect(await doomed).toBe('rolled back')
  await neighbour
  expect(seen.map((row) => row.name)).not.toContain('doomed')
  expect((await store.db.select().from(sites)).map((row) => row.name)).toEqual(['neighbour'])
})

test('of transactions committed together, only the failed one is undone', async () => {
  const outcomes = await Promise.allSettled(
    Array.from({ length: 20 }, (_, n) =>
      store.db.transaction(async (tx) => {
        await tx.insert(sites).values(site(`S${n}`))
        if (n % 5 === 0) throw new Error(`no ${n}`)
        return n
      }),
    ),
  )
  expect(outcomes.filter((outcome) => outcome.status === 'rejected')).toHaveLength(4)
  expect(await store.db.$count(sites)).toBe(16)
})

test('fifty concurrent read-modify-writes all count', async () => {
  await store.db.insert(jobs).values(job(0))
  const bump = () =>
    store.db.transaction(async (tx) => void (await tx.update(jobs).set({ done: sql`${jobs.done} + 1` })))
  await Promise.all(Array.from({ length: 50 }, bump))
  expect((await store.db.select().from(jobs))[0]!.done).toBe(50)
})

test('foreign keys begin with the network: another network’s site cannot be referred to', async () => {
  const other = network('other', 2)
  await store.db.insert(networks).values(other)
  const foreign = { ...site('S1'), networkId: other.id }
  await store.db.insert(sites).values(foreign)
  await expect(store.db.insert(contacts).values(contact(foreign.id, 'k'))).rejects.toThrow()
})

test('upsert and counting read alike', async () => {
  const row = site('S1')
  await store.db.insert(sites).values(row)
  const [updated] = await store.db
    .insert(sites)
    .values({ ...row, id: newId(), name: 'renamed' })
    .onConflictDoUpdate({ target: [sites.networkId, sites.externalId], set: { name: sql`excluded.name` } })
    .returning({ id: sites.id, name: sites.name })
  expect(updated).toEqual({ id: row.id, name: 'renamed' })
  expect(await store.db.select({ total: count() }).from(sites)).toEqual([{ total: 1 }])
})

describe('misuse fails loudly instead of hanging', () => {
  const misuse = (pattern: RegExp) => (error: Error & { cause?: Error }) =>
    pattern.test(`${error.message} ${error.cause?.message}`)
  test('db inside a transaction', async () => {
    await expect(store.db.transaction(async () => void (await store.db.select().from(sites)))).rejects.toSatisfy(
      misuse(/tx, not db/),
    )
    await expect(
      store.db.transaction(async () => void (await store.db.insertRows(sites, [site('X')]))),
    ).rejects.toThrow()
    expect(await store.db.$count(sites)).toBe(0)
  })
  test('nested transactions', async () => {
    await expect(store.db.transaction(async () => store.db.transaction(async () => 1))).rejects.toSatisfy(
      misuse(/nest/),
    )
  })
})

test('migrating again changes nothing', async () => {
  await store.db.insert(sites).values(site('S1'))
  await store.db.migrate()
  expect(await store.db.$count(sites)).toBe(1)
})

test('every table of the schema is there with all its columns', async () => {
  const tables = Object.values(schema).filter((value) => is(value, Table)) as (typeof networks)[]
  expect(tables.length).toBeGreaterThan(40)
  for (const table of tables) await store.db.select().from(table).limit(1)
})
