import { asc, eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addresses, events, exposures } from '../../src/db/schema.ts'
import { expose } from '../../src/engagement/record.ts'
import { applyPending, receive } from '../../src/tracking/inbox.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { delivery, hour, launch, minute, person, since, smallNetwork } from './small-network.ts'

let store: TestDatabase
beforeAll(async () => {
  store = await freshDatabase()
})
afterAll(() => store.drop())

/** Readers with mailboxes of so many domains; each has one click from one network, twenty seconds apart. */
const visited = async (readers: number, domains: number, messageOf: (n: number) => 'this' | 'other' = () => 'this') => {
  const small = await smallNetwork(store.db)
  const other = await smallNetwork(store.db)
  const ids: string[] = []
  for (let n = 0; n < readers; n++) {
    const network = messageOf(n) === 'this' ? small : other
    const to = await person(store.db, network)
    await store.db
      .update(addresses)
      .set({ normalised: `reader${n}@d${n % domains}.example` })
      .where(eq(addresses.id, to.emailId))
    const deliveryId = await delivery(store.db, network, to, { deliveredAt: launch })
    ids.push(deliveryId)
    await expose(store.db, [
      {
        ...{ networkId: network.networkId, deliveryId, contactId: to.contactId, channel: 'email', profile: 'field' },
        ...{ sentAt: launch, isMeasurable: true },
      },
    ])
    await receive(
      store.db,
      'click',
      [
        {
          ...{ dedupeKey: deliveryId, type: 'click', networkId: network.networkId, deliveryId },
          occurredAt: since(minute + n * 20_000),
          data: { linkId: 'a', network: 'gateway' },
        },
      ],
      since(minute),
    )
  }
  return { small, ids }
}
const verdictsIn = async (networkId: string) =>
  (
    await store.db
      .select({ verdict: events.verdict, data: events.data })
      .from(events)
      .where(eq(events.networkId, networkId))
      .orderBy(asc(events.occurredAt))
  ).map((row) => [row.verdict, row.data.reasons])
const apply = (limit?: number) => applyPending(store.db, { now: () => since(hour) }, { limit })

test('one click each for ten readers of three domains from one network is a gateway at work', async () => {
  const { small } = await visited(10, 3)
  await apply()
  expect(await verdictsIn(small.networkId)).toEqual(Array(10).fill(['suspect', ['shared_network']]))
  const outcomes = await store.db.select().from(exposures).where(eq(exposures.networkId, small.networkId))
  expect(new Set(outcomes.map((row) => row.outcome))).toEqual(new Set(['pending']))
})

test('readers of one company behind one network are people', async () => {
  const { small } = await visited(12, 1)
  await apply()
  expect(await verdictsIn(small.networkId)).toEqual(Array(12).fill(['human_likely', ['isolated']]))
})

test('clicks on another message, or in another network, prove nothing', async () => {
  const { small } = await visited(12, 3, (n) => (n < 8 ? 'this' : 'other'))
  await apply()
  expect(await verdictsIn(small.networkId)).toEqual(Array(8).fill(['human_likely', ['isolated']]))
})

test('those judged before the gateway had shown itself are judged again', async () => {
  const { small } = await visited(11, 4)
  await apply(6)
  expect(new Set((await verdictsIn(small.networkId)).map(([verdict]) => verdict))).toEqual(new Set(['human_likely']))
  await apply()
  expect(await verdictsIn(small.networkId)).toEqual(Array(11).fill(['suspect', ['shared_network']]))
})
