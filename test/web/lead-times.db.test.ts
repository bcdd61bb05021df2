import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { campaignDefinition } from '../../src/campaign/definition.ts'
import { campaignNotices } from '../../src/campaign/notices.ts'
import { printMoments } from '../../src/campaign/print-moments.ts'
import { auditEntries, networks } from '../../src/db/schema.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { type Browser, openSite } from './client.ts'
import { type SmallNetwork, seedSmallNetwork } from './small-network.ts'

let store: TestDatabase
let demo: SmallNetwork
let owner: Browser
beforeAll(async () => {
  store = await freshDatabase()
  demo = await seedSmallNetwork(store.db)
  owner = openSite(store.db).browser()
  await owner.signIn()
})
afterAll(() => store.drop())

const here = '/console/settings/printing'
const days = { proofToFreeze: '3', freezeToRouting: '2', routingToPosted: '5', postedToArrival: '4' }
const post = { express: '1', letter: '3', bulk: '9' }
/** The days of a letter that is to arrive on 12 March 2027, by its class of post. */
const datesOf = async (by?: string, shop?: string) => {
  const [network] = await store.db.select().from(networks).where(eq(networks.id, demo.networkId))
  const campaign = campaignDefinition.parse({
    name: 'lettre',
    title: { fr: 'Lettre' },
    class: 'relational',
    audience: { segment: 'tous' },
    anchor: { launch: '2027-03-12T10:00', timezone: 'Europe/Paris' },
    steps: [
      {
        ...{ name: 'kit', at: 'launch', intent: 'relationship', channels: ['print'], template: 'challenge/kit' },
        print: { date: 'arrival', ...(by ? { post: by } : {}), ...(shop ? { shop } : {}) },
      },
    ],
  })
  const moments = printMoments(campaign, campaign.steps[0]!, network!, new Date('2027-01-01T00:00:00Z'))
  return Object.values(moments).map((at) => at.toISOString().slice(5, 10))
}

test('What printing and the post take is set in the settings, and the dates of letters follow', async () => {
  expect(await datesOf()).toEqual(['02-23', '02-25', '02-26', '03-08', '03-12'])
  const refused = await owner.post(here, { ...days, ...post, bulk: '61' })
  expect(refused.status).toBe(422)
  expect(await refused.text()).toContain('0 à 60')
  expect((await owner.post(here, { ...days, ...post })).status).toBe(303)
  expect(await datesOf()).toEqual(['02-22', '02-25', '03-01', '03-08', '03-12'])
  expect(await datesOf('express')).toEqual(['02-25', '03-02', '03-04', '03-11', '03-12'])
  expect((await datesOf('bulk')).slice(3)).toEqual(['03-01', '03-12'])
  const page = await (await owner.get(`${here}?lang=fr`)).text()
  expect(page).toContain('14 jours ouvrés')
  expect((await owner.post(`${here}/restore`)).status).toBe(303)
  expect(await datesOf()).toEqual(['02-23', '02-25', '02-26', '03-08', '03-12'])
  expect(await store.db.$count(auditEntries, eq(auditEntries.subject, 'leadTimes'))).toBe(2)
})

test('A print shop has days of its own, which come before the usual ones and after what a step says itself', async () => {
  const shops = `${here}/shops`
  const bare = await owner.post(shops, { shop: 'Dupont' })
  expect(bare.status).toBe(422)
  expect(await bare.text()).toContain('au moins un de ses délais')
  expect((await owner.post(shops, { shop: 'Dupont', 'shop.routingToPosted': '61' })).status).toBe(422)
  expect((await owner.post(shops, { shop: 'Dupont', 'shop.routingToPosted': '3' })).status).toBe(303)
  expect(await datesOf(undefined, 'Dupont')).toEqual(['02-26', '03-02', '03-03', '03-08', '03-12'])
  expect(await datesOf('express', 'Dupont')).toEqual(['03-03', '03-05', '03-08', '03-11', '03-12'])
  expect(await datesOf(undefined, 'Durand')).toEqual(['02-23', '02-25', '02-26', '03-08', '03-12'])
  // The usual days change without the shop's.
  expect((await owner.post(here, { ...days, ...post })).status).toBe(303)
  expect(await datesOf(undefined, 'Dupont')).toEqual(['02-24', '03-01', '03-03', '03-08', '03-12'])
  expect(await (await owner.get(`${here}?lang=fr`)).text()).toContain('Dupont')
  expect((await owner.post(`${shops}/remove`, { shop: 'Dupont' })).status).toBe(303)
  expect((await owner.post(`${here}/restore`)).status).toBe(303)
  expect(await datesOf(undefined, 'Dupont')).toEqual(['02-23', '02-25', '02-26', '03-08', '03-12'])
})

test('A launch says when a step names a print shop that has no days of its own', () => {
  const definition = campaignDefinition.parse({
    ...{ name: 'lettre', title: { fr: 'Lettre' }, class: 'relational', audience: { segment: 'tous' } },
    anchor: { launch: '2027-03-12T10:00', timezone: 'Europe/Paris' },
    steps: [
      {
        ...{ name: 'kit', at: 'launch', intent: 'relationship', channels: ['print'], template: 'challenge/kit' },
        print: { shop: 'Dupond' },
      },
    ],
  })
  const now = new Date('2027-01-01T00:00:00Z')
  const codes = (shopTimes: Record<string, { proofToFreeze: number }>) =>
    campaignNotices(definition, { now, network: { timezone: 'Europe/Paris', settings: { shopTimes } } }).map(
      ({ code }) => code,
    )
  expect(codes({ Dupont: { proofToFreeze: 1 } })).toEqual(['shop.unknown'])
  expect(codes({ Dupond: { proofToFreeze: 1 } })).toEqual([])
})
