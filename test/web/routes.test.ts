import { createHash } from 'node:crypto'
import { is, Table } from 'drizzle-orm'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { can, type Permission, permissions, scopeFor } from '../../src/accounts/policy.ts'
import * as schema from '../../src/db/schema.ts'
import type { PageEnv, PageMiddleware } from '../../src/http/page-env.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { type Browser, openSite, publicUrl, type Site } from './client.ts'
import { routeTable } from './route-table/index.ts'
import { namesAnObject, pathIn } from './route-table/paths.ts'
import { cast, enrol, isPermission, type Person } from './route-table/people.ts'
import { type SmallNetwork, seedSmallNetwork } from './small-network.ts'

let store: TestDatabase
let demo: SmallNetwork
let hidden: SmallNetwork
let site: Site
let people: Person[]
let outsideSites: string[]
let gate: (browser: Browser, route: string, path: string) => Promise<number>

const letterPdf = async () => new TextEncoder().encode('%PDF-1.4')
const routes = [...routeTable]
const withPermission = routes.flatMap(([route, entry]) =>
  isPermission(entry.access) ? [{ route, entry, permission: entry.access }] : [],
)
const isGet = (route: string) => route.startsWith('GET ')
const inApi = (route: string) => route.includes(' /api/')

/** The site's own guards in front of handlers that do nothing: what is let in has no effect on who comes next. */
function guardsOnly({ app }: Site) {
  const bare = new Hono<PageEnv>()
  bare.onError((error, c) => c.body(null, error instanceof HTTPException ? error.status : 500))
  const seen = new Set<string>()
  for (const { method, path, handler } of app.routes) {
    if (method === 'ALL' || seen.has(`${method} ${path}`)) continue
    seen.add(`${method} ${path}`)
    bare.on(method, path, handler as PageMiddleware, (c) => c.text('in'))
  }
  return async (browser: Browser, route: string, path: string) => {
    const answer = await bare.request(
      publicUrl + path,
      {
        method: route.split(' ')[0],
        headers: {
          cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
          origin: publicUrl,
        },
      },
      { incoming: { socket: { remoteAddress: '192.0.2.7' } } },
    )
    return answer.status
  }
}

beforeAll(async () => {
  store = await freshDatabase()
  demo = await seedSmallNetwork(store.db)
  site = openSite(store.db, demo.plan, { letterPdf })
  await site.browser().signIn()
  // Created after the owner's rights were given: nobody here belongs to it.
  hidden = await seedSmallNetwork(store.db, { name: 'acme', number: 2, title: 'Acme', mode: 'live' })
  const all = await store.db.select({ id: schema.sites.id, networkId: schema.sites.networkId }).from(schema.sites)
  const inside = all.filter(({ networkId }) => networkId === demo.networkId).map(({ id }) => id)
  outsideSites = all.filter(({ networkId }) => networkId === hidden.networkId).map(({ id }) => id)
  people = []
  for (const given of cast(inside, outsideSites))
    people.push(await enrol(store.db, site, { ...given, networkId: demo.networkId }))
  gate = guardsOnly(site)
})
afterAll(() => store.drop())

const declared = () => [
  ...new Set(site.app.routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => `${method} ${path}`)),
]

/** Every row of every table; sessions and rate counters may move when somebody merely looks. */
async function digest(): Promise<Record<string, string>> {
  const told: Record<string, string> = {}
  for (const [name, table] of Object.entries(schema)) {
    if (!is(table, Table) || name === 'sessions' || name === 'rateLimits') continue
    const rows = await store.db.select().from(table)
    told[name] = createHash('sha256')
      .update(
        rows
          .map((row) => JSON.stringify(row))
          .sort()
          .join('\n'),
      )
      .digest('hex')
  }
  return told
}

test('every route is in the table, and the table names no route that is not there', () => {
  expect(declared().sort()).toEqual([...routeTable.keys()].sort())
})

test('the guard on a route’s line is the one in the table', () => {
  for (const [route, { access }] of routes) {
    if (access === 'token' || access === 'code' || access === 'signature') continue
    const [first] = site.app.routes.filter(({ method, path }) => `${method} ${path}` === route)
    const guard = access === 'open' ? 'open' : access === 'signed in' ? 'signedIn' : `may ${access}`
    expect(first?.handler.name, route).toBe(guard)
  }
})

/** Who may see an object, but not do this to it, is told so; to the others it does not exist. */
const seenBy = (permission: Permission): Permission => {
  const twin = `${permission.split('.')[0]}.read`
  return permissions.find((candidate) => candidate === twin) ?? 'network.read'
}
/** An import brings people into any area, and is nobody's own. */
const ofOnesArea = /^(site|contact|delivery|conversation)\.(?!import)/

describe('route by role', () => {
  const rightsOf = ({ user, called }: Person, route: string, permission: Permission) => {
    const isElsewhere =
      ofOnesArea.test(permission) &&
      namesAnObject(route) &&
      (called === 'region_manager outside' || called === 'region_manager of an area nobody is in')
    const has = (asked: Permission) => !isElsewhere && can(user, asked, demo.networkId)
    if (isGet(route)) return has(permission) ? 200 : 404
    if (has(permission)) return 200
    return has(seenBy(permission)) ? 403 : 404
  }

  test('each is let in, refused, or told that there is nothing there, as the policy says', {
    timeout: 120_000,
  }, async () => {
    for (const { route, entry, permission } of withPermission) {
      const path = await pathIn(route, entry, demo, store.db)
      for (const person of people)
        expect(await gate(person.browser, route, path), `${route} as ${person.called}`).toBe(
          rightsOf(person, route, permission),
        )
    }
  })

  test('another network’s object is 404 whoever asks, and so is a list of that network', {
    timeout: 120_000,
  }, async () => {
    for (const { route, entry } of withPermission) {
      const path = await pathIn(route, entry, hidden, store.db)
      const asked = namesAnObject(route) ? path : `${path}${path.includes('?') ? '&' : '?'}network=acme`
      for (const person of people)
        expect(await gate(person.browser, route, asked), `${route} as ${person.called}`).toBe(404)
    }
  })

  test('whoever is not signed in is sent to the first page, a program is told 401', async () => {
    const stranger = site.browser()
    for (const [route, entry] of routes) {
      if (entry.access !== 'signed in' && !isPermission(entry.access)) continue
      const path = await pathIn(route, entry, demo, store.db)
      const answer = isGet(route) ? await stranger.get(path) : await stranger.post(path, entry.form)
      const expected = inApi(route) ? [401, null] : [303, '/']
      expect([answer.status, answer.headers.get('location')], route).toEqual(expected)
      if (isGet(route)) expect((await stranger.head(path)).status, `HEAD ${route}`).toBe(expected[0])
    }
  })

  test('the auditor is let in to no route that changes anything in a network', async () => {
    const auditor = people.find(({ called }) => called === 'auditor')!
    for (const { route, entry } of withPermission.filter((one) => !isGet(one.route)))
      expect(await gate(auditor.browser, route, await pathIn(route, entry, demo, store.db)), route).not.toBe(200)
  })
})

test('every page opens for whoever may see it, by HEAD too, and changes nothing', { timeout: 300_000 }, async () => {
  let prepared = await digest()
  for (const [route, entry] of routes) {
    if (!isGet(route) || (entry.access !== 'signed in' && entry.access !== 'open' && !isPermission(entry.access)))
      continue
    const path = await pathIn(route, entry, demo, store.db)
    // What a route's path puts there stays for those after it.
    if (entry.path) prepared = await digest()
    for (const { called, user, browser } of people) {
      if (!['owner', 'auditor', 'region_manager inside', 'viewer', 'partner of a site'].includes(called)) continue
      const answer = await browser.get(path)
      const isRefused = isPermission(entry.access) && !can(user, entry.access, demo.networkId)
      if (isRefused) expect(answer.status, `${route} as ${called}`).toBe(404)
      else expect([200, 303, 404], `${route} as ${called}`).toContain(answer.status)
      // A page that has nothing to ask, such as a confirmation of what is done, leads on; never to the sign-in.
      // Pages of partners are nobody else's.
      if (called === 'owner' && isPermission(entry.access) && entry.access !== 'partner.read')
        expect([200, 303], route).toContain(answer.status)
      if (entry.access !== 'open') expect(answer.headers.get('location'), route).not.toBe('/')
      expect((await browser.head(path)).status, `HEAD ${route} as ${called}`).toBe(answer.status)
    }
    expect(await digest(), route).toEqual(prepared)
  }
  expect(site.errors).toEqual([])
})

test('a region manager finds nothing of the other areas on any page', async () => {
  const [ownSite] = await store.db.select().from(schema.sites)
  const area = await enrol(store.db, site, {
    networkId: demo.networkId,
    called: 'manager of one site',
    role: 'region_manager',
    scope: { sites: [ownSite!.id] },
  })
  const people = await store.db.select().from(schema.contacts)
  const foreignContacts = people.filter(({ siteId }) => siteId !== ownSite!.id)
  const ownContacts = new Set(people.filter(({ siteId }) => siteId === ownSite!.id).map(({ id }) => id))
  const members = await store.db.select().from(schema.deliveryMembers)
  const ownDeliveries = new Set(members.filter((row) => ownContacts.has(row.contactId)).map((row) => row.deliveryId))
  const foreign = [
    ...foreignContacts.map(({ id }) => id),
    ...members.filter((row) => !ownDeliveries.has(row.deliveryId)).map((row) => row.deliveryId),
    ...(await store.db.select().from(schema.sites)).filter(({ id }) => id !== ownSite!.id).map(({ id }) => id),
  ]
  expect(foreign.length).toBeGreaterThan(100)
  let opened = 0
  for (const { route, entry, permission } of withPermission) {
    if (!isGet(route) || namesAnObject(route) || !scopeFor(area.user, permission, demo.networkId)) continue
    const answer = await area.browser.get(await pathIn(route, entry, demo, store.db))
    expect(answer.status, route).toBe(200)
    const text = await answer.text()
    expect(
      foreign.filter((id) => text.includes(id)),
      route,
    ).toEqual([])
    opened += 1
  }
  expect(opened).toBeGreaterThan(0)
})

test('a page never links to another site by its own path', async () => {
  const answer = await site.browser().get('//elsewhere.example/%0d%0a')
  const links = [...(await answer.text()).matchAll(/href="([^"]*)"/g)].map((match) => match[1]!)
  for (const link of links) expect(new URL(link, publicUrl).origin).toBe(new URL(publicUrl).origin)
})
