import type { Command } from 'commander'
import type { Relais } from '../main.ts'
import type { Io } from './io.ts'

/** What a command works with. `relais` opens the installation the first time it is asked for. */
export interface Cli {
  io: Io
  relais(): Promise<Relais>
  /** Writes the result: JSON alone with --json, else the text. */
  show(result: unknown, text: string): void
}

/** Adds a command to the program. */
export type Register = (program: Command, cli: Cli) => void
