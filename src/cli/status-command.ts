import { channelNames } from '../words.ts'
import type { Register } from './command.ts'
import { BadInput } from './io.ts'
import { networkOption } from './options.ts'
import { table } from './table.ts'

/** relais status */
export const statusCommand: Register = (program, cli) => {
  program
    .command('status')
    .description('how deliveries and events stand')
    .argument('[campaign]', 'id or name')
    .addOption(networkOption())
    .action(async (named: string | undefined, options: { network?: string }) => {
      const { context, network } = await cli.network(options.network)
      const { campaignsOf, statusOf } = await import('../campaign/status.ts')
      const known = named === undefined ? [] : await campaignsOf(context, network)
      const campaign = known.find((one) => one.id === named || one.name === named)
      if (named !== undefined && !campaign)
        throw new BadInput(
          `There is no campaign ${named} in ${network.name}; there is ${known.map((one) => one.name).join(', ') || 'none yet'}.`,
        )
      const status = await statusOf(context, network, campaign?.id)
      const present = Object.entries(status.deliveries).filter(([, total]) => total > 0)
      cli.show(
        status,
        [
          `${status.network} (${status.mode}), ${status.clock}`,
          table(
            ['status', 'total', ...channelNames],
            present.map(([state, total]) => [
              state,
              total,
              ...channelNames.map(
                (name) => Object.entries(status.byChannel[name]).find(([own]) => own === state)?.[1] ?? 0,
              ),
            ]),
          ) || 'No deliveries yet.',
          table(['event', 'total'], Object.entries(status.events)),
        ]
          .filter((part) => part !== '')
          .join('\n\n'),
      )
    })
}
