import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Db } from '../../src/db/index.ts'
import { contacts, installation, sites } from '../../src/db/schema.ts'
import { fillSearchKeys } from '../../src/network/fill-keys.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { type Crowd, crowdNow, seedCrowd } from './crowd.ts'

let store: TestDatabase
let crowd: Crowd
beforeEach(async () => {
  store = await freshDatabase()
  crowd = await seedCrowd(store.db, { sites: 30, contacts: 1_200 })
  // As the release before this one left them.
  await store.db.update(contacts).set({ nameKey: '', givenKey: '' })
  await store.db.update(sites).set({ nameKey: '', cityKey: '', area: '', postcode: '69003' })
})
afterEach(() => store.drop())

async function isFilled(): Promise<boolean> {
  const people = await store.db.select().from(contacts)
  const keys = new Map(crowd.contacts.map((one) => [one.id, `${one.nameKey} ${one.givenKey}`]))
  const places = await store.db.select().from(sites)
  const names = new Map(crowd.sites.map((one) => [one.id, `${one.nameKey} ${one.cityKey}`]))
  return (
    people.every((one) => keys.get(one.id) === `${one.nameKey} ${one.givenKey}`) &&
    places.every((one) => names.get(one.id) === `${one.nameKey} ${one.cityKey}` && one.area === 'Auvergne-Rhône-Alpes')
  )
}

test('what was imported before gets its keys and its area, once', async () => {
  expect(await fillSearchKeys(store.db, crowdNow)).toBe(1_230)
  expect(await isFilled()).toBe(true)
  expect(await fillSearchKeys(store.db, crowdNow)).toBe(0)
})

test('an area somebody gave stays', async () => {
  await store.db.update(sites).set({ area: 'Rhône Nord' }).where(eq(sites.id, crowd.sites[0]!.id))
  await fillSearchKeys(store.db, crowdNow)
  const [site] = await store.db.select().from(sites).where(eq(sites.id, crowd.sites[0]!.id))
  expect(site!.area).toBe('Rhône Nord')
})

test('stopped after any page it goes on where it was', async () => {
  for (let allowed = 0; ; allowed++) {
    if (allowed > 20) throw new Error('It never ends.')
    let begun = 0
    const dying: Db = Object.assign(Object.create(store.db), {
      transaction: async (work: Parameters<Db['transaction']>[0]) => {
        if (begun++ >= allowed) throw new Error('killed')
        return store.db.transaction(work)
      },
    })
    const isThrough = await fillSearchKeys(dying, crowdNow).then(
      () => true,
      () => false,
    )
    if (isThrough) break
  }
  expect(await isFilled()).toBe(true)
  const [row] = await store.db.select().from(installation).where(eq(installation.key, 'search-keys'))
  expect(row?.value).toBe('done')
})
