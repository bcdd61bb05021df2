import { asc, eq, inArray } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Db, dialect, newId, type Tx } from '../../src/db/index.ts'
import { networks } from '../../src/db/schema.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'

let store: TestDatabase
const [first, second] = [newId(), newId()]
beforeAll(async () => {
  store = await freshDatabase()
  const createdAt = new Date('2026-03-01T09:30:00Z')
  const network = (id: string, number: number) => ({
    ...{ id, number, name: `n${number}`, title: '', mode: 'sandbox' as const, settings: {}, createdAt },
  })
  await store.db.insertRows(networks, [network(first, 1), network(second, 2)])
})
afterAll(() => store.drop())

/** Writes to one row and, once the other transaction has written to its own, to the other's. */
function crossing(db: Db) {
  let begun = 0
  let meet: () => void = () => undefined
  const bothHoldOne = new Promise<void>((resolve) => {
    meet = resolve
  })
  let tries = 0
  const write = (tx: Tx, id: string, word: string) =>
    tx.update(networks).set({ title: word }).where(eq(networks.id, id))
  const cross = (one: string, other: string, word: string) =>
    db.transaction(async (tx) => {
      tries++
      await write(tx, one, word)
      if (++begun === 2) meet()
      // SQLite lets one writer in at a time: there is nobody to meet.
      if (dialect === 'postgres') await bothHoldOne
      await write(tx, other, word)
      return word
    })
  return { cross, tries: () => tries }
}

const titles = async () =>
  (
    await store.db
      .select({ title: networks.title })
      .from(networks)
      .where(inArray(networks.id, [first, second]))
      .orderBy(asc(networks.number))
  ).map(({ title }) => title)

test('of two transactions that wait for each other, the one that is ended is done anew, and both are written whole', async () => {
  const { cross, tries } = crossing(store.db)
  expect(await Promise.all([cross(first, second, 'A'), cross(second, first, 'B')])).toEqual(['A', 'B'])
  expect(tries()).toBe(dialect === 'postgres' ? 3 : 2)
  const [one, other] = await titles()
  expect(one).toBe(other)
})
