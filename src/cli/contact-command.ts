import type { TimelineEntry } from '../network/timeline.ts'
import type { explain } from '../routing/explain.ts'
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
      const { context, network } = await cli.network(options.network)
      const { findContact, timelineOf } = await import('../network/timeline.ts')
      const { explain } = await import('../routing/explain.ts')
      const contact = await findContact(context.db, network.id, id)
      if (!contact) throw new BadInput(`There is no contact ${id} in ${network.name}.`)
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

type Explain = (because: Parameters<typeof explain>[0]) => string

function line(entry: TimelineEntry, explained: Explain): string[] {
  const at = entry.at.toISOString().slice(0, 16).replace('T', ' ')
  if (entry.kind === 'decision')
    return [at, `${entry.campaign}/${entry.step}: decided`, entry.channel ?? '—', explained(entry.because)]
  if (entry.kind === 'delivery')
    return [at, `${entry.campaign}/${entry.step}: ${entry.status}`, entry.channel, entry.deliveryId]
  return [at, entry.type, entry.channel ?? '—', entry.verdict ?? '']
}
