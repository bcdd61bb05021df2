import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { deliveries } from '../../src/db/schema.ts'
import { receive } from '../../src/tracking/inbox.ts'
import { look } from '../../src/worker.ts'
import { type Live, live, mailStep } from './live.ts'

const minute = 60_000
const hour = 60 * minute
const toHelene = 'audience: { rule: { profile: owner } }'
const urgent = `${mailStep.replace('follow-up', 'notice')}, urgency: immediate`

let l: Live
beforeEach(async () => {
  l = await live()
})
afterEach(() => l.close())

const helene = async () => (await l.of('P4', 'email')).at(-1)!
const lookAround = () => look(l.context, l.network, l.clock.now())
async function later(ms: number): Promise<void> {
  l.clock.forward(ms)
  await lookAround()
  await lookAround()
}

/** SendGrid calls about something, whatever it be. */
const calls = () =>
  receive(
    l.context.db,
    'sendgrid',
    [{ dedupeKey: `other-${l.clock.now().getTime()}`, type: 'delivered', provider: 'sendgrid', data: {} }],
    l.clock.now(),
  )

async function inDoubt(step: string, campaign = toHelene): Promise<void> {
  await l.owe(step, campaign)
  l.sendgrid.plan.next('500-before')
  await l.deliver()
  expect(await helene()).toMatchObject({ status: 'unknown', doubts: 1, attempt: 1 })
}

describe('an e-mail of which nobody can say whether it left', () => {
  test('urgent: said once more after ten minutes in which the provider called about others only', async () => {
    await inDoubt(urgent)
    await later(9 * minute)
    await calls()
    expect(await helene()).toMatchObject({ status: 'unknown', attempt: 1 })
    await later(minute)
    expect(await helene()).toMatchObject({ status: 'accepted', attempt: 2 })
    expect(l.sendgrid.mails).toHaveLength(1)
  })

  test('urgent: a second doubt is for a person', async () => {
    await inDoubt(urgent)
    l.sendgrid.plan.next('500-before')
    await later(10 * minute)
    await calls()
    await later(minute)
    expect(await helene()).toMatchObject({ status: 'unknown', attempt: 2, doubts: 2 })
    await calls()
    await later(10 * minute)
    expect(await helene()).toMatchObject({ status: 'needs_review', reason: 'doubtful_twice' })
    expect(l.sendgrid.mails).toHaveLength(0)
  })

  test('while the provider is not heard at all its silence says nothing, and after a day a person decides', async () => {
    await inDoubt(urgent)
    for (let hours = 0; hours < 23; hours++) {
      await later(hour)
      expect(await helene()).toMatchObject({ status: 'unknown', attempt: 1 })
    }
    await later(hour)
    expect(await helene()).toMatchObject({ status: 'needs_review', reason: 'nobody_can_tell' })
    expect(l.sendgrid.mails).toHaveLength(0)
  })

  test('what was accepted meanwhile and never spoken of shows that the webhooks are down', async () => {
    await calls()
    await later(hour)
    await inDoubt(urgent)
    await l.owe(mailStep, 'class: transactional\naudience: { rule: { profile: office } }')
    await l.deliver()
    expect(l.sendgrid.mails).toHaveLength(1)
    await later(10 * minute)
    await later(minute)
    expect(await helene()).toMatchObject({ status: 'unknown', attempt: 1 })
    await l.context.db.update(deliveries).set({ status: 'delivered' }).where(eq(deliveries.status, 'accepted'))
    await later(minute)
    expect(await helene()).toMatchObject({ status: 'accepted', attempt: 2 })
  })

  test('marketing waits a day for a word, then for a person, who is told', async () => {
    await inDoubt(mailStep)
    await calls()
    await later(10 * minute)
    await calls()
    await later(23 * hour)
    expect(await helene()).toMatchObject({ status: 'unknown', attempt: 1 })
    await later(hour)
    expect(await helene()).toMatchObject({ status: 'needs_review', reason: 'nobody_can_tell' })
    expect(l.sendgrid.mails).toHaveLength(0)
  })

  test('a campaign may ask for either', async () => {
    await inDoubt(mailStep, `onDoubt: resend\n${toHelene}`)
    await later(9 * minute)
    await calls()
    await later(minute)
    expect(await helene()).toMatchObject({ status: 'accepted', attempt: 2 })
    await inDoubt(urgent, `onDoubt: hold\nclass: transactional\n${toHelene}`)
    await later(9 * minute)
    await calls()
    await later(minute)
    expect(await helene()).toMatchObject({ status: 'unknown', attempt: 1 })
  })

  test('the provider’s own word ends it at any time', async () => {
    await inDoubt(mailStep)
    const { id } = await helene()
    const told = { type: 'delivered' as const, provider: 'sendgrid', data: {} }
    await receive(
      l.context.db,
      'sendgrid',
      [{ dedupeKey: 'word', networkId: l.network.id, deliveryId: id, attempt: 1, ...told }],
      l.clock.now(),
    )
    await later(25 * hour)
    expect(await helene()).toMatchObject({ status: 'delivered', attempt: 1 })
  })
})
