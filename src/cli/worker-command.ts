import type { Command } from 'commander'
import { type ChannelName, channelNames } from '../words.ts'
import type { Register } from './command.ts'
import { BadInput } from './io.ts'

/** relais worker [--channels sms,email] */
export const workerCommand: Register = (program, cli) => {
  program
    .command('worker')
    .description('one more worker beside `relais serve`, on PostgreSQL and best with Redis, until it is stopped')
    .option('--channels <list>', 'hands over on these channels only, with commas between; without it on all')
    .action(async (options: { channels?: string }, command: Command) => {
      const { json = false } = command.optsWithGlobals<{ json?: boolean }>()
      await cli.work({ channels: channelsOf(options.channels), json })
    })
}

function channelsOf(list: string | undefined): readonly ChannelName[] {
  if (list === undefined) return channelNames
  const given = list.split(',').map((name) => name.trim())
  const unknown = given.find((name) => !isChannel(name))
  if (unknown !== undefined)
    throw new BadInput(`--channels: there is no channel "${unknown}"; there is ${channelNames.join(', ')}.`)
  return channelNames.filter((name) => given.includes(name))
}

const isChannel = (name: string): boolean => (channelNames as readonly string[]).includes(name)
