import { CommanderError } from 'commander'
import type { Io } from './io.ts'

/** 0 ok · 1 failed or partial · 2 bad usage or input · 3 bad configuration. */
export const exit = { ok: 0, failed: 1, badInput: 2, badConfiguration: 3 }

/** What is expected to go wrong, by the error's name: loading the engine to compare classes would cost a second. */
const exitOf: Record<string, number> = {
  Failed: exit.failed,
  BadInput: exit.badInput,
  CampaignProblems: exit.badInput,
  ClockRefused: exit.badInput,
  ControlRefused: exit.badInput,
  EditRefused: exit.badInput,
  ExampleRefused: exit.badInput,
  ImportProblem: exit.badInput,
  LaunchRefused: exit.badInput,
  NetworkProblem: exit.badInput,
  SegmentProblem: exit.badInput,
  UnknownUser: exit.badInput,
  ConfigProblems: exit.badConfiguration,
  DataInUse: exit.badConfiguration,
  NewerDatabase: exit.badConfiguration,
}

/**
 * Says on stderr what went wrong and returns the exit code. What is expected is one sentence, or a list where several
 * things must be mended; anything else is a defect and says so. Never a stack trace.
 */
export function report(error: unknown, io: Pick<Io, 'err'>): number {
  // Commander has said it already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exit.ok : exit.badInput
  const { name, message } = error instanceof Error ? error : new Error(String(error))
  const known = exitOf[name]
  if (known === undefined) {
    io.err(`Something went wrong inside Relais: ${message}\n`)
    return exit.failed
  }
  if (message !== '') io.err(`${message}\n`)
  return known
}
