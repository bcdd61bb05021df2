import type { AddressInfo } from 'node:net'
import { serve as listen, type ServerType } from '@hono/node-server'
import { createOwnerSignInLink } from '../accounts/owner-link.ts'
import { systemClock } from '../clock.ts'
import { ConfigProblems, readConfig } from '../config.ts'
import { loadDemo } from '../demo.ts'
import { openRelais, type Relais } from '../main.ts'
import { createSite } from '../site.ts'
import { startWorker } from '../start-worker.ts'
import { BadInput, type Io } from './io.ts'
import { run } from './program.ts'
import { serveCommands } from './socket.ts'

/** In flight hand-overs get this long to settle when the process is asked to stop. */
const graceMs = 25_000

/**
 * relais serve: web and worker in one process. On an empty database without credentials it loads the demo
 * network; with no session yet it prints the owner's one-time link. Returns when a signal stops it.
 */
export async function serve(argv: readonly string[], io: Io): Promise<number> {
  const unknown = argv.find((word) => word !== '--no-worker')
  if (unknown !== undefined) throw new BadInput(`relais serve does not know ${unknown}; it takes --no-worker.`)
  const config = readConfig()
  const relais = await openRelais(config)
  try {
    const isDemo = await loadDemo(relais)
    const server = await bind(relais, config.port)
    const commands = config.databaseUrl
      ? undefined
      : await serveCommands(config.dataFolder, (line, commandIo) => run(line, commandIo, async () => relais))
    const worker = argv.includes('--no-worker') ? undefined : startWorker(relais.context)
    await welcome(relais, io, isDemo)
    await stopped()
    io.err('Stopping: what is in flight is settled first. Press Ctrl-C again to stop at once.\n')
    process.once('SIGINT', () => process.exit(130))
    commands?.close()
    server.close()
    await Promise.race([worker?.stop(), systemDelay(graceMs)])
    return 0
  } finally {
    await relais.close()
  }
}

const systemDelay = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms).unref())

const stopped = () =>
  new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })

function bind(relais: Relais, port: number): Promise<ServerType> {
  return new Promise((resolve, reject) => {
    const server = listen({ fetch: createSite(relais).fetch, port }, () => resolve(server))
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') return reject(error)
      reject(new ConfigProblems([`PORT ${port} is taken by another program. Stop it, or set PORT to a free one.`]))
    })
  }).then((server) => {
    const { port: bound } = (server as ServerType).address() as AddressInfo
    relais.context.log.info({ port: bound }, 'Listening')
    return server as ServerType
  })
}

async function welcome(relais: Relais, io: Io, isDemo: boolean): Promise<void> {
  const link = await createOwnerSignInLink(relais.context)
  io.out(
    [
      '',
      `  Relais is at ${relais.config.publicUrl}`,
      isDemo
        ? '  The demo network is loaded: 43 distributors, 400 contacts, a challenge planned. Nothing leaves it.'
        : '',
      '',
      '  Sign in as the owner with this link, once, within 24 hours:',
      `  ${link}`,
      '',
      `  Started ${systemClock.now().toISOString()}. Stop with Ctrl-C.`,
      '',
    ]
      .filter((line, index, lines) => line !== '' || lines[index - 1] !== '')
      .join('\n'),
  )
}
