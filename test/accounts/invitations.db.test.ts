import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { auditEntries, invitations, memberships, sessions, sites, users } from '../../src/db/schema.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { type Browser, openSite, type Site } from '../web/client.ts'
import { wallNow } from '../web/small-network.ts'
import { actionsOf, addNetwork, addUser, forgetEverybody, goodPassword, mailbox } from './people.ts'

let store: TestDatabase
let site: Site
let mail: ReturnType<typeof mailbox>
let demo: string
let acme: string
let olga: string
let owner: Browser
const home = '/console/settings/users'
const paul = 'paul@example.org'
const day = 86_400_000

beforeAll(async () => {
  store = await freshDatabase()
})
beforeEach(async () => {
  await store.db.delete(sites)
  await forgetEverybody(store.db)
  demo = await addNetwork(store.db, 'demo', 1)
  acme = await addNetwork(store.db, 'acme', 2)
  olga = await addUser(store.db, { email: 'olga@example.org', password: goodPassword, roles: [[demo, 'owner']] })
  mail = mailbox()
  site = openSite(store.db, undefined, { mailer: mail.mailer })
  owner = site.browser()
  await owner.post('/', { email: 'olga@example.org', password: goodPassword })
})
afterAll(() => store.drop())

const offer = { email: paul, name: 'Paul Diallo', language: 'fr', role: 'marketer' }
const invite = (form: Record<string, string> = offer, browser = owner) =>
  browser.post(`${home}/invite?network=demo`, form)
const rolesOf = (email: string) =>
  store.db
    .select({ networkId: memberships.networkId, role: memberships.role, scope: memberships.scope })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(eq(users.email, email))

async function signedIn(email: string, roles: Parameters<typeof addUser>[1]['roles']): Promise<[Browser, string]> {
  const id = await addUser(store.db, { email, password: goodPassword, roles })
  const browser = site.browser()
  await browser.post('/', { email, password: goodPassword })
  return [browser, id]
}

test('who is invited chooses a password, is in, and has the role and nothing else', async () => {
  const page = await (await invite()).text()
  expect(page).toContain(paul)
  expect(mail.mails[0]!.text).toMatch(
    /olga vous invite à rejoindre Réseau demo sur Relais, avec le rôle «.Animateur réseau.»/,
  )
  const link = await mail.takeLink()
  expect(page).not.toContain(link)
  const browser = site.browser()
  expect((await browser.get(link)).status).toBe(200)
  expect((await browser.post(link, { name: '', password: 'short' })).status).toBe(422)
  expect((await browser.post(link, { name: 'Paul', password: 'paul@example.org' })).status).toBe(422)
  expect(await rolesOf(paul)).toEqual([])
  expect((await browser.post(link, { name: 'Paul', password: goodPassword })).status).toBe(303)
  expect(await rolesOf(paul)).toEqual([{ networkId: demo, role: 'marketer', scope: {} }])
  expect((await browser.get('/console')).status).toBe(200)
  expect((await browser.get(`${home}/invite`)).status).toBe(404)
  expect(await actionsOf(store.db)).toEqual(['user.sign_in', 'user.invite', 'user.join', 'user.sign_in'])
})

test('a link works once, for a week, and not once it is sent again or taken back', async () => {
  await invite()
  const first = await mail.takeLink()
  const [row] = await store.db.select().from(invitations)
  expect(JSON.stringify(row)).not.toContain(first.split('/').at(-1))
  await owner.post(`${home}/invitations/${row!.id}/again?network=demo`)
  const second = await mail.takeLink()
  expect((await site.browser().get(first)).status).toBe(404)
  expect((await site.browser().get(second)).status).toBe(200)
  await owner.post(`${home}/invitations/${row!.id}/revoke?network=demo`)
  expect((await site.browser().get(second)).status).toBe(404)
  expect((await site.browser().post(second, { name: 'Paul', password: goodPassword })).status).toBe(404)
  await invite()
  const third = await mail.takeLink()
  site.clock.at = new Date(wallNow.getTime() + 7 * day)
  expect((await site.browser().post(third, { name: 'Paul', password: goodPassword })).status).toBe(404)
  site.clock.at = new Date(wallNow.getTime() + 7 * day - 1)
  const answers = await Promise.all(
    [1, 2, 3].map(() => site.browser().post(third, { name: 'Paul', password: goodPassword })),
  )
  expect(answers.filter((answer) => answer.status === 303)).toHaveLength(1)
  expect((await site.browser().get(third)).status).toBe(404)
  expect(await rolesOf(paul)).toHaveLength(1)
})

test('without a password one comes in by the invitation, to add a passkey', async () => {
  await invite()
  const browser = site.browser()
  const answer = await browser.post(await mail.takeLink(), { name: 'Paul', without: 'password' })
  expect(answer.headers.get('location')).toBe('/account/passkeys')
  expect((await browser.get('/account/passkeys')).status).toBe(200)
})

test('one login serves several networks: the invited one accepts signed in, and nobody else can', async () => {
  const [,] = await signedIn(paul, [[acme, 'viewer']])
  await invite()
  const link = await mail.takeLink()
  const stranger = site.browser()
  expect(await (await stranger.get(`${link}?lang=en`)).text()).toContain('You already have an account')
  expect((await stranger.post(link, { name: 'Eve', password: goodPassword })).status).toBe(303)
  const [other] = await signedIn('nina@example.org', [[acme, 'viewer']])
  await other.post(link)
  expect(await rolesOf('nina@example.org')).toHaveLength(1)
  expect(await rolesOf(paul)).toHaveLength(1)
  await stranger.post(`${link}/sign-in`)
  expect((await stranger.post('/', { email: paul, password: goodPassword })).headers.get('location')).toBe(link)
  const before = stranger.cookies.get('relais.session_token')
  expect((await stranger.post(link)).headers.get('location')).toBe('/console')
  expect(stranger.cookies.get('relais.session_token')).not.toBe(before)
  expect((await rolesOf(paul)).map(({ networkId, role }) => [networkId, role]).sort()).toEqual(
    [
      [acme, 'viewer'],
      [demo, 'marketer'],
    ].sort(),
  )
})

test('where no mail can leave, the one who invites gets the link to pass on, once', async () => {
  const kept = mailbox({ is: 'kept', place: '/tmp/1.txt' })
  const local = openSite(store.db, undefined, { mailer: kept.mailer })
  const browser = local.browser()
  await browser.post('/', { email: 'olga@example.org', password: goodPassword })
  const page = await (await browser.post(`${home}/invite?network=demo`, offer)).text()
  const link = await kept.takeLink()
  expect(page).toContain(link)
  expect(await (await browser.get(`${home}?network=demo`)).text()).not.toContain(link)
})

test('roles inside a part of the network need their part, and only sites of this network count', async () => {
  const site1 = {
    networkId: demo,
    externalId: 'P-1',
    name: 'Amiens',
    area: 'Nord',
    country: 'FR',
    region: 'FR',
    timezone: 'Europe/Paris',
  }
  const times = { attributes: {}, createdAt: wallNow, updatedAt: wallNow }
  const [mine] = await store.db
    .insert(sites)
    .values({ ...site1, ...times })
    .returning()
  await store.db.insert(sites).values({ ...site1, ...times, networkId: acme, externalId: 'X-9' })
  const asked = (more: Record<string, string>) => invite({ ...offer, ...more })
  expect((await asked({ role: 'region_manager' })).status).toBe(422)
  expect((await asked({ role: 'partner', sites: 'X-9' })).status).toBe(422)
  expect((await asked({ role: 'print_shop' })).status).toBe(422)
  expect((await asked({ role: 'superuser' })).status).toBe(422)
  expect((await asked({ role: 'region_manager', areas: 'Sud' })).status).toBe(422)
  expect(await store.db.$count(invitations)).toBe(0)
  expect((await asked({ role: 'region_manager', areas: 'Nord', sites: 'P-1' })).status).toBe(200)
  expect((await asked({ role: 'partner', sites: ' P-1 ; ' })).status).toBe(200)
  expect((await asked({ role: 'print_shop', shop: 'Imprimerie Morel' })).status).toBe(200)
  expect((await asked({ role: 'viewer', shop: 'Imprimerie Morel', sites: 'P-1' })).status).toBe(200)
  const rows = await store.db.select().from(invitations).orderBy(invitations.id)
  expect(rows.map(({ role, scope }) => [role, scope])).toEqual([
    ['region_manager', { areas: ['Nord'], sites: [mine!.id] }],
    ['partner', { sites: [mine!.id] }],
    ['print_shop', { shop: 'Imprimerie Morel' }],
    ['viewer', {}],
  ])
})

test.each(['marketer', 'auditor', 'broadcaster', 'viewer'] as const)(
  'a %s invites nobody and changes no role',
  async (role) => {
    const [browser, id] = await signedIn('nina@example.org', [[demo, role]])
    for (const path of [
      `${home}/invite`,
      `${home}/${id}`,
      `${home}/${olga}/roles/revoke`,
      `${home}/${olga}/disable`,
      `${home}/${olga}/remove`,
    ])
      expect(
        (await browser.post(`${path}?network=demo`, { ...offer, role: 'owner' })).status,
        path,
      ).toBeGreaterThanOrEqual(403)
    expect(await rolesOf('nina@example.org')).toEqual([{ networkId: demo, role, scope: {} }])
    expect(await store.db.$count(invitations)).toBe(0)
  },
)

test('an owner of one network neither sees nor touches the people of another', async () => {
  const [, nina] = await signedIn('nina@example.org', [[acme, 'viewer']])
  expect((await owner.get(`${home}?network=acme`)).status).toBe(404)
  expect((await owner.get(`${home}/${nina}?network=demo`)).status).toBe(404)
  expect((await owner.post(`${home}/${nina}?network=demo`, { role: 'owner' })).status).toBe(404)
  expect((await owner.post(`${home}/${nina}/disable?network=demo`)).status).toBe(404)
  expect(await rolesOf('nina@example.org')).toEqual([{ networkId: acme, role: 'viewer', scope: {} }])
})

test('the last owner stays: not removed, not demoted, not disabled, by nobody, not even at once by two', async () => {
  for (const path of ['roles/revoke', 'remove', 'disable'])
    expect((await owner.post(`${home}/${olga}/${path}?network=demo`, { role: 'owner' })).status, path).toBe(422)
  const [second, sam] = await signedIn('sam@example.org', [[demo, 'owner']])
  const answers = await Promise.all([
    owner.post(`${home}/${sam}/roles/revoke?network=demo`, { role: 'owner' }),
    second.post(`${home}/${olga}/roles/revoke?network=demo`, { role: 'owner' }),
  ])
  // The slower one is refused, or is signed out already by the faster one.
  expect(
    answers.map((answer) => answer.headers.get('location')).filter((to) => to?.includes('/settings/')),
  ).toHaveLength(1)
  const left = await store.db
    .select()
    .from(memberships)
    .where(and(eq(memberships.networkId, demo), eq(memberships.role, 'owner')))
  expect(left).toHaveLength(1)
})

test('a disabled owner does not count as one who is left', async () => {
  const [, sam] = await signedIn('sam@example.org', [[demo, 'owner']])
  await store.db.update(users).set({ disabledAt: wallNow }).where(eq(users.id, sam))
  expect((await owner.post(`${home}/${olga}/remove?network=demo`)).status).toBe(422)
})

test('a new role, or one less, ends the member’s sessions; a member who is removed is out at once', async () => {
  const [browser, nina] = await signedIn('nina@example.org', [[demo, 'viewer']])
  expect((await owner.post(`${home}/${nina}?network=demo`, { role: 'marketer' })).status).toBe(303)
  expect((await browser.get('/account')).status).toBe(303)
  await browser.post('/', { email: 'nina@example.org', password: goodPassword })
  expect((await browser.get('/console/outbox')).status).toBe(200)
  expect((await owner.post(`${home}/${nina}/remove?network=demo`)).status).toBe(303)
  expect((await browser.get('/console/outbox')).status).toBe(303)
  await browser.post('/', { email: 'nina@example.org', password: goodPassword })
  expect((await browser.get('/console/outbox')).status).toBe(404)
  expect((await actionsOf(store.db)).filter((action) => action.startsWith('role.'))).toEqual([
    'role.grant',
    'role.revoke',
    'role.revoke',
  ])
})

test('changing one’s own roles gives one’s own session a new cookie', async () => {
  await signedIn('sam@example.org', [[demo, 'owner']])
  const before = owner.cookies.get('relais.session_token')
  expect((await owner.post(`${home}/${olga}?network=demo`, { role: 'auditor' })).status).toBe(303)
  expect(owner.cookies.get('relais.session_token')).not.toBe(before)
  expect((await owner.get(`${home}?network=demo`)).status).toBe(200)
})

test('a user is disabled only by who answers for all their networks; enabled, they come back', async () => {
  const [, nina] = await signedIn('nina@example.org', [
    [demo, 'viewer'],
    [acme, 'viewer'],
  ])
  expect((await owner.post(`${home}/${nina}/disable?network=demo`)).status).toBe(422)
  const [browser, leo] = await signedIn('leo@example.org', [[demo, 'viewer']])
  expect((await owner.post(`${home}/${leo}/disable?network=demo`)).status).toBe(303)
  expect((await browser.get('/account')).status).toBe(303)
  expect((await browser.post('/', { email: 'leo@example.org', password: goodPassword })).status).toBe(422)
  expect((await owner.post(`${home}/${leo}/enable?network=demo`)).status).toBe(303)
  expect((await browser.post('/', { email: 'leo@example.org', password: goodPassword })).status).toBe(303)
  expect(await store.db.$count(sessions, eq(sessions.userId, leo))).toBe(1)
})

test('the list pages by index, fifty people at a time, each with all their roles', async () => {
  for (let n = 0; n < 60; n++)
    await addUser(store.db, {
      email: `user${n}@example.org`,
      roles: [
        [demo, 'viewer'],
        [demo, 'auditor'],
      ],
    })
  const first = await (await owner.get(`${home}?network=demo`)).text()
  expect(first.match(/<th scope="row"/g)).toHaveLength(50)
  const next = /href="([^"]*cursor=[^"]*)"/.exec(first)![1]!.replaceAll('&amp;', '&')
  const second = await (await owner.get(next)).text()
  expect(second.match(/<th scope="row"/g)).toHaveLength(11)
})

test('what is written down names ids and roles, never an address', async () => {
  await invite()
  expect(JSON.stringify(await store.db.select().from(auditEntries))).not.toContain('paul')
})
