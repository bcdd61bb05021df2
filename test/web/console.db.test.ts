import { gzipSync } from 'node:zlib'
import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Content } from '../../src/channel.ts'
import { newId } from '../../src/db/index.ts'
import {
  auditEntries,
  contacts,
  decisions,
  deliveries,
  engagements,
  networks,
  renderedContents,
} from '../../src/db/schema.ts'
import type { ChannelName } from '../../src/words.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { type Browser, openSite, type Site } from './client.ts'
import { businessOffset, type SmallNetwork, seedSmallNetwork, wallNow } from './small-network.ts'

let store: TestDatabase
let demo: SmallNetwork
let site: Site
let owner: Browser

beforeAll(async () => {
  store = await freshDatabase()
  demo = await seedSmallNetwork(store.db)
})
beforeEach(async () => {
  site = openSite(store.db, demo.plan, {
    letterPdf: async (content) => new TextEncoder().encode(`%PDF ${content.title}`),
  })
  owner = site.browser()
  await owner.signIn()
})
afterAll(() => store.drop())

const textOf = async (path: string) => {
  const answer = await owner.get(path)
  expect(answer.status, path).toBe(200)
  return answer.text()
}
/** What a reader reads: no tags, entities undone, white space folded. */
const readable = (html: string) =>
  html
    .replace(/<head>.*?<\/head>/s, '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replace(/[\s\u202f\u00a0]+/g, ' ')
const rowIds = (html: string) =>
  [...html.matchAll(/href="\/console\/outbox\/([0-9a-f-]{36})"/g)].map((match) => match[1]!)

test('home says which day it is in the sandbox, and what is next', async () => {
  const page = readable(await textOf('/console'))
  expect(page).toContain('Bac à sable : rien ne part réellement')
  expect(page).toContain('jeudi 21 janvier 2027')
  expect(page).toContain('Challenge Grand Nord')
  expect(page).toContain('25 janv. 2027')
})

test('the campaign page counts what the database holds', async () => {
  const html = await textOf(`/console/campaigns/${demo.campaignId}`)
  const page = readable(html)
  const launch = await store.db
    .select({ status: deliveries.status })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.networkId, demo.networkId),
        eq(deliveries.messageId, demo.steps.lancement!),
        eq(deliveries.channel, 'email'),
        eq(deliveries.isCompanion, false),
      ),
    )
  const sent = launch.filter((row) => row.status !== 'failed').length
  const card = /<li class="step done">(?:(?!<\/li>).)*?<h3>lancement<\/h3>.*?<\/table>/s.exec(html)?.[0] ?? ''
  const email = readable(/<th scope="row"><span class="channel c-email">.*?<\/tr>/s.exec(card)?.[0] ?? '')
  expect(email).toMatch(new RegExp(`^ E-mail ${launch.length} ${sent} `))
  expect(page).toContain('8,14 € – 13,23 €')
  expect(page).toContain('Refusé par le contact 2')
  const chosen = await store.db
    .select({ channel: decisions.channel })
    .from(decisions)
    .where(and(eq(decisions.networkId, demo.networkId), eq(decisions.messageId, demo.steps.lancement!)))
  const bySms = chosen.filter((row) => row.channel === 'sms').length
  const nothing = chosen.filter((row) => row.channel === null).length
  expect(readable(card)).toContain(`Décidé SMS ${bySms} `)
  expect(readable(card)).toContain(`Pourquoi ils ne reçoivent rien (${nothing}) Refusé par le contact ${nothing}`)
  expect(page).toMatch(/SMS E-mail \d+/)
})

test('another channel’s turn makes nobody two people', async () => {
  const path = `/console/campaigns/${demo.campaignId}`
  const before = readable(await textOf(path))
  const theirs = and(eq(decisions.networkId, demo.networkId), eq(decisions.contactId, demo.contactId))
  const [first] = await store.db
    .select()
    .from(decisions)
    .where(and(theirs, eq(decisions.messageId, demo.steps.lancement!)))
  await store.db.insert(decisions).values({ ...first!, occurrence: '1/failed', outcome: 'none', channel: null })
  try {
    expect(readable(await textOf(path))).toBe(before)
    const story = readable(await textOf(`/console/contacts/${demo.contactId}`))
    expect(story).toMatch(/lancement · autre canal.*lancement (?!·)/)
  } finally {
    await store.db.delete(decisions).where(and(theirs, eq(decisions.occurrence, '1/failed')))
  }
})

test('a letter that was posted is not said to have failed to arrive', async () => {
  const html = await textOf(`/console/campaigns/${demo.campaignId}`)
  const rows = [...html.matchAll(/<th scope="row"><span class="channel c-print">.*?<\/tr>/gs)]
    .filter(([row]) => row.includes('data-label'))
    .map(([row]) => readable(row))
  expect(rows.length).toBeGreaterThan(0)
  const letters = await store.db
    .select({ status: deliveries.status })
    .from(deliveries)
    .where(and(eq(deliveries.networkId, demo.networkId), eq(deliveries.channel, 'print')))
  expect(letters.every((row) => row.status !== 'delivered')).toBe(true)
  for (const row of rows) expect(row).toMatch(/^ Courrier \d+ \d+ \d+ % – – /)
  expect(readable(html)).toMatch(/% de ce qui est parti, hors courrier/)
})

test('a plan is worked out once for all who look, anew when the clock has moved, and never keeps a page waiting', async () => {
  let asked = 0
  let release = () => {}
  let gate = Promise.resolve()
  const here = openSite(store.db, demo.plan, {
    // The gate outlasts any patience; the figures beside it must be counted within.
    patienceMs: 1_000,
    plan: async () => {
      asked += 1
      await gate
      return demo.plan
    },
  })
  const browser = here.browser()
  await browser.signIn()
  const look = async () => {
    const answer = await browser.get(`/console/campaigns/${demo.campaignId}`)
    return { refresh: answer.headers.get('refresh'), text: readable(await answer.text()) }
  }
  gate = new Promise((resolve) => {
    release = resolve
  })
  const [first, second] = await Promise.all([look(), look()])
  expect([first.refresh, second.refresh, asked]).toEqual(['2', '2', 1])
  expect(first.text).toContain('Le plan se calcule')
  release()
  await gate
  expect(await look()).toMatchObject({ refresh: null, text: expect.not.stringContaining('se calcule') })
  expect(asked).toBe(1)
  here.clock.at = new Date(wallNow.getTime() + 6_000)
  await look()
  expect(asked).toBe(2)
  await store.db
    .update(networks)
    .set({ clockOffsetMs: businessOffset + 1 })
    .where(eq(networks.id, demo.networkId))
  await look()
  await store.db.update(networks).set({ clockOffsetMs: businessOffset }).where(eq(networks.id, demo.networkId))
  expect(asked).toBe(3)
})

test('the page says the same in English', async () => {
  const page = readable(await textOf(`/console/campaigns/${demo.campaignId}?lang=en`))
  expect(page).toContain('Sandbox: nothing really leaves')
  expect(page).toContain('The Great North challenge')
  expect(page).not.toMatch(/Prévu|Boîte/)
})

test('the buttons of the clock move it once, from the moment the form showed', async () => {
  const press = (move: string, offset = String(businessOffset), back = '/console/outbox?channel=sms') =>
    owner.post('/console/clock?network=demo', { move, offset, back })
  expect((await press('next')).headers.get('location')).toBe('/console/outbox?channel=sms&moved=ok#clock')
  expect((await press('day')).headers.get('location')).toContain('moved=ok')
  expect((await press('end')).headers.get('location')).toContain('moved=ok')
  expect(site.advanced.map(({ to }) => to)).toEqual([{ by: 'PT344880S' }, { by: 'P1D' }, { untilIdle: true }])
  expect(site.advanced.every(({ networkId }) => networkId === demo.networkId)).toBe(true)
  expect((await press('day', '0')).headers.get('location')).toContain('moved=already')
  expect((await press('sideways')).status).toBe(400)
  expect((await press('day', 'soon')).status).toBe(400)
  expect(site.advanced).toHaveLength(3)
  for (const elsewhere of ['https://example.org/', '//example.org', '/\\\\example.org', 'javascript:alert(1)'])
    expect((await press('day', '0', elsewhere)).headers.get('location')).toMatch(/^\/console\?moved=already#clock$/)
  const moves = await store.db.select().from(auditEntries).where(eq(auditEntries.action, 'clock.advance'))
  expect(moves.map(({ data }) => data)).toEqual([{ move: 'next' }, { move: 'day' }, { move: 'end' }])
})

test('two presses at once play one move, and a move that takes long is shown until it is over', async () => {
  let release = () => {}
  let moves = 0
  const gate = new Promise<void>((resolve) => {
    release = resolve
  })
  const slow = openSite(store.db, demo.plan, {
    patienceMs: 0,
    actions: {
      nextEventAt: async () => undefined,
      advance: async () => {
        moves += 1
        await gate
      },
    },
  })
  const browser = slow.browser()
  await browser.signIn()
  const path = '/console/outbox'
  const press = () =>
    browser.post('/console/clock?network=demo', { move: 'day', offset: String(businessOffset), back: path })
  const answers = await Promise.all([press(), press()])
  expect(answers.map((answer) => answer.headers.get('location')).sort()).toEqual([
    `${path}?moved=busy#clock`,
    `${path}?moved=ok#clock`,
  ])
  const during = await browser.get(`${path}?moved=ok`)
  expect(during.headers.get('refresh')).toBe('2')
  expect(await during.text()).toMatch(/L’horloge avance/)
  expect((await press()).headers.get('location')).toContain('moved=busy')
  release()
  await gate
  const after = await browser.get(`${path}?moved=ok`)
  expect(after.headers.get('refresh')).toBeNull()
  expect(await after.text()).toMatch(/Nous sommes maintenant le/)
  expect(moves).toBe(1)
})

test('a move that fails says so with its reference, and leaves the clock free', async () => {
  let fails = true
  const site = openSite(store.db, demo.plan, {
    actions: {
      nextEventAt: async () => undefined,
      advance: async () => {
        if (fails) throw new Error('no')
      },
    },
  })
  const browser = site.browser()
  await browser.signIn()
  const path = `/console/campaigns/${demo.campaignId}`
  const press = () =>
    browser.post('/console/clock?network=demo', { move: 'day', offset: String(businessOffset), back: path })
  await press()
  expect(await (await browser.get(path)).text()).toMatch(/arrêtée sur une erreur, notée sous [0-9a-f-]{36}/)
  expect(site.errors.map((error) => error.message)).toEqual(['no'])
  fails = false
  await press()
  expect(await (await browser.get(path)).text()).not.toContain('arrêtée')
})

test('an event that is overdue or seconds away is reached by a minute, and when nothing is due nothing moves', async () => {
  const moves: unknown[] = []
  let next: Date | undefined = new Date(wallNow.getTime() + businessOffset - 5_000)
  const here = openSite(store.db, demo.plan, {
    actions: { nextEventAt: async () => next, advance: async (_id, to) => void moves.push(to) },
  })
  const browser = here.browser()
  await browser.signIn()
  const press = () => browser.post('/console/clock?network=demo', { move: 'next', offset: String(businessOffset) })
  await press()
  expect(moves).toEqual([{ by: 'PT60S' }])
  next = undefined
  expect((await press()).headers.get('location')).toContain('moved=idle')
  expect(moves).toHaveLength(1)
})

test('a live network has no time machine', async () => {
  await store.db.update(networks).set({ mode: 'live' }).where(eq(networks.id, demo.networkId))
  try {
    const page = await textOf(`/console/campaigns/${demo.campaignId}`)
    expect(page).not.toMatch(/id="clock"|Bac à sable/)
    expect(page).toContain('hx-trigger="every 15s"')
    const answer = await owner.post('/console/clock?network=demo', {
      move: 'day',
      offset: String(businessOffset),
    })
    expect(answer.status).toBe(403)
    expect(site.advanced).toEqual([])
  } finally {
    await store.db.update(networks).set({ mode: 'sandbox' }).where(eq(networks.id, demo.networkId))
  }
})

test('the outbox is walked page by page: every delivery once, newest first', async () => {
  const seen: string[] = []
  let path: string | undefined = '/console/outbox'
  for (let pages = 0; path; pages += 1) {
    expect(pages).toBeLessThan(10)
    const html = await textOf(path)
    const ids = rowIds(html)
    expect(ids.length).toBeLessThanOrEqual(50)
    seen.push(...ids)
    path = /class="button" href="([^"]*cursor=[^"]*)"/.exec(html)?.[1]?.replaceAll('&amp;', '&')
  }
  const all = await store.db.$count(deliveries, eq(deliveries.networkId, demo.networkId))
  expect(all).toBeGreaterThan(100)
  expect(seen).toHaveLength(all)
  expect(seen).toEqual([...new Set(seen)].sort().reverse())
})

test('filters narrow the outbox and stay with its next page; an unknown one is refused', async () => {
  const html = await textOf(`/console/outbox?network=demo&channel=sms&status=&step=${demo.steps.teaser}`)
  const rows = /<tbody.*<\/tbody>/s.exec(html)?.[0] ?? ''
  expect(rows).toContain('c-sms')
  expect(readable(rows)).toContain('canal habituel du profil')
  expect(rows).not.toMatch(/c-(email|print|screen|intranet)|lancement/)
  expect(html).toContain('<option value="sms" selected="">')
  const many = await textOf('/console/outbox?status=delivered')
  expect(many).toMatch(/href="[^"]*status=delivered&amp;cursor=/)
  expect(readable(await textOf('/console/outbox?status=expired'))).toContain('Aucun envoi ne correspond')
  for (const query of ['channel=fax', 'status=gone', `cursor=${'9'.repeat(100)}`])
    expect((await owner.get(`/console/outbox?${query}`)).status, query).toBe(400)
})

test('each channel shows the message as its reader has it, and why it was chosen', async () => {
  const expected: Record<ChannelName, RegExp> = {
    sms: /class="bubble">.*challenge Grand Nord est lancé.*1 SMS · \d+ caractères/s,
    email: /Grand Nord : c’est parti !.*<iframe[^>]*sandbox=""/s,
    print: /class="letter".*Douze séjours en Laponie.*<svg.*letter\.pdf/s,
    intranet: /le règlement et le barème.*<iframe[^>]*sandbox=""/s,
    screen: /class="screen-face".*J’ai lu/s,
  }
  for (const [channel, pattern] of Object.entries(expected)) {
    const html = await textOf(`/console/outbox/${demo.shown[channel as ChannelName]}`)
    expect(html.replaceAll('&#39;', "'"), channel).toMatch(pattern)
    expect(html, channel).toContain('class="because"')
    expect(html, channel).toContain('gate.address')
    expect(readable(html), channel).toContain('Remis à l’opérateur')
  }
})

test('an e-mail is shown in a frame that runs nothing, asks for no more than the library’s pictures and whose links lead nowhere', async () => {
  const answer = await owner.get(`/console/outbox/${demo.shown.email}/content`)
  const policy = answer.headers.get('content-security-policy') ?? ''
  expect(policy).toMatch(/img-src data: http:\/\/relais\.test\/i\/(;|$)/)
  expect(policy).not.toContain('script-src')
  expect(policy).toMatch(/sandbox/)
  expect(answer.headers.get('x-frame-options')).toBe('SAMEORIGIN')
  expect(await answer.text()).toContain('<head><base target="_blank">')
})

test('a letter opens as a PDF; other channels have none', async () => {
  const pdf = await owner.get(`/console/outbox/${demo.shown.print}/letter.pdf`)
  expect(pdf.headers.get('content-type')).toBe('application/pdf')
  expect(await pdf.text()).toBe('%PDF Grand Nord')
  expect((await owner.get(`/console/outbox/${demo.shown.sms}/letter.pdf`)).status).toBe(404)
  expect((await owner.get(`/console/outbox/${demo.shown.sms}/content`)).status).toBe(404)
})

async function withContent<T>(body: Uint8Array | undefined, work: (path: string) => Promise<T>): Promise<T> {
  const id = demo.shown.sms
  const mine = and(eq(renderedContents.networkId, demo.networkId), eq(renderedContents.deliveryId, id))
  const [kept] = await store.db.select().from(renderedContents).where(mine)
  await store.db.delete(renderedContents).where(mine)
  if (body) await store.db.insert(renderedContents).values({ ...kept!, body })
  try {
    return await work(`/console/outbox/${id}`)
  } finally {
    await store.db.delete(renderedContents).where(mine)
    await store.db.insert(renderedContents).values(kept!)
  }
}

test('erased content says so and keeps its hash; damaged content says so too', async () => {
  await withContent(undefined, async (path) => {
    const html = await textOf(path)
    expect(readable(html)).toContain('Contenu effacé')
    expect(html).toMatch(/<code class="hash">[0-9a-f]{64}</)
  })
  for (const body of [new Uint8Array([1, 2, 3]), gzipSync('{not json')])
    await withContent(body, async (path) => {
      expect(readable(await textOf(path))).toContain('ne se lit plus')
    })
})

test('names and messages are text, whatever they contain', async () => {
  const evil = '<script>alert(1)</script><img src=x onerror=alert(2)>'
  const content: Content = { channel: 'sms', text: evil, parts: 1 }
  await store.db.update(contacts).set({ lastName: evil }).where(eq(contacts.id, demo.contactId))
  await withContent(gzipSync(JSON.stringify(content)), async (path) => {
    for (const page of [path, '/console/outbox?channel=email', `/console/contacts/${demo.contactId}`]) {
      const html = await textOf(page)
      expect(html).not.toMatch(/<script>alert|<img src=x/)
    }
    expect(await textOf(path)).toContain('&lt;script&gt;alert(1)')
  })
  await store.db.update(contacts).set({ lastName: 'Moreau' }).where(eq(contacts.id, demo.contactId))
})

test('a contact’s page tells what was sent, why, and what came back', async () => {
  const page = readable(await textOf(`/console/contacts/${demo.contactId}`))
  expect(page).toContain('Lucas Moreau')
  expect(page).toContain('Technicien chauffage')
  expect(page).toContain('+33639980001')
  expect(page).toContain('recevoir : accordé')
  expect(page).toMatch(/lancement.*teaser/)
  expect(page).toContain('canal habituel du profil Terrain')
  expect(page).toMatch(/SMS a agi \d fois sur \d attendu \d+ %, entre \d+ % et \d+ %/)
})

test('a contact’s story has each message on one page, and an act that was not measured is not a nought', async () => {
  const id = demo.contactId
  await store.db
    .update(engagements)
    .set({ exposures: 0, actions: 0, lastActionAt: new Date('2027-01-12T09:00:00Z') })
    .where(
      and(eq(engagements.networkId, demo.networkId), eq(engagements.contactId, id), eq(engagements.channel, 'sms')),
    )
  const page = readable(await textOf(`/console/contacts/${id}`))
  expect(page).not.toContain('sur 0')
})

test('an erased contact has no name left on any page', async () => {
  await store.db.update(contacts).set({ erasedAt: wallNow }).where(eq(contacts.id, demo.contactId))
  const page = readable(await textOf(`/console/contacts/${demo.contactId}`))
  expect(page).toContain('Ce contact a été effacé')
  expect(page).not.toContain('Lucas Moreau')
  await store.db.update(contacts).set({ erasedAt: null }).where(eq(contacts.id, demo.contactId))
})

test('an empty network and a user without any say what to do', async () => {
  const id = newId()
  await store.db
    .insert(networks)
    .values({ id, number: 9, name: 'new', title: 'Nouveau', mode: 'sandbox', settings: {}, createdAt: wallNow })
  await owner.post(await site.link())
  expect(readable(await textOf('/console?network=new'))).toContain('Importez vos partenaires')
  expect(readable(await textOf('/console/outbox?network=new'))).toContain('Aucun envoi')
})
