import { eq } from 'drizzle-orm'
import { OAuth2Server } from 'oauth2-mock-server'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { accounts, memberships, sessions, users, verifications } from '../../src/db/schema.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { type Browser, openSite, publicUrl, type Site } from '../web/client.ts'
import { wallNow } from '../web/small-network.ts'
import { actionsOf, addNetwork, addUser, forgetEverybody, goodPassword, mailbox } from './people.ts'

let store: TestDatabase
let office: OAuth2Server
let site: Site
let mail: ReturnType<typeof mailbox>
let networkId: string
/** What the head office says of whoever signs in. */
let claims: Record<string, unknown>
let tokenRequests: URLSearchParams[]
const email = 'marie@example.org'

beforeAll(async () => {
  store = await freshDatabase()
  office = new OAuth2Server()
  await office.issuer.keys.generate('RS256')
  await office.start(0, '127.0.0.1')
  // The stand-in names itself "localhost"; everything must be where the server really listens.
  office.issuer.url = `http://127.0.0.1:${office.address().port}`
  office.service.on('beforeTokenSigning', (token) => {
    Object.assign(token.payload, claims)
  })
  office.service.on('beforeResponse', (_, request) => {
    tokenRequests.push(new URLSearchParams(request.body as Record<string, string>))
  })
})
beforeEach(async () => {
  await forgetEverybody(store.db)
  networkId = await addNetwork(store.db, 'demo', 1)
  claims = { sub: 'office-1', email, email_verified: true, name: 'Marie au siège' }
  tokenRequests = []
  mail = mailbox()
  const oidc = {
    issuer: office.issuer.url!,
    clientId: 'relais',
    clientSecret: 'office secret',
    name: 'Maison Vauquelin',
  }
  site = openSite(store.db, undefined, { mailer: mail.mailer, oidc })
})
afterAll(async () => {
  await office.stop()
  await store.drop()
})

/** Leaves for the head office and returns the address one comes back with. */
async function leave(browser: Browser): Promise<{ asked: URL; back: string }> {
  const page = await browser.post('/sign-in/office')
  expect(page.status).toBe(200)
  const asked = new URL(/^0; url=(.+)$/.exec(page.headers.get('refresh')!)![1]!)
  const answer = await fetch(asked, { redirect: 'manual' })
  const back = new URL(answer.headers.get('location')!)
  expect(back.origin).toBe(publicUrl)
  return { asked, back: back.pathname + back.search }
}

async function throughOffice(browser: Browser): Promise<Response> {
  const { back } = await leave(browser)
  return browser.get(back)
}

const isIn = async (browser: Browser) => (await browser.get('/account')).status === 200

test('who exists comes in by the head office’s word, with PKCE, state and nonce, and its tokens are not kept', async () => {
  const marie = await addUser(store.db, { email, roles: [[networkId, 'marketer']] })
  const browser = site.browser()
  const { asked, back } = await leave(browser)
  expect(Object.fromEntries(asked.searchParams)).toMatchObject({
    client_id: 'relais',
    response_type: 'code',
    code_challenge_method: 'S256',
    redirect_uri: `${publicUrl}/sign-in/callback/oidc`,
  })
  for (const name of ['code_challenge', 'state', 'nonce'])
    expect(asked.searchParams.get(name)!.length).toBeGreaterThan(20)
  const answer = await browser.get(back)
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/console'])
  expect(await isIn(browser)).toBe(true)
  expect(tokenRequests[0]!.get('code_verifier')!.length).toBeGreaterThan(40)
  expect(await store.db.$count(sessions)).toBe(1)
  const [linked] = await store.db.select().from(accounts)
  expect(linked).toMatchObject({ userId: marie, providerId: 'oidc', accountId: 'office-1' })
  expect([linked!.accessToken, linked!.refreshToken, linked!.idToken]).toEqual([null, null, null])
  expect(await actionsOf(store.db)).toEqual(['user.sign_in'])
})

test('a stranger is refused, and no user is made', async () => {
  claims = { ...claims, sub: 'office-2', email: 'stranger@example.org' }
  const browser = site.browser()
  const answer = await throughOffice(browser)
  expect(answer.headers.get('location')).toBe('/?sign-in=refused')
  expect(await isIn(browser)).toBe(false)
  expect([await store.db.$count(users), await store.db.$count(sessions)]).toEqual([0, 0])
  expect(await actionsOf(store.db)).toEqual(['user.sign_in_refused'])
})

test('an address that the head office has not verified opens nobody’s account', async () => {
  await addUser(store.db, { email, roles: [[networkId, 'owner']] })
  for (const email_verified of [false, 'false', undefined]) {
    claims = { ...claims, email_verified }
    const browser = site.browser()
    await throughOffice(browser)
    expect(await isIn(browser), String(email_verified)).toBe(false)
  }
  expect(await store.db.$count(accounts)).toBe(0)
})

test('who is invited is made a user by their first sign-in', async () => {
  await addUser(store.db, { email: 'olga@example.org', password: goodPassword, roles: [[networkId, 'owner']] })
  const owner = site.browser()
  await owner.post('/', { email: 'olga@example.org', password: goodPassword })
  const offer = { email, name: 'Marie V.', language: 'en', role: 'viewer' }
  await owner.post('/console/settings/users/invite?network=demo', offer)
  const browser = site.browser()
  expect((await throughOffice(browser)).headers.get('location')).toBe('/console')
  expect(await isIn(browser)).toBe(true)
  const [marie] = await store.db.select().from(users).where(eq(users.email, email))
  expect([marie!.name, marie!.language]).toEqual(['Marie V.', 'en'])
  const rights = await store.db.select().from(memberships).where(eq(memberships.userId, marie!.id))
  expect(rights.map(({ role }) => role)).toEqual(['viewer'])
  expect((await site.browser().get(await mail.takeLink())).status).toBe(404)
})

test('a disabled user is refused, also once they are linked', async () => {
  const marie = await addUser(store.db, { email, roles: [[networkId, 'viewer']] })
  expect(await isIn(await through())).toBe(true)
  await store.db.update(users).set({ disabledAt: wallNow }).where(eq(users.id, marie))
  const browser = await through()
  expect(await isIn(browser)).toBe(false)
})

async function through(): Promise<Browser> {
  const browser = site.browser()
  await throughOffice(browser)
  return browser
}

test('whoever turned the second step on is asked for it here too', async () => {
  const marie = await addUser(store.db, { email, roles: [[networkId, 'viewer']] })
  await store.db.update(users).set({ twoFactorEnabled: true }).where(eq(users.id, marie))
  const browser = site.browser()
  expect((await throughOffice(browser)).headers.get('location')).toBe('/sign-in/code')
  expect(await isIn(browser)).toBe(false)
  expect(await store.db.$count(sessions)).toBe(0)
})

test('an answer counts once, in the browser that asked, and an invented one never', async () => {
  await addUser(store.db, { email, roles: [[networkId, 'viewer']] })
  const browser = site.browser()
  const { back } = await leave(browser)
  const other = site.browser()
  await other.get(back)
  expect(await isIn(other)).toBe(false)
  const again = await leave(browser)
  await browser.get(again.back)
  expect(await isIn(browser)).toBe(true)
  const replay = site.browser()
  for (const [name, value] of browser.cookies) if (name.endsWith('state')) replay.cookies.set(name, value)
  await replay.get(again.back)
  expect(await isIn(replay)).toBe(false)
  const before = await store.db.$count(verifications)
  const forger = site.browser()
  await forger.get('/sign-in/callback/oidc?code=x&state=y')
  await forger.get('/sign-in/callback/oidc?error=access_denied')
  await forger.get('/sign-in/callback/oidc')
  expect(await isIn(forger)).toBe(false)
  expect(await store.db.$count(verifications)).toBe(before)
})

test('an identity token meant for another client, or with another nonce, is refused', async () => {
  await addUser(store.db, { email, roles: [[networkId, 'viewer']] })
  for (const forged of [{ aud: 'another' }, { nonce: 'another' }, { iss: 'https://evil.example' }]) {
    claims = { ...claims, ...forged }
    const browser = await through()
    expect(await isIn(browser), JSON.stringify(forged)).toBe(false)
    claims = { sub: 'office-1', email, email_verified: true }
  }
})

test('the button names the office; without one configured there is none, nor its routes', async () => {
  expect(await (await site.browser().get('/?lang=fr')).text()).toContain('Continuer avec Maison Vauquelin')
  const plain = openSite(store.db)
  expect(await (await plain.browser().get('/')).text()).not.toContain('/sign-in/office')
  expect((await plain.browser().get('/sign-in/callback/oidc')).status).toBe(404)
})

test('an office that does not answer is told to whoever wanted to go there', async () => {
  const away = openSite(store.db, undefined, {
    oidc: { issuer: 'http://127.0.0.1:9', clientId: 'relais', clientSecret: 's', name: 'Siège' },
  })
  const answer = await away.browser().post('/sign-in/office')
  expect(answer.headers.get('location')).toBe('/?sign-in=away')
  expect(await (await away.browser().get('/?sign-in=away')).text()).toContain(
    'Le service de connexion de Siège ne répond pas',
  )
})
