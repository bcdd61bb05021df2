import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { audit } from '../../src/accounts/audit.ts'
import { auditActions } from '../../src/accounts/audit-actions.ts'
import { verifyAudit } from '../../src/accounts/audit-verify.ts'
import { apiKeys, auditEntries } from '../../src/db/schema.ts'
import { actText } from '../../src/web/console/audit/trail.tsx'
import type { View } from '../../src/web/view.ts'
import { translatorFor } from '../../src/web/words/index.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { type Browser, openSite, publicUrl, type Site } from './client.ts'
import { enrol } from './route-table/people.ts'
import { type SmallNetwork, seedSmallNetwork, wallNow } from './small-network.ts'

let store: TestDatabase
let demo: SmallNetwork
let site: Site
let owner: Browser
let auditor: Browser

beforeAll(async () => {
  store = await freshDatabase()
  demo = await seedSmallNetwork(store.db)
  site = openSite(store.db, demo.plan)
  owner = site.browser()
  await owner.signIn()
  const given = { networkId: demo.networkId, called: 'Auguste', role: 'auditor' as const, scope: {} }
  auditor = (await enrol(store.db, site, given)).browser
})
afterAll(() => store.drop())

const home = '/console/settings/keys?network=demo'
const form = { name: 'Extranet', permissions: 'contact.read', days: '30', perMinute: '100' }
const textOf = async (answer: Response) =>
  (await answer.text())
    .replaceAll('&amp;', '&')
    .replaceAll('&quot;', '"')
    .replace(/[\u202f\u00a0]/g, ' ')
const keyIn = (html: string) => /value="(rl_test_[0-9A-Za-z]{49})"/.exec(html)?.[1]
const call = (key: string) =>
  site.app.request(`${publicUrl}/api/v1/contacts`, { headers: { authorization: `Bearer ${key}` } })

test('an owner makes a key, sees it once, and it works until it is revoked', async () => {
  expect(await textOf(await owner.get(home))).toContain('aucun programme n’a accès')
  const answer = await owner.post('/console/settings/keys?network=demo', form)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('cache-control')).toBe('no-store')
  const key = keyIn(await textOf(answer))!
  expect((await call(key)).status).toBe(200)
  const listed = await textOf(await owner.get(home))
  expect(listed).not.toContain(key.slice(8, 30))
  expect(listed).toContain(`finit par ${key.slice(-4)}`)
  expect(listed).toContain('Lire les contacts et leurs adresses')
  const [row] = await store.db.select().from(apiKeys).where(eq(apiKeys.name, 'Extranet'))
  const path = `/console/settings/keys/${row!.id}/revoke?network=demo`
  expect(await textOf(await owner.get(path))).toContain('Révoquer la clé « Extranet » ?')
  expect((await call(key)).status).toBe(200)
  const revoked = await owner.post(path)
  expect([revoked.status, revoked.headers.get('location')]).toEqual([303, `${home}&said=revoked`])
  expect((await call(key)).status).toBe(401)
  expect((await owner.post(path)).headers.get('location')).toBe(`${home}&said=gone`)
  expect((await owner.get(path)).headers.get('location')).toBe(`${home}&said=gone`)
})

test('a form that is not right is shown again with what was typed and what is wrong', async () => {
  const before = await store.db.$count(apiKeys)
  const wrong = { name: '  ', permissions: 'user.write', days: '9', perMinute: '0' }
  const answer = await owner.post('/console/settings/keys?network=demo', wrong)
  expect(answer.status).toBe(422)
  const html = await textOf(answer)
  for (const said of ['Donnez un nom', 'Choisissez au moins un droit', 'nombre entier de 1 à 6'])
    expect(html).toContain(said)
  expect(await store.db.$count(apiKeys)).toBe(before)
})

test('nobody gives a key more than a key may have', async () => {
  const answer = await owner.post('/console/settings/keys?network=demo', {
    ...form,
    name: 'Greedy',
    permissions: 'key.write',
  })
  expect(answer.status).toBe(422)
  expect(await store.db.select().from(apiKeys).where(eq(apiKeys.name, 'Greedy'))).toEqual([])
})

test('an auditor sees the keys and makes none', async () => {
  const html = await textOf(await auditor.get(home))
  expect(html).toContain('Extranet')
  expect(html).not.toContain('/console/settings/keys/new')
  expect((await auditor.get('/console/settings/keys/new?network=demo')).status).toBe(404)
  expect((await auditor.post('/console/settings/keys?network=demo', form)).status).toBe(403)
})

test('what was done to keys is on record, in French and in English, without the key', async () => {
  const fr = await textOf(await auditor.get('/console/settings/audit?network=demo'))
  expect(fr).toMatch(/Owner a créé une clé d’API/)
  expect(fr).toMatch(/Owner a révoqué une clé d’API/)
  expect(await textOf(await owner.get('/console/settings/audit?network=demo&lang=en'))).toContain(
    'Owner made an API key',
  )
  await owner.get('/console?lang=fr')
  expect((await verifyAudit(store.db)).isWhole).toBe(true)
  expect(JSON.stringify(await store.db.select().from(auditEntries))).not.toMatch(/rl_test_/)
})

test('the trail is narrowed by act, person and day, and paged', async () => {
  await store.db.transaction(async (tx) => {
    for (let n = 0; n < 120; n += 1)
      await audit(tx, {
        networkId: demo.networkId,
        actor: 'operator',
        action: 'campaign.pause',
        subject: `c${n}`,
        data: { people: n },
        at: new Date(wallNow.getTime() + 86_400_000 + n),
      })
  })
  const rows = (html: string) => (html.match(/<th scope="row">/g) ?? []).length
  const first = await textOf(await owner.get('/console/settings/audit?network=demo&action=campaign.pause'))
  expect(rows(first)).toBe(50)
  expect(first).toContain('people = 119')
  const next = /href="(\/console\/settings\/audit\?[^"]*cursor=[^"]+)"/.exec(first)?.[1] ?? ''
  const second = await textOf(await owner.get(next))
  expect([rows(second), second.includes('people = 69'), second.includes('people = 70 ')]).toEqual([50, true, false])
  const day = (text: string) => owner.get(`/console/settings/audit?network=demo&since=${text}&until=${text}`)
  expect(rows(await textOf(await day('2026-11-17')))).toBe(50)
  expect(await textOf(await day('2026-11-18'))).toContain('Aucun acte ne répond')
  expect(await textOf(await day('2026-02-30'))).toContain('Cette date n’existe pas')
  expect((await owner.get('/console/settings/audit?network=demo&action=nothing')).status).toBe(400)
  expect(rows(await textOf(await owner.get('/console/settings/audit?network=demo&cursor=nonsense')))).toBe(50)
})

test('every act has a sentence that names who did it, in both languages', () => {
  for (const language of ['fr', 'en'] as const)
    for (const action of auditActions) {
      const view = { t: translatorFor(language) } as View
      const said = actText(view, { action, actor: 'u', actorName: 'Zoé' })
      expect(said, `${language} ${action}`).toContain('Zoé')
      expect(said, `${language} ${action}`).not.toContain('audit.actions')
    }
})
