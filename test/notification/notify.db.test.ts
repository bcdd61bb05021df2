import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../src/db/index.ts'
import type { Role } from '../../src/db/schema/accounts.ts'
import { memberships, notifications, users } from '../../src/db/schema.ts'
import { hrefOf, listNotifications, markRead } from '../../src/notification/inbox.ts'
import { type Notified, notify } from '../../src/notification/notify.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { type SmallNetwork, seedSmallNetwork, wallNow } from '../web/small-network.ts'

let store: TestDatabase
let demo: SmallNetwork
let other: SmallNetwork

async function member(role: Role, networkId = demo.networkId, disabledAt?: Date): Promise<string> {
  const id = newId()
  const at = { createdAt: wallNow, updatedAt: wallNow }
  await store.db.insert(users).values({ id, name: role, email: `${id}@example.org`, disabledAt, ...at })
  await store.db.insert(memberships).values({ networkId, userId: id, role, scope: {}, createdAt: wallNow })
  return id
}

const paused = (dedupeKey: string, userId: string | null = null): Notified => ({
  networkId: demo.networkId,
  userId,
  kind: 'campaign_paused',
  params: { campaign: 'Grand Nord', reason: 'trop de rejets' },
  href: `/console/campaigns/${demo.campaignId}`,
  dedupeKey,
  at: wallNow,
})
const told = async (dedupeKey: string) =>
  (await store.db.select().from(notifications).where(eq(notifications.dedupeKey, dedupeKey))).map((row) => row.userId)

beforeAll(async () => {
  store = await freshDatabase()
  demo = await seedSmallNetwork(store.db)
  other = await seedSmallNetwork(store.db, { name: 'autre', number: 2, title: 'Autre', mode: 'live' })
})
afterAll(() => store.drop())

test('the user concerned is told, once, however often it is noticed', async () => {
  const marketer = await member('marketer')
  for (let noticed = 0; noticed < 3; noticed++) await store.db.transaction((tx) => notify(tx, paused('mine', marketer)))
  expect(await told('mine')).toEqual([marketer])
})

test('nobody in particular, somebody who left or was disabled: those in charge of the network are told instead', async () => {
  const owner = await member('owner')
  const viewer = await member('viewer')
  const elsewhere = await member('marketer', other.networkId)
  const disabled = await member('marketer', demo.networkId, wallNow)
  for (const [key, userId] of Object.entries({ nobody: null, gone: newId(), elsewhere, disabled })) {
    await store.db.transaction((tx) => notify(tx, paused(key, userId)))
    const readers = await told(key)
    expect(readers, key).toContain(owner)
    for (const wrong of [viewer, elsewhere, disabled]) expect(readers, key).not.toContain(wrong)
  }
})

test('a fact that is rolled back tells nobody', async () => {
  const fact = store.db.transaction(async (tx) => {
    await notify(tx, paused('never'))
    throw new Error('not so')
  })
  await expect(fact).rejects.toThrow('not so')
  expect(await told('never')).toEqual([])
})

test('a list has one’s own, the latest first, page by page, of the networks one still belongs to', async () => {
  const reader = await member('marketer')
  for (let count = 0; count < 60; count++)
    await store.db.transaction((tx) => notify(tx, paused(`many ${count}`, reader)))
  const networks = [demo.networkId]
  const first = await listNotifications(store.db, reader, networks, { isUnreadOnly: false })
  const second = await listNotifications(store.db, reader, networks, { isUnreadOnly: false, cursor: first.next })
  const keys = [...first.rows, ...second.rows].map((row) => row.notification.dedupeKey)
  expect(keys).toEqual(Array.from({ length: 60 }, (_, n) => `many ${59 - n}`))
  expect(second.next).toBeUndefined()
  expect((await listNotifications(store.db, reader, [other.networkId], { isUnreadOnly: false })).rows).toEqual([])
  expect((await listNotifications(store.db, reader, [], { isUnreadOnly: false })).rows).toEqual([])
})

test('reading marks one’s own and nobody else’s', async () => {
  const [reader, neighbour] = [await member('marketer'), await member('marketer')]
  for (const userId of [reader, neighbour]) await store.db.transaction((tx) => notify(tx, paused('both', userId)))
  const unread = (userId: string) =>
    listNotifications(store.db, userId, [demo.networkId], { isUnreadOnly: true }).then((page) => page.rows)
  const [theirs] = await unread(neighbour)
  const id = theirs!.notification.id
  expect(await hrefOf(store.db, reader, id)).toBeUndefined()
  await markRead(store.db, reader, wallNow, id)
  expect(await unread(neighbour)).toHaveLength(1)
  await markRead(store.db, neighbour, wallNow, id)
  expect(await unread(neighbour)).toEqual([])
  expect(await unread(reader)).toHaveLength(1)
  await markRead(store.db, reader, wallNow)
  expect(await unread(reader)).toEqual([])
})
