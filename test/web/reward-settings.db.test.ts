import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../src/db/index.ts'
import { auditEntries, prizes, rewardBeneficiaries, rewards } from '../../src/db/schema.ts'
import { type Seeded, seedChallenge } from '../challenge/grand-nord.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { type Browser, openSite } from './client.ts'

let store: TestDatabase
let nord: Seeded
let owner: Browser
const path = '/console/settings/rewards'

beforeAll(async () => {
  store = await freshDatabase()
  nord = await seedChallenge(store.db, [{ name: '=Anne', site: 'Nord' }])
  const at = new Date('2026-05-04T10:00:00Z')
  const of = { networkId: nord.networkId, challengeId: nord.challengeId }
  const prize = { kind: 'gift_card' as const, title: { fr: '=Carte' }, valueCents: 50_000 }
  const prizeId = newId()
  await store.db.insert(prizes).values({ ...of, id: prizeId, ...prize, createdAt: at, updatedAt: at })
  await store.db.insert(rewards).values({
    ...{ ...of, id: newId(), prizeId, contactId: nord.contacts['=Anne']!, payer: 'nord', year: 2026, ...prize },
    ...{ status: 'awarded', requestKey: 'one', awardedBy: 'cli', awardedAt: at },
  })
  await store.db.insert(rewardBeneficiaries).values({
    ...{ networkId: nord.networkId, contactId: nord.contacts['=Anne']!, regime: 'employee', isCustomerFacing: true },
    ...{ isSameGroup: false, saidBy: 'cli', updatedAt: at },
  })
  owner = openSite(store.db, { steps: [] }, { dataFolder: store.folder }).browser()
  await owner.signIn()
})
afterAll(() => store.drop())

const plain = (text: string) => text.replace(/<[^>]+>/g, ' ').replace(/[\s\u00a0\u202f]+/g, ' ')
const shown = async (at: string) => plain(await (await owner.get(at)).text())
const origin = { source: 'Décret 2026-1', checkedOn: '2026-11-01' }

test('a figure of the minimum wage is set with its source, counts at once, and is taken back', async () => {
  expect(await shown(path)).toMatch(/1 janv\. 2026.*12,02 €.*1 823,03 €.*273,45 €.*2 734,55 €/)
  expect(await shown('/console/rewards?year=2026')).toContain('45,31 €')
  const bad = await owner.post(path, { from: '2026-01-01', hourly: '1 823,03', ...origin })
  expect([bad.status, plain(await bad.text())]).toEqual([422, expect.stringContaining('Écrivez un montant horaire')])
  expect((await owner.post(path, { from: '2026-01-01', hourly: '12,31', source: '', checkedOn: '' })).status).toBe(422)
  await owner.post(path, { from: '2026-01-01', hourly: '12,31', ...origin })
  expect(await shown(path)).toContain('réglé par le réseau')
  expect(await shown('/console/rewards?year=2026')).toContain('43,99 €')
  const trail = await store.db.select().from(auditEntries).where(eq(auditEntries.action, 'settings.change'))
  expect(trail.at(-1)).toMatchObject({ subject: 'smic 2026-01-01', data: { before: 1_202, after: 1_231 } })
  await owner.post(`${path}/remove`, { from: '2026-01-01' })
  expect(await shown('/console/rewards?year=2026')).toContain('45,31 €')
})

test('which minimum wage of a year counts is the network’s to say, and the page says it is an estimate', async () => {
  await owner.post(`${path}/reference`, { reference: 'latest' })
  const year = await shown('/console/rewards?year=2026')
  expect(year).toContain('43,99 €')
  expect(year).toContain('Estimation informative, à vérifier avec votre comptable ou l’Urssaf.')
  await owner.post(`${path}/reference`, { reference: 'january' })
  expect(await shown('/console/rewards?year=2026')).toContain('45,31 €')
})

test('the ledger lists what it is made of, and leaves as CSV and Excel that nothing computes', async () => {
  expect(await shown('/console/rewards?year=2026')).toMatch(
    /1 dotation 4 mai 2026 · =Carte · 500,00 € · contribution 45,31 €/,
  )
  const take = async (file: string) =>
    Buffer.from(await (await owner.post('/console/rewards/export', { year: '2026', file })).arrayBuffer())
  expect((await take('csv')).toString('utf8')).toContain('\'=Anne, Nord";nord;500;45,31;0;')
  const { unzipSync, strFromU8 } = await import('fflate')
  const parts = unzipSync(new Uint8Array(await take('xlsx')))
  const lines = strFromU8(parts['xl/worksheets/sheet2.xml']!)
  expect(lines).toContain("'=Carte")
  expect(lines).not.toMatch(/<f>|>=Carte/)
})
