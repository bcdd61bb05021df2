import { chooseNetwork } from '../network/choose.ts'
import { findContact, type TimelineEntry, timelineOf } from '../network/timeline.ts'
import { explain } from '../routing/explain.ts'
import type { Register } from './command.ts'
import { BadInput } from './io.ts'
import { networkOption } from './options.ts'
import { table } from './table.ts'

/** relais contact ID --timeline */
export const contactCommand: Register = (program, cli) => {
  program
    .command('contact')
    .description('one person: who they are, and what was sent to them, why, and what came back')
    .argument('<id>', 'external id of the file, or Relais’ own id')
    .option('--timeline', 'decisions, deliveries and events in time order')
    .addOption(networkOption())
    .action(async (id: string, options: { timeline?: boolean; network?: string }) => {
      const { context } = await cli.relais()
      const network = await chooseNetwork(context.db, options.network)
      const contact = await findContact(context.db, network.id, id)
      if (!contact) throw new BadInput(`There is no contact ${id} in ${network.name}.`)
      const { identityKey: _, ...shown } = contact
      const timeline = options.timeline ? await timelineOf(context.db, network.id, contact.id) : undefined
      cli.show(
        timeline ? { contact: shown, timeline } : { contact: shown },
        [
          `${[contact.firstName, contact.lastName].filter(Boolean).join(' ') || '(no name)'} · ${contact.function ?? '—'} · ${contact.profile} · ${contact.language}`,
          table(
            ['at', 'what', 'channel', 'detail'],
            (timeline ?? []).map((entry) => line(entry, network.language)),
          ),
        ]
          .filter((part) => part !== '')
          .join('\n'),
      )
    })
}

function line(entry: TimelineEntry, language: 'fr' | 'en'): string[] {
  const at = entry.at.toISOString().slice(0, 16).replace('T', ' ')
  if (entry.kind === 'decision')
    return [at, `${entry.campaign}/${entry.step}: decided`, entry.channel ?? '—', explain(entry.because, language)]
  if (entry.kind === 'delivery')
    return [at, `${entry.campaign}/${entry.step}: ${entry.status}`, entry.channel, entry.deliveryId]
  return [at, entry.type, entry.channel ?? '—', entry.verdict ?? '']
}
