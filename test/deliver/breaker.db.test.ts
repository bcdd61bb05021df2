import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { newId } from '../../src/db/index.ts'
import { deliveries, memberships, notifications, users } from '../../src/db/schema.ts'
import { openBreakers, opensAfter, pauseAfter, tryNow } from '../../src/deliver/breaker.ts'
import { look } from '../../src/worker.ts'
import { crowd } from './crowd.ts'
import { type Live, live, smsStep } from './live.ts'

let l: Live
beforeEach(async ({ task }) => {
  // Only a call that hangs is to be given up soon: beside others even a call that is answered takes its time.
  l = await live({ file: crowd(40), ...(task.name.includes('hang') ? { timeoutMs: 300 } : {}) })
})
afterEach(() => l.close())

const twilio = { account: 'installation', channel: 'sms', provider: 'twilio' } as const
const open = () => openBreakers(l.context.db)
const texts = () => l.context.db.select().from(deliveries).where(eq(deliveries.channel, 'sms'))
const lookAround = async () => {
  while ((await look(l.context, l.network, l.clock.now())).didSomething);
}

test.each(['500-before', 'hang', 'reset', 'html'] as const)(
  'after five answers like %s nothing more is handed over, and what waits stays queued',
  async (fault) => {
    await l.owe(smsStep)
    l.twilio.plan.always(fault)
    await l.deliver()
    expect(l.twilio.requests.length).toBeLessThanOrEqual(opensAfter)
    expect(await open()).toEqual([
      expect.objectContaining({ ...twilio, failures: opensAfter, reason: 'no_answer', openedAt: l.clock.now() }),
    ])
    const waiting = (await texts()).filter(({ status }) => status === 'queued')
    expect(waiting).toHaveLength(40 - opensAfter)
    expect(new Set(waiting.map(({ attempt }) => attempt))).toEqual(new Set([0]))
    await l.deliver()
    expect(l.twilio.requests).toHaveLength(opensAfter)
  },
)

test('refused credentials open it too; nobody fails by them, however long it lasts', async () => {
  await l.owe(smsStep)
  for (let n = 0; n < 40; n++) l.twilio.refuse(`+336399800${String(n).padStart(2, '0')}`, 401, 20003, 'Authenticate')
  await l.deliver()
  expect(l.twilio.requests).toHaveLength(opensAfter)
  expect(await open()).toMatchObject([{ reason: 'credentials' }])
  for (let times = 0; times < 14; times++) {
    l.clock.forward(3_600_000 / 6)
    await l.deliver()
  }
  // One try each time its pause was over.
  expect(l.twilio.requests.length).toBeGreaterThan(opensAfter + 8)
  expect(l.twilio.requests.length).toBeLessThanOrEqual(opensAfter + 14)
  expect(new Set((await texts()).map(({ status }) => status))).toEqual(new Set(['queued']))
})

test('the pauses between two tries grow to ten minutes and no farther', () => {
  expect([0, 1, 2, 3, 4, 5, 9].map((tries) => pauseAfter(tries) / 1000)).toEqual([30, 60, 120, 240, 480, 600, 600])
})

test('one delivery tries it; taken, the breaker closes and the others leave, the urgent ones first', async () => {
  await l.owe(smsStep)
  l.twilio.plan.always('500-before')
  await l.deliver()
  l.clock.forward(29_000)
  await l.deliver()
  expect(l.twilio.requests).toHaveLength(opensAfter)
  l.clock.forward(1_000)
  await l.deliver()
  expect(l.twilio.requests).toHaveLength(opensAfter + 1)
  await l.owe(`${smsStep}, urgency: immediate`, 'class: urgent_service\nreason: outage')
  l.twilio.plan.always(undefined)
  l.clock.forward(pauseAfter(1))
  const before = l.twilio.requests.length
  await lookAround()
  expect(await open()).toEqual([])
  const urgent = (await texts()).filter(({ priority, status }) => priority === 0 && status === 'accepted')
  expect(urgent).toHaveLength(40)
  const [first] = l.twilio.messages
  expect(urgent.map(({ providerRef }) => providerRef)).toContain(first?.sid)
  expect(l.twilio.requests.length).toBeGreaterThanOrEqual(before + 40)
})

test('what has expired meanwhile is not sent', async () => {
  await l.owe(smsStep)
  l.twilio.plan.always('500-before')
  await l.deliver()
  await l.context.db.update(deliveries).set({ expiresAt: new Date(l.clock.now().getTime() + 20_000) })
  l.twilio.plan.always(undefined)
  l.clock.forward(30_000)
  await lookAround()
  expect(l.twilio.messages).toEqual([])
  const rows = await texts()
  expect(rows.filter(({ status }) => status === 'expired')).toHaveLength(40 - opensAfter)
})

test('somebody in charge is told once that it opened and once that it closed, and may have it tried at once', async () => {
  const at = l.clock.now()
  const user = {
    id: newId(),
    email: 'chef@example.com',
    name: 'Chef',
    language: 'fr' as const,
    createdAt: at,
    updatedAt: at,
  }
  await l.context.db.insert(users).values(user)
  await l.context.db
    .insert(memberships)
    .values({ networkId: l.network.id, userId: user.id, role: 'owner', scope: {}, createdAt: at })
  await l.owe(smsStep)
  l.twilio.plan.always('500-before')
  await l.deliver()
  l.twilio.plan.always(undefined)
  await l.deliver()
  expect(l.twilio.messages).toEqual([])
  expect(await tryNow(l.context.db, twilio, l.clock.now())).toBe(true)
  await l.deliver()
  expect(l.twilio.messages).toHaveLength(40 - opensAfter)
  expect(await tryNow(l.context.db, twilio, l.clock.now())).toBe(false)
  const told = await l.context.db.select().from(notifications).where(eq(notifications.userId, user.id))
  expect(told.map(({ kind }) => kind).sort()).toEqual(['provider_back', 'provider_down'])
})

test('two workers count together, and only one of them tries', async () => {
  const other = { ...l.context, worker: 'another' }
  await l.owe(smsStep)
  l.twilio.plan.always('500-before')
  await Promise.all([l.deliver(), l.deliver(other)])
  expect(await open()).toHaveLength(1)
  const before = l.twilio.requests.length
  expect(before).toBeLessThanOrEqual(2 * opensAfter)
  l.clock.forward(30_000)
  await Promise.all([l.deliver(), l.deliver(other)])
  expect(l.twilio.requests).toHaveLength(before + 1)
})
