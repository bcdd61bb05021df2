import { Command } from 'commander'
import type { Relais } from '../main.ts'
import { auditCommands } from './audit.ts'
import { backupCommand, restoreCommand } from './backup-commands.ts'
import { batchCommands } from './batch-commands.ts'
import { campaignCommands } from './campaign-commands.ts'
import { challengeCommands } from './challenge-commands.ts'
import { changeCommands } from './change-commands.ts'
import { chaosCommand } from './chaos-command.ts'
import { clockCommands } from './clock-commands.ts'
import type { Cli, ServeOptions, WorkOptions } from './command.ts'
import { contactCommand } from './contact-command.ts'
import { controlCommands } from './control-commands.ts'
import { doctorCommand } from './doctor-command.ts'
import { engagementCommands } from './engagement-commands.ts'
import { exampleCommand } from './example-command.ts'
import { importCommand } from './import-command.ts'
import { BadInput, type Io } from './io.ts'
import { mailInCommand } from './mail-in-command.ts'
import { exportCommand } from './move-commands.ts'
import { networkCommand } from './network-command.ts'
import { policyCommands } from './policy-commands.ts'
import { exit, report } from './report.ts'
import { secretsCommand } from './secrets-command.ts'
import { segmentCommands } from './segment-commands.ts'
import { serveCommand } from './serve-command.ts'
import { signInLinkCommand } from './sign-in-link-command.ts'
import { statusCommand } from './status-command.ts'
import { workerCommand } from './worker-command.ts'

const commands = [
  serveCommand,
  workerCommand,
  importCommand,
  exportCommand,
  backupCommand,
  restoreCommand,
  campaignCommands,
  changeCommands,
  challengeCommands,
  controlCommands,
  clockCommands,
  batchCommands,
  statusCommand,
  doctorCommand,
  chaosCommand,
  exampleCommand,
  contactCommand,
  segmentCommands,
  engagementCommands,
  policyCommands,
  networkCommand,
  mailInCommand,
  secretsCommand,
  signInLinkCommand,
  auditCommands,
]

type Surroundings = Pick<Cli, 'relais' | 'serve' | 'work'>

/**
 * Runs one command line on an installation and returns its exit code. Errors are said on stderr by `report`; with
 * --json nothing but the result's JSON reaches stdout.
 */
export async function run(argv: readonly string[], io: Io, relais: () => Promise<Relais>): Promise<number> {
  const serve = async () => {
    throw new BadInput('A server is running already; this command line was carried out by it.')
  }
  try {
    await parse(argv, io, { relais, serve, work: serve })
    return exit.ok
  } catch (error) {
    return report(error, io)
  }
}

/** What a command line comes to without an installation: its end, or what it needs to go on. */
export type Reading =
  | { exit: number }
  | { needs: 'installation' }
  | { needs: 'server'; options: ServeOptions }
  | { needs: 'worker'; options: WorkOptions }

class NeedsMore extends Error {
  readonly reading: Reading
  constructor(reading: Reading) {
    super()
    this.reading = reading
  }
}

/**
 * Reads a command line up to where it needs an installation: help, wrong usage and missing files are answered here,
 * before any setting is read or anything is opened.
 */
export async function read(argv: readonly string[], io: Io): Promise<Reading> {
  try {
    await parse(argv, io, {
      relais: () => Promise.reject(new NeedsMore({ needs: 'installation' })),
      serve: (options) => Promise.reject(new NeedsMore({ needs: 'server', options })),
      work: (options) => Promise.reject(new NeedsMore({ needs: 'worker', options })),
    })
    return { exit: exit.ok }
  } catch (error) {
    return error instanceof NeedsMore ? error.reading : { exit: report(error, io) }
  }
}

async function parse(argv: readonly string[], io: Io, { relais, serve, work }: Surroundings): Promise<void> {
  const wantsJson = argv.includes('--json')
  const cli: Cli = {
    io,
    relais,
    serve,
    work,
    network: async (named) => {
      const { context } = await relais()
      const { chooseNetwork } = await import('../network/choose.ts')
      const { businessNow } = await import('../clock.ts')
      const network = await chooseNetwork(context.db, named)
      return { context, network, now: businessNow(context.wall.now(), network) }
    },
    show: (result, text) => io.out(wantsJson ? `${JSON.stringify(result, null, 2)}\n` : text === '' ? '' : `${text}\n`),
  }
  const program = new Command('relais')
    .description('The multichannel communication orchestrator for partner networks')
    .configureOutput({
      writeOut: io.out,
      writeErr: io.err,
      getOutHelpWidth: () => io.columns,
      getErrHelpWidth: () => io.columns,
    })
  for (const register of commands) register(program, cli)
  inherit(program)
  await program.parseAsync(argv.length === 0 ? ['--help'] : [...argv], { from: 'user' })
}

function inherit(command: Command): void {
  command.option('--json', 'only JSON on standard output')
  command.exitOverride().showSuggestionAfterError().allowExcessArguments(false)
  for (const sub of command.commands) {
    sub.copyInheritedSettings(command)
    inherit(sub)
  }
}
