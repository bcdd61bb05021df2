import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Config, ConfigProblems } from '../config.ts'
import { listen, workerWatch } from '../http/worker-watch.ts'
import { type Ambient, openRelais, type Relais } from '../main.ts'
import { refuseForeignSecret } from '../network/foreign-secrets.ts'
import { startWorker } from '../start-worker.ts'
import { version } from '../version.ts'
import type { WorkOptions } from './command.ts'
import { closingMs, graceMs, within } from './grace.ts'
import type { Io } from './io.ts'
import { watchSignals } from './signals.ts'

/**
 * relais worker: one more worker on a PostgreSQL that others work on too. Resolves with the exit code once a signal has
 * stopped it; what is not through by the end of the grace is cleared up by the others. Throws ConfigProblems without
 * PostgreSQL, since a SQLite file belongs to one process, and with another RELAIS_SECRET than the processes beside it.
 */
export async function work(
  config: Config,
  { channels, json }: WorkOptions,
  io: Io,
  ambient: Omit<Ambient, 'stop'> = {},
): Promise<number> {
  if (!config.databaseUrl)
    throw new ConfigProblems([
      'relais worker works beside other processes, which needs PostgreSQL: set DATABASE_URL to postgres://…. On SQLite relais serve does all the work.',
    ])
  const signals = watchSignals(io, 'Stopping: what is in flight is settled first.')
  let relais: Relais | undefined
  let server: Server | undefined
  try {
    relais = await openRelais(config, { ...ambient, stop: signals.stop })
    await refuseForeignSecret(relais.context)
    const { context } = relais
    if (config.workerPort !== undefined)
      server = await listen(workerWatch({ context, version, metricsAccess: config.metrics }), config.workerPort)
    const worker = startWorker(context, { channels })
    context.log.info({ channels }, 'Working')
    const port = (server?.address() as AddressInfo | undefined)?.port
    if (json) io.out(`${JSON.stringify({ pid: process.pid, channels, port })}\n`)
    if (!signals.stop.aborted) await once(signals.stop, 'abort')
    await within(graceMs, [worker.stop()])
    return 0
  } finally {
    server?.close()
    server?.closeAllConnections()
    await within(closingMs, [relais?.close()])
  }
}
