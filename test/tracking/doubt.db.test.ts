import { and, asc, eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { InboundEvent } from '../../src/channel.ts'
import {
  attempts,
  campaignVersions,
  decisions,
  deliveries,
  engagements,
  exposures,
  timers,
} from '../../src/db/schema.ts'
import { matureDue } from '../../src/engagement/record.ts'
import { applyPending, receive } from '../../src/tracking/inbox.ts'
import type { DeliveryStatus } from '../../src/words.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import {
  day,
  delivery,
  hour,
  launch,
  minute,
  type Person,
  person,
  type Small,
  since,
  smallNetwork,
} from './small-network.ts'

let store: TestDatabase
beforeAll(async () => {
  store = await freshDatabase()
})
afterAll(() => store.drop())

let told = 0
const hear = async (given: Partial<InboundEvent> & Pick<InboundEvent, 'type'>) => {
  const event = { dedupeKey: `event ${++told}`, provider: 'twilio', occurredAt: since(minute), data: {}, ...given }
  await receive(store.db, 'twilio', [event], since(minute))
  return applyPending(store.db, { now: () => since(hour) })
}

/** A campaign with a link, and a decision that goes on to e-mail after two days without an act. */
const setUp = async (): Promise<{ small: Small; ana: Person }> => {
  const small = await smallNetwork(store.db)
  const { networkId, campaignId, messageId } = small
  await store.db.insert(campaignVersions).values({
    ...{ networkId, campaignId, version: 1, definition: { link: 'https://example.fr' }, source: '', hash: 'x' },
    ...{ createdBy: 'test', createdAt: launch },
  })
  const ana = await person(store.db, small)
  await store.db.insert(decisions).values({
    ...{ networkId, messageId, contactId: ana.contactId, occurrence: 'first', outcome: 'send', channel: 'sms' },
    ...{ at: launch, because: [], trace: [], policyVersion: 1, seed: 'seed', createdAt: launch },
    fallbacks: [{ channel: 'email', when: 'not_acted', afterMs: 2 * day, ifNot: 'acted' }],
  })
  return { small, ana }
}

const doubtful = (small: Small, ana: Person, status: DeliveryStatus) =>
  delivery(store.db, small, ana, { status, sentAt: null, channel: 'sms', occurrence: 'first' })

const after = async (networkId: string, deliveryId: string) => {
  const [row] = await store.db
    .select()
    .from(deliveries)
    .where(and(eq(deliveries.networkId, networkId), eq(deliveries.id, deliveryId)))
  const [exposure] = await store.db.select().from(exposures).where(eq(exposures.deliveryId, deliveryId))
  const waits = await store.db
    .select({ occurrence: timers.occurrence, dueAt: timers.dueAt })
    .from(timers)
    .where(and(eq(timers.networkId, networkId), eq(timers.subject, deliveryId)))
    .orderBy(asc(timers.occurrence))
  return { status: row!.status, sentAt: row!.sentAt, exposure, waits }
}

test.each(['sending', 'unknown', 'needs_review', 'queued'] as const)(
  'a callback for a delivery that is “%s” and whose worker is gone brings the chance to act and the wait for the next channel',
  async (status) => {
    const { small, ana } = await setUp()
    const deliveryId = await doubtful(small, ana, status)
    await hear({ type: 'delivered', networkId: small.networkId, deliveryId, attempt: 1, providerRef: 'SM1' })
    const found = await after(small.networkId, deliveryId)
    expect(found).toMatchObject({
      status: 'delivered',
      sentAt: since(-1_000),
      exposure: { contactId: ana.contactId, outcome: 'pending', isMeasurable: true, sentAt: since(-1_000) },
      waits: [{ occurrence: 'not_acted', dueAt: since(2 * day - 1_000) }],
    })
    // Silence then counts like any other.
    expect(await matureDue(store.db, { id: small.networkId }, since(10 * day))).toBe(1)
    const [learnt] = await store.db.select().from(engagements).where(eq(engagements.contactId, ana.contactId))
    expect(learnt).toMatchObject({ exposures: 1, misses: 1 })
  },
)

test('who acts on a delivery in doubt has received it: the doubt is closed, and the act counts', async () => {
  const { small, ana } = await setUp()
  const deliveryId = await doubtful(small, ana, 'unknown')
  await hear({ type: 'click', networkId: small.networkId, deliveryId, data: { linkId: 'a' } })
  const { status, exposure, waits } = await after(small.networkId, deliveryId)
  expect([status, exposure?.outcome, waits.length]).toEqual(['sent', 'acted', 1])
  const [attempt] = await store.db.select().from(attempts).where(eq(attempts.deliveryId, deliveryId))
  expect(attempt).toMatchObject({ outcome: 'accepted' })
})

test('a failure told of a delivery in doubt is no chance to act', async () => {
  const { small, ana } = await setUp()
  const deliveryId = await doubtful(small, ana, 'unknown')
  await hear({ type: 'failed', networkId: small.networkId, deliveryId, attempt: 1, data: { code: 'unreachable' } })
  const { status, exposure, waits } = await after(small.networkId, deliveryId)
  expect([status, exposure, waits.map((wait) => wait.occurrence)]).toEqual(['failed', undefined, ['failed']])
})

test('a receipt for what was settled in the ordinary way adds nothing', async () => {
  const { small, ana } = await setUp()
  const deliveryId = await delivery(store.db, small, ana, { channel: 'sms', occurrence: 'first' })
  await hear({ type: 'delivered', networkId: small.networkId, deliveryId, attempt: 1 })
  expect(await after(small.networkId, deliveryId)).toMatchObject({
    status: 'delivered',
    exposure: undefined,
    waits: [],
  })
})
