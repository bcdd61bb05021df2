import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { serveLocally } from './providers/server.ts'
import { until } from './stand.ts'

const program = 'redis-server'

export interface RedisServer {
  url: string
  /** Starts it again on the same port, empty: it keeps nothing on disk. */
  start(): Promise<void>
  /** kill -9: what it held is gone. */
  kill(): Promise<void>
  /** FLUSHALL: what it held is gone while it runs on. */
  flush(): Promise<void>
  /** Sets one of its settings while it runs. */
  set(name: 'maxmemory' | 'maxmemory-policy', value: string): Promise<void>
  close(): Promise<void>
}

/** Whether a Redis server can be started here. */
export const hasRedis = (): boolean => spawnSync(program, ['--version']).status === 0

/**
 * A Redis server of our own on a free loopback port, without persistence. Throws when `redis-server` is not
 * installed or does not come up. `policy` is what it does when its memory is full.
 */
export async function startRedis(policy = 'noeviction'): Promise<RedisServer> {
  const server = await placeForRedis(policy)
  await server.start()
  return server
}

/** As `startRedis`, not yet started: nobody listens at its address. */
export async function placeForRedis(policy = 'noeviction'): Promise<RedisServer> {
  const free = await serveLocally(() => undefined)
  const { port } = new URL(free.url)
  await free.close()
  const folder = mkdtempSync(join(tmpdir(), 'relais-redis-'))
  let kill: (() => Promise<void>) | undefined

  const start = async () => {
    if (kill) throw new Error('This Redis is running already.')
    const args = ['--port', port, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder]
    const child = spawn(program, [...args, '--maxmemory-policy', policy], { stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    let failure: Error | undefined
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text
      })
    const ended = new Promise<void>((resolve) => {
      child.once('error', (error) => {
        failure = error
        resolve()
      })
      child.once('close', () => resolve())
    })
    kill = async () => {
      kill = undefined
      child.kill('SIGKILL')
      await ended
    }
    await until(() => {
      if (failure) throw failure
      if (child.exitCode !== null) throw new Error(`${program} ended: ${said.trim()}`)
      return said.includes('Ready to accept connections')
    })
  }

  const url = `redis://127.0.0.1:${port}`
  const ask = async (work: (redis: Redis) => Promise<unknown>) => {
    const redis = new Redis(url, { lazyConnect: true })
    try {
      await redis.connect()
      await work(redis)
    } finally {
      redis.disconnect()
    }
  }

  return {
    url,
    start,
    kill: async () => kill?.(),
    flush: () => ask((redis) => redis.flushall()),
    set: (name, value) => ask((redis) => redis.config('SET', name, value)),
    close: async () => {
      await kill?.()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
