import { eq } from 'drizzle-orm'
import { afterEach, expect, test, vi } from 'vitest'
import type { Context } from '../../src/context.ts'
import { deliveries } from '../../src/db/schema.ts'
import { type Lanes, openLanes } from '../../src/deliver/lanes.ts'
import { look } from '../../src/worker.ts'
import { crowd } from './crowd.ts'
import { type Live, live, mailStep, smsStep } from './live.ts'

let l: Live
let lanes: Lanes
let context: Context

const open = async (options: Parameters<typeof live>[0]) => {
  l = await live(options)
  lanes = openLanes(l.context.log)
  context = { ...l.context, lanes }
}
const lookAround = () => look(context, l.network, l.clock.now())
const until = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 10_000, interval: 20 })

afterEach(async () => {
  // What hangs is let go before the worker is asked to end.
  await l.twilio.close()
  await lanes.end()
  await l.close().catch(() => undefined)
})

test('while one provider never answers, the other channel goes on and so do the looks', async () => {
  await open({ timeoutMs: 60_000 })
  l.twilio.plan.always('hang')
  await l.owe(smsStep)
  await lookAround()
  await until(() => expect(l.twilio.requests.length).toBeGreaterThan(0))
  await l.owe(mailStep, 'class: transactional')
  await lookAround()
  await until(() => expect(l.sendgrid.mails.length).toBeGreaterThan(0))
  await until(async () =>
    expect(new Set((await l.of('P4', 'email')).map(({ status }) => status))).toEqual(new Set(['accepted'])),
  )
  expect((await l.of('P1', 'sms')).map(({ status }) => status)).toEqual(['sending'])
})

test('an urgent text passes by the many that hang before it', async () => {
  await open({ timeoutMs: 60_000, file: crowd(40) })
  l.twilio.plan.always('hang')
  await l.owe(smsStep)
  await lookAround()
  await until(() => expect(l.twilio.requests).toHaveLength(5))
  l.twilio.plan.always(undefined)
  await l.owe(`${smsStep}, urgency: immediate`, 'class: urgent_service\nreason: outage')
  await lookAround()
  await until(() => expect(l.twilio.requests).toHaveLength(5 + 40))
})

test('a lane that is asked to end settles what was under way and begins nothing more', async () => {
  await open({ timeoutMs: 60_000, file: crowd(60) })
  l.twilio.plan.pause(50)
  await l.owe(smsStep)
  await lookAround()
  await until(() => expect(l.twilio.requests.length).toBeGreaterThan(0))
  await lanes.end()
  const sent = l.twilio.messages.length
  expect(sent).toBeLessThan(60)
  const rows = await l.context.db.select().from(deliveries).where(eq(deliveries.channel, 'sms'))
  expect(new Set(rows.map(({ status }) => status))).toEqual(new Set(['accepted', 'queued']))
  expect(rows.filter(({ status }) => status === 'accepted')).toHaveLength(sent)
})
