#!/usr/bin/env node
import { createInterface } from 'node:readline/promises'
import type { ServeOptions, WorkOptions } from './cli/command.ts'
import type { Io } from './cli/io.ts'
import { read, run } from './cli/program.ts'
import { report } from './cli/report.ts'
import { watchSignals } from './cli/signals.ts'
import { withSpooledMail } from './cli/spool-mail.ts'
import type { Config } from './config.ts'
import type { Relais } from './main.ts'

const isAtTerminal = Boolean(process.stdin.isTTY && process.stderr.isTTY)

const io: Io = {
  cwd: process.cwd(),
  columns: process.stdout.columns ?? 80,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  confirm: isAtTerminal
    ? async (question) => {
        const terminal = createInterface({ input: process.stdin, output: process.stderr })
        const answer = await terminal.question(`${question} [y/N] `)
        terminal.close()
        return /^(y|yes|o|oui)$/i.test(answer.trim())
      }
    : undefined,
}

// `relais status | head` closes the pipe early: that is no error, and what was asked for is still done to its end.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })

/**
 * Everything else is loaded only once it is known to be needed. The settings come first: which database the schema is
 * made for is read from the environment when the engine is loaded.
 */
async function main(argv: string[]): Promise<number> {
  const reading = await read(argv, io)
  if ('exit' in reading) return reading.exit
  const { readConfig } = await import('./config.ts')
  const config = readConfig()
  if (config.databaseUrl === undefined) delete process.env.DATABASE_URL
  else process.env.DATABASE_URL = config.databaseUrl
  if (reading.needs === 'server') return serveUntilStopped(config, reading.options)
  return reading.needs === 'worker' ? workUntilStopped(config, reading.options) : carryOut(config, argv)
}

async function serveUntilStopped(config: Config, options: ServeOptions): Promise<number> {
  const { serve } = await import('./cli/serve.ts')
  const code = await serve(config, options, io)
  // What the grace was too short for may still hold a socket open.
  process.exit(code)
}

async function workUntilStopped(config: Config, options: WorkOptions): Promise<number> {
  const { work } = await import('./cli/work.ts')
  process.exit(await work(config, options, io))
}

/** By the server of this data folder, or here where there is none. */
async function carryOut(config: Config, argv: string[]): Promise<number> {
  if (!config.databaseUrl) {
    const { askServer } = await import('./cli/socket.ts')
    const answered = await askServer(config.dataFolder, argv, io)
    if (answered !== undefined) return answered
  }
  const signals = watchSignals(io, 'Stopping at the next safe point.')
  let opened: Promise<Relais> | undefined
  const open = async () => {
    const { openRelais } = await import('./main.ts')
    // Beside a result, only what is wrong; LOG_LEVEL asks for more.
    return openRelais(process.env.LOG_LEVEL ? config : { ...config, logLevel: 'warn' }, { stop: signals.stop })
  }
  try {
    const exit = await run(argv, io, () => {
      opened ??= open()
      return opened
    })
    return signals.code() ?? exit
  } finally {
    await (await opened?.catch(() => undefined))?.close()
  }
}

const carried = (argv: string[]) => main(argv).catch((error: unknown) => report(error, io))

process.exitCode = await withSpooledMail(process.argv.slice(2), process.stdin, carried)
