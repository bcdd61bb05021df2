import { and, asc, eq, isNull } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { InboundEvent } from '../../src/channel.ts'
import { addresses, consents, conversationMessages, suppressions } from '../../src/db/schema.ts'
import { appendConsents, type ConsentEntry, currentConsents } from '../../src/network/consent.ts'
import { addressHash, suppress } from '../../src/network/suppression.ts'
import { applyPending, receive } from '../../src/tracking/inbox.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { delivery, hour, minute, type Person, person, type Small, since, smallNetwork } from './small-network.ts'

let store: TestDatabase
beforeAll(async () => {
  store = await freshDatabase()
})
afterAll(() => store.drop())

type Setting = Small & { ana: Person }

let told = 0
const hear = async (type: 'stop' | 'reply', small: Setting, at: Date, data: InboundEvent['data'] = {}) => {
  const event: InboundEvent = {
    ...{ dedupeKey: `text ${++told}`, type, provider: 'twilio', occurredAt: at },
    data: { from: small.ana.mobile, to: '36111', ...data },
  }
  await receive(store.db, 'twilio', [event], at)
  await applyPending(store.db, { now: () => since(hour) }, { limit: 500 })
}
const start = (small: Setting, at: Date, text = 'REPRENDRE') => hear('reply', small, at, { text, isStart: true })
const stop = (small: Setting, at: Date) => hear('stop', small, at, { text: 'STOP' })

const inForce = async (small: Setting) => {
  const rows = await store.db
    .select({ scope: suppressions.scope, reason: suppressions.reason })
    .from(suppressions)
    .where(and(eq(suppressions.networkId, small.networkId), isNull(suppressions.liftedAt)))
  return rows.map(({ scope, reason }) => `${scope} ${reason}`).sort()
}
const consentTo = async (small: Setting) =>
  (await currentConsents(store.db, small.networkId, [small.ana.contactId])).get(small.ana.contactId)?.sms
const agreed = (small: Setting): ConsentEntry => ({
  ...{ networkId: small.networkId, contactId: small.ana.contactId, channel: 'sms', purpose: 'receive' },
  ...{ action: 'grant', basis: 'consent', source: 'form', actor: 'contact', occurredAt: since(0) },
})
const handled = async (small: Setting) => {
  const rows = await store.db
    .select({ as: conversationMessages.handledAs })
    .from(conversationMessages)
    .where(eq(conversationMessages.networkId, small.networkId))
    .orderBy(asc(conversationMessages.at))
  return rows.map((row) => row.as)
}

async function written(): Promise<Setting> {
  const small = await smallNetwork(store.db)
  const ana = await person(store.db, small)
  await delivery(store.db, small, ana, { channel: 'sms', sentAt: since(0) })
  return { ...small, ana }
}

test('START takes back a STOP, and the ledger says again what it said before', async () => {
  const small = await written()
  await appendConsents(store.db, [agreed(small)], since(0))
  await stop(small, since(minute))
  expect(await inForce(small)).toEqual(['channel_sender stop'])
  expect(await consentTo(small)).toMatchObject({ state: 'denied' })
  await start(small, since(2 * minute))
  expect(await inForce(small)).toEqual([])
  expect(await consentTo(small)).toEqual({ state: 'granted', basis: 'consent' })
  const ledger = await store.db
    .select()
    .from(consents)
    .where(and(eq(consents.networkId, small.networkId), eq(consents.channel, 'sms')))
    .orderBy(asc(consents.occurredAt))
  expect(ledger.map((entry) => entry.action)).toEqual(['grant', 'withdraw', 'grant'])
  expect(await handled(small)).toEqual(['stop', 'start'])
})

test('where nothing had been agreed to, START lifts the STOP and agrees to nothing', async () => {
  const small = await written()
  await stop(small, since(minute))
  await start(small, since(2 * minute))
  expect(await inForce(small)).toEqual([])
  expect(await consentTo(small)).toEqual({ state: 'unstated', basis: 'unstated' })
})

test('oui is an answer where no STOP is in force', async () => {
  const small = await written()
  await start(small, since(minute), 'Oui')
  expect(await handled(small)).not.toContain('start')
  expect(await consentTo(small)).toBeUndefined()
})

test('neither a dead number nor a complaint nor an unsubscription is re-opened', async () => {
  const small = await written()
  const [address] = await store.db
    .select()
    .from(addresses)
    .where(and(eq(addresses.networkId, small.networkId), eq(addresses.hash, addressHash('mobile', small.ana.mobile))))
  const said = { networkId: small.networkId, addressHash: address!.hash, source: 'test', occurredAt: since(0) }
  await suppress(store.db, { ...said, scope: 'address', reason: 'unknown_number' })
  await suppress(store.db, { ...said, scope: 'marketing', channel: 'sms', reason: 'complaint' })
  await appendConsents(store.db, [{ ...agreed(small), action: 'withdraw' }], since(0))
  await stop(small, since(minute))
  await start(small, since(2 * minute))
  expect(await inForce(small)).toEqual(['address unknown_number', 'marketing complaint'])
  expect(await consentTo(small)).toMatchObject({ state: 'denied' })
})

test('a STOP after the START holds again', async () => {
  const small = await written()
  await stop(small, since(minute))
  await start(small, since(2 * minute))
  await stop(small, since(3 * minute))
  expect(await inForce(small)).toEqual(['channel_sender stop'])
})
