import { desc, eq } from 'drizzle-orm'
import { afterEach, describe, expect, test } from 'vitest'
import { FigureNotSeen, resumeCampaign } from '../../src/campaign/control.ts'
import { countsOf } from '../../src/campaign/counts.ts'
import { defaultThresholds, passed } from '../../src/campaign/stop-thresholds.ts'
import { auditEntries, campaigns, deliveries, networks } from '../../src/db/schema.ts'
import { receive } from '../../src/tracking/inbox.ts'
import { look } from '../../src/worker.ts'
import { crowd } from '../deliver/crowd.ts'
import { type Live, live, smsStep } from '../deliver/live.ts'

let l: Live
afterEach(() => l?.close())

const lookAround = () => look(l.context, l.network, l.clock.now())
const campaign = async () => (await l.context.db.select().from(campaigns))[0]!
const texts = () =>
  l.context.db.select().from(deliveries).where(eq(deliveries.channel, 'sms')).orderBy(deliveries.recipientKey)

/** So many craftsmen are texted, and all of it is accepted; one more is still to come, so that the campaign goes on. */
async function texted(size: number): Promise<void> {
  l = await live({ file: crowd(size + 1), timeoutMs: 20_000 })
  await l.owe(smsStep)
  const toCome = (await texts()).at(-1)!
  await l.context.db
    .update(deliveries)
    .set({ status: 'planned', dueAt: new Date('2027-06-01T09:00:00Z') })
    .where(eq(deliveries.id, toCome.id))
  // A sender leaves so many a second and no more.
  const accepted = async () => (await texts()).filter(({ status }) => status === 'accepted').length
  for (let seconds = 0; seconds < 60 && (await accepted()) < size; seconds++) {
    await lookAround()
    l.clock.forward(1_000)
  }
  expect(await accepted()).toBe(size)
}

/** Carriers say it of the deliveries from one to another, in the order of their recipients. */
async function told(from: number, to: number, code: string): Promise<void> {
  const events = (await texts()).slice(from, to).map(({ id, attempt }) => ({
    dedupeKey: `${id}:${code}`,
    type: code === 'complaint' ? ('complaint' as const) : ('failed' as const),
    networkId: l.network.id,
    deliveryId: id,
    attempt,
    provider: 'twilio',
    data: { code, permanent: true },
  }))
  await receive(l.context.db, 'twilio', events, l.clock.now())
  await lookAround()
}

describe('a threshold', () => {
  const { bounced, complained } = defaultThresholds.value
  const counts = (over: Partial<Record<'sent' | 'bounced' | 'complained' | 'filtered', number>>) => ({
    ...{ sent: 0, bounced: 0, complained: 0, filtered: 0 },
    ...over,
  })

  test.each([
    [{ sent: 49, bounced: 49 }, undefined],
    [{ sent: 50, bounced: 2 }, undefined],
    [{ sent: 100, bounced: 5 }, undefined],
    [{ sent: 100, bounced: 6 }, 'bounced'],
    [{ sent: 60, bounced: 3 }, undefined],
    [{ sent: 100, complained: 2 }, undefined],
    [{ sent: 1_000, complained: 3 }, undefined],
    [{ sent: 999, complained: 3 }, 'complained'],
    [{ sent: 150, filtered: 3 }, undefined],
    [{ sent: 149, filtered: 3 }, 'filtered'],
  ] as const)('%o passes: %s', (over, kind) => {
    expect(passed(counts(over), defaultThresholds.value)).toBe(kind)
  })

  test('carries its source and its date', () => {
    expect(defaultThresholds.source).toContain('support.google.com')
    expect(defaultThresholds.checkedOn).toMatch(/^\d{4}-\d\d-\d\d$/)
    expect([bounced.rate, complained.rate]).toEqual([0.05, 0.003])
  })
})

describe('a campaign whose texts are filtered', () => {
  test('pauses itself above the share allowed, says for which figure, and Relais signs for it', async () => {
    await texted(60)
    await told(0, 2, 'filtered')
    expect(await campaign()).toMatchObject({ status: 'running', statusFigures: null })
    await told(2, 3, 'filtered')
    expect(await campaign()).toMatchObject({
      status: 'paused',
      statusReason: 'stopped_filtered',
      statusFigures: { kind: 'filtered', channel: 'sms', bad: 3, sent: 60, rate: 0.02 },
    })
    const [entry] = await l.context.db.select().from(auditEntries).orderBy(desc(auditEntries.seq)).limit(1)
    expect(entry).toMatchObject({
      actor: 'relais',
      action: 'campaign.pause',
      subject: (await campaign()).id,
      data: { bad: 3, sent: 60, limit: 0.02 },
    })
  })

  test('the same word told again counts once', async () => {
    await texted(60)
    for (const _ of [1, 2, 3]) await told(0, 2, 'filtered')
    expect((await campaign()).status).toBe('running')
    const [counts] = await countsOf(l.context.db, l.network.id, (await campaign()).id)
    expect(counts).toMatchObject({ channel: 'sms', sent: 60, filtered: 2 })
  })

  test('is resumed by whoever confirms the figure, and is judged anew from then on', async () => {
    await texted(60)
    await told(0, 3, 'filtered')
    const { id } = await campaign()
    const request = { campaignId: id, actor: 'somebody' }
    await expect(resumeCampaign(l.context, l.network, request)).rejects.toThrow(FigureNotSeen)
    await expect(resumeCampaign(l.context, l.network, { ...request, despite: '2/60' })).rejects.toThrow(/3 of 60/)
    expect((await campaign()).status).toBe('paused')
    await resumeCampaign(l.context, l.network, { ...request, despite: '3/60' })
    expect(await campaign()).toMatchObject({ status: 'running', statusReason: null, statusFigures: null })
    await told(3, 10, 'filtered')
    expect((await campaign()).status).toBe('running')
    const [counts] = await countsOf(l.context.db, l.network.id, id)
    expect(counts).toMatchObject({ sent: 0, filtered: 7 })
  })

  test('a network may allow more, or less', async () => {
    await texted(20)
    const less = { rate: 0.1, afterSent: 10, atLeast: 1 }
    const value = { ...defaultThresholds.value, filtered: less }
    const stops = { value, source: 'ours', checkedOn: '2027-01-01', setBy: 'somebody' }
    await l.context.db.update(networks).set({ settings: { ...l.network.settings, defaults: { stops } } })
    await told(0, 2, 'filtered')
    expect((await campaign()).status).toBe('running')
    await told(2, 3, 'filtered')
    expect((await campaign()).status).toBe('paused')
  })

  test('a number out of service is no sign of a bad campaign', async () => {
    await texted(60)
    await told(0, 20, 'unknown_number')
    expect((await campaign()).status).toBe('running')
  })

  test('complaints stop it too', async () => {
    await texted(60)
    await told(0, 3, 'complaint')
    expect(await campaign()).toMatchObject({ status: 'paused', statusReason: 'stopped_complained' })
  })
})
