import { and, eq, inArray } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createKey } from '../../src/accounts/api-keys.ts'
import { launchCampaign } from '../../src/campaign/launch.ts'
import { businessNow } from '../../src/clock.ts'
import { articles, auditEntries, deliveries, messages } from '../../src/db/schema.ts'
import { listArticles } from '../../src/intranet/articles.ts'
import { systemRandom } from '../../src/random.ts'
import { advance } from '../../src/time-machine.ts'
import { type Browser, openSite, publicUrl, type Site } from '../web/client.ts'
import { type World, world } from '../world.ts'

let w: World
let site: Site
let owner: Browser
beforeAll(async () => {
  w = await world({ at: new Date('2027-01-11T09:00:00Z') })
  site = openSite(w.context.db)
  site.clock.at = w.clock.now()
  owner = site.browser()
  await owner.signIn()
  const text = `name: blog
title: { fr: Blog, en: Blog }
class: transactional
audience: { segment: tous }
anchor: { launch: now }
link: https://www.example.com/blog
steps:
  - { name: alerte, when: { posted: blog, within: P1D }, intent: reference, channels: [intranet], template: challenge/teaser }`
  await launchCampaign(w.context, w.network, { file: 'blog.yaml', text }, 'test', now())
})
afterAll(() => w.close())

const now = () => businessNow(w.clock.now(), w.network)
const here = '/console/articles?network=reseau&lang=fr'
const article = { title: 'Sauvegarder sans y penser', topic: 'blog', body: 'Un.\n\nDeux <b>.', author: 'Claire Aubry' }
const alerts = async () => {
  const rows = await w.context.db
    .select({ id: messages.id })
    .from(messages)
    .where(and(eq(messages.step, 'alerte')))
  const ids = rows.map(({ id }) => id)
  return w.context.db.$count(deliveries, inArray(deliveries.messageId, ids))
}

test('An article published in the console is read by partners and brings one alert for those of the day', async () => {
  const form = await (await owner.get(here)).text()
  const id = /name="id" value="([^"]+)"/.exec(form)?.[1] as string
  const answer = await owner.post(here, { ...article, id })
  expect([answer.status, answer.headers.get('location')]).toEqual([
    303,
    '/console/articles?network=reseau&said=published',
  ])
  // The button pressed twice.
  expect((await owner.post(here, { ...article, id })).status).toBe(303)
  expect(await w.context.db.$count(articles)).toBe(1)
  expect(await (await owner.get(here)).text()).toContain('Claire Aubry · blog')
  const { text } = await w.context.db.transaction((tx) =>
    createKey(tx, systemRandom, {
      ...{ network: { id: w.network.id, mode: 'sandbox' }, name: 'blog', permissions: ['event.write'], days: 30 },
      ...{ perMinute: 1_000, createdBy: 'u1', at: site.clock.at },
    }),
  )
  const told = await site.app.request(
    `${publicUrl}/api/v1/posts`,
    {
      method: 'POST',
      body: JSON.stringify({ ...article, title: 'Le deuxième du jour' }),
      headers: { 'content-type': 'application/json', authorization: `Bearer ${text}`, 'idempotency-key': 'b2' },
    },
    { incoming: { socket: { remoteAddress: '192.0.2.9' } } },
  )
  expect([told.status, await told.json()]).toMatchObject([201, { title: 'Le deuxième du jour', withdrawnAt: null }])

  expect(await alerts()).toBe(0)
  await advance(w.context, w.network, { to: new Date('2027-01-13T12:00:00Z') })
  // One for the two, for each of the seven.
  expect(await alerts()).toBe(7)
})

test('An article nobody signs is refused, one taken back is read by nobody and stays on record', async () => {
  const refused = await owner.post(here, { ...article, author: ' ', id: 'x1' })
  expect(refused.status).toBe(422)
  expect(await refused.text()).toContain('Signez l’article')
  const { rows } = await listArticles(w.context.db, w.network.id, { limit: 10 })
  const first = rows.find(({ title }) => title === article.title)!
  expect((await owner.post(`/console/articles/${first.id}/withdraw?network=reseau`)).status).toBe(303)
  const read = await listArticles(w.context.db, w.network.id, { limit: 10 })
  expect(read.rows.map(({ title }) => title)).toEqual(['Le deuxième du jour'])
  expect(await (await owner.get(here)).text()).toContain('Retiré le')
  const trail = await w.context.db
    .select({ action: auditEntries.action })
    .from(auditEntries)
    .where(inArray(auditEntries.action, ['article.publish', 'article.withdraw']))
  expect(trail.map(({ action }) => action).sort()).toEqual(['article.publish', 'article.publish', 'article.withdraw'])
})
