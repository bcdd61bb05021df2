import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Channel } from '../../src/channel.ts'
import type { Context } from '../../src/context.ts'
import { campaignCounts, deliveries, exposures } from '../../src/db/schema.ts'
import { mostAttempts } from '../../src/deliver/after-receipt.ts'
import { claim, leaseMs } from '../../src/deliver/claim.ts'
import { deliverBatch } from '../../src/deliver/deliver-batch.ts'
import { resolveDoubts } from '../../src/deliver/doubt.ts'
import { openGate } from '../../src/deliver/gate.ts'
import { endLeases, reclaimOrphans } from '../../src/deliver/orphans.ts'
import { prepare } from '../../src/deliver/prepare.ts'
import { settle } from '../../src/deliver/settle.ts'
import { applyPending, receive } from '../../src/tracking/inbox.ts'
import { look } from '../../src/worker.ts'
import { cast } from '../world.ts'
import { crowd } from './crowd.ts'
import { type Live, live, smsStep } from './live.ts'

const minute = 60_000
const toMarcel = 'audience: { rule: { all: [{ profile: field }, { tier: Gold }] } }'

let l: Live
beforeEach(async ({ task }) => {
  // Only a call that hangs is to be given up soon: beside others even a call that is answered takes its time.
  l = await live(task.name.includes('hang') ? { timeoutMs: 300 } : {})
})
afterEach(() => l.close())

const marcel = async () => (await l.of('P1')).at(-1)!
/** What the campaigns have counted as sent, by which their shares of bounces are measured. */
const countedAsSent = async () =>
  (await l.context.db.select().from(campaignCounts)).reduce((sum, { sent }) => sum + sent, 0)
const lookAround = () => look(l.context, l.network, l.clock.now())
const claimTexts = async () =>
  (await claim(l.context, l.network, l.clock.now(), 100)).claimed.filter(({ delivery }) => delivery.channel === 'sms')
const texts = () => l.twilio.messages.filter((message) => message.to === cast.marcel.mobile)

describe('an answer that never came leaves a doubt, and the provider is asked before anything is sent again', () => {
  test.each(['500-after', 'hang', 'reset', 'half', 'html'] as const)(
    '%s: it was taken, and is adopted',
    async (fault) => {
      await l.owe(`${smsStep}, fallback: { ifNot: acted, after: PT48H }`, toMarcel)
      l.twilio.plan.next(fault)
      await l.deliver()
      expect(await marcel()).toMatchObject({ status: 'unknown', doubts: 1, attempt: 1, providerRef: null })
      const [doubtful] = await l.attemptsOf((await marcel()).id)
      expect(doubtful).toMatchObject({ outcome: 'unknown', providerRef: null })

      await lookAround()
      expect(await marcel()).toMatchObject({ status: 'unknown' })
      l.clock.forward(minute)
      await lookAround()
      const taken = texts()[0]!
      expect(texts()).toHaveLength(1)
      expect(await marcel()).toMatchObject({
        status: 'accepted',
        reason: 'adopted',
        providerRef: taken.sid,
        attempt: 1,
      })
      expect((await marcel()).sentAt).toEqual(doubtful!.startedAt)
      expect((await l.attemptsOf((await marcel()).id))[0]).toMatchObject({
        outcome: 'accepted',
        providerRef: taken.sid,
      })
      const chances = await l.context.db.select().from(exposures)
      expect(chances).toEqual([
        expect.objectContaining({ deliveryId: (await marcel()).id, sentAt: doubtful!.startedAt }),
      ])
    },
  )

  test('it was not taken: sent once more, and only once', async () => {
    await l.owe(smsStep, toMarcel)
    l.twilio.plan.next('500-before')
    await l.deliver()
    expect(await marcel()).toMatchObject({ status: 'unknown' })
    l.clock.forward(minute)
    await lookAround()
    await lookAround()
    expect(texts()).toHaveLength(1)
    expect(await marcel()).toMatchObject({ status: 'accepted', attempt: 2, providerRef: texts()[0]!.sid })
  })

  test('a second doubt is for a human', async () => {
    await l.owe(smsStep, toMarcel)
    l.twilio.plan.next('500-before')
    await l.deliver()
    l.clock.forward(minute)
    await resolveDoubts(l.context, l.network, l.clock.now())
    expect(await marcel()).toMatchObject({ status: 'queued', reason: 'certainly_not_sent' })
    l.twilio.plan.next('500-before')
    await l.deliver()
    expect(await marcel()).toMatchObject({ status: 'unknown', doubts: 2, attempt: 2 })
    l.clock.forward(minute)
    await lookAround()
    expect(await marcel()).toMatchObject({ status: 'needs_review', reason: 'doubtful_twice' })
    l.clock.forward(60 * minute)
    await lookAround()
    expect(texts()).toEqual([])
  })

  test('a question that fails is not an answer: nothing is sent again, and after a day a human decides', async () => {
    await l.owe(smsStep, toMarcel)
    l.twilio.plan.next('500-before')
    await l.deliver()
    l.twilio.plan.always('500-before')
    for (let hour = 0; hour < 24; hour++) {
      l.clock.forward(60 * minute)
      await lookAround()
      expect(await marcel()).toMatchObject({ status: 'unknown', attempt: 1 })
    }
    l.clock.forward(60 * minute)
    await lookAround()
    expect(await marcel()).toMatchObject({ status: 'needs_review', reason: 'nobody_can_tell' })
    l.twilio.plan.always(undefined)
    await lookAround()
    expect(l.twilio.requests).toHaveLength(1)
  })

  test('a callback ends the doubt before we ask', async () => {
    await l.owe(smsStep, toMarcel)
    l.twilio.plan.next('500-after')
    await l.deliver()
    const { id } = await marcel()
    const told = {
      dedupeKey: 'cb',
      type: 'delivered' as const,
      networkId: l.network.id,
      deliveryId: id,
      attempt: 1,
      data: {},
    }
    await receive(
      l.context.db,
      'twilio',
      [{ ...told, provider: 'twilio', providerRef: texts()[0]!.sid }],
      l.clock.now(),
    )
    await lookAround()
    expect(await marcel()).toMatchObject({ status: 'delivered', providerRef: texts()[0]!.sid })
    l.clock.forward(minute)
    await lookAround()
    expect(texts()).toHaveLength(1)
    expect(await countedAsSent()).toBe(1)
  })

  test('two like texts to one phone: what another delivery owns is not taken for ours', async () => {
    await l.owe(smsStep, `class: transactional\n${toMarcel}`)
    await l.deliver()
    await l.owe(smsStep, `class: transactional\n${toMarcel}`)
    l.twilio.plan.next('500-before')
    await l.deliver()
    // As when two campaigns say the same to the same people: the first one's message has the second one's words.
    texts()[0]!.body = new URLSearchParams(l.twilio.requests[1]).get('Body')!
    l.clock.forward(minute)
    await lookAround()
    await lookAround()
    expect((await l.of('P1')).map(({ status }) => status)).toEqual(['accepted', 'accepted'])
    expect(new Set((await l.of('P1')).map(({ providerRef }) => providerRef)).size).toBe(2)
  })

  test('nor what an earlier attempt left as: the new one is sent, or found beside it', async () => {
    const failedLater = async () => {
      const { id, attempt, providerRef } = await marcel()
      const whose = { networkId: l.network.id, deliveryId: id, attempt, provider: 'twilio', providerRef: providerRef! }
      const told = { ...whose, type: 'failed' as const, data: { code: 'carrier_error', permanent: false } }
      await receive(l.context.db, 'twilio', [{ dedupeKey: `late ${providerRef}`, ...told }], l.clock.now())
      await lookAround()
      expect(await marcel()).toMatchObject({ status: 'queued', reason: 'carrier_error' })
      l.clock.forward(10 * minute)
    }
    for (const [fault, expected] of [
      ['500-before', { status: 'accepted', attempt: 3 }],
      ['500-after', { status: 'accepted', attempt: 2, reason: 'adopted' }],
    ] as const) {
      const before = texts().length
      await l.owe(smsStep, `class: transactional\n${toMarcel}`)
      await l.deliver()
      await failedLater()
      l.twilio.plan.next(fault)
      await l.deliver()
      expect(await marcel()).toMatchObject({ status: 'unknown', attempt: 2 })
      l.clock.forward(minute)
      await lookAround()
      await lookAround()
      expect(texts()).toHaveLength(before + 2)
      expect(await marcel()).toMatchObject({ ...expected, providerRef: texts().at(-1)!.sid })
    }
  })

  test('what was not to be found, and is told of while its new attempt waits for decent hours, is not sent again', async () => {
    l.clock.set(new Date('2027-01-12T18:57:00Z'))
    await l.owe(smsStep, toMarcel)
    l.twilio.plan.next('500-after')
    await l.deliver()
    const [hidden] = l.twilio.messages.splice(0)
    l.clock.forward(2 * minute)
    await resolveDoubts(l.context, l.network, l.clock.now())
    expect(await marcel()).toMatchObject({ status: 'queued', reason: 'certainly_not_sent' })
    l.clock.forward(2 * minute)
    await lookAround()
    expect(await marcel()).toMatchObject({ status: 'held', reason: 'quiet_hours', attempt: 1 })
    const { id } = await marcel()
    const whose = { networkId: l.network.id, deliveryId: id, attempt: 1, provider: 'twilio', providerRef: hidden!.sid }
    const told = { ...whose, dedupeKey: 'late', type: 'delivered' as const, data: {} }
    await receive(l.context.db, 'twilio', [told], l.clock.now())
    l.clock.forward(14 * 60 * minute)
    await lookAround()
    await lookAround()
    expect(await marcel()).toMatchObject({ status: 'delivered', attempt: 1 })
    expect(texts()).toEqual([])
    expect(await countedAsSent()).toBe(1)
  })

  test('two like doubts asked together find a message each, or one is sent once more', async () => {
    const like = async (second: '500-before' | '500-after') => {
      const before = texts().length
      for (const fault of ['500-after', second] as const) {
        await l.owe(smsStep, `class: transactional\n${toMarcel}`)
        l.twilio.plan.next(fault)
        await l.deliver()
      }
      const asked = l.twilio.requests.length
      // As when two campaigns say the same to the same people.
      const pair = (await l.of('P1')).slice(-2)
      const [words] = await l.context.db.select().from(deliveries).where(eq(deliveries.id, pair[0]!.id))
      await l.context.db
        .update(deliveries)
        .set({ contentVersionId: words!.contentVersionId, mergeValues: words!.mergeValues })
        .where(eq(deliveries.id, pair[1]!.id))
      for (const text of texts().slice(before))
        text.body = new URLSearchParams(l.twilio.requests[asked - 2]).get('Body')!
      l.clock.forward(minute)
      for (let times = 0; times < 3; times++) await lookAround()
      const both = (await l.of('P1')).slice(-2)
      expect(both.map(({ status }) => status)).toEqual(['accepted', 'accepted'])
      expect(new Set(both.map(({ providerRef }) => providerRef)).size).toBe(2)
      expect(texts()).toHaveLength(before + 2)
    }
    await like('500-after')
    await like('500-before')
  })
})

describe('a certain refusal', () => {
  test('429 waits as long as the provider asks, then leaves', async () => {
    await l.owe(smsStep, toMarcel)
    l.twilio.plan.next('429')
    await l.deliver()
    expect(await marcel()).toMatchObject({
      status: 'queued',
      reason: 'rate_limited',
      dueAt: new Date(l.clock.now().getTime() + 7_000),
      attempt: 1,
    })
    await l.deliver()
    expect(l.twilio.requests).toHaveLength(1)
    l.clock.forward(7_000)
    await l.deliver()
    expect(texts()).toHaveLength(1)
    expect(await marcel()).toMatchObject({ status: 'accepted', attempt: 2 })
    expect((await l.attemptsOf((await marcel()).id)).map(({ outcome, code }) => [outcome, code])).toEqual([
      ['refused', 'rate_limited'],
      ['accepted', null],
    ])
  })

  test('while the provider refuses everybody, the rest of a batch is not tried', async () => {
    await l.close()
    l = await live({ file: crowd(60) })
    await l.owe(smsStep)
    l.twilio.plan.always('429')
    await l.deliver()
    // Those that were under way when the first refusal came.
    expect(l.twilio.requests.length).toBeLessThanOrEqual(16)
    const rows = await l.context.db.select().from(deliveries).where(eq(deliveries.channel, 'sms'))
    expect(rows).toHaveLength(60)
    expect(new Set(rows.map(({ status, reason }) => `${status} ${reason}`))).toEqual(
      new Set(['queued rate_limited', 'queued null']),
    )
    l.twilio.plan.always(undefined)
    l.clock.forward(7_000)
    await l.deliver()
    expect(new Set(l.twilio.messages.map(({ to }) => to)).size).toBe(60)
    expect(l.twilio.messages).toHaveLength(60)
  })

  test('for good: failed, the address is closed, and the next channel has its turn once', async () => {
    await l.owe(
      'intent: follow-up, channels: [sms, email], template: challenge/launch',
      'audience: { rule: { profile: owner } }',
    )
    l.twilio.refuse(cast.helene.mobile, 400, 21614, 'not a mobile')
    for (let times = 0; times < 4; times++) await lookAround()
    expect((await l.of('P4', 'sms'))[0]).toMatchObject({ status: 'failed', reason: 'not_a_mobile' })
    expect((await l.of('P4', 'email')).map(({ status, fallbackOf }) => [status, fallbackOf])).toEqual([
      ['accepted', (await l.of('P4', 'sms'))[0]!.id],
    ])
    expect(l.sendgrid.mails).toHaveLength(1)
    await l.owe(
      'intent: follow-up, channels: [sms, email], template: challenge/teaser',
      'class: transactional\naudience: { rule: { profile: owner } }',
    )
    await lookAround()
    expect(l.twilio.requests).toHaveLength(1)
  })

  test('who has opted out at the carrier is not texted again', async () => {
    await l.owe(smsStep, toMarcel)
    l.twilio.refuse(cast.marcel.mobile, 400, 21610, 'unsubscribed recipient')
    await lookAround()
    await lookAround()
    expect(await marcel()).toMatchObject({ status: 'failed', reason: 'opted_out' })
    await l.owe(smsStep, `class: transactional\n${toMarcel}`)
    await lookAround()
    expect(l.twilio.requests).toHaveLength(1)
  })

  test('ten of them are a failure', async () => {
    // Bulk would wait for its sender to be put right.
    await l.owe(`${smsStep}, urgency: immediate`, toMarcel)
    l.twilio.refuse(cast.marcel.mobile, 400, 21606, 'not a valid sender')
    for (let times = 0; times < mostAttempts; times++) {
      await l.deliver()
      l.clock.set((await marcel()).dueAt)
    }
    expect(await marcel()).toMatchObject({ status: 'failed', reason: 'sender_misconfigured', attempt: mostAttempts })
  })
})

describe('a callback faster than our own settling', () => {
  test('keeps its status, and loses nothing else', async () => {
    await l.owe(`${smsStep}, fallback: { ifNot: acted, after: PT48H }`, toMarcel)
    const { id } = await marcel()
    const hasty = withTwilio(l.context, (real) => ({
      ...real,
      send: async (batch) => {
        const receipts = await real.send(batch)
        const ref = texts()[0]!.sid
        const told = {
          dedupeKey: 'hasty',
          type: 'delivered' as const,
          networkId: l.network.id,
          deliveryId: id,
          attempt: 1,
          data: {},
        }
        await receive(l.context.db, 'twilio', [{ ...told, provider: 'twilio', providerRef: ref }], l.clock.now())
        await applyPending(l.context.db, l.clock)
        expect(await marcel()).toMatchObject({ status: 'delivered' })
        return receipts
      },
    }))
    await l.deliver(hasty)
    const sent = await marcel()
    expect(sent).toMatchObject({ status: 'delivered', providerRef: texts()[0]!.sid, parts: 1, claimedBy: null })
    expect(sent.contentHash).toMatch(/^[0-9a-f]{64}$/)
    expect(await countedAsSent()).toBe(1)
    expect((await l.attemptsOf(id))[0]).toMatchObject({ outcome: 'accepted', providerRef: texts()[0]!.sid })
    expect(await l.context.db.select().from(exposures)).toHaveLength(1)
  })
})

describe('a provider whose SDK is slow to load', () => {
  test('is called only by a worker that still holds the delivery afterwards', async () => {
    await l.owe(smsStep, toMarcel)
    let isLoaded = false
    const slow = withTwilio(l.context, (real) => ({
      ...real,
      open: async () => {
        if (!isLoaded) l.clock.forward(leaseMs)
        isLoaded = true
      },
    }))
    await l.deliver(slow)
    expect(texts()).toHaveLength(1)
    const { id, ...sent } = await marcel()
    expect(sent).toMatchObject({ status: 'accepted', attempt: 2, doubts: 0 })
    expect((await l.attemptsOf(id)).map(({ outcome }) => outcome)).toEqual(['not_sent', 'accepted'])
  })
})

describe('a worker that dies', () => {
  test('leaves carriers’ deliveries in doubt, and own sinks’ simply owed', async () => {
    await l.owe('intent: follow-up, template: challenge/launch')
    const { claimed } = await claim(l.context, l.network, l.clock.now(), 100)
    expect(new Set(claimed.map(({ delivery }) => delivery.channel))).toEqual(new Set(['sms', 'email', 'intranet']))
    l.clock.forward(leaseMs - 1)
    expect(await reclaimOrphans(l.context, l.network, l.clock.now())).toBe(0)
    l.clock.forward(1)
    expect(await reclaimOrphans(l.context, l.network, l.clock.now())).toBe(claimed.length)
    const rows = await l.context.db.select().from(deliveries)
    for (const row of rows)
      expect([row.channel, row.status, row.reason, row.doubts]).toEqual(
        row.channel === 'intranet'
          ? ['intranet', 'queued', 'worker_lost', 0]
          : [row.channel, 'unknown', 'worker_lost', 1],
      )
  })

  test('had it called, its message is adopted; had it not, it is sent', async () => {
    await l.owe(smsStep)
    const claimed = await claimTexts()
    const called = claimed[0]!
    const prepared = await prepare(l.context, l.network, called, l.clock.now())
    if ('outcome' in prepared) throw new Error('It should be ready.')
    await called.channel.send([prepared.outgoing])
    l.clock.forward(leaseMs)
    await lookAround()
    l.clock.forward(minute)
    await lookAround()
    await lookAround()
    const phones = l.twilio.messages.map(({ to }) => to)
    expect(phones).toHaveLength(claimed.length)
    expect(new Set(phones).size).toBe(claimed.length)
    const rows = await l.context.db.select().from(deliveries).where(eq(deliveries.channel, 'sms'))
    expect(rows.map(({ status }) => status)).toEqual(claimed.map(() => 'accepted'))
    expect(rows.find(({ id }) => id === called.delivery.id)).toMatchObject({ reason: 'adopted', attempt: 1 })
  })

  test('at the next start under the lock nobody waits for its lease', async () => {
    await l.owe(smsStep, toMarcel)
    await claim(l.context, l.network, l.clock.now(), 100)
    await endLeases(l.context.db, l.clock.now())
    // The text, and its copy on the intranet.
    expect(await reclaimOrphans(l.context, l.network, l.clock.now())).toBe(2)
  })

  test('but lives after all: its late answer ends the doubt, its late doubt changes nothing', async () => {
    await l.owe(smsStep)
    const [first, second, third] = await claimTexts()
    l.clock.forward(leaseMs)
    await reclaimOrphans(l.context, l.network, l.clock.now())
    const now = l.clock.now()
    await settle(l.context, l.network, [{ claimed: first!, receipt: { outcome: 'accepted', ref: 'SMlate' } }], now)
    await settle(l.context, l.network, [{ claimed: second!, receipt: { outcome: 'unknown', reason: 'late' } }], now)
    const refused = { outcome: 'refused' as const, code: 'rate_limited', permanent: false }
    await settle(l.context, l.network, [{ claimed: third!, receipt: refused }], now)
    const rows = new Map((await l.context.db.select().from(deliveries)).map((row) => [row.id, row]))
    expect(rows.get(first!.delivery.id)).toMatchObject({ status: 'accepted', providerRef: 'SMlate' })
    expect(rows.get(second!.delivery.id)).toMatchObject({ status: 'unknown', reason: 'worker_lost', doubts: 1 })
    expect(rows.get(third!.delivery.id)).toMatchObject({ status: 'queued', reason: 'rate_limited', doubts: 0 })
  })

  test('an answer to an attempt that has been repeated meanwhile is not the answer to the repetition', async () => {
    await l.owe(smsStep, toMarcel)
    const claimed = await claimTexts()
    l.clock.forward(leaseMs)
    await lookAround()
    l.clock.forward(minute)
    await resolveDoubts(l.context, l.network, l.clock.now())
    await claim({ ...l.context, worker: 'another' }, l.network, l.clock.now(), 100)
    await settle(
      l.context,
      l.network,
      [{ claimed: claimed[0]!, receipt: { outcome: 'accepted', ref: 'SMold' } }],
      l.clock.now(),
    )
    expect(await marcel()).toMatchObject({ status: 'sending', attempt: 2, providerRef: null, claimedBy: 'another' })
  })
})

describe('a worker begins no call', () => {
  test('that its lease may not outlast', async () => {
    await l.owe(smsStep, toMarcel)
    const { claimed } = await claim(l.context, l.network, l.clock.now(), 100)
    l.clock.forward(leaseMs - 30_000)
    await deliverBatch(l.context, l.network, claimed, l.clock.now(), openGate(l.context, l.network))
    expect(l.twilio.requests).toEqual([])
    expect(await marcel()).toMatchObject({ status: 'queued', reason: null, doubts: 0, claimedBy: null })
    expect((await l.attemptsOf((await marcel()).id))[0]).toMatchObject({ outcome: 'not_sent' })
    await l.deliver()
    expect(texts()).toHaveLength(1)
  })

  test('once it is asked to stop', async () => {
    await l.owe(smsStep)
    const stopping: Context = { ...l.context, stop: AbortSignal.abort() }
    await l.deliver(stopping)
    expect(l.twilio.requests).toEqual([])
    expect((await l.context.db.select().from(deliveries)).filter(({ status }) => status === 'sending')).toEqual([])
    expect(await marcel()).toMatchObject({ status: 'queued' })
  })
})

/** The same installation with Twilio’s adapter changed. */
function withTwilio(context: Context, change: (real: Channel) => Channel): Context {
  return {
    ...context,
    channels: context.channels.map((channel) => (channel.provider === 'twilio' ? change(channel) : channel)),
  }
}
