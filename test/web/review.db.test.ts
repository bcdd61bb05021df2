import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { attempts, deliveries } from '../../src/db/schema.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { type Browser, openSite, type Site } from './client.ts'
import { enrol } from './route-table/people.ts'
import { type SmallNetwork, seedSmallNetwork } from './small-network.ts'

let store: TestDatabase
let demo: SmallNetwork
let site: Site
let owner: Browser

beforeAll(async () => {
  store = await freshDatabase()
  demo = await seedSmallNetwork(store.db)
  site = openSite(store.db, demo.plan, { dataFolder: store.folder })
  owner = site.browser()
  await owner.signIn()
})
afterAll(() => store.drop())

const one = async () => (await store.db.select().from(deliveries).where(eq(deliveries.id, demo.shown.email)))[0]!

beforeEach(async () => {
  await store.db
    .update(deliveries)
    .set({ status: 'needs_review', reason: 'nobody_can_tell', attempt: 1 })
    .where(eq(deliveries.id, demo.shown.email))
  const { networkId, sentAt, createdAt } = await one()
  await store.db
    .insert(attempts)
    .values({ networkId, deliveryId: demo.shown.email, number: 1, worker: 'w1', startedAt: sentAt ?? createdAt })
    .onConflictDoNothing()
})

describe('a delivery in doubt', () => {
  test('says why on its page, with its two answers', async () => {
    const page = await (await owner.get(`/console/outbox/${demo.shown.email}?lang=fr`)).text()
    expect(page).toContain('Ce message est-il parti')
    expect(page).toContain('C’est parti')
    expect(page).toContain('renvoyer')
    const answer = await owner.post(`/console/outbox/${demo.shown.email}/review`, { verdict: 'left' })
    expect(answer.status).toBe(303)
    expect(await one()).toMatchObject({ status: 'accepted', reason: 'adopted_by_person' })
    expect(await (await owner.get(`/console/outbox/${demo.shown.email}`)).text()).not.toContain('id="review"')
  })

  test('is in the list by call, and a whole campaign is decided behind a page that says how many', async () => {
    const list = await (await owner.get('/console/outbox/review')).text()
    expect(list).toContain(`campaign-${demo.campaignId}`)
    const query = `verdict=not_left&campaign=${demo.campaignId}`
    const asked = await owner.get(`/console/outbox/review/decide?${query}`)
    expect(asked.status).toBe(200)
    const form = { verdict: 'not_left', campaign: demo.campaignId }
    const done = await owner.post('/console/outbox/review/decide', form)
    expect(done.headers.get('location')).toContain('done=1')
    expect(await one()).toMatchObject({ status: 'queued', reason: 'resent_by_person' })
    const again = await owner.post('/console/outbox/review/decide', form)
    expect(again.headers.get('location')).toContain('done=0')
  })

  test('waits on the home page of who may decide, and of nobody else', async () => {
    expect(await (await owner.get('/console')).text()).toContain('/console/outbox/review')
    const auditor = await enrol(store.db, site, {
      networkId: demo.networkId,
      role: 'auditor',
      called: 'auditor',
      scope: {},
    })
    expect(await (await auditor.browser.get('/console')).text()).not.toContain('/console/outbox/review')
    const page = await (await auditor.browser.get(`/console/outbox/${demo.shown.email}`)).text()
    expect(page).not.toContain('value="not_left"')
  })
})
