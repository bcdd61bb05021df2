import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchCampaign } from '../../src/campaign/launch.ts'
import type { Context } from '../../src/context.ts'
import type { Tx } from '../../src/db/index.ts'
import { decisions, deliveries, deliveryMembers, pressures, spends, stepRuns, timers } from '../../src/db/schema.ts'
import { fanOut, startStep } from '../../src/outbox/fan-out.ts'
import { crowd } from '../deliver/crowd.ts'
import { type World, world } from '../world.ts'

const people = 230
/** Pages of 100: two full ones and one that is not. */
const pages = 3
/** More writes than any page makes, so that some kills fall after its commit. */
const mostWrites = 12

let w: World
let launched = 0
beforeAll(async () => {
  w = await world({ file: crowd(people), at: new Date('2027-01-12T09:00:00Z') })
})
afterAll(() => w.close())

async function begun(): Promise<string> {
  const name = `essai-${++launched}`
  const text = `name: ${name}\ntitle: { fr: Essai, en: Trial }\nclass: transactional\naudience: { segment: tous }\nanchor: { launch: now }\nlink: https://www.example.com\nsteps: [{ name: seule, at: launch, intent: follow-up, template: challenge/launch }]`
  const { steps } = await launchCampaign(w.context, w.network, { file: `${name}.yaml`, text }, 'test', w.clock.now())
  const messageId = steps[0]!.messageId
  await w.context.db.transaction((tx) => startStep(tx, w.network, messageId, w.clock.now()))
  return messageId
}

class Killed extends Error {}

/** The installation, whose process dies at the `write`th write of the `page`th page. */
function dyingAt(page: number, write: number): Context {
  const { db } = w.context
  let transactions = 0
  const counting = (tx: Tx): Tx => {
    let writes = 0
    const before =
      <A extends unknown[], R>(work: (...given: A) => R) =>
      (...given: A): R => {
        if (++writes === write) throw new Killed()
        return work(...given)
      }
    return Object.assign(Object.create(tx), {
      insert: before(tx.insert.bind(tx)),
      update: before(tx.update.bind(tx)),
      delete: before(tx.delete.bind(tx)),
      insertRows: before(tx.insertRows.bind(tx)),
      updateRows: before(tx.updateRows.bind(tx)),
    })
  }
  const dying = Object.assign(Object.create(db), {
    transaction: <T>(work: (tx: Tx) => Promise<T>) => {
      transactions++
      if (transactions > page) throw new Killed()
      return db.transaction((tx) => work(transactions === page ? counting(tx) : tx))
    },
  })
  return { ...w.context, db: dying }
}

const countOf = async (messageId: string) => {
  const { db } = w.context
  const rows = (await db.select().from(deliveries)).filter((row) => row.messageId === messageId)
  const ids = new Set(rows.map((row) => row.id))
  const [run] = (await db.select().from(stepRuns)).filter((row) => row.messageId === messageId)
  return {
    decided: (await db.select().from(decisions)).filter((row) => row.messageId === messageId).length,
    texts: rows.filter((row) => row.channel === 'sms').length,
    copies: rows.filter((row) => row.channel === 'intranet').length,
    keys: new Set(rows.map((row) => `${row.recipientKey} ${row.channel} ${row.occurrence}`)).size,
    members: (await db.select().from(deliveryMembers)).filter((row) => ids.has(row.deliveryId)).length,
    run: { status: run?.status, audience: run?.audience, reached: run?.reached },
  }
}
const touchesOf = async (messageId: string) =>
  (await w.context.db.select().from(pressures)).flatMap((row) =>
    row.touches.filter((touch) => touch.message === messageId),
  ).length
const spent = async () => (await w.context.db.select().from(spends)).reduce((sum, row) => sum + row.deliveries, 0)

const whole = {
  decided: people,
  texts: people,
  copies: people,
  keys: 2 * people,
  members: 2 * people,
  run: { status: 'done', audience: people, reached: people },
}

describe('a fan-out that is killed', () => {
  test('at any write of any page goes on after the last whole page: everybody once, nobody twice', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: pages + 1 }),
        fc.integer({ min: 1, max: mostWrites }),
        async (page, write) => {
          const messageId = await begun()
          const before = await spent()
          await fanOut(dyingAt(page, write), w.network, messageId, w.clock.now()).catch((error: unknown) => {
            if (!(error instanceof Killed)) throw error
          })
          const cut = await countOf(messageId)
          expect(cut.decided % 100 === 0 || cut.decided === people).toBe(true)
          expect(cut.texts).toBe(cut.decided)
          await fanOut(w.context, w.network, messageId, w.clock.now())
          expect(await countOf(messageId)).toEqual(whole)
          expect(await touchesOf(messageId)).toBe(2 * people)
          expect((await spent()) - before).toBe(2 * people)
        },
      ),
      { numRuns: 8 },
    )
  })

  test('after every page in turn', async () => {
    const messageId = await begun()
    for (let times = 0; times < pages + 1; times++)
      await fanOut(dyingAt(2, 1), w.network, messageId, w.clock.now()).catch(() => {})
    expect(await countOf(messageId)).toEqual(whole)
  })

  test('or left off because its time was over goes on where it was', async () => {
    const messageId = await begun()
    expect(await fanOut(w.context, w.network, messageId, w.clock.now(), () => true)).toBe(100)
    expect(await countOf(messageId)).toMatchObject({ decided: 100, run: { status: 'running', audience: 100 } })
    await fanOut(w.context, w.network, messageId, w.clock.now())
    expect(await countOf(messageId)).toEqual(whole)
  })

  test('run again when it is through does nothing', async () => {
    const messageId = await begun()
    await fanOut(w.context, w.network, messageId, w.clock.now())
    const before = await countOf(messageId)
    await w.context.db.transaction((tx) => startStep(tx, w.network, messageId, w.clock.now()))
    expect(await fanOut(w.context, w.network, messageId, w.clock.now())).toBe(0)
    expect(await countOf(messageId)).toEqual(before)
    expect(await w.context.db.$count(timers)).toBeGreaterThan(0)
  })
})
