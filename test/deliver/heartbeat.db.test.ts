import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { deliveries } from '../../src/db/schema.ts'
import { type Claimed, claim, leaseMs } from '../../src/deliver/claim.ts'
import { deliverBatch } from '../../src/deliver/deliver-batch.ts'
import { openGate } from '../../src/deliver/gate.ts'
import { extendLeases } from '../../src/deliver/heartbeat.ts'
import { reclaimOrphans } from '../../src/deliver/orphans.ts'
import { type Live, live, smsStep } from './live.ts'

let l: Live
let batch: Claimed[]
beforeEach(async () => {
  l = await live()
  await l.owe(smsStep)
  batch = (await claim(l.context, l.network, l.clock.now(), 50, { channels: ['sms'] })).claimed
  expect(batch.length).toBeGreaterThan(1)
})
afterEach(() => l.close())

const extend = () => extendLeases(l.context, l.network, batch)
const reclaim = () => reclaimOrphans(l.context, l.network, l.clock.now())
const handOver = () => deliverBatch(l.context, l.network, batch, l.clock.now(), openGate(l.context, l.network))

test('what is still in a worker’s hands stays there from beat to beat, and leaves', async () => {
  for (let beats = 0; beats < 5; beats++) {
    l.clock.forward(leaseMs - 1_000)
    expect(await extend()).toBe(batch.length)
    expect(await reclaim()).toBe(0)
  }
  await handOver()
  expect(l.twilio.messages).toHaveLength(batch.length)
  expect(await extend()).toBe(0)
})

test('a lease that ran out is not taken back, and nothing of it is begun', async () => {
  l.clock.forward(leaseMs + 1_000)
  expect(await extend()).toBe(0)
  await handOver()
  expect(l.twilio.messages).toEqual([])
})

test('what another has taken is left alone, and the rest is kept', async () => {
  const [taken, ...others] = batch
  await l.context.db.update(deliveries).set({ claimedBy: 'another' }).where(eq(deliveries.id, taken!.delivery.id))
  l.clock.forward(leaseMs - 50_000)
  expect(await extend()).toBe(others.length)
  l.clock.forward(10_000)
  await handOver()
  expect(l.twilio.messages.map(({ to }) => to).sort()).toEqual(
    others.map(({ people }) => people[0]!.routable.mobile!.value).sort(),
  )
})
