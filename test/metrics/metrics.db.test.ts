import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../src/db/index.ts'
import { breakers, deliveries, inboundEvents, networks } from '../../src/db/schema.ts'
import { lackingNow } from '../../src/http/lacking.ts'
import { createMetrics, type Metrics } from '../../src/metrics/metrics.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { openSite } from '../web/client.ts'
import { businessOffset, type SmallNetwork, seedSmallNetwork, wallNow } from '../web/small-network.ts'

let store: TestDatabase
let demo: SmallNetwork
let metrics: Metrics
beforeAll(async () => {
  store = await freshDatabase()
  demo = await seedSmallNetwork(store.db)
  metrics = createMetrics(store.db, { now: () => wallNow })
})
afterAll(() => store.drop())

const value = async (name: string) => {
  const { body } = await metrics.text()
  const line = body
    .split('\n')
    .find((candidate) => candidate.startsWith(`${name} `) || candidate.startsWith(`${name}{`))
  return line === undefined ? undefined : Number(line.split(' ').at(-1))
}
const businessNow = wallNow.getTime() + businessOffset
const ago = (seconds: number) => new Date(businessNow - seconds * 1_000)

test('the outbox lags by what is most overdue, on the clock of its network', async () => {
  await store.db.update(deliveries).set({ status: 'delivered' })
  expect(await value('relais_outbox_lag_seconds')).toBe(0)
  await store.db
    .update(deliveries)
    .set({ status: 'queued', priority: 3, dueAt: ago(90) })
    .where(eq(deliveries.id, demo.shown.sms))
  await store.db
    .update(deliveries)
    .set({ status: 'queued', priority: 0, dueAt: ago(-500) })
    .where(eq(deliveries.id, demo.shown.email))
  expect(await value('relais_outbox_lag_seconds')).toBe(90)
})

test('doubts are counted and aged, and what waits for a person is counted beside them', async () => {
  await store.db
    .update(deliveries)
    .set({ status: 'unknown', updatedAt: ago(30) })
    .where(eq(deliveries.id, demo.shown.sms))
  await store.db.update(deliveries).set({ status: 'needs_review' }).where(eq(deliveries.id, demo.shown.email))
  expect(await value('relais_deliveries_unknown')).toBe(1)
  expect(await value('relais_oldest_unknown_seconds')).toBe(30)
  expect(await value('relais_deliveries_to_review')).toBe(1)
})

test('an event that waits to be applied is the webhook lag', async () => {
  expect(await value('relais_webhook_lag_seconds')).toBe(0)
  await store.db.insert(inboundEvents).values({
    id: newId(),
    source: 'twilio',
    dedupeKey: 'one',
    body: {},
    receivedAt: new Date(wallNow.getTime() - 4_000),
  } as never)
  expect(await value('relais_webhook_lag_seconds')).toBe(4)
})

test('counters say channel and outcome, and never whom', async () => {
  metrics.attempted('sms', 'unknown')
  metrics.attempted('sms', 'accepted')
  metrics.adopted('sms')
  metrics.resentAfterDoubt('email')
  metrics.heard('twilio', 3)
  metrics.refused('webhook')
  const { body, type } = await metrics.text()
  expect(type).toMatch(/^text\/plain/)
  for (const line of [
    'relais_attempts_total{channel="sms",outcome="unknown"} 1',
    'relais_unknown_total{channel="sms"} 1',
    'relais_adopted_total{channel="sms"} 1',
    'relais_resent_after_doubt_total{channel="email"} 1',
    'relais_inbound_events_total{source="twilio"} 3',
    'relais_refused_total{kind="webhook"} 1',
  ])
    expect(body).toContain(line)
  expect(body).not.toMatch(/@|\+33/)
})

test('a network that is gone leaves no gauge behind', async () => {
  const [network] = await store.db.select().from(networks).where(eq(networks.id, demo.networkId))
  await store.db.update(networks).set({ name: 'renamed' }).where(eq(networks.id, demo.networkId))
  const { body } = await metrics.text()
  expect(body).toContain('{network="renamed"}')
  expect(body).not.toContain(`{network="${network!.name}"}`)
})

test.each([
  ['without the setting the page does not exist', undefined, undefined, 404],
  ['open to whoever reaches it', 'on', undefined, 200],
  ['closed without the token', 'a-token-of-20-letters', undefined, 401],
  ['closed to a wrong token', 'a-token-of-20-letters', 'Bearer another', 401],
  ['open to the token', 'a-token-of-20-letters', 'Bearer a-token-of-20-letters', 200],
])('/metrics: %s', async (_, metricsAccess, authorization, status) => {
  const site = openSite(store.db, demo.plan, { metricsAccess })
  const answer = await site.browser().get('/metrics', authorization ? { authorization } : {})
  expect(answer.status).toBe(status)
})

test('a provider that takes nothing is counted, and whoever asks is told', async () => {
  expect(await value('relais_breaker_open')).toBeUndefined()
  const down = { account: 'installation', channel: 'sms', provider: 'twilio', reason: 'credentials' } as const
  await store.db.insert(breakers).values({ ...down, failures: 5, openedAt: wallNow, updatedAt: wallNow })
  expect((await metrics.text()).body).toContain('relais_breaker_open{channel="sms",provider="twilio"} 1')
  expect(await lackingNow({ db: store.db })).toEqual([
    `twilio (sms, account installation) has taken nothing since ${wallNow.toISOString()}: credentials. Its messages wait.`,
  ])
})
