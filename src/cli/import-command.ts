import { Option } from 'commander'
import type { ImportSummary } from '../network/import/summary.ts'
import { type ConsentBasis, consentBases } from '../words.ts'
import type { Cli, Register } from './command.ts'
import { BadInput, Failed } from './io.ts'
import { importEverything } from './move-commands.ts'
import { networkOption } from './options.ts'
import { existingFile, readText } from './read-file.ts'
import { table } from './table.ts'

interface Options {
  network?: string
  map?: string
  basis?: ConsentBasis
  absent: 'keep' | 'deactivate'
  dryRun?: boolean
  all?: boolean
}

/** relais import FILE */
export const importCommand: Register = (program, cli) => {
  program
    .command('import')
    .description('brings a partner file (CSV, XLSX) into a network; running it again changes nothing')
    .argument('<file>')
    .addOption(networkOption())
    .option('--map <map.yaml>', 'column → field, instead of the proposed mapping')
    .addOption(
      new Option('--basis <basis>', 'why we may write to those who said yes in the file').choices(consentBases),
    )
    .addOption(
      new Option('--absent <what>', 'contacts that the file no longer has')
        .choices(['keep', 'deactivate'])
        .default('keep'),
    )
    .option('--dry-run', 'count everything, write nothing')
    .option('--all', 'the file is a whole installation, written by `relais export --all`; this one must be empty')
    .action((file: string, options: Options) =>
      options.all ? importEverything(cli, file) : runImport(cli, file, options),
    )
}

async function runImport(cli: Cli, file: string, options: Options): Promise<void> {
  const path = existingFile(cli.io, file)
  const mapText = options.map === undefined ? undefined : readText(cli.io, options.map)
  const { context, isLive } = await cli.relais()
  const map = mapText === undefined ? undefined : await readMap(mapText, options.map as string)
  const { importFile } = await import('../network/import/import-file.ts')
  const { networkForImport, networkToImportInto } = await import('../network/networks.ts')
  const { setUpNetwork } = await import('../network/setup.ts')
  const { newId } = await import('../db/index.ts')
  const asked = { file: path, map, basis: options.basis, absent: options.absent }
  if (options.dryRun) {
    const existing = await networkToImportInto(context.db, options.network)
    const summary = await importFile(context, { ...asked, networkId: existing?.id ?? newId(), dryRun: true })
    return finish(cli, summary, `${existing?.name ?? options.network ?? 'a new network'}, dry run`)
  }
  const mode = isLive ? 'live' : 'sandbox'
  const network = await networkForImport(context.db, options.network, mode, context.wall.now())
  const { audit } = await import('../accounts/audit.ts')
  const summary = await importFile(context, {
    ...asked,
    networkId: network.id,
    onDone: (tx, { importId = '', created, updated, unchanged, rejected, deactivated }) =>
      audit(tx, {
        ...{ networkId: network.id, actor: 'operator', action: 'import.finish', subject: importId },
        data: { created, updated, unchanged, rejected, deactivated },
        at: context.wall.now(),
      }),
  })
  await setUpNetwork(context, network)
  finish(cli, summary, network.name)
}

function finish(cli: Cli, summary: ImportSummary, where: string): void {
  cli.show(summary, summaryText(summary, where))
  if (summary.rejected === 0) return
  throw new Failed(
    summary.rejectsFile
      ? `${summary.rejected} rows were not imported; they are in ${summary.rejectsFile}, each with its reason, ready to mend and import.`
      : `${summary.rejected} rows would not be imported: ${firstReasons(summary)}`,
  )
}

/** Why rows are refused, where no file was written to say it. */
const firstReasons = (summary: ImportSummary): string =>
  Object.values(summary.rejections)
    .flatMap(({ first }) => first.slice(0, 1))
    .map(({ line, message }) => `line ${line}: ${message}`)
    .join(' ')

async function readMap(text: string, file: string): Promise<Record<string, string>> {
  const { parse } = await import('yaml')
  let map: unknown
  try {
    map = parse(text)
  } catch (error) {
    throw new BadInput(`${file}: ${(error as Error).message}`)
  }
  const isMap =
    typeof map === 'object' &&
    map !== null &&
    !Array.isArray(map) &&
    Object.values(map).every((value) => typeof value === 'string')
  if (!isMap) throw new BadInput(`${file} must hold lines such as "E-mail pro: email" (column: field).`)
  return map as Record<string, string>
}

const summaryText = (summary: ImportSummary, network: string): string =>
  [
    `${network}: ${summary.read} rows read`,
    table(
      ['created', 'updated', 'unchanged', 'rejected', 'blank', 'warnings'],
      [[summary.created, summary.updated, summary.unchanged, summary.rejected, summary.blank, summary.warnings]],
    ),
    `sites: ${summary.sites.created} created, ${summary.sites.updated} updated, ${summary.sites.unchanged} unchanged`,
    ...(summary.notes ?? []),
  ].join('\n')
