import readSheets from 'read-excel-file/node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { auditEntries } from '../../src/db/schema.ts'
import { seedCountedChallenge } from '../challenge/report/hand-counted-challenge.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { type Browser, openSite, type Site } from './client.ts'
import { enrol } from './route-table/people.ts'

let store: TestDatabase
let known: Awaited<ReturnType<typeof seedCountedChallenge>>
let site: Site
let owner: Browser
let path: string

beforeAll(async () => {
  store = await freshDatabase()
  known = await seedCountedChallenge(store.db)
  site = openSite(store.db, { steps: [] }, { patienceMs: 60_000 })
  owner = site.browser()
  await owner.signIn()
  path = `/console/campaigns/${known.campaignId}/report`
})
afterAll(() => store.drop())

const plain = (text: string) => text.replace(/<[^>]+>/g, ' ').replace(/[\s\u00a0\u202f]+/g, ' ')
const shown = async (browser: Browser, query = '') => plain(await (await browser.get(`${path}${query}`)).text())
const take = async (browser: Browser, file: string) =>
  Buffer.from(await (await browser.post(`${path}/export`, { file })).arrayBuffer())

describe('the report of a challenge', () => {
  test('shows participation, costs, each step and channel, and says that an effect cannot be measured', async () => {
    const text = await shown(owner)
    expect(text).toContain('Inscrits 70 18 % des invités, 3 établissements')
    expect(text).toContain('Actifs 45 64 % des inscrits')
    expect(text).toContain('Coût 307,40 € messages 7,40 €, dotations 300,00 €')
    expect(text).toContain('Coût par actif 6,83 €')
    expect(text).toContain('teaser')
    expect(text).toContain('Non mesurable. Personne n’a été laissé de côté pour comparer')
    expect(text).toMatch(/Ligue 1 200 60 30 % 40 67 % 800/)
    expect(await shown(owner, '?by=tier&lang=en')).toMatch(/Gold 200 50 25% 35 70% 700/)
    expect(await shown(owner, '?by=site&lang=fr')).toMatch(/Site B2 B2 100 0 0 % 0/)
  })

  test('is taken away as one page, as a workbook of all tables and as a line for each outlet, each noted', async () => {
    const pdf = (await take(owner, 'page')).toString('latin1')
    expect(pdf.slice(0, 5)).toBe('%PDF-')
    expect(pdf.match(/\/Type \/Page\b(?!s)/g)).toHaveLength(1)
    const sheets = await readSheets(await take(owner, 'tables'))
    expect(sheets.map(({ sheet }) => sheet)).toEqual([
      'Participation',
      'Étape par étape',
      'Ligues',
      'Régions',
      'Niveaux',
      'Établissements',
    ])
    expect(sheets[0]!.data[1]!.slice(0, 5)).toEqual(['Ensemble', 400, 70, 45, 1])
    expect(sheets[0]!.data[2]!.slice(0, 2)).toEqual([
      'Ce que le challenge a changé',
      expect.stringContaining('Non mesurable.'),
    ])
    expect(sheets[5]!.data).toHaveLength(5)
    const csv = (await take(owner, 'csv')).toString('utf8').trim().split('\r\n')
    expect(csv).toHaveLength(5)
    expect(csv[1]).toMatch(/^A1;Site A1;100;40;30;1;1;1;1;600;/)
    const noted = await store.db.select().from(auditEntries)
    expect(noted.filter(({ action }) => action === 'result.export')).toHaveLength(3)
  })

  test('tells a region manager of their own outlets only', async () => {
    const north = await enrol(store.db, site, {
      ...{ networkId: known.networkId, called: 'manager of the north', role: 'region_manager' },
      scope: { areas: ['Nord'] },
    })
    const text = await shown(north.browser)
    expect(text).toContain('Ces chiffres sont ceux de vos sites.')
    expect(text).toContain('Inscrits 60')
    expect(text).not.toMatch(/Non mesurable|Palmarès/)
    const results = await north.browser.get(`/console/campaigns/${known.campaignId}/results`)
    expect(await results.text()).toContain(`href="${path}"`)
    expect((await take(north.browser, 'csv')).toString('utf8')).not.toContain('Site B')
  })
})

describe('the same for programs', () => {
  test('tells participation, groups, what an active one came to, and outlets by pages', async () => {
    const at = `/api/v1/challenges/${known.challenge.id}/report`
    const json = async (path: string) => (await (await owner.get(path)).json()) as Record<string, unknown>
    expect(await json(at)).toMatchObject({
      currency: 'EUR',
      whole: { invited: 400, registered: 70, active: 45, cost: 307.4, costPerActive: expect.closeTo(6.8311, 4) },
      leagues: [
        { name: '1', registered: 60 },
        { name: '2', registered: 10 },
      ],
      steps: [{ step: 'teaser', channel: 'email', sent: 400 }, { step: 'relance' }, { step: 'relance' }],
    })
    const first = (await json(`${at}/outlets?limit=3`)) as { data: { site: string }[]; next: string }
    expect(first.data.map((row) => row.site)).toEqual(['A1', 'A2', 'B1'])
    expect(await json(`${at}/outlets?limit=3&cursor=${first.next}`)).toMatchObject({
      data: [{ site: 'B2', invited: 100, costPerActive: null }],
      next: null,
    })
  })
})
