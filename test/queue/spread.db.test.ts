import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Context } from '../../src/context.ts'
import { deliveries } from '../../src/db/schema.ts'
import { deliverRange, type Gates } from '../../src/deliver/deliver-range.ts'
import { openEmbeddedQueue } from '../../src/queue/embedded.ts'
import type { KeyRange, Line, Queue } from '../../src/queue/index.ts'
import { leads, stopLeading } from '../../src/queue/lead.ts'
import { rangesDue } from '../../src/queue/spread.ts'
import { look } from '../../src/worker.ts'
import { crowd } from '../deliver/crowd.ts'
import { type Live, live, smsStep } from '../deliver/live.ts'

const people = 120
const bulk: Line = { channel: 'sms', speed: 'bulk' }

let l: Live
beforeEach(async () => {
  l = await live({ file: crowd(people) })
})
afterEach(() => l.close())

/** A queue that is heard by nobody but this test. */
const heard = () => {
  const offered: { line: Line; ranges: readonly KeyRange[] }[] = []
  const queue: Queue = {
    ...openEmbeddedQueue(),
    isShared: () => true,
    offer: async (_, line, choose) => {
      offered.push({ line, ranges: await choose([], 40) })
      return true
    },
  }
  return { queue, offered }
}
const lanes = { begin: () => undefined, end: async () => undefined }
const statuses = async () => {
  const rows = await l.context.db
    .select({ status: deliveries.status })
    .from(deliveries)
    .where(eq(deliveries.channel, 'sms'))
  return new Set(rows.map(({ status }) => status))
}

describe('what carriers take', () => {
  test('is offered in ranges of a hundred that hold everything due, and not handed over by looking', async () => {
    await l.owe(smsStep)
    const { queue, offered } = heard()
    await look({ ...l.context, queue, lanes }, l.network, l.clock.now())
    expect(l.twilio.messages).toEqual([])
    expect(offered).toHaveLength(1)
    expect(offered[0]!.line).toEqual(bulk)
    const { ranges } = offered[0]!
    expect(ranges).toHaveLength(2)
    const rows = await l.context.db.select().from(deliveries).where(eq(deliveries.channel, 'sms'))
    for (const { id } of rows) expect(ranges.filter(({ first, last }) => first <= id && id <= last)).toHaveLength(1)
    // Those that wait already are not offered again, and with enough of them nothing is.
    const again = (waiting: readonly KeyRange[]) => rangesDue(l.context, l.network, l.clock.now(), bulk, waiting, 40)
    expect(await again(ranges.slice(0, 1))).toEqual(ranges.slice(1))
    expect(await again(ranges)).toEqual([])
    expect(await again(Array(20).fill({ ...ranges[0], last: ranges[0]!.first }))).toEqual([])
  })

  test('leaves by its ranges once, however often each is taken', async () => {
    await l.owe(smsStep)
    const { queue, offered } = heard()
    await look({ ...l.context, queue, lanes }, l.network, l.clock.now())
    const [one, other] = offered[0]!.ranges
    const take = (range: KeyRange, isStopped = () => false) =>
      deliverRange(l.context, l.network.id, bulk, range, isStopped)
    await Promise.all([take(one!), take(one!)])
    expect(new Set(l.twilio.messages.map(({ to }) => to)).size).toBe(100)
    expect(await take(one!)).toBe(0)
    await take(other!)
    expect(l.twilio.messages).toHaveLength(people)
    expect(await statuses()).toEqual(new Set(['accepted']))
    expect(await deliverRange(l.context, 'a network deleted since', bulk, one!, () => false)).toBe(0)
  })

  test('a worker goes on at the next range with what the last taught it of the provider', async () => {
    await l.owe(smsStep)
    const { queue, offered } = heard()
    await look({ ...l.context, queue, lanes }, l.network, l.clock.now())
    const [one, other] = offered[0]!.ranges
    const gates: Gates = new Map()
    await deliverRange(l.context, l.network.id, bulk, one!, () => false, gates)
    const [gate] = [...gates.values()]
    expect([gates.size, gate?.atOnce(4)]).toEqual([1, 4])
    await deliverRange(l.context, l.network.id, bulk, other!, () => false, gates)
    expect([...gates.values()]).toEqual([gate])
    expect(l.twilio.messages).toHaveLength(people)
  })

  test('is handed over by looking where nobody would hear, on the channels this process takes', async () => {
    await l.owe(smsStep)
    await look({ ...l.context, takes: new Set(['email'] as const) }, l.network, l.clock.now())
    expect(l.twilio.messages).toEqual([])
    await look({ ...l.context, takes: new Set(['sms'] as const) }, l.network, l.clock.now())
    expect(l.twilio.messages.length).toBeGreaterThan(0)
  })
})

describe('of several workers', () => {
  test('none waits for one that died before the clock was set back', async () => {
    const one: Context = { ...l.context, sharesDatabase: true, worker: 'one' }
    const other: Context = { ...one, worker: 'other' }
    const { id } = l.network
    l.clock.forward(3_600_000)
    expect(await leads(one, id)).toBe(true)
    l.clock.forward(-3_600_000)
    expect(await leads(other, id)).toBe(true)
    expect(await leads(one, id)).toBe(false)
    await stopLeading(other)
  })

  test('one leads in a network, another when it stops or says nothing any more', async () => {
    const one: Context = { ...l.context, sharesDatabase: true, worker: 'one' }
    const other: Context = { ...one, worker: 'other' }
    const { id } = l.network
    expect((await Promise.all([leads(one, id), leads(other, id)])).filter(Boolean)).toHaveLength(1)
    const [first, second] = (await leads(one, id)) ? [one, other] : [other, one]
    expect(await leads(second, id)).toBe(false)
    l.clock.forward(10_000)
    expect(await leads(first, id)).toBe(true)
    l.clock.forward(10_000)
    expect(await leads(second, id)).toBe(false)
    l.clock.forward(10_000)
    expect(await leads(second, id)).toBe(true)
    expect(await leads(first, id)).toBe(false)
    await stopLeading(second)
    expect(await leads(first, id)).toBe(true)
  })

  test('whoever is alone with its database always leads', async () => {
    expect(await leads({ ...l.context, sharesDatabase: false, worker: 'one' }, l.network.id)).toBe(true)
    expect(await leads({ ...l.context, sharesDatabase: false, worker: 'other' }, l.network.id)).toBe(true)
  })
})
