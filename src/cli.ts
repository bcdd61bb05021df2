#!/usr/bin/env node
import { createInterface } from 'node:readline/promises'
import type { Io } from './cli/io.ts'
import { report, run } from './cli/program.ts'
import { serve } from './cli/serve.ts'
import { askServer } from './cli/socket.ts'
import { readConfig } from './config.ts'
import { openRelais, type Relais } from './main.ts'

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

// `relais status | head` closes the pipe early: that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

/** Commands that need no installation: they must work before the first start and beside a broken one. */
const isAboutUsage = (argv: readonly string[]) =>
  argv.length === 0 || argv.some((word) => word === '--help' || word === '-h' || word === 'help')

async function main(argv: string[]): Promise<number> {
  if (argv[0] === 'serve' && !isAboutUsage(argv)) return serve(argv.slice(1), io)
  if (isAboutUsage(argv))
    return run(argv.length === 0 ? ['--help'] : argv, io, () => Promise.reject(new Error('not opened')))
  let opened: Promise<Relais> | undefined
  const config = readConfig()
  const answered = config.databaseUrl ? undefined : await askServer(config.dataFolder, argv, io)
  if (answered !== undefined) return answered
  try {
    return await run(argv, io, () => {
      opened ??= openRelais({ ...config, logLevel: process.env.LOG_LEVEL ?? 'warn' })
      return opened
    })
  } finally {
    await (await opened?.catch(() => undefined))?.close()
  }
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => report(error, io))
