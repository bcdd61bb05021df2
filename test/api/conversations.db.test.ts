import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createKey, type KeyPermission, keyPermissions } from '../../src/accounts/api-keys.ts'
import { auditEntries, conversations, deliveries, memberships } from '../../src/db/schema.ts'
import { systemRandom } from '../../src/random.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { openSite, publicUrl, type Site } from '../web/client.ts'
import { aConversation } from '../web/route-table/inbox.ts'
import { type SmallNetwork, seedSmallNetwork } from '../web/small-network.ts'

let store: TestDatabase
let demo: SmallNetwork
let site: Site
let one: string

beforeAll(async () => {
  store = await freshDatabase()
  demo = await seedSmallNetwork(store.db)
  site = openSite(store.db, demo.plan)
  await site.browser().signIn()
  one = await aConversation('', '/api/v1/conversations')(demo, store.db)
})
afterAll(() => store.drop())

async function keyFor(permissions: readonly KeyPermission[] = keyPermissions) {
  const { id, text } = await store.db.transaction((tx) =>
    createKey(tx, systemRandom, {
      network: { id: demo.networkId, mode: 'sandbox' },
      name: 'test',
      permissions,
      days: 30,
      perMinute: 1_000,
      createdBy: 'u1',
      at: site.clock.at,
    }),
  )
  return { id, text }
}

const send = (path: string, key: string, init: RequestInit = {}) => {
  const headers = new Headers(init.headers)
  headers.set('authorization', `Bearer ${key}`)
  const env = { incoming: { socket: { remoteAddress: '192.0.2.9' } } }
  return site.app.request(publicUrl + path, { ...init, headers }, env)
}
const post = (path: string, key: string, body: unknown, more: Record<string, string> = {}) =>
  send(path, key, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...more },
  })

interface Shown {
  id: string
  status: string
  assignedTo: string | null
  unread: number
  messages: { direction: string; text: string }[]
}

describe('conversations', () => {
  test('are listed and read', async () => {
    const { text: key } = await keyFor()
    const list = (await (await send('/api/v1/conversations', key)).json()) as { data: Shown[]; next: null }
    expect(list).toMatchObject({ data: [{ status: 'open', unread: 1 }], next: null })
    const closed = (await (await send('/api/v1/conversations?show=closed', key)).json()) as { data: Shown[] }
    expect(closed.data).toEqual([])
    const shown = (await (await send(one, key)).json()) as Shown
    expect(shown.messages).toMatchObject([{ direction: 'in', text: 'Quand arrive ma commande ?' }])
    expect((await send('/api/v1/conversations?show=nothing', key)).status).toBe(422)
    expect((await send('/api/v1/conversations/none', key)).status).toBe(404)
  })

  test('are handed to somebody who may answer, and to nobody else', async () => {
    const { text: key, id } = await keyFor()
    const [member] = await store.db.select().from(memberships).where(eq(memberships.networkId, demo.networkId))
    const given = await post(`${one}/assignment`, key, { assignedTo: member!.userId })
    expect(given.status).toBe(200)
    expect(await given.json()).toMatchObject({ assignedTo: member!.userId })
    expect((await post(`${one}/assignment`, key, { assignedTo: 'a stranger' })).status).toBe(422)
    expect((await post(`${one}/assignment`, key, { to: null })).status).toBe(422)
    const entries = await store.db.select().from(auditEntries).where(eq(auditEntries.action, 'conversation.assign'))
    expect(entries).toMatchObject([{ actor: `key:${id}` }])
    expect(await (await post(`${one}/assignment`, key, { assignedTo: null })).json()).toMatchObject({
      assignedTo: null,
    })
  })

  test('are closed and opened again; the same key of idempotency does it once', async () => {
    const { text: key } = await keyFor()
    const once = { 'idempotency-key': 'close-it' }
    expect(await (await post(`${one}/status`, key, { status: 'closed' }, once)).json()).toMatchObject({
      status: 'closed',
      unread: 0,
    })
    await store.db.update(conversations).set({ status: 'open' })
    const again = await post(`${one}/status`, key, { status: 'closed' }, once)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect((await store.db.select().from(conversations))[0]!.status).toBe('open')
  })

  test('that cannot be answered say so, and keep nothing', async () => {
    const { text: key } = await keyFor()
    await store.db.update(conversations).set({ address: '+33639989999', contactId: null, siteId: null })
    const answer = await post(`${one}/answers`, key, { text: 'Jeudi matin.' })
    expect(answer.status).toBe(409)
    expect(await answer.json()).toMatchObject({ code: 'answer-refused' })
    expect(((await (await send(one, key)).json()) as Shown).messages).toHaveLength(1)
    expect((await post(`${one}/answers`, key, { text: '  ' })).status).toBe(422)
  })

  test('are for keys that were given them', async () => {
    const { text: reader } = await keyFor(['conversation.read'])
    expect((await send(one, reader)).status).toBe(200)
    expect((await post(`${one}/status`, reader, { status: 'closed' })).status).toBe(403)
    const { text: other } = await keyFor(['delivery.read'])
    expect((await send('/api/v1/conversations', other)).status).toBe(403)
  })
})

describe('a delivery that waits for a person', () => {
  test('is decided once', async () => {
    const { text: key } = await keyFor()
    const id = demo.shown.sms
    await store.db.update(deliveries).set({ status: 'needs_review', reason: 'no_answer' }).where(eq(deliveries.id, id))
    const waiting = (await (await send('/api/v1/deliveries?status=needs_review', key)).json()) as { data: Shown[] }
    expect(waiting.data).toMatchObject([{ id, status: 'needs_review' }])
    const decided = await post(`/api/v1/deliveries/${id}/review`, key, { verdict: 'not_left' })
    expect(await decided.json()).toMatchObject({ id, status: 'queued', reason: 'resent_by_person' })
    const late = await post(`/api/v1/deliveries/${id}/review`, key, { verdict: 'left' })
    expect(late.status).toBe(409)
    expect(await late.json()).toMatchObject({ code: 'nothing-to-decide' })
    expect((await post(`/api/v1/deliveries/${id}/review`, key, { verdict: 'perhaps' })).status).toBe(422)
    const { text: reader } = await keyFor(['delivery.read'])
    expect((await post(`/api/v1/deliveries/${id}/review`, reader, { verdict: 'left' })).status).toBe(403)
  })
})
