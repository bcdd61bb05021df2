import { Option } from 'commander'
import type { Target } from '../time-machine.ts'
import type { Register } from './command.ts'
import { BadInput } from './io.ts'
import { instant, networkOption } from './options.ts'

/** relais advance */
export const clockCommands: Register = (program, cli) => {
  program
    .command('advance')
    .description('sandbox only: moves the virtual clock; carriers and people answer on the way')
    .addOption(new Option('--by <duration>', 'ISO 8601 duration, such as P7D').conflicts(['to', 'untilIdle']))
    .addOption(new Option('--to <iso>', 'an instant').conflicts(['by', 'untilIdle']))
    .addOption(new Option('--until-idle', 'until nothing is left to happen').conflicts(['by', 'to']))
    .addOption(networkOption())
    .action(async (options: { by?: string; to?: string; untilIdle?: boolean; network?: string }) => {
      const target = targetOf(options)
      const { context, network } = await cli.network(options.network)
      const { advance } = await import('../time-machine.ts')
      const { statusOf } = await import('../campaign/status.ts')
      const reached = await advance(context, network, target)
      const status = await statusOf(context, network)
      const states = Object.entries(status.deliveries).filter(([, total]) => total > 0)
      cli.show(
        { clock: reached.toISOString(), deliveries: status.deliveries, events: status.events },
        `The clock of ${network.name} is at ${reached.toISOString()}.\n${states.map(([state, total]) => `${state} ${total}`).join(' · ') || 'Nothing has left yet.'}`,
      )
    })
}

function targetOf(options: { by?: string; to?: string; untilIdle?: boolean }): Target {
  if (options.by !== undefined) return { by: options.by }
  if (options.to !== undefined) return { to: instant(options.to, '--to') }
  if (options.untilIdle) return { untilIdle: true }
  throw new BadInput('Say how far: --by P7D, --to 2027-01-11T08:30+01:00 or --until-idle.')
}
