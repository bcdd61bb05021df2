import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Context, Network } from '../context.ts'
import type { TimelineEntry } from '../network/timeline.ts'
import type { explain } from '../routing/explain.ts'
import type { Cli, Register } from './command.ts'
import { BadInput, Failed } from './io.ts'
import { networkOption } from './options.ts'
import { table } from './table.ts'

interface Options {
  timeline?: boolean
  export?: string
  erase?: boolean
  yes?: boolean
  network?: string
}

/** relais contact ID --timeline | --export FILE | --erase */
export const contactCommand: Register = (program, cli) => {
  program
    .command('contact')
    .description('one person: who they are, and what was sent to them, why, and what came back')
    .argument('<id>', 'external id of the file, or Relais’ own id')
    .option('--timeline', 'decisions, deliveries and events in time order')
    .option('--export <file>', 'writes all that is held about them: .json complete, .csv for a spreadsheet')
    .option('--erase', 'erases them everywhere, for good; figures and the refusal stay, without a name')
    .option('--yes', 'confirms --erase')
    .addOption(networkOption())
    .action(async (id: string, options: Options) => {
      const { context, network } = await cli.network(options.network)
      const { findContact, timelineOf } = await import('../network/timeline.ts')
      const { explain } = await import('../routing/explain.ts')
      const contact = await findContact(context.db, network.id, id)
      if (!contact) throw new BadInput(`There is no contact ${id} in ${network.name}.`)
      if (options.export !== undefined) return exportTo(cli, context, network, contact.id, options.export)
      if (options.erase) return erase(cli, context, network, contact.id, options.yes ?? false)
      const { identityKey: _, ...shown } = contact
      const timeline = options.timeline ? await timelineOf(context.db, network.id, contact.id) : undefined
      const because: Explain = (reasons) => explain(reasons, network.language)
      cli.show(
        timeline ? { contact: shown, timeline } : { contact: shown },
        [
          `${[contact.firstName, contact.lastName].filter(Boolean).join(' ') || '(no name)'} · ${contact.function ?? '—'} · ${contact.profile} · ${contact.language}`,
          table(
            ['at', 'what', 'channel', 'detail'],
            (timeline ?? []).map((entry) => line(entry, because)),
          ),
        ]
          .filter((part) => part !== '')
          .join('\n'),
      )
    })
}

async function exportTo(cli: Cli, context: Context, network: Network, contactId: string, file: string): Promise<void> {
  const { exportPerson } = await import('../person/export.ts')
  const { audit } = await import('../accounts/audit.ts')
  const held = await exportPerson(context.db, network, contactId)
  const isCsv = file.toLowerCase().endsWith('.csv')
  const { exportCsv } = await import('../person/export-csv.ts')
  // Theirs alone: nobody else on this machine need read it.
  await writeFile(resolve(cli.io.cwd, file), isCsv ? exportCsv(held) : `${JSON.stringify(held, null, 2)}\n`, {
    mode: 0o600,
  })
  await context.db.transaction((tx) =>
    audit(tx, {
      ...{ networkId: network.id, actor: 'operator', action: 'contact.export', subject: contactId },
      ...{ data: { format: isCsv ? 'csv' : 'json' }, at: context.wall.now() },
    }),
  )
  const rows = Object.values(held.tables).reduce((sum, list) => sum + list.length, 0)
  cli.show({ contact: contactId, file, rows }, `${file}: ${rows} rows about ${contactId}.`)
}

async function erase(
  cli: Cli,
  context: Context,
  network: Network,
  contactId: string,
  isConfirmed: boolean,
): Promise<void> {
  const question = `Erase ${contactId} of ${network.name} for good?`
  if (!isConfirmed) {
    if (!cli.io.confirm) throw new BadInput(`${question} Nobody is here to answer: add --yes to confirm.`)
    if (!(await cli.io.confirm(question))) throw new Failed('Not erased: nothing was changed.')
  }
  const { askErasure, certificateOf } = await import('../person/erase.ts')
  const { runOneJob } = await import('../job/run.ts')
  const { jobId } = await askErasure(context, network, contactId, 'operator')
  await runOneJob(context, { networkId: network.id, id: jobId }, () => false)
  const certificate = await certificateOf(context.db, network.id, contactId)
  if (!certificate) throw new Failed(`The erasure of ${contactId} is not known any more.`)
  if (certificate.status === 'failed')
    throw new Failed(`The erasure of ${contactId} broke off; ask for it again, it goes on where it was.`)
  const names = [...new Set([...Object.keys(certificate.erased), ...Object.keys(certificate.kept)])]
  const rows = names.map((name) => [name, String(certificate.erased[name] ?? 0), String(certificate.kept[name] ?? 0)])
  const head = certificate.status === 'done' ? 'Erased.' : 'Under way: a worker goes on with it.'
  cli.show(
    { contact: contactId, ...certificate },
    `${head}\n${table(['table', 'erased', 'kept without a name'], rows)}`,
  )
}

type Explain = (because: Parameters<typeof explain>[0]) => string

function line(entry: TimelineEntry, explained: Explain): string[] {
  const at = entry.at.toISOString().slice(0, 16).replace('T', ' ')
  if (entry.kind === 'decision')
    return [at, `${entry.campaign}/${entry.step}: decided`, entry.channel ?? '—', explained(entry.because)]
  if (entry.kind === 'delivery')
    return [at, `${entry.campaign}/${entry.step}: ${entry.status}`, entry.channel, entry.deliveryId]
  return [at, entry.type, entry.channel ?? '—', entry.verdict ?? '']
}
