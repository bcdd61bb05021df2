import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve as listen } from '@hono/node-server'
import { createOwnerSignInLink } from '../accounts/owner-link.ts'
import { atPort, type Config, ConfigProblems } from '../config.ts'
import { lockData } from '../db/lock.ts'
import { loadDemo } from '../demo.ts'
import { type Ambient, openRelais, type Relais } from '../main.ts'
import { createSite } from '../site.ts'
import { startWorker } from '../start-worker.ts'
import type { ServeOptions } from './command.ts'
import { closingMs, graceMs, within } from './grace.ts'
import type { Io } from './io.ts'
import { run } from './program.ts'
import { watchSignals } from './signals.ts'
import { serveCommands } from './socket.ts'

/**
 * relais serve: web and worker in one process. On an empty database without credentials it loads the demo network;
 * it prints a one-time link for the owner. Resolves with the exit code once a signal has stopped it; whatever is
 * not through by the end of the grace is taken up again at the next start. `wall` and `steadyNow` replace the time of day.
 */
export async function serve(
  config: Config,
  options: ServeOptions,
  io: Io,
  { wall, steadyNow }: Pick<Ambient, 'wall' | 'steadyNow'> = {},
): Promise<number> {
  const signals = watchSignals(io, 'Stopping: what is in flight is settled first.')
  // Who has the folder is said rather than who has the port; the lock itself is taken with the database.
  if (!config.databaseUrl) lockData(config.dataFolder).release()
  let site: ReturnType<typeof createSite> | undefined
  // Bound before anything is opened: a port that is taken must change nothing, and with PORT=0 addresses need it.
  const server = await bind(config.port, (request, env) => site?.fetch(request, env) ?? starting())
  const { port } = server.address() as AddressInfo
  let relais: Relais | undefined
  try {
    relais = await openRelais(atPort(config, port), { wall, steadyNow, stop: signals.stop })
    const { context } = relais
    const isDemo = await loadDemo(relais)
    site = createSite(relais)
    const opened = relais
    const commands = config.databaseUrl
      ? undefined
      : await serveCommands(config.dataFolder, (line, commandIo) => run(line, commandIo, async () => opened))
    if (!commands && !config.databaseUrl)
      context.log.warn(`${config.dataFolder} is too long a path for a socket: stop the server to run commands.`)
    const worker = options.worker ? startWorker(context) : undefined
    context.log.info({ port }, 'Listening')
    await welcome(relais, io, isDemo, options.json)
    if (!signals.stop.aborted) await once(signals.stop, 'abort')
    await within(graceMs, [closed(server), commands?.close(), worker?.stop()])
    return 0
  } finally {
    server.close()
    await within(closingMs, [relais?.close()])
  }
}

function closed(server: Server): Promise<void> {
  const done = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  return done
}

const starting = () => new Response('Relais is starting.\n', { status: 503, headers: { 'retry-after': '2' } })

function bind(port: number, fetch: Parameters<typeof listen>[0]['fetch']): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = listen({ fetch, port }, () => resolve(server)) as Server
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE')
        reject(new ConfigProblems([`PORT ${port} is taken by another program. Stop it, or set PORT to a free one.`]))
      else if (error.code === 'EACCES')
        reject(new ConfigProblems([`PORT ${port} may be opened by an administrator only. Set PORT to one above 1023.`]))
      else reject(error)
    })
  })
}

async function welcome(relais: Relais, io: Io, isDemo: boolean, json: boolean): Promise<void> {
  const { publicUrl } = relais.config
  const signInLink = await createOwnerSignInLink(relais.context)
  if (json) {
    io.out(`${JSON.stringify({ url: publicUrl, port: relais.config.port, pid: process.pid, signInLink, isDemo })}\n`)
    return
  }
  const demo = '  The demo network is loaded: 43 distributors, 400 contacts, a challenge planned. Nothing leaves it.\n'
  io.out(
    `\n  Relais is at ${publicUrl}\n${isDemo ? demo : ''}\n` +
      `  Sign in as the owner with this link, once, within 24 hours:\n  ${signInLink}\n\n  Stop with Ctrl-C.\n\n`,
  )
}
