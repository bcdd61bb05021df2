import { Option } from 'commander'
import { parse } from 'yaml'
import { importFile } from '../network/import/import-file.ts'
import type { ImportSummary } from '../network/import/summary.ts'
import { networkForImport, networkToImportInto } from '../network/networks.ts'
import { setUpNetwork } from '../network/setup.ts'
import { type ConsentBasis, consentBases } from '../words.ts'
import type { Register } from './command.ts'
import { BadInput, Failed } from './io.ts'
import { networkOption } from './options.ts'
import { existingFile, readText } from './read-file.ts'
import { table } from './table.ts'

interface Options {
  network?: string
  map?: string
  basis?: ConsentBasis
  absent: 'keep' | 'deactivate'
  dryRun?: boolean
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
    .action(async (file: string, options: Options) => {
      const path = existingFile(cli.io, file)
      const map = options.map === undefined ? undefined : readMap(readText(cli.io, options.map), options.map)
      const { context, isLive } = await cli.relais()
      const mode = isLive ? 'live' : 'sandbox'
      const isNew = (await networkToImportInto(context.db, options.network)) === undefined
      if (options.dryRun && isNew)
        throw new BadInput(
          `There is no network ${options.network ?? 'of your own'} yet, and --dry-run may not make one. Import without it: contacts receive nothing by being imported.`,
        )
      const network = await networkForImport(context.db, options.network, mode, context.wall.now())
      const summary = await importFile(context, {
        file: path,
        networkId: network.id,
        map,
        basis: options.basis,
        absent: options.absent,
        dryRun: options.dryRun,
      })
      if (!options.dryRun) await setUpNetwork(context, network)
      cli.show(summary, summaryText(summary, network.name))
      if (summary.rejected > 0)
        throw new Failed(
          `${summary.rejected} rows were not imported; they are in ${summary.rejectsFile}, each with its reason, ready to mend and import.`,
        )
    })
}

function readMap(text: string, file: string): Record<string, string> {
  let map: unknown
  try {
    map = parse(text)
  } catch (error) {
    throw new BadInput(`${file}: ${(error as Error).message}`)
  }
  const isMap =
    typeof map === 'object' && map !== null && Object.values(map).every((value) => typeof value === 'string')
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
