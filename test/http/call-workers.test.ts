import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { callWorkers } from '../../src/http/call-workers.ts'
import type { PageEnv } from '../../src/http/page-env.ts'
import { openEmbeddedQueue } from '../../src/queue/embedded.ts'

const called = async (method: string, path: string, status: 200 | 302 | 422 = 200) => {
  const queue = openEmbeddedQueue()
  let looks = 0
  queue.work({ channels: [], look: () => looks++, take: async () => undefined })
  const app = new Hono<PageEnv>()
  app.use(callWorkers(queue))
  app.all('*', (c) => c.body(null, status))
  await app.request(path, { method })
  return looks > 0
}

test('workers are called once what somebody asked for has been carried out', async () => {
  expect(await called('POST', '/console/campaigns/one/launch', 302)).toBe(true)
  expect(await called('DELETE', '/api/v1/keys/one')).toBe(true)
})

test('looking at a page, a form that is refused and what a provider tells call nobody', async () => {
  expect(await called('GET', '/console')).toBe(false)
  expect(await called('HEAD', '/console')).toBe(false)
  expect(await called('POST', '/console/campaigns/one/launch', 422)).toBe(false)
  expect(await called('POST', '/webhooks/twilio/status')).toBe(false)
})
