import { eq } from 'drizzle-orm'
import { Hono } from 'hono'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { participantOf } from '../../src/challenge/participants.ts'
import { withdraw } from '../../src/challenge/withdraw.ts'
import { deliveries, messages, stepRuns } from '../../src/db/schema.ts'
import type { PageEnv } from '../../src/http/page-env.ts'
import { fanOut, startStep } from '../../src/outbox/fan-out.ts'
import { signToken } from '../../src/tracking/tokens.ts'
import { challengeLinkRoutes } from '../../src/web/challenge/link-routes.tsx'
import type { House } from '../../src/web/house.ts'
import { type View, viewOf } from '../../src/web/view.ts'
import { type ChallengeWorld, challengeWorld } from './challenge-world.ts'

let w: ChallengeWorld
let app: Hono<PageEnv>
let url: string
let contactId: string
beforeAll(async () => {
  w = await challengeWorld()
  const { context, network, clock } = w
  const [message] = await context.db.select().from(messages).where(eq(messages.campaignId, w.challenge.campaignId))
  // Odile left before the message was due.
  const odile = await w.join('P2')
  await context.db.transaction((tx) => withdraw(tx, odile, 'user:1', clock.now()))
  await context.db.transaction((tx) => startStep(tx, network, message!.id, clock.now()))
  await fanOut(context, network, message!.id, clock.now())
  contactId = await w.contactId('P3')
  const [delivery] = await context.db
    .select()
    .from(deliveries)
    .where(eq(deliveries.recipientKey, `contact:${contactId}`))
  const claims = { purpose: 'register' as const, network: network.number, deliveryId: delivery!.id }
  url = `/r/${signToken(context.keys, claims)}`
  app = new Hono<PageEnv>()
  const assets = { url: (name: string) => `/${name}` } as unknown as View['assets']
  challengeLinkRoutes({
    ...{ app, deps: { db: context.db, keys: context.keys, wall: clock }, assets },
    guards: { open: async (_c: unknown, next: () => Promise<void>) => next() },
    view: async (c: Parameters<typeof viewOf>[0]) => viewOf(c, assets, clock.now()),
  } as unknown as House)
})
afterAll(() => w.close())

const post = (form: Record<string, string>) => app.request(url, { method: 'POST', body: new URLSearchParams(form) })
const me = () => participantOf(w.context.db, w.network.id, w.challenge.id, { contactId })

test('who left is not written to any more', async () => {
  const owed = await w.context.db.select({ key: deliveries.recipientKey }).from(deliveries)
  expect(owed.map(({ key }) => key)).toContain(`contact:${contactId}`)
  expect(owed.map(({ key }) => key)).not.toContain(`contact:${await w.contactId('P2')}`)
  expect((await w.context.db.select().from(stepRuns)).map(({ status }) => status)).toEqual(['done'])
})

test('looking at the link registers nobody; its one button does, once, and then results can be told', async () => {
  const page = await app.request(url)
  expect(page.status).toBe(200)
  expect(await page.text()).toContain('Je participe')
  expect(await me()).toBeUndefined()
  const registered = await post({ act: 'register', agree: 'on' })
  expect(await registered.text()).toContain('Vous êtes inscrit.')
  expect(await me()).toMatchObject({ status: 'registered', way: 'link', registeredBy: `contact:${contactId}` })
  expect(await (await post({ act: 'register', agree: 'on' })).text()).toContain('Vous étiez déjà inscrit.')
  const sale = { act: 'result', criterion: 'ventes', quantity: '2', doneOn: '2027-01-12', key: 'once' }
  expect(await (await post(sale)).text()).toContain('C’est compté.')
  expect(await (await post(sale)).text()).toContain('rien n’a changé')
  expect((await w.sums((await me())!.id)).total).toBe(20)
  const refused = await post({ ...sale, key: 'other', quantity: '0' })
  expect([refused.status, (await refused.text()).includes('nombre entier')]).toEqual([422, true])
})

test('a link that was altered leads nowhere', async () => {
  const answer = await app.request(`${url.slice(0, -4)}AAAA`)
  expect(answer.status).toBe(404)
})
