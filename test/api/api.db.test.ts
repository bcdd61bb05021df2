import { and, eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createKey, type KeyPermission, keyPermissions, revokeKey } from '../../src/accounts/api-keys.ts'
import { newId } from '../../src/db/index.ts'
import {
  auditEntries,
  campaigns,
  contacts,
  decisions,
  deliveries,
  idempotencyKeys,
  segments,
  sites,
} from '../../src/db/schema.ts'
import { systemRandom } from '../../src/random.ts'
import { explain } from '../../src/routing/explain.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { type Browser, openSite, publicUrl, type Site } from '../web/client.ts'
import { enrol } from '../web/route-table/people.ts'
import { type SmallNetwork, seedSmallNetwork, wallNow } from '../web/small-network.ts'

let store: TestDatabase
let demo: SmallNetwork
let other: SmallNetwork
let site: Site
let owner: Browser

beforeAll(async () => {
  store = await freshDatabase()
  demo = await seedSmallNetwork(store.db)
  site = openSite(store.db, demo.plan)
  owner = site.browser()
  await owner.signIn()
  other = await seedSmallNetwork(store.db, { name: 'acme', number: 2, mode: 'live' })
  await store.db.insert(segments).values({
    networkId: demo.networkId,
    id: newId(),
    name: 'tous',
    title: { fr: 'Tous' },
    rule: { all: [] },
    updatedAt: wallNow,
  })
})
afterAll(() => store.drop())

async function keyFor(
  network: SmallNetwork,
  permissions: readonly KeyPermission[] = keyPermissions,
  perMinute = 1_000,
): Promise<{ id: string; text: string }> {
  return store.db.transaction((tx) =>
    createKey(tx, systemRandom, {
      network: { id: network.networkId, mode: 'sandbox' },
      name: 'test',
      permissions,
      days: 30,
      perMinute,
      createdBy: 'u1',
      at: site.clock.at,
    }),
  )
}

const send = (path: string, key: string | undefined, init: RequestInit = {}) => {
  const headers = new Headers(init.headers)
  if (key !== undefined) headers.set('authorization', `Bearer ${key}`)
  return site.app.request(
    publicUrl + path,
    { ...init, headers },
    { incoming: { socket: { remoteAddress: '192.0.2.9' } } },
  )
}
const post = (path: string, key: string | undefined, body: unknown, headers: Record<string, string> = {}) =>
  send(path, key, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  })

interface Refused {
  status: number
  code: string
  detail: string
  errors?: { in: string; pointer: string; detail: string }[]
}
async function refused(answer: Response, status: number): Promise<Refused> {
  expect(answer.status).toBe(status)
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
  expect(answer.headers.get('cache-control')).toBe('no-store')
  return (await answer.json()) as Refused
}
async function list<T = { id: string }>(path: string, key: string): Promise<{ data: T[]; next: string | null }> {
  const answer = await send(path, key)
  expect(answer.status, path).toBe(200)
  return (await answer.json()) as { data: T[]; next: string | null }
}

describe('who is let in', () => {
  test('without a key or a session the answer is 401 and says what to send', async () => {
    const answer = await send('/api/v1/contacts', undefined)
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="Relais"')
    expect(await refused(answer, 401)).toMatchObject({ code: 'no-credentials' })
  })

  test.each(['', 'nonsense', `rl_live_${'0'.repeat(49)}`])('a bearer that is no key is 401: "%s"', async (key) => {
    expect(await refused(await send('/api/v1/contacts', key), 401)).toMatchObject({ code: 'unknown-key' })
  })

  test('another scheme than Bearer is no key, and a session beside it does not count', async () => {
    const cookie = [...owner.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await send('/api/v1/contacts', undefined, { headers: { authorization: 'Basic eDp5', cookie } })
    expect(await refused(answer, 401)).toMatchObject({ code: 'unknown-key' })
  })

  test('an expired key and a revoked one are 401, each with its code', async () => {
    const expired = await keyFor(demo)
    const revoked = await keyFor(demo)
    await store.db.transaction((tx) =>
      revokeKey(tx, { networkId: demo.networkId, id: revoked.id, revokedBy: 'u1', at: site.clock.at }),
    )
    const answer = await send('/api/v1/sites', revoked.text)
    expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"')
    expect(await refused(answer, 401)).toMatchObject({ code: 'revoked-key' })
    site.clock.at = new Date(wallNow.getTime() + 31 * 86_400_000)
    expect(await refused(await send('/api/v1/sites', expired.text), 401)).toMatchObject({ code: 'expired-key' })
    site.clock.at = wallNow
  })

  test('a key does what it was given and nothing else', async () => {
    for (const [path, permission] of [
      ['/api/v1/contacts', 'contact.read'],
      ['/api/v1/sites', 'site.read'],
      ['/api/v1/segments', 'campaign.read'],
      ['/api/v1/campaigns', 'campaign.read'],
      ['/api/v1/deliveries', 'delivery.read'],
    ] as const) {
      const just = await keyFor(demo, [permission])
      const all = await keyFor(
        demo,
        keyPermissions.filter((one) => one !== permission),
      )
      expect((await send(path, just.text)).status, path).toBe(200)
      const answer = await send(path, all.text)
      expect(answer.headers.get('www-authenticate')).toContain('insufficient_scope')
      expect(await refused(answer, 403)).toMatchObject({ code: 'not-given' })
    }
    const reader = await keyFor(demo, ['campaign.read'])
    expect((await post('/api/v1/campaigns', reader.text, {})).status).toBe(403)
  })

  test('over its limit a key is told when to come back', async () => {
    const { text } = await keyFor(demo, ['site.read'], 3)
    for (let n = 0; n < 3; n += 1) expect((await send('/api/v1/sites', text)).status).toBe(200)
    const answer = await send('/api/v1/sites', text)
    expect(answer.headers.get('retry-after')).toBe('60')
    expect(await refused(answer, 429)).toMatchObject({ code: 'too-many-calls' })
    site.clock.at = new Date(wallNow.getTime() + 60_000)
    expect((await send('/api/v1/sites', text)).status).toBe(200)
    site.clock.at = wallNow
  })

  test('a session reads as its roles allow, and changes nothing unless one of our pages asks', async () => {
    expect((await owner.get('/api/v1/contacts')).status).toBe(200)
    const viewer = await enrol(store.db, site, { networkId: demo.networkId, called: 'Vera', role: 'viewer', scope: {} })
    expect((await viewer.browser.get('/api/v1/contacts')).status).toBe(404)
    const json = { 'content-type': 'application/json' }
    for (const origin of ['https://evil.example', 'null'])
      expect(await refused(await owner.post('/api/v1/campaigns', {}, { ...json, origin }), 403)).toMatchObject({
        code: 'another-site',
      })
    // Our own page: let in, and then told that a form is no JSON.
    expect((await owner.post('/api/v1/campaigns', { a: 'b' }, json)).status).toBe(400)
  })
})

describe('what is found', () => {
  test('a key sees its own network, whatever else is asked', async () => {
    const { text } = await keyFor(demo)
    const { data } = await list('/api/v1/contacts?limit=200', text)
    const mine = await store.db.select().from(contacts).where(eq(contacts.networkId, demo.networkId))
    expect(data.map(({ id }) => id)).toEqual(mine.map(({ id }) => id).sort())
    for (const path of [
      '/api/v1/contacts?network=acme',
      `/api/v1/contacts/${other.contactId}`,
      `/api/v1/campaigns/${other.campaignId}`,
      `/api/v1/deliveries/${other.shown.email}`,
      `/api/v1/contacts/${newId()}`,
      '/api/v1/nothing',
    ])
      await refused(await send(path, text), 404)
    const [elsewhere] = await store.db.select().from(sites).where(eq(sites.networkId, other.networkId))
    expect((await list(`/api/v1/contacts?site=${elsewhere!.id}`, text)).data).toEqual([])
    expect((await list(`/api/v1/deliveries?campaign=${other.campaignId}`, text)).data).toEqual([])
  })

  test.each(['contacts', 'sites', 'deliveries'])('%s come page by page, none twice and none left out', async (what) => {
    const { text } = await keyFor(demo)
    const whole: string[] = []
    let next: string | null = ''
    while (next !== null) {
      const page: { data: { id: string }[]; next: string | null } = await list(
        `/api/v1/${what}?limit=3${next ? `&cursor=${next}` : ''}`,
        text,
      )
      expect(page.data.length).toBeLessThanOrEqual(3)
      whole.push(...page.data.map(({ id }) => id))
      next = page.next
    }
    const table = { contacts, sites, deliveries }[what]!
    const all = await store.db.select({ id: table.id }).from(table).where(eq(table.networkId, demo.networkId))
    expect(whole).toEqual(all.map(({ id }) => id).sort())
  })

  test('one thing is shown as it is listed', async () => {
    const { text } = await keyFor(demo)
    for (const what of ['contacts', 'sites', 'campaigns', 'deliveries']) {
      const [first] = (await list(`/api/v1/${what}?limit=1`, text)).data
      expect(await (await send(`/api/v1/${what}/${first!.id}`, text)).json()).toMatchObject(first!)
    }
    const shown = await send(`/api/v1/contacts/${demo.contactId}`, text)
    expect(await shown.json()).toMatchObject({
      id: demo.contactId,
      firstName: 'Lucas',
      lastName: 'Moreau',
      site: { name: 'Agence Amiens', externalId: 'AG100' },
      addresses: [{ kind: 'mobile', value: '+33639980001', status: 'valid' }],
      isErased: false,
    })
    expect((await list<{ name: string }>('/api/v1/segments', text)).data).toMatchObject([
      { name: 'tous', size: 0, isMore: false },
    ])
  })

  test('one delivery says why: a sentence in both languages, the reasons by code and the policy’s version', async () => {
    const { text } = await keyFor(demo)
    const [row] = await store.db
      .select({ id: deliveries.id, because: decisions.because })
      .from(deliveries)
      .innerJoin(
        decisions,
        and(
          eq(decisions.messageId, deliveries.messageId),
          eq(decisions.occurrence, deliveries.occurrence),
          eq(sql`'contact:' || ${decisions.contactId}`, deliveries.recipientKey),
        ),
      )
      .where(and(eq(deliveries.networkId, demo.networkId), eq(deliveries.channel, 'email')))
      .limit(1)
    const told = (await (await send(`/api/v1/deliveries/${row!.id}`, text)).json()) as {
      because: { sentence: { fr: string; en: string }; reasons: unknown[]; policyVersion: number }
    }
    expect(told.because.reasons).toEqual(row!.because)
    expect(told.because.sentence).toEqual({ fr: explain(row!.because, 'fr'), en: explain(row!.because, 'en') })
    expect(told.because.sentence.fr).toContain('E-mail')
    expect(told.because.policyVersion).toBeGreaterThan(0)
    await store.db.insert(deliveries).values({
      ...(await store.db.select().from(deliveries).where(eq(deliveries.id, row!.id)))[0]!,
      ...{ id: newId(), recipientKey: 'contact:nobody-decided' },
    })
    const [bare] = await store.db.select().from(deliveries).where(eq(deliveries.recipientKey, 'contact:nobody-decided'))
    const listed: { id: string; sentence: { fr: string; en: string } | null }[] = []
    for (let cursor = ''; ; ) {
      const page = await list<(typeof listed)[0]>(`/api/v1/deliveries?channel=email&limit=100${cursor}`, text)
      listed.push(...page.data)
      if (!page.next) break
      cursor = `&cursor=${page.next}`
    }
    const sentences = new Map(listed.map(({ id, sentence }) => [id, sentence]))
    expect(sentences.get(row!.id)).toEqual(told.because.sentence)
    expect(sentences.get(bare!.id)).toBeNull()
    expect(await (await send(`/api/v1/deliveries/${bare!.id}`, text)).json()).toMatchObject({ because: null })
    await store.db.delete(deliveries).where(eq(deliveries.id, bare!.id))
  })

  test('deliveries are filtered by campaign, channel and status', async () => {
    const { text } = await keyFor(demo)
    const { data } = await list<{ channel: string; status: string; campaignId: string }>(
      `/api/v1/deliveries?channel=sms&status=delivered&campaign=${demo.campaignId}&limit=200`,
      text,
    )
    expect(data.length).toBeGreaterThan(3)
    for (const one of data)
      expect(one).toMatchObject({ channel: 'sms', status: 'delivered', campaignId: demo.campaignId })
  })

  test('a region manager’s session finds only their own sites’ people and messages', async () => {
    const [own] = await store.db.select().from(sites).where(eq(sites.networkId, demo.networkId))
    const manager = await enrol(store.db, site, {
      networkId: demo.networkId,
      called: 'Régine',
      role: 'region_manager',
      scope: { sites: [own!.id] },
    })
    const read = async (path: string) =>
      (await (await manager.browser.get(path)).json()) as { data: { id: string; site: { id: string } }[] }
    const people = (await read('/api/v1/contacts?limit=200')).data
    expect(people.length).toBe(6)
    expect(new Set(people.map((person) => person.site.id))).toEqual(new Set([own!.id]))
    expect((await read('/api/v1/sites')).data.map(({ id }) => id)).toEqual([own!.id])
    const outside = await store.db.select().from(contacts).where(eq(contacts.networkId, demo.networkId))
    const stranger = outside.find(({ siteId }) => siteId !== own!.id)!
    expect((await manager.browser.get(`/api/v1/contacts/${stranger.id}`)).status).toBe(404)
    expect((await manager.browser.get('/api/v1/campaigns')).status).toBe(404)
  })
})

describe('what is refused', () => {
  test.each([
    ['limit=0', '/limit'],
    ['limit=-1', '/limit'],
    ['limit=201', '/limit'],
    ['limit=1e2', '/limit'],
    ['limit=', '/limit'],
    ['limit=99999999999999999999', '/limit'],
    ['limit=1&limit=2', '/limit'],
    ['cursor=abc', '/cursor'],
    ["cursor=' or 1=1", '/cursor'],
    ['page=2', '/page'],
    ['channel=pigeon', '/channel'],
    ['__proto__=1', '/__proto__'],
  ])('?%s is 422 and names it', async (query, pointer) => {
    const { text } = await keyFor(demo)
    const { errors } = await refused(await send(`/api/v1/deliveries?${query}`, text), 422)
    expect(errors).toEqual([{ in: 'query', pointer, detail: expect.stringMatching(/./) }])
  })

  test('several faults are said at once', async () => {
    const { text } = await keyFor(demo)
    const { errors } = await refused(await send('/api/v1/contacts?limit=x&serach=a&cursor=b', text), 422)
    expect(errors?.map(({ pointer }) => pointer).sort()).toEqual(['/cursor', '/limit', '/serach'])
  })

  test('a method that is not there is 405 with those that are', async () => {
    const { text } = await keyFor(demo)
    const answer = await send('/api/v1/contacts', text, { method: 'DELETE' })
    expect(answer.headers.get('allow')).toBe('GET, HEAD')
    await refused(answer, 405)
  })

  test('a body that is broken, too deep, too large or of another type', async () => {
    const { text } = await keyFor(demo)
    const to = (body: string | Uint8Array<ArrayBuffer>, type = 'application/json') =>
      send('/api/v1/campaigns', text, { method: 'POST', body, headers: { 'content-type': type } })
    expect((await refused(await to('{"definition": '), 400)).detail).toMatch(/not JSON/)
    expect((await refused(await to('['.repeat(200_000) + ']'.repeat(200_000)), 400)).detail).toMatch(/32 deep/)
    expect((await refused(await to(`{"definition":${'['.repeat(31)}${']'.repeat(31)}}`), 422)).errors).toHaveLength(1)
    expect((await refused(await to(new Uint8Array([0x22, 0xc3, 0x28, 0x22])), 400)).detail).toMatch(/UTF-8/)
    expect((await refused(await to('{"definition":{"name":"\\ud800"}}'), 400)).detail).toMatch(/half a character/)
    expect((await refused(await to('{"definition":{"name":"\\u0000"}}'), 400)).detail).toMatch(/NUL/)
    await refused(await to(`"${'x'.repeat(1_100_000)}"`), 413)
    expect(await refused(await to('{}', 'text/plain'), 415)).toMatchObject({ code: 'wrong-type' })
    expect((await refused(await to('{"definition":{},"x":1}'), 422)).errors).toEqual([
      { in: 'body', pointer: '/x', detail: '"x" is not known here.' },
    ])
  })
})

describe('making a campaign', () => {
  const definition = {
    name: 'api-challenge',
    title: { fr: 'Par l’API' },
    class: 'marketing',
    audience: { segment: 'tous' },
    anchor: { launch: '2027-03-01T08:30', timezone: 'recipient' },
    link: 'https://www.example.com',
    values: { prize: { fr: 'un vélo', en: 'a bicycle' } },
    steps: [{ name: 'annonce', at: 'launch', intent: 'follow-up', template: 'challenge/launch' }],
  }
  const made = async () =>
    (await store.db.select().from(campaigns).where(eq(campaigns.networkId, demo.networkId))).filter(({ name }) =>
      name.startsWith('api-challenge'),
    )

  test('keeps it as a draft of the key, on record; nothing is launched', async () => {
    const key = await keyFor(demo)
    const answer = await post('/api/v1/campaigns', key.text, { definition })
    expect(answer.status).toBe(201)
    const { id } = (await answer.json()) as { id: string }
    expect(await made()).toMatchObject([{ id, status: 'draft', name: 'api-challenge', ownerId: null }])
    const [entry] = (await store.db.select().from(auditEntries)).filter(({ subject }) => subject === id)
    expect(entry).toMatchObject({ actor: `key:${key.id}`, action: 'campaign.create', networkId: demo.networkId })
  })

  test('says every fault of a definition with its place', async () => {
    const { text } = await keyFor(demo)
    const wrong = {
      ...definition,
      audience: { segment: 'touss' },
      colour: 'red',
      steps: [{ ...definition.steps[0], template: 'none/such' }],
    }
    const { errors } = await refused(await post('/api/v1/campaigns', text, { definition: wrong }), 422)
    const pointers = errors?.map(({ pointer }) => pointer) ?? []
    expect(pointers.every((pointer) => pointer.startsWith('/definition'))).toBe(true)
    expect(errors?.some(({ detail }) => /colour/.test(detail))).toBe(true)
    const later = { ...wrong, colour: undefined }
    const found = (await refused(await post('/api/v1/campaigns', text, { definition: later }), 422)).errors
    expect(found?.map(({ pointer }) => pointer).sort()).toEqual([
      '/definition/audience/segment',
      '/definition/steps/0/template',
    ])
  })

  test('sent twice with one Idempotency-Key it is made once, and both get the same answer', async () => {
    const { text } = await keyFor(demo)
    const before = (await made()).length
    const once = { 'idempotency-key': newId() }
    const first = await post('/api/v1/campaigns', text, { definition }, once)
    const second = await post('/api/v1/campaigns', text, { definition }, once)
    expect([first.status, second.status]).toEqual([201, 201])
    expect(second.headers.get('idempotency-replayed')).toBe('true')
    expect(await second.json()).toEqual(await first.json())
    expect((await made()).length).toBe(before + 1)
    const changed = { definition: { ...definition, title: { fr: 'Autre' } } }
    expect(await refused(await post('/api/v1/campaigns', text, changed, once), 422)).toMatchObject({
      code: 'idempotency-key-reused',
    })
  })

  test('sent at the same moment it is made once', async () => {
    const { text } = await keyFor(demo)
    const before = (await made()).length
    const once = { 'idempotency-key': newId() }
    const answers = await Promise.all([1, 2, 3, 4].map(() => post('/api/v1/campaigns', text, { definition }, once)))
    expect((await made()).length).toBe(before + 1)
    for (const answer of answers) expect([201, 409]).toContain(answer.status)
  })

  test('a key of another caller is another key, and a refused request may be mended', async () => {
    const [one, two] = [await keyFor(demo), await keyFor(demo)]
    const before = (await made()).length
    const once = { 'idempotency-key': 'same' }
    await refused(await post('/api/v1/campaigns', one.text, { definition: { name: 'x' } }, once), 422)
    expect((await post('/api/v1/campaigns', one.text, { definition }, once)).status).toBe(201)
    expect((await post('/api/v1/campaigns', two.text, { definition }, once)).status).toBe(201)
    expect((await made()).length).toBe(before + 2)
    for (const bad of ['', 'x'.repeat(256), 'a b'])
      await refused(await post('/api/v1/campaigns', one.text, { definition }, { 'idempotency-key': bad }), 400)
  })

  test('a request cut off before its answer was kept is not done again; after a day its key is free', async () => {
    const { id, text } = await keyFor(demo)
    const once = { 'idempotency-key': 'cut off'.replace(' ', '-') }
    const first = await post('/api/v1/campaigns', text, { definition }, once)
    expect(first.status).toBe(201)
    await store.db
      .update(idempotencyKeys)
      .set({ status: null, body: null })
      .where(eq(idempotencyKeys.caller, `key:${id}`))
    const before = (await made()).length
    expect(await refused(await post('/api/v1/campaigns', text, { definition }, once), 409)).toMatchObject({
      code: 'idempotency-key-in-flight',
    })
    expect((await made()).length).toBe(before)
    site.clock.at = new Date(wallNow.getTime() + 25 * 3_600_000)
    expect((await post('/api/v1/campaigns', text, { definition }, once)).status).toBe(201)
    site.clock.at = wallNow
  })
})

describe('the description', () => {
  test('names every operation there is, with its schemas, and no other', async () => {
    const described = (await (await send('/api/openapi.json', undefined)).json()) as {
      openapi: string
      paths: Record<string, Record<string, { operationId: string }>>
    }
    expect(described.openapi).toBe('3.1.0')
    const operations = Object.entries(described.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    )
    const routes = site.app.routes.filter(({ path, method }) => path.startsWith('/api/v1/') && method !== 'ALL')
    expect(operations.sort()).toEqual([...new Set(routes.map(({ method, path }) => `${method} ${path}`))].sort())
    const references = JSON.stringify(described).match(/#\/components\/schemas\/\w+/g) ?? []
    expect(references.length).toBeGreaterThan(5)
  })

  test('is readable in French and English, loads nothing from elsewhere, and explains every code', async () => {
    const browser = site.browser()
    const fr = await (await browser.get('/api/docs')).text()
    expect(fr).toContain('Interface pour les programmes')
    expect(await (await browser.get('/api/docs?lang=en')).text()).toContain('Interface for programs')
    expect(fr).toContain('GET /api/v1/contacts')
    for (const code of ['no-credentials', 'invalid', 'too-many-calls']) expect(fr).toContain(`id="${code}"`)
    expect([...fr.matchAll(/(?:src|href)="(https?:)?\/\//g)]).toEqual([])
  })
})
