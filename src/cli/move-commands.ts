import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Cli, Register } from './command.ts'
import { BadInput } from './io.ts'
import { existingFile } from './read-file.ts'
import { table } from './table.ts'

/** relais export --all FILE */
export const exportCommand: Register = (program, cli) => {
  program
    .command('export')
    .description('writes the whole installation as JSON lines: the move between SQLite and PostgreSQL')
    .argument('<file>', 'where to; a name that ends in .gz is compressed')
    .requiredOption('--all', 'everything, every network')
    .action((file: string) => runExport(cli, file))
}

async function runExport({ io, relais, show }: Cli, file: string): Promise<void> {
  const path = resolve(io.cwd, file)
  if (existsSync(path)) throw new BadInput(`${file} is there already; name a file that is not.`)
  const { context } = await relais()
  const { exportToFile } = await import('../backup/json-file.ts')
  const { version } = await import('../version.ts')
  const counts = await exportToFile(context.db, path, { relais: version, at: context.wall.now() })
  show({ file: path, counts }, countsText(`${file} holds everything`, counts))
}

/** relais import --all FILE */
export async function importEverything({ io, relais, show }: Cli, file: string): Promise<void> {
  const path = existingFile(io, file)
  const { context } = await relais()
  const { importAll, ImportRefused } = await import('../backup/import-all.ts')
  const { linesOf } = await import('../backup/lines.ts')
  try {
    const counts = await importAll(context.db, linesOf(path), context.wall.now())
    show({ counts }, countsText(`${file} is in`, counts))
  } catch (error) {
    if (error instanceof ImportRefused) throw new BadInput(`${file}: ${error.message}`)
    if ((error as NodeJS.ErrnoException).code?.startsWith('Z_'))
      throw new BadInput(`${file} is damaged (${(error as Error).message}): export it again, or copy it anew.`)
    throw error
  }
}

const countsText = (title: string, counts: Record<string, number>): string =>
  [
    title,
    table(
      ['table', 'rows'],
      Object.entries(counts)
        .filter(([, count]) => count > 0)
        .map(([name, count]) => [name, count]),
    ),
    'Links and sessions stay valid only under the same RELAIS_SECRET.',
  ].join('\n')
