import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { urgentShare } from '../../src/campaign/urgent-share.ts'
import { newId } from '../../src/db/index.ts'
import { campaigns, messages, stepRuns } from '../../src/db/schema.ts'
import type { MessageClass, Urgency } from '../../src/words.ts'
import { openSite } from '../web/client.ts'
import { type World, world } from '../world.ts'

const dayMs = 86_400_000
let w: World
beforeAll(async () => {
  w = await world()
})
afterAll(() => w.close())

/** A message begun so many days ago. */
async function begun(messageClass: MessageClass, urgency: Urgency, daysAgo: number): Promise<void> {
  const { db } = w.context
  const at = new Date(w.clock.now().getTime() - daysAgo * dayMs)
  const own = { networkId: w.network.id, class: messageClass, createdAt: at }
  const [campaignId, messageId] = [newId(), newId()]
  await db.insert(campaigns).values({ ...own, id: campaignId, name: `c-${campaignId}`, title: {}, status: 'running' })
  await db.insert(messages).values({
    ...{ ...own, id: messageId, campaignId, campaignVersion: 1, step: 's', position: 0, occurrence: '1' },
    ...{ urgency, intent: 'notice', template: 't', definition: {}, dueAt: at },
  })
  await db.insert(stepRuns).values({ networkId: w.network.id, messageId, status: 'done', startedAt: at })
}

const share = () => urgentShare(w.context.db, w.network.id, w.clock.now())
const home = async (language: string) => {
  const site = openSite(w.context.db, undefined, { context: w.context, wall: w.clock })
  site.clock.at = w.clock.now()
  const owner = site.browser()
  await owner.signIn()
  return (await owner.get(`/console?network=reseau&lang=${language}`)).text()
}

test('one urgent message in ten is not too many, one more is: by class or by urgency, of the last thirty days', async () => {
  expect(await share()).toEqual({ urgent: 0, all: 0, isWorrying: false })
  for (let n = 0; n < 9; n++) await begun('relational', 'normal', n)
  await begun('urgent_service', 'immediate', 3)
  // Long over.
  for (let n = 0; n < 3; n++) await begun('urgent_service', 'immediate', 31)
  expect(await share()).toEqual({ urgent: 1, all: 10, isWorrying: false })
  expect(await home('fr')).not.toContain('plus d’un sur dix')
  await begun('relational', 'immediate', 1)
  expect(await share()).toEqual({ urgent: 2, all: 11, isWorrying: true })
})

test('the dashboard says so in one sentence', async () => {
  expect(await home('fr')).toContain('2 messages sur 11 lancés en 30 jours')
  await w.context.db.delete(stepRuns).where(eq(stepRuns.networkId, w.network.id))
  expect(await home('fr')).not.toContain('plus d’un sur dix')
})
