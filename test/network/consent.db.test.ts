import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { newId } from '../../src/db/index.ts'
import { consents, contacts, sites, suppressions, trackingChoices } from '../../src/db/schema.ts'
import {
  appendConsents,
  appendTrackingChoices,
  type ConsentEntry,
  currentConsents,
  trackingOf,
} from '../../src/network/consent.ts'
import { createNetwork } from '../../src/network/networks.ts'
import { addressHash, hasSuppressions, suppress, suppressionsOf } from '../../src/network/suppression.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'

let store: TestDatabase
let networkId: string
const at = (day: number) => new Date(Date.UTC(2026, 2, day, 9))
const jeanne = newId()
const omar = newId()

beforeAll(async () => {
  store = await freshDatabase()
  const network = await store.db.transaction((tx) =>
    createNetwork(
      tx,
      { name: 'acme', title: 'Acme', mode: 'sandbox', country: 'FR', language: 'fr', timezone: 'Europe/Paris' },
      at(1),
    ),
  )
  networkId = network.id
  const site = {
    networkId,
    id: newId(),
    externalId: 'S1',
    name: 'S1',
    country: 'FR',
    region: 'FR',
    timezone: 'Europe/Paris',
    attributes: {},
    createdAt: at(1),
    updatedAt: at(1),
  }
  await store.db.insert(sites).values(site)
  for (const id of [jeanne, omar])
    await store.db.insert(contacts).values({
      networkId,
      id,
      siteId: site.id,
      identityKey: id,
      profile: 'field',
      language: 'fr',
      attributes: {},
      createdAt: at(1),
      updatedAt: at(1),
    })
})
beforeEach(async () => {
  for (const table of [consents, trackingChoices, suppressions]) await store.db.delete(table)
})
afterAll(() => store.drop())

const entry = (contactId: string, day: number, more: Partial<ConsentEntry>): ConsentEntry => ({
  networkId,
  contactId,
  channel: 'sms',
  purpose: 'receive',
  action: 'grant',
  basis: 'consent',
  source: 'test',
  actor: 'test',
  occurredAt: at(day),
  ...more,
})
const folded = async () => {
  const map = await currentConsents(store.db, networkId, [jeanne, omar])
  return { jeanne: map.get(jeanne), omar: map.get(omar) }
}

test('the last thing said holds, by when it was said and not by when it was written down', async () => {
  await appendConsents(store.db, [entry(jeanne, 5, { action: 'withdraw' })], at(5))
  await appendConsents(store.db, [entry(jeanne, 3, { action: 'grant' })], at(9))
  expect(await folded()).toEqual({ jeanne: { sms: { state: 'denied', basis: 'consent' } }, omar: undefined })
})

test('at the same instant, the later entry holds', async () => {
  await appendConsents(store.db, [entry(jeanne, 3, {}), entry(jeanne, 3, { action: 'deny' })], at(3))
  expect((await folded()).jeanne).toEqual({ sms: { state: 'denied', basis: 'consent' } })
})

test('an imported yes opens only under a stated basis; an expired consent neither opens nor refuses', async () => {
  await appendConsents(
    store.db,
    [
      entry(jeanne, 1, { action: 'import', value: 'yes', basis: 'unstated' }),
      entry(jeanne, 1, { action: 'import', value: 'yes', basis: 'b2b_opt_out', channel: 'email' }),
      entry(omar, 1, { action: 'import', value: 'no', basis: 'unstated' }),
      entry(omar, 1, { channel: 'email' }),
      entry(omar, 2, { channel: 'email', action: 'expire' }),
      entry(omar, 3, { channel: 'print', purpose: 'track_click' }),
    ],
    at(4),
  )
  expect(await folded()).toEqual({
    jeanne: { sms: { state: 'unstated', basis: 'unstated' }, email: { state: 'granted', basis: 'b2b_opt_out' } },
    omar: { sms: { state: 'denied', basis: 'unstated' }, email: { state: 'unstated', basis: 'consent' } },
  })
})

test('silence on tracking is no agreement, and the last choice holds', async () => {
  const choice = (contactId: string, day: number, made: 'granted' | 'refused') => ({
    networkId,
    contactId,
    subject: 'opens' as const,
    choice: made,
    source: 'test',
    occurredAt: at(day),
  })
  await appendTrackingChoices(store.db, [choice(jeanne, 1, 'granted'), choice(jeanne, 2, 'refused')])
  const map = await trackingOf(store.db, networkId, [jeanne, omar])
  expect(map.get(jeanne)).toEqual({ opens: 'refused', clicks: 'unstated' })
  expect(map.has(omar)).toBe(false)
})

test('more contacts than fit in one query are all answered', async () => {
  await appendConsents(store.db, [entry(omar, 1, {})], at(1))
  const many = [...Array.from({ length: 1_200 }, () => newId()), omar]
  expect((await currentConsents(store.db, networkId, many)).get(omar)).toBeDefined()
})

const hash = addressHash('mobile', '+33612345678')
const stop = (more: Partial<Parameters<typeof suppress>[1]> = {}) =>
  store.db.transaction((tx) =>
    suppress(tx, {
      networkId,
      scope: 'channel_sender',
      addressHash: hash,
      channel: 'sms',
      senderId: 's1',
      reason: 'stop',
      source: 'twilio',
      occurredAt: at(2),
      ...more,
    }),
  )

test('a suppression said twice is one, the first saying kept', async () => {
  expect(await hasSuppressions(store.db, networkId)).toBe(false)
  await stop()
  await stop({ occurredAt: at(3), reason: 'again' })
  expect(await store.db.$count(suppressions)).toBe(1)
  expect((await suppressionsOf(store.db, networkId, [hash, 'other'])).get(hash)).toMatchObject([
    { reason: 'stop', occurredAt: at(2), channel: 'sms', senderId: 's1', topic: '' },
  ])
  expect(await hasSuppressions(store.db, networkId)).toBe(true)
})

test('parts a scope does not use cannot make a second suppression of the same wish', async () => {
  await stop({ scope: 'address', channel: 'sms', senderId: 's1', topic: 'x' })
  await stop({ scope: 'address', channel: 'email' })
  expect(await store.db.$count(suppressions)).toBe(1)
})

test('a lifted suppression is not in force, and a later stop closes it anew', async () => {
  await stop()
  await store.db.update(suppressions).set({ liftedAt: at(4) })
  expect((await suppressionsOf(store.db, networkId, [hash])).size).toBe(0)
  await stop({ occurredAt: at(3) })
  expect((await suppressionsOf(store.db, networkId, [hash])).size).toBe(0)
  await stop({ occurredAt: at(5) })
  expect((await suppressionsOf(store.db, networkId, [hash])).get(hash)).toMatchObject([{ occurredAt: at(5) }])
})

test('a number hashes alike whether it is called a mobile or a phone, and unlike a mailbox', () => {
  expect(addressHash('phone', '+33612345678')).toBe(hash)
  expect(addressHash('email', '+33612345678')).not.toBe(hash)
  expect(hash).toMatch(/^[0-9a-f]{64}$/)
})
