import type { Command } from 'commander'
import type { Register } from './command.ts'

/** relais serve */
export const serveCommand: Register = (program, cli) => {
  program
    .command('serve')
    .description('web and worker in one process, until it is stopped')
    .option('--no-worker', 'web only')
    .action(async (options: { worker: boolean }, command: Command) => {
      const { json = false } = command.optsWithGlobals<{ json?: boolean }>()
      await cli.serve({ worker: options.worker, json })
    })
}
