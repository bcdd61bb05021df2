import { eq } from 'drizzle-orm'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAuth } from '../../src/accounts/auth.ts'
import { newId } from '../../src/db/index.ts'
import { contacts, memberships, users } from '../../src/db/schema.ts'
import { takesJson, upload } from '../../src/http/body.ts'
import { createGuards } from '../../src/http/guard.ts'
import type { PageEnv } from '../../src/http/page-env.ts'
import { contactOf, networkOf } from '../../src/web/console/locate.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { type Browser, openSite, publicUrl, type Site } from '../web/client.ts'
import { seedSmallNetwork, wallNow } from '../web/small-network.ts'

let store: TestDatabase
let site: Site
let browser: Browser
let people: (typeof contacts.$inferSelect)[]
const mayOwn = () => people[0]!
const mayOnlySee = () => people.find(({ siteId }) => siteId !== mayOwn().siteId)!

beforeAll(async () => {
  store = await freshDatabase()
  const demo = await seedSmallNetwork(store.db)
  people = await store.db.select().from(contacts).where(eq(contacts.networkId, demo.networkId))
  site = openSite(store.db, demo.plan)
  const id = newId()
  const email = 'both@example.org'
  await store.db.insert(users).values({ id, name: 'Both', email, createdAt: wallNow, updatedAt: wallNow })
  // Reads the whole network, and writes at one site only.
  await store.db.insert(memberships).values([
    { networkId: demo.networkId, userId: id, role: 'auditor', scope: {}, createdAt: wallNow },
    {
      networkId: demo.networkId,
      userId: id,
      role: 'marketer',
      scope: { sites: [mayOwn().siteId] },
      createdAt: wallNow,
    },
  ])
  browser = site.browser()
  await browser.post(await site.link(email))
})
afterAll(() => store.drop())

function rooms() {
  const { db } = site.deps
  const app = new Hono<PageEnv>()
  app.onError((error, c) => c.body(null, error instanceof HTTPException ? error.status : 500))
  const { may } = createGuards(createAuth(site.deps), db)
  app.get('/contacts/:id', may('contact.read', contactOf(db)), (c) => c.json(c.get('scope')))
  app.post('/contacts/:id', may('contact.write', contactOf(db)), (c) => c.json(c.get('scope')))
  app.post('/import', may('contact.import', networkOf(db)), (c) => c.text('in'))
  return (method: string, path: string) =>
    app.request(publicUrl + path, {
      method,
      headers: { cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    })
}

test('reading further than writing lets nobody write further than writing reaches', async () => {
  const ask = rooms()
  expect((await ask('GET', `/contacts/${mayOnlySee().id}`)).status).toBe(200)
  expect((await ask('POST', `/contacts/${mayOnlySee().id}`)).status).toBe(403)
  const own = await ask('POST', `/contacts/${mayOwn().id}`)
  expect([own.status, await own.json()]).toEqual([200, { of: 'sites', areas: [], siteIds: [mayOwn().siteId] }])
  expect(await (await ask('GET', `/contacts/${mayOwn().id}`)).json()).toEqual({ of: 'network' })
  expect((await ask('POST', `/contacts/${newId()}`)).status).toBe(404)
  expect((await ask('POST', '/import')).status).toBe(403)
})

test('a route takes the body its line says, up to the size it says, and nothing else', async () => {
  const { app } = openSite(store.db)
  app.post('/test/form', async (c) => c.text(Object.keys(await c.req.parseBody()).join()))
  app.post('/test/file', upload(200_000), async (c) => c.text(Object.keys(await c.req.parseBody()).join()))
  app.post('/test/json', takesJson(1_000), async (c) => c.json(await c.req.json()))
  const send = async (path: string, body: string | FormData | URLSearchParams, headers: Record<string, string> = {}) =>
    app.request(publicUrl + path, { method: 'POST', body, headers: { origin: publicUrl, ...headers } })
  const file = (size: number) => {
    const form = new FormData()
    form.set('file', new File(['x'.repeat(size)], 'a.csv'))
    return form
  }
  const plain = new URLSearchParams({ a: 'b' })
  const json = { 'content-type': 'application/json' }
  const answers = async (...all: Promise<Response>[]) => (await Promise.all(all)).map(({ status }) => status)

  expect(await answers(send('/test/form', plain), send('/test/file', plain), send('/test/json', plain))).toEqual([
    200, 200, 400,
  ])
  expect(await answers(send('/test/form', file(10)), send('/test/json', file(10)))).toEqual([415, 415])
  expect(await answers(send('/test/file', file(100_000)), send('/test/file', file(200_000)))).toEqual([200, 413])
  expect(await answers(send('/test/form', '{}', json), send('/test/file', '{}', json))).toEqual([415, 415])
  expect(await answers(send('/test/json', '{}', json))).toEqual([200])
  expect(await answers(send('/test/json', `"${'x'.repeat(1_000)}"`, json))).toEqual([413])
  expect(await answers(send('/test/form', new URLSearchParams({ a: 'x'.repeat(70_000) })))).toEqual([413])
  // Longer than said: counted as it comes.
  const stream = () => new Response('x'.repeat(300_000)).body!
  const chunked = new Request(`${publicUrl}/test/file`, {
    method: 'POST',
    body: stream(),
    duplex: 'half',
    headers: { origin: publicUrl, 'content-type': 'multipart/form-data; boundary=x' },
  } as RequestInit)
  expect((await app.request(chunked)).status).toBe(413)
  for (const [path, body, headers] of [
    ['/test/form', plain, {}],
    ['/test/file', file(10), {}],
    ['/test/json', '{}', json],
  ] as const)
    expect(
      await answers(
        send(path, body, { ...headers, origin: 'https://evil.example' }),
        send(path, body, { ...headers, origin: 'null' }),
        send(path, body, { ...headers, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }),
        send(path, body, { ...headers, origin: 'http://evil.relais.test', 'sec-fetch-site': 'same-site' }),
      ),
      path,
    ).toEqual([403, 403, 403, 403])
})
