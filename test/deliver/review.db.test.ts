import { desc, eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { pauseCampaign } from '../../src/campaign/control.ts'
import { auditEntries, campaigns, deliveries, exposures } from '../../src/db/schema.ts'
import { type ReviewScope, type ReviewVerdict, review } from '../../src/deliver/review.ts'
import { receive } from '../../src/tracking/inbox.ts'
import { look } from '../../src/worker.ts'
import { crowd } from './crowd.ts'
import { type Live, live, mailStep, smsStep } from './live.ts'

const hour = 3_600_000
const toHelene = 'audience: { rule: { profile: owner } }'

let l: Live
beforeEach(async () => {
  l = await live()
})
afterEach(() => l.close())

const helene = async () => (await l.of('P4', 'email')).at(-1)!
const lookAround = () => look(l.context, l.network, l.clock.now())
const decide = (verdict: ReviewVerdict, scope: ReviewScope = {}) =>
  review(l.context, l.network, { scope, verdict, actor: 'somebody' }, l.clock.now())

async function toReview(): Promise<void> {
  await l.owe(`${mailStep}, fallback: { ifNot: acted, after: PT48H }`, toHelene)
  l.sendgrid.plan.next('500-after')
  await l.deliver()
  l.clock.forward(24 * hour)
  await lookAround()
  expect(await helene()).toMatchObject({ status: 'needs_review', reason: 'nobody_can_tell', attempt: 1 })
}

describe('a delivery in doubt for good', () => {
  test('it left: it counts as accepted at the time it was tried, and gives its chance to act', async () => {
    await toReview()
    const [tried] = await l.attemptsOf((await helene()).id)
    expect(await decide('left')).toBe(1)
    expect(await helene()).toMatchObject({
      status: 'accepted',
      reason: 'adopted_by_person',
      sentAt: tried!.startedAt,
      attempt: 1,
    })
    expect((await l.attemptsOf((await helene()).id))[0]).toMatchObject({ outcome: 'accepted' })
    expect(await l.context.db.select().from(exposures)).toMatchObject([
      { deliveryId: (await helene()).id, sentAt: tried!.startedAt },
    ])
    await lookAround()
    expect(l.sendgrid.mails).toHaveLength(1)
    const [entry] = await l.context.db.select().from(auditEntries).orderBy(desc(auditEntries.seq)).limit(1)
    expect(entry).toMatchObject({
      action: 'delivery.review',
      actor: 'somebody',
      subject: (await helene()).id,
      data: { verdict: 'left', count: 1 },
    })
  })

  test('it did not leave: sent once more as a new attempt, and once however often it is said', async () => {
    await toReview()
    expect(await decide('not_left')).toBe(1)
    expect(await decide('not_left')).toBe(0)
    expect(await helene()).toMatchObject({ status: 'queued', reason: 'resent_by_person', attempt: 1 })
    await lookAround()
    expect(await helene()).toMatchObject({ status: 'accepted', attempt: 2 })
    await lookAround()
    expect(l.sendgrid.mails).toHaveLength(2)
  })

  test('sent again, it is checked like any other: a campaign paused meanwhile holds it', async () => {
    await toReview()
    const [campaign] = await l.context.db.select().from(campaigns)
    await pauseCampaign(l.context, l.network, { campaignId: campaign!.id, actor: 'somebody' })
    await decide('not_left')
    await lookAround()
    expect(await helene()).toMatchObject({ status: 'held', reason: 'paused', attempt: 1 })
  })

  test('a webhook that settles it meanwhile wins', async () => {
    await toReview()
    const { id } = await helene()
    const word = { type: 'delivered' as const, provider: 'sendgrid', providerRef: 'ref', data: {} }
    await receive(
      l.context.db,
      'sendgrid',
      [{ dedupeKey: 'word', networkId: l.network.id, deliveryId: id, attempt: 1, ...word }],
      l.clock.now(),
    )
    await lookAround()
    expect(await decide('not_left', { ids: [id] })).toBe(0)
    expect(await decide('left', { ids: [id] })).toBe(0)
    expect(await helene()).toMatchObject({ status: 'delivered', attempt: 1 })
  })

  test('the provider’s later word moves on what a person said had left', async () => {
    await toReview()
    await decide('left')
    const { id } = await helene()
    const word = { type: 'bounced' as const, provider: 'sendgrid', data: { code: 'unknown_mailbox', permanent: true } }
    await receive(
      l.context.db,
      'sendgrid',
      [{ dedupeKey: 'word', networkId: l.network.id, deliveryId: id, attempt: 1, ...word }],
      l.clock.now(),
    )
    await lookAround()
    expect(await helene()).toMatchObject({ status: 'failed', reason: 'unknown_mailbox' })
  })

  test('nobody can say of what was never handed over that it left', async () => {
    await l.owe(mailStep, toHelene)
    await l.context.db
      .update(deliveries)
      .set({ status: 'needs_review', reason: 'check_failed' })
      .where(eq(deliveries.channel, 'email'))
    expect(await decide('left')).toBe(0)
    expect(await decide('not_left')).toBe(1)
    await lookAround()
    expect(await helene()).toMatchObject({ status: 'accepted', attempt: 1 })
  })
})

describe('many at once', () => {
  test('a whole campaign, a step, one reason or one call are decided together, and nothing beside them', async () => {
    await l.close()
    l = await live({ file: crowd(130) })
    await l.owe(smsStep)
    await l.owe(smsStep.replace('challenge/launch', 'challenge/teaser'), 'class: transactional')
    const [first, second] = await l.context.db.select().from(campaigns).orderBy(campaigns.name)
    await l.context.db
      .update(deliveries)
      .set({ status: 'needs_review', reason: 'doubtful_twice', attempt: 1 })
      .where(eq(deliveries.channel, 'sms'))
    expect(await decide('left', { campaignId: second!.id, reason: 'nobody_can_tell' })).toBe(0)
    expect(await decide('left', { campaignId: second!.id, reason: 'doubtful_twice' })).toBe(130)
    const rows = () => l.context.db.select().from(deliveries).where(eq(deliveries.channel, 'sms'))
    const waiting = (await rows()).filter(({ status }) => status === 'needs_review')
    expect(waiting).toHaveLength(130)
    const someone = waiting[0]!
    expect(await decide('not_left', { call: { worker: 'nobody', startedAt: l.clock.now() } })).toBe(0)
    expect(await decide('not_left', { messageId: someone.messageId })).toBe(130)
    expect((await rows()).filter(({ status }) => status === 'queued')).toHaveLength(130)
    expect(first!.id).not.toBe(second!.id)
  })
})
