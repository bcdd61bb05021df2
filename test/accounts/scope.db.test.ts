import { and, eq } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Scope } from '../../src/accounts/policy.ts'
import { contactsWithin, deliveriesWithin, sitesWithin } from '../../src/accounts/scope.ts'
import { contacts, deliveries, deliveryMembers, sites } from '../../src/db/schema.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { type SmallNetwork, seedSmallNetwork } from '../web/small-network.ts'

let store: TestDatabase
let demo: SmallNetwork
let all: { site: (typeof sites.$inferSelect)[]; contact: (typeof contacts.$inferSelect)[] }
let members: (typeof deliveryMembers.$inferSelect)[]
const areas = ['Nord', 'Sud', 'Ouest']

beforeAll(async () => {
  store = await freshDatabase()
  demo = await seedSmallNetwork(store.db)
  await seedSmallNetwork(store.db, { name: 'acme', number: 2 })
  for (const [n, site] of (await store.db.select().from(sites)).entries())
    await store.db
      .update(sites)
      .set({ area: areas[n % areas.length]! })
      .where(eq(sites.id, site.id))
  const inDemo = <T extends { networkId: string }>(rows: T[]) => rows.filter((row) => row.networkId === demo.networkId)
  all = { site: inDemo(await store.db.select().from(sites)), contact: inDemo(await store.db.select().from(contacts)) }
  members = inDemo(await store.db.select().from(deliveryMembers))
})
afterAll(() => store.drop())

/** What a scope covers, worked out without a query. */
function covered(scope: Scope) {
  const isOpen = (site: typeof sites.$inferSelect) =>
    scope.of === 'network' ||
    (scope.of === 'sites' && (scope.areas.includes(site.area) || scope.siteIds.includes(site.id)))
  const siteIds = new Set(all.site.filter(isOpen).map(({ id }) => id))
  const contactIds = new Set(all.contact.filter(({ siteId }) => siteIds.has(siteId)).map(({ id }) => id))
  const deliveryIds = new Set(members.filter((row) => contactIds.has(row.contactId)).map((row) => row.deliveryId))
  const found = [...deliveryIds].sort()
  return { sites: [...siteIds].sort(), contacts: [...contactIds].sort(), deliveries: found, listed: found }
}

async function found(scope: Scope) {
  const { db } = store
  const inDemo = (table: typeof sites | typeof contacts | typeof deliveries) => eq(table.networkId, demo.networkId)
  const ids = (rows: { id: string }[]) => rows.map(({ id }) => id).sort()
  return {
    sites: ids(
      await db
        .select({ id: sites.id })
        .from(sites)
        .where(and(inDemo(sites), sitesWithin(scope))),
    ),
    contacts: ids(
      await db
        .select({ id: contacts.id })
        .from(contacts)
        .where(and(inDemo(contacts), contactsWithin(db, scope))),
    ),
    deliveries: ids(
      await db
        .select({ id: deliveries.id })
        .from(deliveries)
        .where(and(inDemo(deliveries), deliveriesWithin(db, scope))),
    ),
    listed: ids(
      await db
        .select({ id: deliveries.id })
        .from(deliveries)
        .where(and(inDemo(deliveries), deliveriesWithin(db, scope, demo.networkId))),
    ),
  }
}

test('a scope finds exactly what lies in its areas and sites', async () => {
  const siteIds = (await store.db.select({ id: sites.id }).from(sites)).map(({ id }) => id)
  const scopes = fc.record({
    of: fc.constant('sites' as const),
    areas: fc.subarray([...areas, 'Nulle part', '']),
    siteIds: fc.subarray(siteIds, { maxLength: 3 }),
  })
  await fc.assert(
    fc.asyncProperty(scopes, async (scope) => {
      expect(await found(scope)).toEqual(covered(scope))
    }),
    { numRuns: 40 },
  )
})

test('a whole network is all of it; a scope that names nothing, or a print shop, finds nobody', async () => {
  const whole = await found({ of: 'network' })
  expect(whole.contacts.length).toBe(48)
  expect(whole.deliveries).toEqual(covered({ of: 'network' }).deliveries)
  const nothing = { sites: [], contacts: [], deliveries: [], listed: [] }
  expect(await found({ of: 'sites', areas: [], siteIds: [] })).toEqual(nothing)
  expect(await found({ of: 'shop', shops: ['p'] })).toEqual(nothing)
})
