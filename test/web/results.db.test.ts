import { inArray } from 'drizzle-orm'
import readSheets from 'read-excel-file/node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../src/db/index.ts'
import { auditEntries, campaigns, decisions, events, messages } from '../../src/db/schema.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { type HandCounted, seedHandCounted } from '../results/hand-counted.ts'
import { type Browser, openSite, type Site } from './client.ts'
import { enrol } from './route-table/people.ts'

let store: TestDatabase
let known: HandCounted
let site: Site
let owner: Browser
let path: string

beforeAll(async () => {
  store = await freshDatabase()
  known = await seedHandCounted(store.db)
  site = openSite(store.db, { steps: [] }, { patienceMs: 30_000 })
  owner = site.browser()
  await owner.signIn()
  path = `/console/campaigns/${known.campaignId}/results`
})
afterAll(() => store.drop())

const plain = (text: string) => text.replace(/<[^>]+>/g, ' ').replace(/[\s\u00a0\u202f]+/g, ' ')
const shown = async (browser: Browser, query = '') => plain(await (await browser.get(`${path}${query}`)).text())
const take = (browser: Browser, file: string, by = 'site') => browser.post(`${path}/export`, { file, by })
const bytes = async (answer: Response) => Buffer.from(await answer.arrayBuffer())

describe('the page', () => {
  test('prints every rate with its coverage and its interval', async () => {
    const text = await shown(owner)
    expect(text).toContain('Taux d’ouverture 55 % [44–65 %], mesuré sur 80 contacts ayant accepté (20 %).')
    expect(text).toContain('2 e-mails n’ont été ouverts que par des machines')
    expect(text).toContain('150 ouvertures et 0 clics comptés en bloc sur 320 e-mails')
    expect(text).toContain('moins de 10')
    expect(text).toContain('7,40 €')
    expect(await shown(owner, '?lang=en')).toContain(
      'Open rate 55% [44–65%], measured on 80 contacts who agreed to it (20%).',
    )
    await owner.get(`${path}?lang=fr`)
  })

  test('shows a region manager the figures of their own sites and leads to no other', async () => {
    const north = await enrol(store.db, site, {
      ...{ networkId: known.networkId, called: 'manager of the north', role: 'region_manager' },
      scope: { areas: ['Nord'] },
    })
    const text = await shown(north.browser)
    expect(text).toContain('Ces chiffres sont ceux de vos sites.')
    expect(text).toContain('mesuré sur 40 contacts ayant accepté (20 %)')
    expect(text).toContain('Site A2')
    expect(text).not.toMatch(/Site B[12]|comptés en bloc/)
    const lines = (await bytes(await take(north.browser, 'peopleCsv')))
      .toString('utf8')
      .replace(/\r\n$/, '')
      .split('\r\n')
    expect(lines).toHaveLength(1 + 200 + 100 + 10)
    expect(lines.some((line) => line.includes('Site B'))).toBe(false)
  })

  test('of a group whose opens are withheld it says why', async () => {
    expect(await shown(owner, '?by=profile')).toContain('Sur moins de 10 personnes mesurées, rien n’est montré.')
  })

  test('says that nothing can be told of an effect where nobody was left out, and how to leave some out', async () => {
    expect(await shown(owner)).toContain('Non mesurable. Personne n’a été laissé de côté pour comparer')
    expect(await shown(owner)).toContain('« holdout »')
  })

  test('a place in another list is refused, in words', async () => {
    for (const cursor of ['x', Buffer.from('[1,"a"]').toString('base64url')]) {
      const answer = await owner.get(`${path}?cursor=${cursor}`)
      expect(answer.status).toBe(400)
    }
  })
})

describe('the room', () => {
  const room = async (browser: Browser) => plain(await (await browser.get('/console/results')).text())

  test('leads to every launched campaign, and says what all changed together', async () => {
    const html = await (await owner.get('/console/results')).text()
    expect(html).toContain(`href="${path}"`)
    expect(plain(html)).toContain('Aucune campagne à groupe témoin n’est encore terminée.')
  })

  test('is a region manager’s way to their results, without a comparison drawn over the whole network', async () => {
    const south = await enrol(store.db, site, {
      ...{ networkId: known.networkId, called: 'manager of the south', role: 'region_manager' },
      scope: { areas: ['Sud'] },
    })
    const html = await (await south.browser.get('/console')).text()
    expect(html).toContain('href="/console/results')
    expect(html).not.toContain('href="/console/campaigns?')
    const text = await room(south.browser)
    expect(text).toContain('Grand Nord')
    expect(text).not.toContain('Groupe témoin')
    expect(await shown(south.browser)).not.toContain('Ce que la campagne a changé')
  })
})

describe('files', () => {
  test('a line a delivery, as CSV that nothing computes, phones to dial, and written in the trail', async () => {
    const before = (await store.db.select().from(auditEntries)).length
    const answer = await take(owner, 'peopleCsv')
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(answer.headers.get('content-disposition')).toContain('Grand%20Nord.csv')
    const lines = (await bytes(answer)).toString('utf8').replace(/\r\n$/, '').split('\r\n')
    expect(lines[0]).toMatch(/^\ufeffÉtape;Canal;Copie;Code;Site;/)
    expect(lines).toHaveLength(1 + 400 + 100 + 1 + 10)
    expect(lines.filter((line) => line.includes(";'=cmd();"))).toHaveLength(4 + 1 + 1)
    expect(lines.some((line) => /(^|;)[=@]/.test(line))).toBe(false)
    expect(lines.filter((line) => line.includes(';+33639980000;'))).toHaveLength(1)
    const opened = lines.filter((line) => line.startsWith('teaser;E-mail;'))
    expect(opened.filter((line) => line.split(';')[16] === 'oui')).toHaveLength(44)
    expect(opened.filter((line) => line.split(';')[16] === '')).toHaveLength(320)
    const written = await store.db.select().from(auditEntries)
    expect(written.length).toBe(before + 1)
    expect(written.find(({ action }) => action === 'result.export')).toMatchObject({
      subject: known.campaignId,
      data: { file: 'peopleCsv' },
    })
  })

  test('steps, reasons and groups as a workbook', async () => {
    const sheets = await readSheets(await bytes(await take(owner, 'tables', 'region')))
    expect(sheets.map(({ sheet }) => sheet)).toEqual([
      'Étape par étape',
      'Pourquoi ils n’ont rien reçu',
      'Régions',
      'Effet',
    ])
    const [heads, teaser] = sheets[0]!.data
    const cell = (name: string) => teaser![heads!.indexOf(name)]
    expect(cell('Taux d’ouverture')).toBe(0.55)
    expect(cell('Ouverture, bas')).toBe(0.441195)
    expect(cell('Ouverture, haut')).toBe(0.654223)
    expect(cell('Ouverture mesurée sur')).toBe(80)
    expect(cell('Coût (EUR)')).toBe(0.4)
    expect(sheets[1]!.data.slice(1).map((row) => row[4])).toEqual([200, 100, 6, 4])
    expect(sheets[2]!.data.slice(1).map((row) => row.slice(0, 3))).toEqual([
      ['Nord', 290, 290],
      ['Sud', 201, 201],
    ])
    // Its first step is still to come: there is nothing to compare yet.
    expect(sheets[3]!.data).toHaveLength(1)
  })

  test.each(['fr', 'en'] as const)('one page to print, in %s', async (language) => {
    await owner.get(`${path}?lang=${language}`)
    const pdf = await bytes(await take(owner, 'page'))
    await owner.get(`${path}?lang=fr`)
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
    expect(pdf.toString('latin1').match(/\/Type \/Page\b/g)).toHaveLength(1)
    expect(pdf.toString('latin1')).toContain(`/Lang (${language})`)
  })

  test('whoever may read and not export is told so, and whoever names another file too', async () => {
    const viewer = await enrol(store.db, site, {
      ...{ networkId: known.networkId, called: 'viewer', role: 'viewer', scope: {} },
    })
    expect((await viewer.browser.get(path)).status).toBe(200)
    expect((await take(viewer.browser, 'page')).status).toBe(403)
    expect((await take(owner, 'everything')).status).toBe(400)
  })
})

test('programs are told the same numbers', async () => {
  const answer = await owner.get(`/api/v1/campaigns/${known.campaignId}/results`)
  expect(answer.status).toBe(200)
  const told = (await answer.json()) as { steps: { channels: Record<string, unknown>[] }[] }
  expect(told).toMatchObject({ campaignId: known.campaignId, currency: 'EUR', sent: 491, cost: 7.4 })
  expect(told).toMatchObject({ effect: null })
  expect(told.steps[0]!.channels[0]).toMatchObject({
    ...{ channel: 'email', sent: 400, acted: 30, reachedGoal: 30, machineOpened: 2 },
    opened: { is: 'known', part: 44, of: 80, share: 0.55, coverage: 0.2 },
  })
  expect(told.steps[1]!.channels[1]).toMatchObject({
    channel: 'email',
    opened: { is: 'too few', part: null, share: null },
    machineOpened: null,
  })
})

test('a difference is told with its interval once a hundred people were left out', async () => {
  const { db } = store
  await db.update(decisions).set({ outcome: 'holdout' }).where(inArray(decisions.contactId, known.people.B2!))
  await db.update(campaigns).set({ holdout: { share: 0.25, outlets: 4, heldOut: 1 } })
  const acts = [...known.people.A1!.slice(0, 60), ...known.people.B2!.slice(0, 5)]
  const at = new Date('2026-11-02T08:00:00Z')
  await db.update(messages).set({ dueAt: new Date('2026-11-01T08:00:00Z') })
  await db.insertRows(
    events,
    acts.map((contactId) => ({
      ...{ networkId: known.networkId, id: newId(), type: 'register' as const, contactId, data: {} },
      ...{ dedupeKey: newId(), occurredAt: at, recordedAt: at },
    })),
  )
  const text = await shown(owner)
  expect(text).toMatch(/20 % 60 sur 300 personnes 5 % 5 sur 100 personnes \+15 points \[\+\d+,\d ; \+\d+,?\d*\]\./)
  expect(text).toContain('La campagne a fait agir davantage.')
})
