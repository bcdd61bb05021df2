import { afterEach, beforeEach, expect, test } from 'vitest'
import { newId } from '../../src/db/index.ts'
import { breakers, secrets } from '../../src/db/schema.ts'
import { workerWatch } from '../../src/http/worker-watch.ts'
import { refuseForeignSecret } from '../../src/network/foreign-secrets.ts'
import { type World, world } from '../world.ts'

let w: World
beforeEach(async () => {
  w = await world()
})
afterEach(() => w.close())

const app = (metricsAccess?: string) => workerWatch({ context: w.context, version: '1.2.3', metricsAccess })

test('a worker says that it lives, and what it has to do without', async () => {
  expect(await (await app().request('/healthz')).json()).toEqual({ status: 'ok', version: '1.2.3' })
  expect(await (await app().request('/readyz')).json()).toEqual({ status: 'ready', reasons: [] })
  const at = w.clock.now()
  await w.context.db.insertRows(breakers, [
    { account: 'installation', channel: 'sms', provider: 'twilio', reason: 'credentials', openedAt: at, updatedAt: at },
  ])
  const ready = await app().request('/readyz')
  expect(ready.status).toBe(200)
  expect(await ready.json()).toMatchObject({ status: 'degraded', reasons: [expect.stringContaining('twilio')] })
})

test('its own counters are for whom METRICS lets in', async () => {
  w.context.metrics.attempted('sms', 'accepted')
  expect((await app().request('/metrics')).status).toBe(404)
  const open = await app('on').request('/metrics')
  expect(await open.text()).toContain('relais_attempts_total{channel="sms",outcome="accepted"} 1')
  const token = 'a token of its own, long'.replaceAll(' ', '-')
  expect((await app(token).request('/metrics')).status).toBe(401)
  expect((await app(token).request('/metrics', { headers: { authorization: `Bearer ${token}` } })).status).toBe(200)
})

test('a worker under another secret than that of the sealed accounts is refused; without any, or under one of them, it works', async () => {
  await refuseForeignSecret(w.context)
  const sealed = (keyId: string) => ({
    networkId: w.network.id,
    id: newId(),
    provider: 'twilio',
    name: `under ${keyId}`,
    keyId,
    sealed: new Uint8Array([1]),
    hints: {},
    updatedBy: 'test',
    updatedAt: w.clock.now(),
  })
  await w.context.db.insertRows(secrets, [sealed('another')])
  await expect(refuseForeignSecret(w.context)).rejects.toThrow('give every process the same RELAIS_SECRET')
  await w.context.db.insertRows(secrets, [sealed(w.context.vault.keyId)])
  await refuseForeignSecret(w.context)
})
