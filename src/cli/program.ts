import { Command, CommanderError } from 'commander'
import { UnknownUser } from '../accounts/owner-link.ts'
import { LaunchRefused } from '../campaign/launch.ts'
import { CampaignProblems } from '../campaign/problems.ts'
import { ConfigProblems } from '../config.ts'
import { DataInUse } from '../db/lock.ts'
import type { Relais } from '../main.ts'
import { NetworkProblem } from '../network/networks.ts'
import { ClockRefused } from '../time-machine.ts'
import { campaignCommands } from './campaign-commands.ts'
import { clockCommands } from './clock-commands.ts'
import type { Cli } from './command.ts'
import { contactCommand } from './contact-command.ts'
import { importCommand } from './import-command.ts'
import { BadInput, Failed, type Io } from './io.ts'
import { segmentCommands } from './segment-commands.ts'
import { signInLinkCommand } from './sign-in-link-command.ts'

const exit = { ok: 0, failed: 1, badInput: 2, badConfiguration: 3 }

/**
 * Runs one command line and returns its exit code: 0 ok · 1 failed or partial · 2 bad usage or input ·
 * 3 bad configuration. Errors are one sentence that says what, where and how to mend it; never a stack trace.
 */
export async function run(argv: readonly string[], io: Io, relais: () => Promise<Relais>): Promise<number> {
  const wantsJson = argv.includes('--json')
  const cli: Cli = {
    io,
    relais,
    show: (result, text) => io.out(wantsJson ? `${JSON.stringify(result, null, 2)}\n` : text === '' ? '' : `${text}\n`),
  }
  const program = new Command('relais')
    .description('The multichannel communication orchestrator for partner networks')
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: io.out,
      writeErr: io.err,
      getOutHelpWidth: () => io.columns,
      getErrHelpWidth: () => io.columns,
    })
  for (const register of [
    importCommand,
    campaignCommands,
    clockCommands,
    contactCommand,
    segmentCommands,
    signInLinkCommand,
  ])
    register(program, cli)
  // Started by cli.ts itself, since they keep the process; here for the help and for a clear answer elsewhere.
  program.command('serve').description('web and worker in one process').option('--no-worker', 'web only')
  for (const command of program.commands) inherit(command)
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return exit.ok
  } catch (error) {
    return report(error, io)
  }
}

function inherit(command: Command): void {
  command.option('--json', 'only JSON on standard output')
  command.exitOverride().showSuggestionAfterError()
  for (const sub of command.commands) inherit(sub)
}

/** One sentence on stderr for what is expected; anything else is a defect and says so. */
export function report(error: unknown, io: Pick<Io, 'err'>): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exit.ok : exit.badInput
  const { message } = error as Error
  if (error instanceof ConfigProblems || error instanceof DataInUse) {
    io.err(`${message}\n`)
    return exit.badConfiguration
  }
  if (error instanceof Failed) {
    io.err(message === '' ? '' : `${message}\n`)
    return exit.failed
  }
  if (isBadInput(error)) {
    io.err(`${message}\n`)
    return exit.badInput
  }
  io.err(`Something went wrong inside Relais: ${message}\n`)
  return exit.failed
}

const isBadInput = (error: unknown) =>
  [BadInput, CampaignProblems, LaunchRefused, ClockRefused, NetworkProblem, UnknownUser].some(
    (kind) => error instanceof kind,
  ) ||
  (error as Error).name === 'ImportProblem' ||
  (error as Error).name === 'SegmentProblems'
