import { eq, inArray } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { finishCampaigns } from '../../src/campaign/finish.ts'
import type { Db } from '../../src/db/index.ts'
import { campaigns, deliveries, stepRuns, timers } from '../../src/db/schema.ts'
import { mayStillFallBack, owesAnything } from '../../src/deliver/owed.ts'
import { type Live, live, smsStep } from './live.ts'

let l: Live
beforeEach(async () => {
  l = await live()
  await l.owe(`${smsStep}, fallback: { ifNot: acted, after: PT48H }`)
})
afterEach(() => l.close())

const campaign = async () => (await l.context.db.select().from(campaigns))[0]!
const waits = () =>
  l.context.db
    .select()
    .from(timers)
    .where(inArray(timers.kind, ['fallback', 'carrier']))

/** The database, counting how often it is asked for something through two joins. */
function counted(db: Db): { db: Db; joins: () => number } {
  let joins = 0
  const select = (...fields: Parameters<Db['select']>) => {
    const made = db.select(...fields)
    const from = made.from.bind(made)
    return Object.assign(made, {
      from: (table: typeof timers) => {
        if (table === timers && fields[0] && 'id' in fields[0]) joins++
        return from(table)
      },
    })
  }
  return { db: Object.assign(Object.create(db), { select }), joins: () => joins }
}

test('a campaign owes until the last of it has left, and again once one is due again', async () => {
  const { db } = l.context
  const { id } = await campaign()
  expect(await owesAnything(db, l.network.id, id)).toBe(true)
  expect(await owesAnything(db, l.network.id, 'another')).toBe(false)
  await l.deliver()
  expect(await owesAnything(db, l.network.id, id)).toBe(false)
  const [one] = await db.select().from(deliveries)
  for (const status of ['planned', 'held', 'queued', 'sending', 'unknown'] as const) {
    await db.update(deliveries).set({ status }).where(eq(deliveries.id, one!.id))
    expect(await owesAnything(db, l.network.id, id)).toBe(true)
  }
})

test('its last wait is looked for once, and again only when that one is over', async () => {
  const { db, joins } = counted(l.context.db)
  await l.deliver()
  const { id } = await campaign()
  const pending = await waits()
  expect(pending.length).toBeGreaterThan(1)
  for (let looks = 0; looks < 5; looks++) expect(await mayStillFallBack(db, l.network.id, id)).toBe(true)
  expect(joins()).toBe(1)
  const [first, ...others] = pending.sort((a, b) => b.dueAt.getTime() - a.dueAt.getTime())
  const over = (ids: string[]) =>
    l.context.db.update(timers).set({ firedAt: l.clock.now() }).where(inArray(timers.id, ids))
  await over(others.map((wait) => wait.id))
  expect(await mayStillFallBack(db, l.network.id, id)).toBe(true)
  await over([first!.id])
  expect(await mayStillFallBack(db, l.network.id, id)).toBe(false)
})

test('it is finished only when nothing is owed and no wait is left', async () => {
  const { db } = l.context
  await db.update(stepRuns).set({ status: 'done' })
  const finish = () => finishCampaigns(l.context, l.network, l.clock.now())
  await finish()
  expect((await campaign()).status).toBe('running')
  await l.deliver()
  await finish()
  expect((await campaign()).status).toBe('running')
  await db.update(timers).set({ firedAt: l.clock.now() })
  await finish()
  expect((await campaign()).status).toBe('finished')
})
