import { and, asc, count, eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId, oneOf, prepared } from '../../src/db/index.ts'
import { addresses, networks, sites } from '../../src/db/schema.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'

let store: TestDatabase
const now = new Date('2026-03-01T09:30:00.123Z')
const networkId = newId()
const postalAddressId = newId()
const site = (n: number) => ({
  networkId,
  id: newId(),
  externalId: `S${n}`,
  name: `site "${n}", {of} \\ all`,
  country: 'FR',
  region: 'FR',
  timezone: 'Europe/Paris',
  attributes: { seats: n, said: 'à "vous", {là} \\' },
  createdAt: new Date(now.getTime() + n),
  updatedAt: now,
  postalAddressId: n === 3 ? postalAddressId : null,
})
const known = Array.from({ length: 57 }, (_, n) => site(n))

beforeAll(async () => {
  store = await freshDatabase()
  await store.db.insert(networks).values({
    id: networkId,
    number: 1,
    name: 'acme',
    title: 'Acme',
    mode: 'sandbox',
    settings: {},
    createdAt: now,
  })
  await store.db.insertRows(addresses, [
    { networkId, id: postalAddressId, kind: 'postal', hash: 'h', normalised: null, createdAt: now, updatedAt: now },
  ])
  await store.db.insertRows(sites, known)
})
afterAll(() => store.drop())

test('rows written many at a time come back as they were, quotes, braces and nothing included', async () => {
  const rows = await store.db.select().from(sites).orderBy(asc(sites.id))
  expect(rows).toMatchObject(known)
})

test('a list is one parameter: those named are found, none for an empty list', async () => {
  const named = (ids: string[]) =>
    store.db
      .select({ id: sites.id })
      .from(sites)
      .where(and(eq(sites.networkId, networkId), oneOf(sites.id, ids)))
      .orderBy(asc(sites.id))
  expect(await named([known[5]!.id, known[2]!.id, newId()])).toEqual([{ id: known[2]!.id }, { id: known[5]!.id }])
  expect(await named([])).toEqual([])
})

test('a prepared query answers each time for the values given, in and out of a transaction', async () => {
  const bySince = prepared((tx) =>
    tx
      .select({ name: sites.externalId, at: sites.createdAt })
      .from(sites)
      .where(
        and(
          eq(sites.networkId, sql.placeholder('networkId')),
          oneOf(sites.id, sql.placeholder('ids')),
          sql`${sites.createdAt} > ${sql.param(sql.placeholder('since'), sites.createdAt)}`,
        ),
      ),
  )
  const ids = known.slice(10, 13).map((one) => one.id)
  const since = known[11]!.createdAt
  expect(await bySince(store.db, { networkId, ids, since })).toEqual([{ name: 'S12', at: known[12]!.createdAt }])
  expect(await store.db.transaction((tx) => bySince(tx, { networkId, ids, since: now }))).toHaveLength(3)
  expect(await bySince(store.db, { networkId: newId(), ids, since: now })).toEqual([])
})

test('an update that gives rows back can be prepared', async () => {
  const rename = prepared((tx) =>
    tx
      .update(sites)
      .set({ city: sql`${sql.placeholder('city')}` })
      .where(eq(sites.id, sql.placeholder('id')))
      .returning({ city: sites.city, at: sites.updatedAt }),
  )
  for (const city of ['Lyon', 'Nice'])
    expect(await store.db.transaction((tx) => rename(tx, { city, id: known[1]!.id }))).toEqual([{ city, at: now }])
})

test('what an outer join does not find is null, what it finds an object, and expressions keep their names', async () => {
  const rows = await store.db
    .select({
      site: { name: sites.externalId, at: sites.createdAt },
      postal: addresses,
      upper: sql<string>`upper('x')`,
    })
    .from(sites)
    .leftJoin(addresses, and(eq(addresses.networkId, sites.networkId), eq(addresses.id, sites.postalAddressId)))
    .where(oneOf(sites.externalId, ['S2', 'S3']))
    .orderBy(asc(sites.externalId))
  expect(rows[0]).toEqual({ site: { name: 'S2', at: known[2]!.createdAt }, postal: null, upper: 'X' })
  expect(rows[1]).toMatchObject({ postal: { id: postalAddressId, normalised: null, createdAt: now }, upper: 'X' })
  const whole = await store.db
    .select()
    .from(sites)
    .leftJoin(addresses, eq(addresses.id, sites.postalAddressId))
    .where(eq(sites.externalId, 'S2'))
  expect(whole[0]!.sites.externalId).toBe('S2')
  expect(whole[0]!.addresses).toBeNull()
  expect(await store.db.select({ total: count() }).from(sites)).toEqual([{ total: 57 }])
})
