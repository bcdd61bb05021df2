import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Channel } from '../../src/channel.ts'
import { inboundEvents, suppressions } from '../../src/db/schema.ts'
import { signToken, type TokenPurpose } from '../../src/tracking/tokens.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { delivery, person, type Small, smallNetwork } from '../tracking/small-network.ts'
import { openSite, publicUrl, type Site } from './client.ts'

let store: TestDatabase
let site: Site
let small: Small
const heard: number[] = []

/** Stands for a provider whose signature always holds. */
const provider: Channel = {
  ...{ name: 'email', provider: 'sendgrid', serves: 'live', perSend: 1, webhookPaths: ['sendgrid'] },
  address: () => undefined,
  send: async () => [],
  webhook: async ({ body }) => {
    heard.push(body.length)
    return [{ dedupeKey: `heard ${heard.length}`, type: 'delivered', data: {} }]
  },
}

beforeAll(async () => {
  store = await freshDatabase()
  small = await smallNetwork(store.db)
  site = openSite(store.db, { steps: [] }, { channels: [provider] })
})
afterAll(() => store.drop())

const path = async (purpose: TokenPurpose, prefix: string) => {
  const deliveryId = await delivery(store.db, small, await person(store.db, small))
  return `${publicUrl}/${prefix}/${signToken(site.deps.keys, { purpose, network: small.number, deliveryId })}`
}
const closed = () => store.db.$count(suppressions, eq(suppressions.networkId, small.networkId))

// RFC 8058 §3.2: the mail provider posts by itself, without cookie, referrer or origin, as a form of either kind.
test.each([
  ['a form', 'application/x-www-form-urlencoded', 'List-Unsubscribe=One-Click'],
  [
    'a form in parts',
    'multipart/form-data; boundary=b',
    '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
  ],
])('a mail provider’s one click passes the whole application as %s', async (_, type, body) => {
  const before = await closed()
  const url = await path('unsubscribe', 'u')
  const answer = await site.app.request(url, { method: 'POST', headers: { 'content-type': type }, body })
  expect(answer.status).toBe(200)
  expect(answer.headers.get('set-cookie')).toBeNull()
  expect(await closed()).toBe(before + 1)
})

test('so does one that a mail program posts from its own page, where browsers say where it comes from', async () => {
  const before = await closed()
  const headers = { origin: 'https://mail.example', 'sec-fetch-site': 'cross-site' }
  expect((await site.app.request(await path('unsubscribe', 'u'), { method: 'POST', headers })).status).toBe(200)
  expect(await closed()).toBe(before + 1)
})

test('a GET or a HEAD of that address closes nothing', async () => {
  const before = await closed()
  const url = await path('unsubscribe', 'u')
  for (const method of ['GET', 'HEAD']) expect((await site.app.request(url, { method })).status).toBe(200)
  expect((await site.app.request(url, { method: 'PUT' })).status).toBe(405)
  expect(await closed()).toBe(before)
})

test('forms from outside are small', async () => {
  for (const [purpose, prefix] of [
    ['unsubscribe', 'u'],
    ['acknowledge', 'a'],
    ['preferences', 'prefs'],
  ] as const) {
    const answer = await site.app.request(await path(purpose, prefix), { method: 'POST', body: 'x'.repeat(20_000) })
    expect([prefix, answer.status]).toEqual([prefix, 413])
  }
})

test('a provider’s call of nearly a megabyte passes whole, a larger one does not', async () => {
  const send = (size: number) =>
    site.app.request(`${publicUrl}/webhooks/sendgrid`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: 'x'.repeat(size),
    })
  expect((await send(1_000_000)).status).toBe(204)
  expect(heard).toEqual([1_000_000])
  expect((await send(1_100_000)).status).toBe(413)
  expect(await store.db.$count(inboundEvents, eq(inboundEvents.source, 'sendgrid'))).toBe(1)
  const looked = await site.app.request(`${publicUrl}/webhooks/sendgrid`)
  expect([looked.status, looked.headers.get('allow')]).toEqual([405, 'POST'])
})
