import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createKey } from '../../src/accounts/api-keys.ts'
import { contacts, events } from '../../src/db/schema.ts'
import { systemRandom } from '../../src/random.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { openSite, publicUrl, type Site } from '../web/client.ts'
import { type SmallNetwork, seedSmallNetwork } from '../web/small-network.ts'

let store: TestDatabase
let demo: SmallNetwork
let site: Site
let key: string
let contact: typeof contacts.$inferSelect
beforeAll(async () => {
  store = await freshDatabase()
  demo = await seedSmallNetwork(store.db)
  site = openSite(store.db, demo.plan)
  key = await keyWith(['event.write'])
  const [first] = await store.db
    .select()
    .from(contacts)
    .where(and(eq(contacts.networkId, demo.networkId), eq(contacts.isActive, true)))
    .limit(1)
  contact = first!
})
afterAll(() => store.drop())

const keyWith = async (permissions: ('event.write' | 'contact.read')[]): Promise<string> => {
  const { text } = await store.db.transaction((tx) =>
    createKey(tx, systemRandom, {
      ...{ network: { id: demo.networkId, mode: 'sandbox' }, name: 'test', permissions, days: 30 },
      ...{ perMinute: 1_000, createdBy: 'u1', at: site.clock.at },
    }),
  )
  return text
}
const post = (body: unknown, headers: Record<string, string> = {}, bearer = key) =>
  site.app.request(
    `${publicUrl}/api/v1/events`,
    {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}`, ...headers },
    },
    { incoming: { socket: { remoteAddress: '192.0.2.9' } } },
  )
const kept = () =>
  store.db
    .select({ contactId: events.contactId, data: events.data, occurredAt: events.occurredAt })
    .from(events)
    .where(and(eq(events.networkId, demo.networkId), eq(events.type, 'reported')))
const faultsOf = async (answer: Response) =>
  ((await answer.json()) as { errors: { pointer: string }[] }).errors.map((fault) => fault.pointer)

test('an event is kept once, whether its request or its own key comes again', async () => {
  const body = { name: 'missed-appointment', contact: { id: contact.id }, data: { slot1: 'lundi' } }
  const first = await post(body, { 'idempotency-key': 'a1' })
  expect(first.status).toBe(201)
  expect(await first.json()).toMatchObject({ contactId: contact.id, isNew: true })
  const again = await post(body, { 'idempotency-key': 'a1' })
  expect(again.headers.get('idempotency-replayed')).toBe('true')
  expect(await (await post({ ...body, key: 'n7' })).json()).toMatchObject({ isNew: true })
  expect(await (await post({ ...body, key: 'n7' })).json()).toMatchObject({ isNew: false })
  expect(await kept()).toHaveLength(2)
  expect((await kept())[0]).toMatchObject({
    contactId: contact.id,
    data: { name: 'missed-appointment', data: { slot1: 'lundi' } },
  })
})

test('whoever is nobody, not yet, or told of without the right to, is refused with the place of the fault', async () => {
  const before = (await kept()).length
  expect(await faultsOf(await post({ name: 'Missed Appointment', contact: { id: contact.id } }))).toEqual(['/name'])
  expect(await faultsOf(await post({ name: 'called', contact: { externalId: 'nobody' } }))).toEqual(['/contact'])
  expect(await faultsOf(await post({ name: 'called', contact: { phone: 'not one' } }))).toEqual(['/contact'])
  const ahead = { name: 'called', contact: { id: contact.id }, at: '2099-01-01T00:00:00Z' }
  expect(await faultsOf(await post(ahead))).toEqual(['/at'])
  expect((await post({ name: 'called' }, {}, await keyWith(['contact.read']))).status).toBe(403)
  expect(await kept()).toHaveLength(before)
})
