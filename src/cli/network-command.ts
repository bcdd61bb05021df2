import type { Register } from './command.ts'
import { BadInput } from './io.ts'
import { table } from './table.ts'

/** relais network list | set */
export const networkCommand: Register = (program, cli) => {
  const network = program.command('network').description('the networks of this installation and their settings')

  network
    .command('list')
    .description('every network, its mode and its clock')
    .action(async () => {
      const { context } = await cli.relais()
      const { businessNow } = await import('../clock.ts')
      const { listNetworks } = await import('../network/networks.ts')
      const rows = (await listNetworks(context.db)).map((one) => ({
        name: one.name,
        title: one.title,
        mode: one.mode,
        clock: businessNow(context.wall.now(), one).toISOString(),
        stopNumber: one.settings.stopNumber ?? null,
      }))
      cli.show(
        rows,
        table(
          ['network', 'title', 'mode', 'clock', 'STOP number'],
          rows.map((row) => [row.name, row.title, row.mode, row.clock, row.stopNumber ?? '—']),
        ) || 'No network yet: import a partner file first, with relais import FILE.',
      )
    })

  network
    .command('set')
    .description('changes a setting of a network')
    .argument('<name>')
    .requiredOption('--stop-number <number>', 'printed as "STOP au …" under French marketing SMS')
    .action(async (name: string, options: { stopNumber: string }) => {
      const number = options.stopNumber.replaceAll(' ', '')
      if (!/^\+?\d{4,15}$/.test(number))
        throw new BadInput(`--stop-number "${options.stopNumber}" is not a number to write STOP to, such as 36180.`)
      const { context, network: found } = await cli.network(name)
      const { changeSettings } = await import('../network/networks.ts')
      const settings = await changeSettings(context.db, found.id, { stopNumber: number })
      cli.show({ name, settings }, `Marketing SMS of ${name} now end with "STOP au ${number}".`)
    })
}
