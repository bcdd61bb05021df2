import type { Command } from 'commander'
import type { Context, Network } from '../context.ts'
import type { Relais } from '../main.ts'
import type { ChannelName } from '../words.ts'
import type { Io } from './io.ts'

export interface ServeOptions {
  /** False with --no-worker: another process does the work. */
  worker: boolean
  json: boolean
}

export interface WorkOptions {
  /** Those it hands over on. */
  channels: readonly ChannelName[]
  json: boolean
}

/**
 * What a command works with. Commands load the engine in their action, not before: help, a mistyped option and what
 * a running server carries out must cost nothing.
 */
export interface Cli {
  io: Io
  /** The installation, opened the first time it is asked for. */
  relais(): Promise<Relais>
  /** The network a command means, with the installation and its business time. Throws NetworkProblem. */
  network(named: string | undefined): Promise<{ context: Context; network: Network; now: Date }>
  /** Takes the process over until it is stopped. */
  serve(options: ServeOptions): Promise<void>
  /** As `serve`, for a worker without a web. */
  work(options: WorkOptions): Promise<void>
  /** Writes the result: JSON alone with --json, else the text. */
  show(result: unknown, text: string): void
}

/** Adds a command to the program. */
export type Register = (program: Command, cli: Cli) => void
