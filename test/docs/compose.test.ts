import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { settingNames } from '../../src/config/names.ts'
import { readConfig } from '../../src/config.ts'

const root = join(import.meta.dirname, '../..')
interface Service {
  command?: string[]
  environment?: Record<string, string>
  stop_grace_period?: string
  deploy?: { replicas: number }
}
const compose = parse(readFileSync(join(root, 'compose.yaml'), 'utf8'), { merge: true }) as {
  services: Record<string, Service>
  networks: { inside: { ipam: { config: { subnet: string }[] } } }
}
const { web, worker, redis } = compose.services as { web: Service; worker: Service; redis: Service }

test('two web processes that deliver nothing and three workers', () => {
  expect([web.deploy?.replicas, web.command]).toEqual([2, ['serve', '--no-worker']])
  expect([worker.deploy?.replicas, worker.command]).toEqual([3, ['worker']])
})

test('every setting is one Relais reads, and all of them together start it', () => {
  const { environment = {} } = web
  expect(Object.keys(environment).filter((name) => !settingNames.includes(name as never))).toEqual([])
  expect(worker.environment).toEqual({ ...environment, WORKER_PORT: '9464' })
  const filledIn = Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [
      name,
      value.replace(/\$\{(\w+):\?[^}]*\}/g, (_, variable: string) =>
        variable === 'PUBLIC_HOST' ? 'relais.example.com' : 'a-word-that-is-long-enough-to-be-a-secret',
      ),
    ]),
  )
  const config = readConfig({ ...filledIn, RELAIS_DATA: join(root, '.tmp/compose') })
  expect(config).toMatchObject({ publicUrl: 'https://relais.example.com', redis: { url: 'redis://redis:6379' } })
  expect(config.warnings).toEqual([])
})

test('the proxy’s network is the one whose word on client addresses is believed', () => {
  expect(web.environment?.TRUSTED_PROXIES).toBe(compose.networks.inside.ipam.config[0]?.subnet)
})

test('Redis drops nothing, and a process is given the time it takes to stop', () => {
  const command = redis.command ?? []
  expect(command[command.indexOf('--maxmemory-policy') + 1]).toBe('noeviction')
  expect(web.stop_grace_period).toBe('30s')
})
