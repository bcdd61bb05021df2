import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { deliveries, journeys } from '../../src/db/schema.ts'
import { reportEvent } from '../../src/sequence/report.ts'
import { type Live, live, smsStep } from './live.ts'

const toHelene = 'class: transactional\naudience: { rule: { profile: owner } }'
const withGoal = `${toHelene}\nexit: { when: { event: appointment-booked } }`

let l: Live
beforeEach(async () => {
  l = await live()
})
afterEach(() => l.close())

const helene = async () => (await l.of('P4')).at(-1)!
const isNow = (status: 'queued' | 'sending') =>
  l.context.db.update(deliveries).set({ status }).where(eq(deliveries.channel, 'sms'))

async function books(): Promise<void> {
  const at = l.clock.now()
  const contactId = (await helene()).recipientKey.slice('contact:'.length)
  const event = { name: 'appointment-booked', contactId, key: 'booked', source: 'api', data: {}, at, now: at }
  await l.context.db.transaction((tx) => reportEvent(tx, l.network.id, event))
}

describe('who reaches the goal of a campaign while a worker is at their message', () => {
  test('is not sent it by the next try: it is called off for that reason', async () => {
    await l.owe(smsStep, withGoal)
    await isNow('sending')
    await books()
    expect(await l.context.db.select().from(journeys)).toMatchObject([{ state: 'left' }])
    // Certainly refused, for now: it is owed again.
    await isNow('queued')
    await l.deliver()
    expect(await helene()).toMatchObject({ status: 'canceled', reason: 'left_campaign', attempt: 0 })
    expect(l.twilio.requests).toHaveLength(0)
  })

  test('is sent what another campaign has for them', async () => {
    await l.owe(smsStep, withGoal)
    await books()
    await l.owe(smsStep, toHelene)
    await l.deliver()
    expect((await l.of('P4')).map(({ status }) => status)).toEqual(['canceled', 'accepted'])
  })
})
