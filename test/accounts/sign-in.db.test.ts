import { getAuthTables } from 'better-auth/db'
import { twoFactor } from 'better-auth/plugins/two-factor'
import { eq, getTableColumns, type Table } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createAuth } from '../../src/accounts/auth.ts'
import { ensureOwner, ownerEmail } from '../../src/accounts/owner.ts'
import { createOwnerSignInLink, UnknownUser } from '../../src/accounts/owner-link.ts'
import { newId } from '../../src/db/index.ts'
import {
  accounts,
  memberships,
  networks,
  passkeys,
  rateLimits,
  sessions,
  twoFactors,
  users,
  verifications,
} from '../../src/db/schema.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { countingRandom, openSite, publicUrl, type Site, secret } from '../web/client.ts'
import { wallNow } from '../web/small-network.ts'

let store: TestDatabase
let site: Site
const hour = 3_600_000

beforeAll(async () => {
  store = await freshDatabase()
})
beforeEach(async () => {
  for (const table of [sessions, verifications, memberships, users, networks]) await store.db.delete(table)
  await addNetwork('demo', 1)
  site = openSite(store.db)
})
afterAll(() => store.drop())

async function addNetwork(name: string, number: number): Promise<string> {
  const id = newId()
  await store.db
    .insert(networks)
    .values({ id, number, name, title: name, mode: 'sandbox', settings: {}, createdAt: wallNow })
  return id
}

test('the first link creates the owner, who owns every network; the next ones change nothing', async () => {
  await site.link()
  await addNetwork('acme', 2)
  await site.link()
  await ensureOwner(store.db, wallNow)
  const people = await store.db.select().from(users)
  expect(people.map((user) => user.email)).toEqual([ownerEmail])
  const rights = await store.db.select({ role: memberships.role, scope: memberships.scope }).from(memberships)
  expect(rights).toEqual([
    { role: 'owner', scope: {} },
    { role: 'owner', scope: {} },
  ])
})

test('a link opens one session, with an HttpOnly SameSite=Lax cookie, and works once', async () => {
  const path = await site.link()
  const browser = site.browser()
  const opened = await browser.post(path)
  expect(opened.status).toBe(303)
  expect(opened.headers.get('location')).toBe('/console')
  const cookie = opened.headers.getSetCookie().find((text) => text.startsWith('relais.session_token='))
  expect(cookie).toMatch(/HttpOnly/i)
  expect(cookie).toMatch(/SameSite=Lax/i)
  expect((await browser.get('/console')).status).toBe(200)
  expect((await site.browser().post(path)).status).toBe(404)
  expect(await store.db.$count(sessions)).toBe(1)
})

test('two presses at the same moment open one session', async () => {
  const path = await site.link()
  const answers = await Promise.all([1, 2, 3, 4].map(() => site.browser().post(path)))
  expect(answers.map((answer) => answer.status).sort()).toEqual([303, 404, 404, 404])
  expect(await store.db.$count(sessions)).toBe(1)
})

test('looking at a link does not use it up', async () => {
  const path = await site.link()
  for (const agent of ['SafeLinks', 'Mozilla/5.0', 'Slackbot'])
    expect((await site.browser().get(path, { 'user-agent': agent })).status).toBe(200)
  expect((await site.browser().post(path)).status).toBe(303)
})

test('a link works for 24 hours of wall time and not a moment longer', async () => {
  const early = await site.link()
  const late = await site.link()
  site.clock.at = new Date(wallNow.getTime() + 24 * hour - 1)
  expect((await site.browser().post(early)).status).toBe(303)
  site.clock.at = new Date(wallNow.getTime() + 24 * hour)
  expect((await site.browser().get(late)).status).toBe(404)
  expect((await site.browser().post(late)).status).toBe(404)
  await site.link()
  expect(await store.db.$count(verifications)).toBe(1)
})

test('used, expired, damaged and invented links get the very same answer', async () => {
  const used = await site.link()
  await site.browser().post(used)
  const expired = await site.link()
  site.clock.at = new Date(wallNow.getTime() + 25 * hour)
  const nonce = /nonce="[^"]*"/g
  const answers = await Promise.all(
    [used, expired, `${used.slice(0, -2)}xx`, '/sign-in/nobody'].map(async (path) => {
      const response = await site.browser().post(path)
      const text = (await response.text()).replace(nonce, '').replaceAll(path, '')
      return `${response.status} ${text}`
    }),
  )
  expect(new Set(answers).size).toBe(1)
})

test('the token of a link is stored only as its hash', async () => {
  const path = await site.link()
  const [row] = await store.db.select().from(verifications)
  expect(JSON.stringify(row)).not.toContain(path.split('/').at(-1))
  expect(row!.identifier).toMatch(/^sign-in-link:[0-9a-f]{64}$/)
})

test('signing in again gives the browser a new session and ends the old one', async () => {
  const browser = site.browser()
  await browser.signIn()
  const [first] = await store.db.select().from(sessions)
  await browser.signIn()
  const after = await store.db.select().from(sessions)
  expect(after).toHaveLength(1)
  expect(after[0]!.token).not.toBe(first!.token)
  expect(after[0]!.id).not.toBe(first!.id)
})

test('signing out ends the session on the server, so an old cookie opens nothing', async () => {
  const browser = site.browser()
  await browser.signIn()
  const kept = new Map(browser.cookies)
  expect((await browser.post('/sign-out')).status).toBe(303)
  expect(await store.db.$count(sessions)).toBe(0)
  for (const [name, value] of kept) browser.cookies.set(name, value)
  expect((await browser.get('/console')).headers.get('location')).toBe('/')
})

test('a session that was revoked, or whose user is gone, is over with the next request', async () => {
  const [one, two] = [site.browser(), site.browser()]
  await one.signIn()
  await two.signIn()
  const [first] = await store.db.select().from(sessions)
  await store.db.delete(sessions).where(eq(sessions.id, first!.id))
  const answers = [await one.get('/console'), await two.get('/console')].map((answer) => answer.status).sort()
  expect(answers).toEqual([200, 303])
  await store.db.delete(users)
  expect((await one.get('/console')).status).toBe(303)
  expect((await two.get('/console')).status).toBe(303)
})

test('a forged cookie opens nothing', async () => {
  const browser = site.browser()
  await browser.signIn()
  const [row] = await store.db.select().from(sessions)
  const forged = site.browser()
  forged.cookies.set('relais.session_token', encodeURIComponent(`${row!.token}.${'A'.repeat(43)}=`))
  expect((await forged.get('/console')).status).toBe(303)
})

test('the session remembers the address of our own socket, whatever the headers claim', async () => {
  const path = await site.link()
  await site.browser().post(path, {}, { 'x-relais-ip': '203.0.113.66', 'x-forwarded-for': '203.0.113.66' })
  const [row] = await store.db.select().from(sessions)
  expect(row!.ipAddress).toBe('192.0.2.7')
})

test('a link for someone without an account is refused to the operator, who learns why', async () => {
  const deps = { db: store.db, wall: { now: () => wallNow }, random: countingRandom(), publicUrl }
  await expect(createOwnerSignInLink(deps, 'nobody@example.org')).rejects.toThrow(UnknownUser)
  await store.db.insert(users).values({
    id: newId(),
    name: 'Marie',
    email: 'marie@example.org',
    createdAt: wallNow,
    updatedAt: wallNow,
  })
  expect(await createOwnerSignInLink({ ...deps, publicUrl: 'https://relais.example/' }, ' Marie@Example.org ')).toMatch(
    /^https:\/\/relais\.example\/sign-in\/[\w-]{43}$/,
  )
})

test('behind https the cookie is marked Secure', async () => {
  const safe = openSite(store.db, undefined, { publicUrl: 'https://relais.test' })
  const path = await safe.link()
  const response = await safe.app.request(
    `https://relais.test${path}`,
    {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://relais.test' },
    },
    { incoming: { socket: { remoteAddress: '192.0.2.7' } } },
  )
  expect(response.headers.getSetCookie().join()).toMatch(/__Secure-relais\.session_token=.*Secure/)
  expect(response.headers.get('strict-transport-security')).toContain('max-age')
})

test('our tables have every column this version of better-auth writes', () => {
  const ours: Record<string, Table> = {
    user: users,
    session: sessions,
    account: accounts,
    verification: verifications,
    passkey: passkeys,
    // Written by our own code in the library's shape, so that its plugins could take over.
    twoFactor: twoFactors,
    rateLimit: rateLimits,
  }
  const auth = createAuth({ db: store.db, wall: { now: () => wallNow }, secret, publicUrl })
  const { plugins } = auth.options
  const theirs = getAuthTables({
    ...auth.options,
    rateLimit: { enabled: true, storage: 'database' },
    plugins: [...plugins, twoFactor()],
  })
  expect(Object.keys(theirs).sort()).toEqual(Object.keys(ours).sort())
  for (const [name, table] of Object.entries(theirs)) {
    const columns = getTableColumns(ours[name]!)
    for (const [field, { required, fieldName }] of Object.entries(table.fields)) {
      const column = columns[fieldName ?? field]
      expect(column, `${name}.${field}`).toBeDefined()
      if (required === false && !column!.hasDefault) expect(column!.notNull, `${name}.${field}`).toBe(false)
    }
  }
})
