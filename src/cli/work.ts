import { once } from 'node:events'
import { type Config, ConfigProblems } from '../config.ts'
import { type Ambient, openRelais, type Relais } from '../main.ts'
import { startWorker } from '../start-worker.ts'
import type { WorkOptions } from './command.ts'
import { closingMs, graceMs, within } from './grace.ts'
import type { Io } from './io.ts'
import { watchSignals } from './signals.ts'

/**
 * relais worker: one more worker on a PostgreSQL that others work on too. Resolves with the exit code once a signal has
 * stopped it; what is not through by the end of the grace is cleared up by the others. Throws ConfigProblems without
 * PostgreSQL: a SQLite file belongs to one process.
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
  try {
    relais = await openRelais(config, { ...ambient, stop: signals.stop })
    const worker = startWorker(relais.context, { channels })
    relais.context.log.info({ channels }, 'Working')
    if (json) io.out(`${JSON.stringify({ pid: process.pid, channels })}\n`)
    if (!signals.stop.aborted) await once(signals.stop, 'abort')
    await within(graceMs, [worker.stop()])
    return 0
  } finally {
    await within(closingMs, [relais?.close()])
  }
}
