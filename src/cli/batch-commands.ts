import type { Register } from './command.ts'
import { BadInput } from './io.ts'
import { networkOption } from './options.ts'
import { table } from './table.ts'

interface BatchOptions {
  network?: string
  posted?: boolean
  at?: string
}

/** relais batches · relais batch ID --posted */
export const batchCommands: Register = (program, cli) => {
  program
    .command('batches')
    .description('the print batches of a network, newest first')
    .addOption(networkOption())
    .action(async (options: BatchOptions) => {
      const { context, network } = await cli.network(options.network)
      const { listBatches } = await import('../print-shop/batches.ts')
      const rows = await listBatches(context.db, network.id)
      cli.show(
        rows,
        rows.length === 0
          ? 'No batch has been composed yet.'
          : table(
              ['batch', 'campaign', 'step', 'status', 'letters', 'pages', 'composed'],
              rows.map((row) => [
                row.number,
                row.campaign,
                row.step,
                row.status,
                row.pieces,
                row.pages,
                row.createdAt.toISOString(),
              ]),
            ),
      )
    })

  program
    .command('batch')
    .description('notes what became of a print batch')
    .argument('<batch>', 'number, such as R-2027-0001, or id')
    .addOption(networkOption())
    .option('--posted', 'it was handed over to the post: steps that wait for its letters go on')
    .option('--at <instant>', 'when, such as 2027-01-05T15:00:00Z; now without it')
    .action(async (batch: string, options: BatchOptions) => {
      if (!options.posted) throw new BadInput('Say what became of the batch: --posted.')
      const at = options.at === undefined ? undefined : new Date(options.at)
      if (at && Number.isNaN(at.getTime()))
        throw new BadInput(`"${options.at}" is not an instant: write 2027-01-05T15:00:00Z.`)
      const { context, network } = await cli.network(options.network)
      const { BatchRefused, markPosted } = await import('../print-shop/batches.ts')
      const done = await markPosted(context, network, { batch, actor: 'operator', at }).catch((error: unknown) => {
        throw error instanceof BatchRefused ? new BadInput(error.message) : error
      })
      cli.show(
        done,
        done.isNew
          ? `Batch ${done.number} is posted: ${done.letters} letters are on their way.`
          : `Batch ${done.number} had been posted before; nothing changed.`,
      )
    })
}
