import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Context } from '../../src/context.ts'
import type { Tx } from '../../src/db/index.ts'
import { deliveries, exposures } from '../../src/db/schema.ts'
import { type Live, live, mailStep } from './live.ts'

let l: Live
beforeEach(async () => {
  l = await live()
})
afterEach(() => l.close())

/** An installation in which a delivery changes, so many times, between being read and being settled. */
function overtaken(
  times: number,
  change: (tx: Tx) => Promise<unknown>,
  /** Only while this one is being settled. */
  id?: string,
): { context: Context; settling: () => number } {
  const { db } = l.context
  let settling = 0
  const between = (tx: Tx): Tx => {
    let isRead = false
    return Object.assign(Object.create(tx), {
      updateRows: async (...given: Parameters<Tx['updateRows']>) => {
        const [table, { is }, rows] = given
        const isMail =
          (table as unknown) === deliveries && rows.some((row) => (row as { channel?: string }).channel === 'email')
        const isIt = id === undefined || rows.some((row) => (row as { id?: string }).id === id)
        if (isMail && is && isIt && !isRead) {
          isRead = true
          if (++settling <= times) await change(tx)
        }
        return tx.updateRows(...given)
      },
    })
  }
  const context = Object.assign(Object.create(db), {
    transaction: <T>(work: (tx: Tx) => Promise<T>) => db.transaction((tx) => work(between(tx))),
  })
  return { context: { ...l.context, db: context }, settling: () => settling }
}

test('what changes between being read and being settled undoes the whole, which is then settled once', async () => {
  await l.owe(mailStep)
  const mails = () => l.context.db.select().from(deliveries).where(eq(deliveries.channel, 'email'))
  const [first] = await mails()
  const { context, settling } = overtaken(
    1,
    (tx) => tx.update(deliveries).set({ status: 'delivered' }).where(eq(deliveries.id, first!.id)),
    first!.id,
  )
  await l.deliver(context)
  const after = await mails()
  expect(after.length).toBeGreaterThan(1)
  expect(new Set(after.map(({ status, claimedBy, attempt }) => `${status} ${claimedBy} ${attempt}`))).toEqual(
    new Set(['accepted null 1']),
  )
  expect(settling()).toBeGreaterThan(1)
  expect(l.sendgrid.mails.length).toBe(after.length)
  const chances = await l.context.db.select().from(exposures)
  expect(new Set(chances.map(({ deliveryId, contactId }) => `${deliveryId} ${contactId}`)).size).toBe(chances.length)
})

test('while it changes again and again nothing is written, and its lease runs out', async () => {
  await l.owe(mailStep)
  const { context } = overtaken(100, (tx) => tx.update(deliveries).set({ attempt: 7 }))
  await expect(l.deliver(context)).rejects.toThrow('A delivery changed while it was being settled')
  const after = await l.context.db.select().from(deliveries).where(eq(deliveries.channel, 'email'))
  expect(new Set(after.map(({ status, attempt }) => `${status} ${attempt}`))).toEqual(new Set(['sending 1']))
  expect(await l.context.db.select().from(exposures).where(eq(exposures.channel, 'email'))).toEqual([])
})
