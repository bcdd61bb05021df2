import { and, asc, eq } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchCampaign } from '../../src/campaign/launch.ts'
import type { Context } from '../../src/context.ts'
import type { Tx } from '../../src/db/index.ts'
import { campaigns, decisions, deliveries, messages, stepRuns } from '../../src/db/schema.ts'
import { tick } from '../../src/worker.ts'
import { type World, world } from '../world.ts'

let w: World
let launched = 0
beforeAll(async () => {
  w = await world({ mode: 'live', at: new Date('2027-01-04T08:00:00Z') })
})
afterAll(() => w.close())

class Stopped extends Error {}

/** A worker whose process ends at its `nth` transaction, before it is committed or right after. */
function dyingAt(nth: number, isCommitted: boolean): Context {
  const { db } = w.context
  let begun = 0
  const dying = Object.assign(Object.create(db), {
    transaction: async <T>(work: (tx: Tx) => Promise<T>) => {
      begun++
      if (begun > nth) throw new Stopped()
      if (begun < nth) return db.transaction(work)
      if (isCommitted) {
        await db.transaction(work)
        throw new Stopped()
      }
      return db.transaction(async (tx) => {
        await work(tx)
        throw new Stopped()
      })
    },
  })
  return { ...w.context, db: dying }
}

/** The worker may stop where it logs an error instead of throwing it on. */
const stopped = async (context: Context): Promise<void> => {
  try {
    for (let turns = 0; turns < 30 && (await tick(context, w.network, w.clock.now())); turns++);
  } catch (error) {
    if (!(error instanceof Stopped)) throw error
  }
}

test('Stopped between any two transactions, no step is lost, doubled or out of order', async () => {
  const kill = fc.record({ nth: fc.integer({ min: 1, max: 9 }), isCommitted: fc.boolean() })
  await fc.assert(
    fc.asyncProperty(fc.array(kill, { minLength: 6, maxLength: 6 }), async (kills) => {
      const name = `arret-${++launched}`
      const text = `name: ${name}
title: { fr: Essai, en: Trial }
class: transactional
audience: { segment: tous }
anchor: { launch: now }
link: https://www.example.com
steps:
  - { name: un, at: launch, intent: reference, channels: [intranet], template: challenge/teaser }
  - { name: deux, at: "launch + 1 working day", intent: reference, channels: [intranet], template: challenge/launch }
  - { name: serie, at: "launch + 1 day", every: week, count: 3, intent: reference, channels: [intranet], template: challenge/relance }`
      const { campaignId } = await launchCampaign(w.context, w.network, { file: name, text }, 'test', w.clock.now())
      for (const { nth, isCommitted } of kills) {
        await stopped(dyingAt(nth, isCommitted))
        w.clock.forward(4 * 24 * 3_600_000)
      }
      await stopped(w.context)
      const [campaign] = await w.context.db.select().from(campaigns).where(eq(campaigns.id, campaignId))
      expect(campaign?.status).toBe('finished')
      const runs = await w.context.db
        .select({ step: messages.step, id: messages.id, dueAt: messages.dueAt, run: stepRuns })
        .from(messages)
        .innerJoin(stepRuns, eq(stepRuns.messageId, messages.id))
        .where(eq(messages.campaignId, campaignId))
        .orderBy(asc(messages.dueAt))
      expect(runs.map(({ step }) => step).sort()).toEqual(['deux', 'serie', 'serie', 'serie', 'un'])
      for (const { id, run } of runs) {
        // What came due together with the next one is left out, and says so.
        const people = run.status === 'skipped' ? 0 : 7
        expect(['done', 'skipped']).toContain(run.status)
        expect(await w.context.db.$count(decisions, eq(decisions.messageId, id))).toBe(people)
        const own = and(eq(deliveries.messageId, id), eq(deliveries.channel, 'intranet'))
        expect(await w.context.db.$count(deliveries, own)).toBe(people)
      }
      const begun = runs.flatMap(({ run }) => (run.startedAt ? [run.startedAt.getTime()] : []))
      expect(begun).toEqual([...begun].sort((a, b) => a - b))
    }),
    { numRuns: 3, seed: 43 },
  )
})
