import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createDraft, launchDraft, putWords } from '../../src/campaign/drafts.ts'
import { undoLaunch } from '../../src/campaign/hold.ts'
import { launchCampaign } from '../../src/campaign/launch.ts'
import type { Context } from '../../src/context.ts'
import { dialect, openDatabase } from '../../src/db/index.ts'
import { auditEntries, campaigns, decisions, deliveries, messages, posts, timers } from '../../src/db/schema.ts'
import { look } from '../../src/worker.ts'
import { type World, world } from '../world.ts'

const text = `name: essai
title: { fr: Essai, en: Trial }
class: relational
audience: { segment: tous }
anchor: { launch: now }
link: https://www.reseau.example.com/defi
steps: [{ name: seule, at: launch, intent: relationship, channels: [intranet], template: message/essai }]
`
const holdMs = 60_000

let w: World
/** A second process on the same database. */
let other: Context
beforeEach(async () => {
  w = await world({ at: new Date('2027-01-12T09:00:00Z') })
  const db = dialect === 'postgres' ? await openDatabase(w.store.location) : w.context.db
  other = { ...w.context, db, worker: 'another' }
  await words('Bonjour.')
})
afterEach(async () => {
  if (other.db !== w.context.db) await other.db.close()
  await w.close()
})

const words = (body: string) =>
  w.context.db.transaction((tx) =>
    putWords(
      tx,
      w.network.id,
      [
        {
          template: 'message/essai',
          channel: 'intranet',
          language: 'fr',
          source: `---\ntitle: Essai\n---\n${body}\n`,
        },
      ],
      'test',
      w.clock.now(),
    ),
  )
const drain = async (context: Context = w.context) => {
  while ((await look(context, w.network, w.clock.now())).didSomething);
}
const statusOf = async () => (await w.context.db.select().from(campaigns))[0]!.status
const draft = () => createDraft(w.context, w.network, { text }, { actor: 'test' }, w.clock.now())
const held = async () => {
  const { campaignId, hash } = await draft()
  await launchDraft(w.context, w.network, { campaignId, seen: hash }, { actor: 'test' }, w.clock.now(), { holdMs })
  return { campaignId, hash }
}

test('a held launch sends nothing until its time is over, and everything then', async () => {
  await held()
  await drain()
  expect(await statusOf()).toBe('scheduled')
  expect(await w.context.db.$count(decisions)).toBe(0)
  w.clock.forward(holdMs - 1)
  await drain()
  expect(await w.context.db.$count(decisions)).toBe(0)
  w.clock.forward(1)
  await drain()
  expect(await statusOf()).not.toBe('scheduled')
  expect(await w.context.db.$count(deliveries)).toBe(7)
})

test('a launch undone in time is a draft again, sends nothing, and may be launched anew', async () => {
  const { campaignId, hash } = await held()
  expect(await undoLaunch(w.context, w.network, { campaignId, actor: 'test' }, w.clock.now())).toEqual({ isNew: true })
  expect(await undoLaunch(w.context, w.network, { campaignId, actor: 'test' }, w.clock.now())).toEqual({ isNew: false })
  w.clock.forward(2 * holdMs)
  await drain()
  expect(await statusOf()).toBe('draft')
  expect(await w.context.db.$count(messages)).toBe(0)
  expect(await w.context.db.$count(decisions)).toBe(0)
  const trail = await w.context.db.select().from(auditEntries).where(eq(auditEntries.action, 'campaign.undo'))
  expect(trail).toHaveLength(1)
  await launchDraft(w.context, w.network, { campaignId, seen: hash }, { actor: 'test' }, w.clock.now(), { holdMs })
  w.clock.forward(holdMs)
  await drain()
  expect(await w.context.db.$count(deliveries)).toBe(7)
})

test('what has begun cannot be undone, and nothing of it is touched by trying', async () => {
  const { campaignId } = await held()
  w.clock.forward(holdMs)
  await drain()
  const before = await w.context.db.select().from(timers)
  await expect(undoLaunch(w.context, w.network, { campaignId, actor: 'test' }, w.clock.now())).rejects.toMatchObject({
    code: 'begun',
  })
  expect(await w.context.db.select().from(timers)).toEqual(before)
  expect(await w.context.db.$count(deliveries)).toBe(7)
})

test('undo and the worker in the same moment: either it is a draft with nothing sent, or it runs whole', async () => {
  for (let round = 0; round < 4; round++) {
    const { campaignId } = await held()
    w.clock.forward(holdMs)
    const undone = undoLaunch(other, w.network, { campaignId, actor: 'test' }, w.clock.now()).then(
      () => true,
      (error: { code?: string }) => {
        expect(error.code).toBe('begun')
        return false
      },
    )
    await drain()
    const wasUndone = await undone
    await drain()
    const own = await w.context.db.select().from(messages).where(eq(messages.campaignId, campaignId))
    const [row] = await w.context.db.select().from(campaigns).where(eq(campaigns.id, campaignId))
    if (wasUndone) {
      expect(row?.status).toBe('draft')
      expect(own).toEqual([])
    } else {
      expect(['running', 'finished']).toContain(row?.status)
      expect(await w.context.db.$count(deliveries, eq(deliveries.messageId, own[0]!.id))).toBe(7)
    }
  }
})

test('a template edited after the launch changes nothing of what was launched', async () => {
  await held()
  await words('Autre chose.')
  w.clock.forward(holdMs)
  await drain()
  const shown = await w.context.db.select({ body: posts.body }).from(posts)
  expect(shown).toHaveLength(7)
  for (const { body } of shown) {
    expect(body).toContain('Bonjour.')
    expect(body).not.toContain('Autre chose.')
  }
})

test('a file launched from the command line runs at once, unless a hold is asked for', async () => {
  await launchCampaign(w.context, w.network, { file: 'essai.yaml', text }, 'operator', w.clock.now())
  expect(await statusOf()).toBe('running')
})
