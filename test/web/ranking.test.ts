import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { auditEntries, rewards } from '../../src/db/schema.ts'
import { type Seeded, score, seedChallenge } from '../challenge/grand-nord.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { type Browser, openSite, publicUrl, type Site } from './client.ts'

let store: TestDatabase
let nord: Seeded
let site: Site
let owner: Browser
let base: string

beforeAll(async () => {
  store = await freshDatabase()
  nord = await seedChallenge(
    store.db,
    ['Anne', 'Bruno', 'Carla', 'David'].map((name) => ({ name, site: 'Nord' })),
  )
  await score(store.db, nord, [
    { name: 'Anne', points: 120, t: 5, ventes: 4, formation: 1 },
    { name: 'Bruno', points: 120, t: 3, ventes: 4 },
    { name: 'Carla', points: 90 },
    { name: 'David', points: 150 },
  ])
  site = openSite(store.db, { steps: [] }, { dataFolder: store.folder })
  owner = site.browser()
  await owner.signIn()
  base = `/console/campaigns/${nord.campaignId}`
})
afterAll(() => store.drop())

const plain = (text: string) => text.replace(/<[^>]+>/g, ' ').replace(/[\s\u00a0\u202f]+/g, ' ')
const shown = async (path: string) => plain(await (await owner.get(path)).text())

/** A form with a file, as a browser sends it. */
async function sendFile(path: string, form: FormData): Promise<Response> {
  const sent = new Response(form)
  const body = new Uint8Array(await sent.arrayBuffer())
  const cookie = [...owner.cookies].map(([key, value]) => `${key}=${value}`).join('; ')
  const headers = { 'content-type': sent.headers.get('content-type')!, 'content-length': String(body.length) }
  return site.app.request(
    `${publicUrl}${path}`,
    { method: 'POST', body, headers: { ...headers, origin: publicUrl, cookie } },
    { incoming: { socket: { remoteAddress: '192.0.2.7' } } },
  )
}

describe('the pages of a challenge', () => {
  test('the ranking lists D, B, A, C with shared ranks, in both languages', async () => {
    const text = await shown(`${base}/ranking`)
    expect(text).toMatch(/1 David 150.*2 Bruno 120.*2 Anne 120.*4 Carla 90/)
    expect(text).toContain('étape 3/9 : Regina')
    expect(await shown(`${base}/ranking?lang=en`)).toContain('stage 3/9: Regina')
    await owner.get(`${base}/ranking?lang=fr`)
    expect((await owner.get(`${base}/ranking?board=team`)).status).toBe(200)
    expect((await owner.get(`${base}/ranking?board=nobody`)).status).toBe(400)
  })

  test('a provisional ranking before the end is refused in words', async () => {
    const answer = await owner.post(`${base}/winners/provisional`)
    expect(answer.status).toBe(303)
    expect(await shown(answer.headers.get('location')!)).toContain('Le challenge n’est pas fini.')
  })

  test('prizes are given within the budget, once for a press, and stand in the trail and the year', async () => {
    expect((await owner.post(`${base}/rewards/budget`, { cap: 'beaucoup' })).status).toBe(422)
    await owner.post(`${base}/rewards/budget`, { cap: '450' })
    expect((await owner.post(`${base}/rewards/prize`, { title: '', kind: 'cash', value: '1' })).status).toBe(422)
    await owner.post(`${base}/rewards/prize`, { title: 'Carte', kind: 'gift_card', value: '400,00', stock: '' })
    const prize = /name="prize"[\s\S]*?<option value="([^"]+)"/.exec(
      await (await owner.get(`${base}/rewards`)).text(),
    )![1]!
    const press = { prize, contact: nord.contacts.Anne!, requestKey: 'once' }
    await owner.post(`${base}/rewards/give`, press)
    await owner.post(`${base}/rewards/give`, press)
    expect(await store.db.$count(rewards)).toBe(1)
    const beyond = await owner.post(`${base}/rewards/give`, { ...press, requestKey: 'twice' })
    expect(await shown(beyond.headers.get('location')!)).toContain('Le budget serait dépassé : il reste 50,00 €.')
    const year = /Registre des dotations (\d{4})/.exec(await shown('/console/rewards'))![1]!
    await owner.post('/console/rewards/standing', { contact: nord.contacts.Anne!, situation: 'flat', year })
    const page = await shown('/console/rewards?year=2026')
    expect(page).toContain('Estimation informative, à vérifier avec votre comptable ou l’Urssaf.')
    // 20 % of 400.00 less 273.45.
    expect(page).toContain('25,31 €')
    const file = await owner.post('/console/rewards/export', { year: '2026', file: 'csv' })
    expect(await file.text()).toContain('"Anne, Nord";nord;400;25,31;0;')
    const trail = await store.db.select({ action: auditEntries.action }).from(auditEntries)
    expect(trail.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['reward.budget', 'reward.prize', 'reward.give', 'reward.standing', 'reward.export']),
    )
    expect(await store.db.$count(auditEntries, eq(auditEntries.action, 'reward.give'))).toBe(1)
  })

  test('a simulation needs a period, and a file or a past that was imported', async () => {
    const simulate = async (from: string, to: string) => {
      const answer = await owner.post(`${base}/simulation`, { from, to })
      return [answer.status, plain(await answer.text())]
    }
    expect(await simulate('2026-03-01', '2026-01-01')).toEqual([
      422,
      expect.stringContaining('La période finit avant de commencer.'),
    ])
    expect(await simulate('2026-01-01', '2026-03-01')).toEqual([
      422,
      expect.stringContaining('Aucun historique n’est importé pour ces critères : choisissez un fichier.'),
    ])
  })

  test('a file of past results is replayed, and what it came to is shown until somebody answers for it', async () => {
    const lines = Array.from({ length: 10 }, (_, n) => `P${n};ventes;2026-02-0${n % 9 || 9};${n < 5 ? 40 : 1}`)
    const form = new FormData()
    form.set('file', new File([['participant;critere;date;quantite', ...lines].join('\n')], 'passe.csv'))
    for (const [name, value] of Object.entries({ from: '2026-01-12', to: '2026-03-12', reachedPrize: '50' }))
      form.set(name, value)
    const page = plain(await (await sendFile(`${base}/simulation`, form)).text())
    expect(page).toContain('Trop peu l’atteindraient')
    expect(page).toMatch(/5 sur 10|0 sur 10/)
    const simulation = /name="simulation" value="([^"]+)"/.exec(
      await (await owner.get(`${base}/simulation`)).text(),
    )![1]!
    await owner.post(`${base}/simulation/confirm`, { simulation, reason: 'Première année' })
    expect(await shown(`${base}/simulation`)).toContain('Première année')
    expect(await store.db.$count(auditEntries, eq(auditEntries.action, 'challenge.confirm_simulation'))).toBe(1)
  })
})
