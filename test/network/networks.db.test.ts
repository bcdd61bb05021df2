import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { networks } from '../../src/db/schema.ts'
import {
  createNetwork,
  findNetwork,
  listNetworks,
  type NewNetwork,
  networkForImport,
  networkToImportInto,
} from '../../src/network/networks.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'

let store: TestDatabase
const now = new Date('2026-03-02T08:00:00Z')
const network = (name: string): NewNetwork => ({
  name,
  title: name,
  mode: 'sandbox',
  country: 'FR',
  language: 'fr',
  timezone: 'Europe/Paris',
})

beforeAll(async () => {
  store = await freshDatabase()
})
beforeEach(async () => void (await store.db.delete(networks)))
afterAll(() => store.drop())

const create = (name: string, more: Partial<NewNetwork> = {}) =>
  store.db.transaction((tx) => createNetwork(tx, { ...network(name), ...more }, now))

test('networks are numbered in the order they come', async () => {
  expect((await create('nord')).number).toBe(1)
  expect((await create('sud')).number).toBe(2)
  expect(await findNetwork(store.db, 'sud')).toMatchObject({ number: 2, mode: 'sandbox', createdAt: now })
  expect((await listNetworks(store.db)).map(({ name }) => name)).toEqual(['nord', 'sud'])
})

test('networks created at the same moment all get a number of their own', async () => {
  const made = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => create(name)))
  expect(new Set(made.map(({ number }) => number)).size).toBe(5)
})

test('a name that is taken, malformed or kept is refused with a reason', async () => {
  await create('nord')
  await expect(create('nord')).rejects.toMatchObject({
    code: 'network_exists',
    message: /already a network named "nord"/,
  })
  await expect(create('Grand Nord')).rejects.toMatchObject({ code: 'network_name', message: /lower-case letters/ })
  await expect(create('demo')).rejects.toMatchObject({ code: 'network_name', message: /example network/ })
  expect((await create('demo', { isDemo: true })).isDemo).toBe(true)
})

test('an import without a name makes the first network and then keeps to it, passing over the example', async () => {
  await create('demo', { isDemo: true })
  expect(await networkToImportInto(store.db, undefined)).toBeUndefined()
  const first = await networkForImport(store.db, undefined, 'live', now)
  expect(first).toMatchObject({ name: 'reseau', mode: 'live', isDemo: false })
  expect((await networkForImport(store.db, undefined, 'sandbox', now)).id).toBe(first.id)
})

test('an import by name uses or makes that network; without one, several are an error that names them', async () => {
  const nord = await networkForImport(store.db, 'nord', 'sandbox', now)
  await networkForImport(store.db, 'sud', 'sandbox', now)
  expect(await networkForImport(store.db, 'nord', 'live', now)).toMatchObject({ id: nord.id, mode: 'sandbox' })
  await expect(networkForImport(store.db, undefined, 'sandbox', now)).rejects.toMatchObject({
    code: 'network_ambiguous',
    message: /nord, sud.*--network/,
  })
})
