import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { type Running, startRelais } from '../cli/process.ts'
import { createPostgresDatabase } from '../database.ts'

const token = 'what-scrapers-bring-with-them'
const graceMs = 30_000

let folder: string
let worker: Running | undefined
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relais-worker-'))
})
afterEach(async () => {
  worker?.child.kill('SIGKILL')
  await worker?.done
  rmSync(folder, { recursive: true, force: true })
})

test('a worker says on its port how it is and what it counts, and ends in time when it is asked to', async () => {
  const env = {
    RELAIS_DATA: join(folder, 'data'),
    RELAIS_SECRET: 'a secret of a worker, long enough to be taken',
    DATABASE_URL: await createPostgresDatabase(),
    WORKER_PORT: '0',
    METRICS: token,
    LOG_LEVEL: 'error',
  }
  worker = startRelais(['worker', '--channels', 'sms,email', '--json'], { env })
  const [line] = await worker.says(/^\{.*\}$/m)
  const { pid, port, channels } = JSON.parse(line) as { pid: number; port: number; channels: string[] }
  expect({ pid, channels: channels.sort() }).toEqual({ pid: worker.pid, channels: ['email', 'sms'] })
  const ask = (path: string, headers: Record<string, string> = {}) =>
    fetch(`http://127.0.0.1:${port}${path}`, { headers: { ...headers, connection: 'close' } })
  expect(await (await ask('/healthz')).json()).toMatchObject({ status: 'ok' })
  const ready = await ask('/readyz')
  expect({ status: ready.status, body: await ready.json() }).toMatchObject({ status: 200, body: { reasons: [] } })
  expect((await ask('/metrics')).status).toBe(401)
  const counted = await (await ask('/metrics', { authorization: `Bearer ${token}` })).text()
  for (const name of [
    'relais_outbox_lag_seconds',
    'relais_unknown_total',
    'relais_adopted_total',
    'relais_resent_after_doubt_total',
    'relais_expired_total',
    'relais_webhook_lag_seconds',
    'relais_breaker_open',
  ])
    expect(counted).toContain(`# TYPE ${name} `)
  expect((await ask('/console')).status).toBe(404)
  const asked = systemClock.now().getTime()
  worker.child.kill('SIGTERM')
  expect(await worker.done).toMatchObject({ code: 0, signal: null })
  expect(systemClock.now().getTime() - asked).toBeLessThan(graceMs)
  await expect(ask('/healthz')).rejects.toThrow()
})
