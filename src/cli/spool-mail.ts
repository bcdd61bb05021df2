import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** EX_TEMPFAIL of sysexits.h: the mail server keeps the message and hands it over again. */
const tryAgain = 75
const badInput = 2

const optionsWithValue = ['--to', '--from']

/** Whether the command line takes a mail from standard input. */
function readsMail(argv: readonly string[]): boolean {
  if (argv[0] !== 'mail-in' || argv.includes('--help') || argv.includes('-h')) return false
  return !argv
    .slice(1)
    .some((arg, index, rest) => !arg.startsWith('-') && !optionsWithValue.includes(rest[index - 1] ?? ''))
}

/**
 * Runs `relais mail-in` with what stands on standard input put into a file for it, since the server that may carry the
 * command out has another standard input; other command lines as they are. What goes wrong for now, a server that is
 * starting or a database that is away, is told the mail server as that, so that no answer is lost.
 */
export async function withSpooledMail(
  argv: string[],
  input: Readable,
  main: (argv: string[]) => Promise<number>,
): Promise<number> {
  if (argv[0] !== 'mail-in') return main(argv)
  if (!readsMail(argv)) return soon(await main(argv))
  const folder = mkdtempSync(join(tmpdir(), 'relais-mail-'))
  try {
    const path = join(folder, 'message.eml')
    await pipeline(input, createWriteStream(path, { mode: 0o600 }))
    return soon(await main([...argv, path]))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const soon = (code: number): number => (code === 0 || code === badInput ? code : tryAgain)
