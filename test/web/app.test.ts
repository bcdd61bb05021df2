import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../src/db/index.ts'
import { memberships, sessions, users } from '../../src/db/schema.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { type Browser, openSite, publicUrl, type Site } from './client.ts'
import { routeTable } from './route-table/index.ts'
import { pathIn } from './route-table/paths.ts'
import { type SmallNetwork, seedSmallNetwork, wallNow } from './small-network.ts'

let store: TestDatabase
let demo: SmallNetwork
let hidden: SmallNetwork
let site: Site
let owner: Browser

beforeAll(async () => {
  store = await freshDatabase()
  demo = await seedSmallNetwork(store.db)
  site = openSite(store.db, demo.plan)
  owner = site.browser()
  await owner.signIn()
  // Created after the owner's rights were given, so the owner has none there.
  hidden = await seedSmallNetwork(store.db, { name: 'acme', number: 2, title: 'Acme', mode: 'live' })
})
afterAll(() => store.drop())

const pathsOf = (network: SmallNetwork) => [
  `/console/campaigns/${network.campaignId}`,
  `/console/outbox/${network.shown.email}`,
  `/console/outbox/${network.shown.email}/content`,
  `/console/outbox/${network.shown.print}/letter.pdf`,
  `/console/contacts/${network.contactId}`,
]
const everywhere = (network: SmallNetwork) => [
  '/',
  '/sign-in/nobody',
  '/console',
  '/console/outbox',
  ...pathsOf(network),
  '/healthz',
  '/readyz',
  '/o/nothing.gif',
  '/c/nothing',
  '/q/nothing1',
  '/u/nothing',
  '/prefs/nothing',
  '/webhooks/twilio/status',
  '/nowhere',
]

test('every route declares its permission on its line', () => {
  const fromOutside = /^\/(o|c|q|u|a|prefs|webhooks)\//
  const guards = new Map<string, string[]>()
  for (const { method, path, handler } of site.app.routes) {
    if (method === 'ALL' || fromOutside.test(path)) continue
    const route = `${method} ${path}`
    guards.set(route, [...(guards.get(route) ?? []), handler.name])
  }
  expect(guards.size).toBeGreaterThan(12)
  for (const [route, names] of guards) expect(names[0], route).toMatch(/^(open|signedIn|may [a-z]+\.[a-z]+)$/)
})

/** A message as it will look, inside a page of ours: nothing else is ever framed. */
const mayBeFramed = /\/content$|\/write\/frame$|^\/console\/library\/brand\/preview/

function expectHeaders({ headers }: Response, path: string) {
  const policy = headers.get('content-security-policy') ?? ''
  expect(policy, path).toContain("default-src 'none'")
  expect(policy, path).toMatch(mayBeFramed.test(path) ? /frame-ancestors 'self'/ : /frame-ancestors 'none'/)
  expect(policy.match(/script-src ([^;]*)/)?.[1] ?? 'none', path).toMatch(/^('nonce-[^']+'|none)$/)
  expect(policy.replaceAll(`${publicUrl}/`, ''), path).not.toMatch(/unsafe-eval|https?:/)
  expect(headers.get('x-content-type-options'), path).toBe('nosniff')
  expect(headers.get('referrer-policy'), path).toMatch(/^(same-origin|no-referrer)$/)
  expect(headers.get('x-powered-by'), path).toBeNull()
}

test('every answer carries a policy that lets no script of others run and no one frame it', {
  timeout: 120_000,
}, async () => {
  const stranger = site.browser()
  let answers = 0
  for (const [route, entry] of routeTable) {
    const path = await pathIn(route, entry, demo, store.db)
    const elsewhere = await pathIn(route, entry, hidden, store.db)
    for (const browser of [owner, stranger])
      for (const at of [path, elsewhere]) {
        if (route.startsWith('GET')) {
          expectHeaders(await browser.get(at), at)
          expectHeaders(await browser.head(at), at)
        }
        // Refused before it does anything: forged, of another type, or by the wrong method.
        expectHeaders(await browser.post(at, {}, { origin: 'https://evil.example' }), at)
        expectHeaders(await browser.post(at, {}, { 'content-type': 'text/plain' }), at)
        answers += 2
      }
  }
  for (const path of ['/nowhere', '/console/nowhere', '/api/nowhere', '/webhooks/nowhere', '/%ff', '/console/../etc'])
    for (const browser of [owner, stranger]) expectHeaders(await browser.get(path), path)
  expect(answers).toBeGreaterThan(100)
})

test('behind https, browsers are told to come back by https only', async () => {
  const secure = openSite(store.db, demo.plan, { publicUrl: 'https://relais.test' }).browser()
  for (const path of ['/', '/nowhere', '/o/nothing.gif', '/console'])
    expect((await secure.get(path)).headers.get('strict-transport-security'), path).toMatch(/^max-age=\d{8};/)
  expect((await owner.get('/')).headers.get('strict-transport-security')).toBeNull()
})

test('a nonce is used once', async () => {
  const nonce = async () => /nonce="([^"]+)"/.exec(await (await owner.get('/console')).text())?.[1]
  const [first, second] = [await nonce(), await nonce()]
  expect(first).toBeTruthy()
  expect(first).not.toBe(second)
})

test('the pixel may be shown inside a mail program, our pages nowhere else', async () => {
  expect((await owner.get('/o/nothing.gif')).headers.get('cross-origin-resource-policy')).toBe('cross-origin')
  expect((await owner.get('/console')).headers.get('cross-origin-resource-policy')).toBe('same-origin')
  expect((await owner.get('/u/nothing')).headers.get('referrer-policy')).toBe('no-referrer')
})

test('whoever is not signed in is sent to the first page, with script or without', async () => {
  const stranger = site.browser()
  for (const path of ['/console', '/console/outbox', ...pathsOf(demo)]) {
    const answer = await stranger.get(path)
    expect([answer.status, answer.headers.get('location')], path).toEqual([303, '/'])
  }
  expect((await stranger.get('/console/outbox', { 'hx-request': 'true' })).headers.get('hx-redirect')).toBe('/')
  expect((await stranger.post('/console/clock?network=demo')).status).toBe(303)
  expect(site.advanced).toEqual([])
})

test("another network's objects do not exist: 404, the same as for what was never there", async () => {
  for (const path of pathsOf(demo)) expect((await owner.get(path)).status, path).toBe(path.endsWith('pdf') ? 404 : 200)
  for (const path of [
    ...pathsOf(hidden),
    '/console?network=acme',
    '/console/outbox?network=acme',
    `/console/campaigns/${newId()}`,
  ])
    expect((await owner.get(path)).status, path).toBe(404)
  const answer = await owner.post('/console/clock?network=acme', { move: 'end', offset: '0' })
  expect(answer.status).toBe(404)
})

test('a viewer reads the campaign, finds no message, and may not move the clock', async () => {
  const id = newId()
  await store.db
    .insert(users)
    .values({ id, name: 'Vera', email: 'vera@example.org', language: 'en', createdAt: wallNow, updatedAt: wallNow })
  await store.db
    .insert(memberships)
    .values({ networkId: demo.networkId, userId: id, role: 'viewer', scope: {}, createdAt: wallNow })
  const viewer = site.browser()
  await viewer.post(await site.link('vera@example.org'))
  const page = await viewer.get(`/console/campaigns/${demo.campaignId}`)
  expect(page.status).toBe(200)
  expect(await page.text()).toContain('<html lang="en">')
  expect((await viewer.get('/console/outbox')).status).toBe(404)
  expect((await viewer.get(`/console/outbox/${demo.shown.sms}`)).status).toBe(404)
  const refused = await viewer.post('/console/clock?network=demo', { move: 'end', offset: '0' })
  expect(refused.status).toBe(403)
  expect(site.advanced).toEqual([])
})

test('a form that another site posts is refused, and so is anything that is no form', async () => {
  const path = '/console/clock?network=demo'
  const form = { move: 'day', offset: '0' }
  const from = (headers: Record<string, string>) => owner.post(path, form, headers)
  expect((await from({ origin: 'https://evil.example' })).status).toBe(403)
  expect((await from({ origin: 'null' })).status).toBe(403)
  expect((await from({ origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  expect((await from({ 'content-type': 'application/json' })).status).toBe(415)
  expect((await from({ 'content-type': 'text/plain' })).status).toBe(415)
  expect((await from({ 'content-type': 'multipart/form-data; boundary=x' })).status).toBe(415)
  expect((await from({ origin: 'https://evil.example', 'content-type': 'application/json' })).status).toBe(403)
  expect((await from({ origin: 'http://relais.test.evil.example' })).status).toBe(403)
  expect((await owner.post('/sign-out', {}, { origin: 'https://evil.example' })).status).toBe(403)
  expect((await owner.get('/console')).status).toBe(200)
  expect(site.advanced).toEqual([])
})

test('mail programs may post to the unsubscribe address, since it takes no cookie', async () => {
  const answer = await site.browser().post('/u/nothing', { 'List-Unsubscribe': 'One-Click' }, { origin: 'null' })
  expect(answer.status).toBe(404)
})

test('a form of more than 64 kB is refused', async () => {
  const answer = await owner.post('/console/clock', { move: 'x'.repeat(70_000) })
  expect(answer.status).toBe(413)
})

test('a known address asked for in the wrong way says which ways there are', async () => {
  const answer = await owner.post('/console/outbox')
  expect(answer.status).toBe(405)
  expect(answer.headers.get('allow')).toBe('GET, HEAD')
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
})

test('a trailing slash leads to the page', async () => {
  expect((await owner.get('/console/')).headers.get('location')).toContain('/console')
})

test('programs get problem+json, people a page; nobody gets a stack trace', async () => {
  const broken = openSite(store.db, demo.plan, {
    plan: () => Promise.reject(new Error('secret detail')),
  })
  const browser = broken.browser()
  await browser.signIn()
  const path = `/console/campaigns/${demo.campaignId}`
  const page = await browser.get(path)
  const text = await page.text()
  expect(page.status).toBe(500)
  expect(text).not.toMatch(/secret detail|\.ts:\d|node_modules/)
  const reference = /<code>([0-9a-f-]{36})<\/code>/.exec(text)?.[1]
  expect(reference).toBeTruthy()
  expect(broken.errors.map((error) => error.message)).toEqual(['secret detail'])
  const json = await browser.get('/nowhere', { accept: 'application/json' })
  expect(json.headers.get('content-type')).toBe('application/problem+json')
  expect(await json.json()).toMatchObject({ status: 404, title: 'Page not found' })
})

test('a GET changes nothing but the session it may prolong', async () => {
  const written: string[] = []
  const watched = openSite(
    new Proxy(store.db, {
      get: (db, name) => {
        const value: unknown = Reflect.get(db, name)
        if (typeof value !== 'function') return value
        if (['insert', 'update', 'delete', 'insertRows', 'updateRows', 'transaction'].includes(String(name)))
          written.push(String(name))
        return value.bind(db)
      },
    }),
    demo.plan,
  )
  const browser = watched.browser()
  await browser.signIn()
  const link = await watched.link()
  expect(written).toContain('insert')
  written.length = 0
  for (const path of [...everywhere(demo).filter((one) => !/^\/(o|c|q|u|a)\//.test(one)), link]) await browser.get(path)
  expect(written).toEqual([])
})

test('health says alive and ready, and why not', async () => {
  expect(await (await owner.get('/healthz')).json()).toEqual({ status: 'ok', version: '0.1.0' })
  expect((await owner.get('/readyz')).status).toBe(200)
  const waiting = openSite(store.db, undefined, { unready: () => ['Redis does not answer.'] })
  const answer = await waiting.browser().get('/readyz')
  expect(answer.status).toBe(503)
  expect(await answer.json()).toEqual({ status: 'not ready', reasons: ['Redis does not answer.'] })
})

test('assets come from a closed list, compressed, for ever under their version', async () => {
  const home = await (await owner.get('/console')).text()
  const url = /href="(\/assets\/[0-9a-f]+\/relais\.css)"/.exec(home)?.[1] ?? ''
  const css = await owner.get(url, { 'accept-encoding': 'gzip, br' })
  expect(css.headers.get('content-encoding')).toBe('gzip')
  expect(css.headers.get('cache-control')).toContain('immutable')
  expect((await owner.get(url)).headers.get('content-type')).toContain('text/css')
  expect((await css.arrayBuffer()).byteLength).toBeLessThan(20_000)
  for (const name of ['../package.json', '..%2fpackage.json', '%2e%2e%2fpackage.json', 'constructor', '__proto__'])
    expect((await owner.get(`/assets/x/${name}`)).status, name).toBe(404)
})

test('the language is the one asked for, then the one kept, the user’s, the browser’s', async () => {
  const langOf = async (answer: Response) => /<html lang="(..)">/.exec(await answer.text())?.[1]
  const stranger = site.browser()
  expect(await langOf(await stranger.get('/', { 'accept-language': 'de, en;q=0.8, fr;q=0.2' }))).toBe('en')
  expect(await langOf(await stranger.get('/', { 'accept-language': 'de' }))).toBe('fr')
  expect(await langOf(await stranger.get('/?lang=en'))).toBe('en')
  expect(await langOf(await stranger.get('/'))).toBe('en')
  expect(await langOf(await owner.get('/console', { 'accept-language': 'en' }))).toBe('fr')
})

test('what is public tells nothing of who exists', async () => {
  const before = await store.db.$count(sessions)
  const page = await site.browser().get('/')
  expect(await page.text()).not.toMatch(/owner@|Vauquelin/)
  expect(await store.db.$count(sessions)).toBe(before)
})
