import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readPeople } from '../../src/audience/people.ts'
import { type Channel, type InboundEvent, WebhookNotConfigured, WebhookRejected } from '../../src/channel.ts'
import {
  addresses,
  consents,
  contacts,
  deliveries,
  events,
  inboundEvents,
  messages,
  suppressions,
  trackingChoices,
} from '../../src/db/schema.ts'
import { trackingOf } from '../../src/network/consent.ts'
import { systemRandom } from '../../src/random.ts'
import { applyPending } from '../../src/tracking/inbox.ts'
import { createCode, ensureLinks } from '../../src/tracking/links.ts'
import { trackingRoutes } from '../../src/tracking/routes.tsx'
import { signToken, tokenKeys } from '../../src/tracking/tokens.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import {
  day,
  delivery,
  hour,
  launch,
  minute,
  type Person,
  person,
  type Small,
  since,
  smallNetwork,
} from './small-network.ts'

let store: TestDatabase
let wall = launch
let heard: { url: string; body: string }[] = []
const keys = tokenKeys('a secret of thirty-two bytes or more')
const chrome =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36'

let small: Small
let ana: Person
let deliveryId: string
let app: ReturnType<typeof trackingRoutes>

const provider = (webhook: Channel['webhook']): Channel => ({
  ...{ name: 'sms', provider: 'twilio', serves: 'live', perSend: 1, webhookPaths: ['twilio/status'], webhook },
  address: () => undefined,
  send: async () => [],
})

beforeAll(async () => {
  store = await freshDatabase()
})
beforeEach(async () => {
  await store.db.delete(inboundEvents)
  wall = since(hour)
  heard = []
  small = await smallNetwork(store.db)
  ana = await person(store.db, small)
  deliveryId = await delivery(store.db, small, ana, { deliveredAt: launch })
  app = trackingRoutes({
    ...{ db: store.db, wall: { now: () => wall }, keys, publicUrl: 'https://relais.example.fr' },
    clientIp: (c) => c.req.header('x-test-ip'),
    channels: [
      provider(async (request) => {
        const body = new TextDecoder().decode(request.body)
        heard.push({ url: request.url, body })
        if (request.headers['x-signature'] === undefined) throw new WebhookRejected('no signature')
        if (request.headers['x-signature'] === 'unset') throw new WebhookNotConfigured('no key')
        return JSON.parse(body) as InboundEvent[]
      }),
    ],
  })
})
afterAll(() => store.drop())

const token = (purpose: 'open' | 'click' | 'unsubscribe' | 'preferences' | 'acknowledge', more = {}) =>
  signToken(keys, { purpose, network: small.number, deliveryId, ...more })
const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  app.request(path, { method, headers: { 'user-agent': chrome, 'x-test-ip': '203.0.113.7', ...headers } })
const post = (path: string, body = '', headers: Record<string, string> = {}) =>
  app.request(path, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  })
/** As a reader reads it: the spaces that must not break are spaces. */
const textOf = async (answer: Response) => (await answer.text()).replaceAll('\u00a0', ' ')
const raw = () => store.db.select().from(inboundEvents)
const own = () => store.db.select().from(events).where(eq(events.networkId, small.networkId))
const closed = () => store.db.select().from(suppressions).where(eq(suppressions.networkId, small.networkId))
const applyLater = () => applyPending(store.db, { now: () => since(2 * hour) })

describe('the pixel', () => {
  test('is a picture nobody keeps, and the open is recorded without address or agent', async () => {
    const answer = await get(`/o/${token('open')}.gif`)
    expect(answer.headers.get('content-type')).toBe('image/gif')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect((await answer.arrayBuffer()).byteLength).toBeLessThan(50)
    const stored = JSON.stringify(await raw())
    expect(stored).not.toContain('203.0.113')
    expect(stored).not.toContain('Chrome')
    await applyLater()
    expect(await own()).toMatchObject([{ type: 'open', verdict: 'human_likely', contactId: ana.contactId }])
  })

  test('comes for a forged token too, and stores nothing', async () => {
    for (const file of [`${token('click')}.gif`, 'x.gif', `${token('open').slice(0, -2)}AA.gif`]) {
      const answer = await get(`/o/${file}`)
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/gif'])
    }
    expect(await raw()).toEqual([])
  })

  test('asked for by HEAD was not shown to anybody', async () => {
    await get(`/o/${token('open')}.gif`, {}, 'HEAD')
    await applyLater()
    expect(await own()).toMatchObject([{ type: 'open', verdict: 'machine' }])
  })

  test('for a message and nobody in particular moves its counter each time', async () => {
    const counted = signToken(keys, { purpose: 'open', network: small.number, messageId: small.messageId })
    for (let n = 0; n < 3; n++) await get(`/o/${counted}.gif`)
    await applyLater()
    expect(await own()).toMatchObject([{ type: 'open', contactId: null, deliveryId: null, data: { count: 3 } }])
  })
})

describe('links', () => {
  const url = 'https://example.fr/inscription?de=relais'
  const linked = async () => (await ensureLinks(store.db, { ...small, urls: [url] }, launch)).get(url)!

  test('go to the stored address only; the click is judged after two minutes', async () => {
    const answer = await get(`/c/${token('click', { linkId: await linked() })}?url=https://evil.example`)
    expect([answer.status, answer.headers.get('location')]).toEqual([302, url])
    expect(await own()).toEqual([])
    expect(await applyPending(store.db, { now: () => new Date(wall.getTime() + minute) })).toBe(0)
    await applyLater()
    expect(await own()).toMatchObject([{ type: 'click', verdict: 'human_likely', contactId: ana.contactId }])
  })

  test('go to any web address, percent-encoded as a header must be', async () => {
    const odd = 'https://exämple.fr/été’?q=é\n'
    const linkId = (await ensureLinks(store.db, { ...small, urls: [odd] }, launch)).get(odd)!
    const answer = await get(`/c/${token('click', { linkId })}`)
    expect([answer.status, answer.headers.get('location')]).toEqual([
      302,
      'https://xn--exmple-cua.fr/%C3%A9t%C3%A9%E2%80%99?q=%C3%A9',
    ])
  })

  test('of one SMS for all are counted, as clicks on that SMS', async () => {
    const code = await createCode(
      store.db,
      { ...small, deliveryId: null, kind: 'sms', url: 'https://example.fr' },
      systemRandom,
      launch,
    )
    for (let n = 0; n < 2; n++) await get(`/q/${code}`)
    await applyLater()
    expect(await own()).toMatchObject([{ type: 'click', channel: 'sms', deliveryId: null, data: { count: 2 } }])
  })

  test('followed by a program are that: HEAD, curl, and every link in a second from everywhere', async () => {
    const linkId = await linked()
    await get(`/c/${token('click', { linkId })}`, {}, 'HEAD')
    await applyLater()
    expect(await own()).toMatchObject([{ type: 'click', verdict: 'machine', data: { reasons: ['bot_agent'] } }])
  })

  test('forged, foreign or without a row are unknown', async () => {
    const other = await smallNetwork(store.db)
    const linkId = await linked()
    for (const forged of [
      'x',
      token('open', { linkId }),
      token('click'),
      token('click', { linkId: deliveryId }),
      signToken(keys, { purpose: 'click', network: other.number, deliveryId, linkId }),
    ])
      expect((await get(`/c/${forged}`)).status).toBe(404)
    expect(await raw()).toEqual([])
  })

  test('on paper and in SMS are codes: followed, expired, unknown, and not to be guessed', async () => {
    const code = (kind: 'qr' | 'sms', expiresAt?: Date) =>
      createCode(store.db, { ...small, deliveryId, kind, url, expiresAt }, systemRandom, launch)
    const scanned = await get(`/q/${await code('qr')}`)
    expect([scanned.status, scanned.headers.get('location')]).toEqual([302, url])
    expect((await get(`/q/${await code('sms', since(minute))}`)).status).toBe(410)
    expect((await get('/q/22222222')).status).toBe(404)
    await applyLater()
    expect(await own()).toMatchObject([{ type: 'scan', verdict: 'human_likely' }])
    const known = `/q/${await code('qr')}`
    // A whole network behind one address scans the same poster.
    for (let n = 0; n < 40; n++) expect((await get(known)).status).toBe(302)
    const statuses: number[] = []
    for (let n = 0; n < 31; n++) statuses.push((await get('/q/22222222')).status)
    expect(statuses.slice(0, 29).every((status) => status === 404)).toBe(true)
    expect(statuses.slice(29)).toEqual([429, 429])
    expect((await get(known)).status).toBe(429)
    expect((await get('/q/22222222', { 'x-test-ip': '198.51.100.1' })).status).toBe(404)
  })
})

describe('unsubscribing', () => {
  test('by looking changes nothing, however often a scanner looks', async () => {
    for (let n = 0; n < 3; n++) {
      const answer = await get(`/u/${token('unsubscribe')}`)
      expect(answer.status).toBe(200)
      expect(await answer.text()).toMatch(/<form method="post">/)
    }
    await applyLater()
    expect(await closed()).toEqual([])
    expect((await own()).every((event) => event.type === 'click' && event.verdict !== 'human_confirmed')).toBe(true)
  })

  test('by one click of the mail program acts at once, without cookie, and twice is once', async () => {
    for (let n = 0; n < 2; n++) {
      const answer = await post(`/u/${token('unsubscribe')}`, 'List-Unsubscribe=One-Click')
      expect(answer.status).toBe(200)
      expect(answer.headers.get('set-cookie')).toBeNull()
    }
    expect(await closed()).toMatchObject([{ scope: 'marketing', channel: 'email', source: 'list_unsubscribe' }])
    expect(await store.db.$count(consents, eq(consents.networkId, small.networkId))).toBe(1)
    expect((await post(`/u/${token('preferences')}`)).status).toBe(404)
  })

  test('says what is left, and leads to the page where more can be', async () => {
    const news = await smallNetwork(store.db, { topic: 'challenges' })
    const ben = await person(store.db, news)
    const mail = await delivery(store.db, news, ben)
    const path = `/u/${signToken(keys, { purpose: 'unsubscribe', network: news.number, deliveryId: mail })}`
    expect(await textOf(await get(path))).toContain(
      `Ne plus recevoir les messages « challenges » de Réseau ${news.number} ?`,
    )
    const said = await textOf(await post(path))
    expect(said).toMatch(/^<!doctype html>/)
    expect(said).toContain('vous ne recevrez plus les messages « challenges »')
    const more = /href="(\/prefs\/[^"]+)"/.exec(said)?.[1] ?? ''
    expect((await get(more)).status).toBe(200)
    const sms = await delivery(store.db, small, ana, { channel: 'sms' })
    const phone = `/u/${signToken(keys, { purpose: 'unsubscribe', network: small.number, deliveryId: sms })}`
    expect(await (await get(`${phone}?lang=en`)).text()).toContain('at this number?')
  })

  test('holds again for who has agreed anew on the same day', async () => {
    const path = `/u/${token('unsubscribe')}`
    await post(path)
    await store.db
      .update(suppressions)
      .set({ liftedAt: since(hour + minute) })
      .where(eq(suppressions.networkId, small.networkId))
    wall = since(2 * hour)
    await post(path)
    expect(await closed()).toMatchObject([{ scope: 'marketing', liftedAt: null }])
  })

  test('a click beside the unsubscribe page is a scanner’s', async () => {
    const url = 'https://example.fr/a'
    const linkId = (await ensureLinks(store.db, { ...small, urls: [url] }, launch)).get(url)!
    await get(`/u/${token('unsubscribe')}`)
    wall = since(hour + 1_000)
    await get(`/c/${token('click', { linkId })}`)
    await applyLater()
    expect((await own()).map((event) => event.verdict)).toEqual(['suspect', 'suspect'])
  })
})

describe('preferences', () => {
  test('are shown in the reader’s language and saved with the words they answered', async () => {
    const page = await (await get(`/prefs/${token('preferences')}`)).text()
    expect(page).toContain('lang="fr"')
    expect(page).toContain('Mesurer si j’ouvre les e-mails')
    expect(await (await get(`/prefs/${token('preferences')}?lang=en`)).text()).toContain('My preferences')
    const saved = await post(`/prefs/${token('preferences')}`, 'opens=refused&clicks=granted&leave=sms&leave=screen')
    expect(await saved.text()).toContain('Vos choix sont enregistrés.')
    const choices = await store.db.select().from(trackingChoices).where(eq(trackingChoices.networkId, small.networkId))
    expect(choices.map((row) => [row.subject, row.choice]).sort()).toEqual([
      ['clicks', 'granted'],
      ['opens', 'refused'],
    ])
    const ledger = await store.db.select().from(consents).where(eq(consents.networkId, small.networkId))
    expect(ledger.map((row) => [row.channel, row.purpose, row.action]).sort()).toEqual([
      ['email', 'track_click', 'grant'],
      ['email', 'track_open_performance', 'withdraw'],
      ['sms', 'receive', 'withdraw'],
    ])
    expect(ledger.filter((row) => row.purpose !== 'receive').every((row) => row.wordingHash?.length === 64)).toBe(true)
    expect(await closed()).toMatchObject([{ scope: 'marketing', channel: 'sms' }])
    await post(`/prefs/${token('preferences')}`, 'opens=refused&clicks=granted&leave=sms')
    expect(await store.db.$count(consents, eq(consents.networkId, small.networkId))).toBe(3)
  })

  test('choose topics by channel: closed, re-opened, and each said in the ledger', async () => {
    await store.db.update(messages).set({ topic: 'offres' }).where(eq(messages.networkId, small.networkId))
    const path = `/prefs/${token('preferences')}`
    expect(await (await get(path)).text()).toContain('value="sms:offres" checked')
    await post(path, 'shown=email:offres&shown=sms:offres&keep=email:offres')
    expect(await closed()).toMatchObject([{ scope: 'topic', topic: 'offres', channel: 'sms' }])
    const shown = await (await get(path)).text()
    expect(shown).toContain('value="email:offres" checked')
    expect(shown).not.toContain('value="sms:offres" checked')
    await post(path, 'shown=email:offres&shown=sms:offres&keep=email:offres&keep=sms:offres')
    expect((await closed()).filter((row) => row.liftedAt === null)).toEqual([])
    const ledger = await store.db.select().from(consents).where(eq(consents.networkId, small.networkId))
    expect(ledger.map((row) => [row.purpose, row.action, row.evidenceRef])).toEqual([
      ['personalise_channel', 'withdraw', 'topic:offres'],
      ['personalise_channel', 'grant', 'topic:offres'],
    ])
    expect(ledger.every((row) => row.wordingVersion === '3' && row.wordingHash?.length === 64)).toBe(true)
  })

  test('one channel of a topic left on all of them is opened again, and the other stays closed', async () => {
    await store.db.update(messages).set({ topic: 'offres' }).where(eq(messages.networkId, small.networkId))
    await post(`/u/${token('unsubscribe')}`)
    await post(`/prefs/${token('preferences')}`, 'shown=email:offres&shown=sms:offres&keep=email:offres')
    const inForce = (await closed()).filter((row) => row.liftedAt === null)
    expect(inForce.map((row) => [row.scope, row.channel])).toEqual([['topic', 'sms']])
  })

  test('stop everything closes what is commercial on every channel, and says what still comes', async () => {
    const said = await (await post(`/prefs/${token('preferences')}`, 'stop=all')).text()
    expect(said).toContain('Vous avez tout arrêté')
    expect(said).toContain('rappel de produit')
    const everywhere = (await closed()).filter((row) => row.scope === 'marketing' && row.channel === '')
    expect(everywhere).toHaveLength(2)
    const ledger = await store.db.select().from(consents).where(eq(consents.networkId, small.networkId))
    expect(ledger.map((row) => [row.channel, row.purpose, row.action]).sort()).toEqual([
      ['email', 'personalise_channel', 'withdraw'],
      ['email', 'receive', 'withdraw'],
      ['print', 'receive', 'withdraw'],
      ['sms', 'receive', 'withdraw'],
    ])
    expect(ledger.every((row) => row.wordingHash?.length === 64 && row.language === 'fr')).toBe(true)
  })

  test('an objection to a choice by one’s answers holds at once, and can be taken back', async () => {
    const path = `/prefs/${token('preferences')}`
    const learning = async () =>
      (await trackingOf(store.db, small.networkId, [ana.contactId])).get(ana.contactId)?.learning
    await post(path, 'learning=granted')
    expect(await learning()).toBeUndefined()
    expect(await (await get(path)).text()).toContain('name="learning" value="granted" checked')
    const said = await (await post(path, 'learning=refused')).text()
    expect(said).toContain('name="learning" value="refused" checked')
    const [person] = await readPeople(store.db, small.networkId, [ana.contactId])
    expect(person!.routable.tracking.learning).toBe('refused')
    await post(path, 'learning=granted')
    expect(await learning()).toBe('granted')
    const ledger = await store.db.select().from(consents).where(eq(consents.networkId, small.networkId))
    expect(ledger.map((row) => [row.purpose, row.action, row.evidenceRef, row.wordingHash?.length])).toEqual([
      ['personalise_channel', 'withdraw', 'learning', 64],
      ['personalise_channel', 'grant', 'learning', 64],
    ])
  })

  test('hours and language are the person’s own, and shown as they were saved', async () => {
    const said = await (await post(`/prefs/${token('preferences')}`, 'hours=evening&language=en')).text()
    expect(said).toContain('lang="en"')
    expect(said).toContain('value="evening" checked')
    const [own] = await store.db.select().from(contacts).where(eq(contacts.id, ana.contactId))
    expect(own).toMatchObject({ preferredHours: 'evening', language: 'en' })
    await post(`/prefs/${token('preferences')}`, 'hours=any')
    const [later] = await store.db.select().from(contacts).where(eq(contacts.id, ana.contactId))
    expect(later).toMatchObject({ preferredHours: null, language: 'en' })
  })

  test('looking at the page changes nothing', async () => {
    await get(`/prefs/${token('preferences')}?stop=all&hours=evening&leave=sms`)
    expect(await closed()).toEqual([])
    expect(await store.db.$count(consents, eq(consents.networkId, small.networkId))).toBe(0)
  })

  test('of a shared mailbox stop that mailbox and nobody’s own number, language or hours', async () => {
    await store.db.update(addresses).set({ isShared: true }).where(eq(addresses.id, ana.emailId))
    await post(`/prefs/${token('preferences')}`, 'stop=all&hours=evening&language=en&leave=sms')
    const [mailbox] = await store.db.select().from(addresses).where(eq(addresses.id, ana.emailId))
    expect(new Set((await closed()).map((row) => row.addressHash))).toEqual(new Set([mailbox!.hash]))
    const [own] = await store.db.select().from(contacts).where(eq(contacts.id, ana.contactId))
    expect(own).toMatchObject({ preferredHours: null, language: 'fr' })
  })

  test('of a shared letter only refuse, since nobody can agree for the others', async () => {
    const ben = await person(store.db, small)
    deliveryId = await delivery(store.db, small, { siteOf: [ana, ben] }, { channel: 'print' })
    expect(await (await get(`/prefs/${token('preferences')}`)).text()).toContain('partagée par plusieurs personnes')
    await post(`/prefs/${token('preferences')}`, 'opens=granted&clicks=refused')
    const choices = await store.db.select().from(trackingChoices).where(eq(trackingChoices.networkId, small.networkId))
    expect(choices.map((row) => row.choice)).toEqual(['refused', 'refused'])
  })

  test('of a mailbox that several read only refuse, whoever the mail was for', async () => {
    await store.db.update(addresses).set({ isShared: true }).where(eq(addresses.id, ana.emailId))
    expect(await (await get(`/prefs/${token('preferences')}`)).text()).toContain('partagée par plusieurs personnes')
    await post(`/prefs/${token('preferences')}`, 'opens=granted&clicks=refused')
    const choices = await store.db.select().from(trackingChoices).where(eq(trackingChoices.networkId, small.networkId))
    expect(choices.map((row) => [row.subject, row.choice])).toEqual([['clicks', 'refused']])
  })

  test('end two years after the message, and a body that is no form changes nothing', async () => {
    expect((await post(`/prefs/${token('preferences')}`, `opens=refused&${'x'.repeat(20_000)}`)).status).toBe(413)
    const endless = new Request(`http://localhost/prefs/${token('preferences')}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new ReadableStream({
        pull: (controller) => controller.enqueue(new TextEncoder().encode('opens=refused&'.repeat(100))),
      }),
      duplex: 'half',
    } as RequestInit)
    expect((await app.request(endless)).status).toBe(413)
    expect(await store.db.$count(trackingChoices, eq(trackingChoices.networkId, small.networkId))).toBe(0)
    wall = since(731 * day)
    expect((await get(`/prefs/${token('preferences')}`)).status).toBe(410)
  })
})

test('acknowledging needs the button', async () => {
  expect(await (await get(`/a/${token('acknowledge')}`)).text()).toContain('J’ai lu et compris')
  expect(await own()).toEqual([])
  for (let n = 0; n < 2; n++) expect((await post(`/a/${token('acknowledge')}`)).status).toBe(200)
  expect(await own()).toMatchObject([{ type: 'acknowledge', verdict: 'human_confirmed', contactId: ana.contactId }])
})

describe('webhooks', () => {
  const told = () =>
    JSON.stringify([{ dedupeKey: 'a', type: 'delivered', networkId: small.networkId, deliveryId, data: {} }])

  test('are stored and answered 204, then applied; the URL is the public one with its query', async () => {
    const answer = await post('/webhooks/twilio/status?d=1&a=2', told(), { 'x-signature': 'ok' })
    expect(answer.status).toBe(204)
    expect(heard[0]!.url).toBe('https://relais.example.fr/webhooks/twilio/status?d=1&a=2')
    await applyLater()
    const [row] = await store.db
      .select()
      .from(deliveries)
      .where(and(eq(deliveries.networkId, small.networkId), eq(deliveries.id, deliveryId)))
    expect(row!.status).toBe('delivered')
  })

  test('that are forged, cannot be verified, are unknown, too large or not posted are refused, and nothing is stored', async () => {
    expect((await post('/webhooks/twilio/status', told())).status).toBe(403)
    expect((await post('/webhooks/twilio/status', told(), { 'x-signature': 'unset' })).status).toBe(503)
    expect((await post('/webhooks/twilio/status', '{', { 'x-signature': 'ok' })).status).toBe(503)
    expect((await post('/webhooks/unknown', told(), { 'x-signature': 'ok' })).status).toBe(404)
    expect((await post('/webhooks/twilio/status', 'x'.repeat(1024 * 1024 + 1), { 'x-signature': 'ok' })).status).toBe(
      413,
    )
    const chunked = new Request('http://localhost/webhooks/twilio/status', {
      method: 'POST',
      body: new ReadableStream({
        start: (controller) => {
          for (let n = 0; n < 20; n++) controller.enqueue(new Uint8Array(65_536))
          controller.close()
        },
      }),
      duplex: 'half',
    } as RequestInit)
    expect((await app.request(chunked)).status).toBe(413)
    const looked = await get('/webhooks/twilio/status')
    expect([looked.status, looked.headers.get('allow')]).toEqual([405, 'POST'])
    expect(await raw()).toEqual([])
  })
})
