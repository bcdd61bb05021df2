import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { can, type Permission, permissions } from '../../src/accounts/policy.ts'
import { newId } from '../../src/db/index.ts'
import { type Role, roles } from '../../src/db/schema/accounts.ts'
import { memberships, users } from '../../src/db/schema.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { type Browser, openSite, publicUrl, type Site } from './client.ts'
import { type SmallNetwork, seedSmallNetwork, wallNow } from './small-network.ts'

let store: TestDatabase
let demo: SmallNetwork
let site: Site
const letterPdf = async () => new TextEncoder().encode('%PDF-1.4')

beforeAll(async () => {
  store = await freshDatabase()
  demo = await seedSmallNetwork(store.db)
  site = openSite(store.db, demo.plan, { letterPdf })
  await site.browser().signIn()
})
afterAll(() => store.drop())

/**
 * Who may ask for what, route by route. `token`: whoever has a link we signed; `signature`: the provider, by its
 * signature over the body; `code`: whoever has the code. A route that is not here fails the first test.
 */
const table: Record<string, 'open' | 'signed in' | 'token' | 'code' | 'signature' | Permission> = {
  'GET /': 'open',
  'GET /sign-in/:token': 'open',
  'POST /sign-in/:token': 'open',
  'POST /sign-out': 'signed in',
  'GET /assets/:version/:name': 'open',
  'GET /console': 'signed in',
  'GET /console/campaigns/:id': 'campaign.read',
  'POST /console/clock': 'clock.advance',
  'GET /console/outbox': 'delivery.read',
  'GET /console/outbox/:id': 'delivery.read',
  'GET /console/outbox/:id/content': 'delivery.read',
  'GET /console/outbox/:id/letter.pdf': 'delivery.read',
  'GET /console/contacts/:id': 'contact.read',
  'GET /healthz': 'open',
  'GET /readyz': 'open',
  'GET /o/:file': 'token',
  'GET /c/:token': 'token',
  'GET /q/:code': 'code',
  'GET /u/:token': 'token',
  'POST /u/:token': 'token',
  'GET /a/:token': 'token',
  'POST /a/:token': 'token',
  'GET /prefs/:token': 'token',
  'POST /prefs/:token': 'token',
  'POST /webhooks/*': 'signature',
}

const declared = () => [
  ...new Set(site.app.routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => `${method} ${path}`)),
]

test('every route is in the table, and the table names no route that is not there', () => {
  expect(declared().sort()).toEqual(Object.keys(table).sort())
})

test('the guard on a route’s line is the one in the table', () => {
  for (const [route, access] of Object.entries(table)) {
    if (access === 'token' || access === 'code' || access === 'signature') continue
    const [first] = site.app.routes.filter(({ method, path }) => `${method} ${path}` === route)
    const guard = access === 'open' ? 'open' : access === 'signed in' ? 'signedIn' : `may ${access}`
    expect(first?.handler.name, route).toBe(guard)
  }
})

const pathOf = (route: string) => {
  const path = route.split(' ')[1]!
  if (path.includes('/campaigns/')) return path.replace(':id', demo.campaignId)
  if (path.includes('/contacts/')) return path.replace(':id', demo.contactId)
  return path.replace(':id', path.endsWith('pdf') ? demo.shown.print : demo.shown.email)
}
const isPermission = (access: string): access is Permission => permissions.some((permission) => permission === access)

describe.each(roles)('as %s', (role: Role) => {
  let browser: Browser
  const membership = { networkId: '', role, scope: {} }
  beforeAll(async () => {
    const id = newId()
    const email = `${role}@example.org`
    await store.db.insert(users).values({ id, name: role, email, createdAt: wallNow, updatedAt: wallNow })
    await store.db
      .insert(memberships)
      .values({ ...membership, networkId: demo.networkId, userId: id, createdAt: wallNow })
    browser = site.browser()
    await browser.post(await site.link(email))
  })

  test('every page opens or does not exist as the role’s rights say, also by HEAD', async () => {
    const user = { id: role, memberships: [{ ...membership, networkId: demo.networkId }] }
    for (const [route, access] of Object.entries(table)) {
      if (!route.startsWith('GET /console/') || !isPermission(access)) continue
      const expected = can(user, access, demo.networkId) ? 200 : 404
      expect((await browser.get(pathOf(route))).status, route).toBe(expected)
      expect((await browser.head(pathOf(route))).status, `HEAD ${route}`).toBe(expected)
    }
  })

  test('the clock moves, is refused to who sees it, or does not exist', async () => {
    const user = { id: role, memberships: [{ ...membership, networkId: demo.networkId }] }
    const sees = can(user, 'network.read', demo.networkId)
    const moves = can(user, 'clock.advance', demo.networkId)
    const before = site.advanced.length
    const offset = '0'
    const answer = await browser.post('/console/clock', { move: 'day', offset })
    expect(answer.status).toBe(moves ? 303 : sees ? 403 : 404)
    if (!moves) expect(site.advanced.length).toBe(before)
  })
})

test('nobody who is not signed in gets any page of the console, whatever the method', async () => {
  const stranger = site.browser()
  for (const [route, access] of Object.entries(table)) {
    if (access !== 'signed in' && !isPermission(access)) continue
    const answer = route.startsWith('POST') ? await stranger.post(pathOf(route)) : await stranger.get(pathOf(route))
    expect([answer.status, answer.headers.get('location')], route).toEqual([303, '/'])
    if (route.startsWith('GET')) expect((await stranger.head(pathOf(route))).status, `HEAD ${route}`).toBe(303)
  }
})

test('a page never links to another site by its own path', async () => {
  const answer = await site.browser().get('//elsewhere.example/%0d%0a')
  const links = [...(await answer.text()).matchAll(/href="([^"]*)"/g)].map((match) => match[1]!)
  for (const link of links) expect(new URL(link, publicUrl).origin).toBe(new URL(publicUrl).origin)
})
