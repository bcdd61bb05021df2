import type { Register } from './command.ts'
import { BadInput } from './io.ts'
import { networkOption } from './options.ts'

/** relais engagement rebuild */
export const engagementCommands: Register = (program, cli) => {
  const engagement = program.command('engagement').description('what is learned of who acts on what')

  engagement
    .command('rebuild')
    .description('works out engagement anew from what was sent and what came of it')
    .addOption(networkOption())
    .action(async (options: { network?: string }) => {
      const { context, network } = await cli.network(options.network)
      const { enqueue, findJob } = await import('../job/enqueue.ts')
      const { runOneJob } = await import('../job/run.ts')
      const { rebuildJobId } = await import('../engagement/rebuild-job.ts')
      const job = { networkId: network.id, id: rebuildJobId }
      const at = context.wall.now()
      await context.db.transaction((tx) => enqueue(tx, { ...job, kind: 'engagement.rebuild', payload: {}, at }))
      await runOneJob(context, job, () => false)
      const row = await findJob(context.db, network.id, rebuildJobId)
      if (row?.status === 'failed')
        throw new BadInput(
          `Engagement of ${network.name} could not be rebuilt; the log says why under ${row.error}. Run the command again to begin anew.`,
        )
      const counts = row?.payload.result as Record<'contacts' | 'rows' | 'corrected' | 'exposures', number> | undefined
      if (row?.status !== 'done' || !counts) {
        cli.show(
          { network: network.name, status: row?.status ?? 'canceled' },
          'Another worker is rebuilding it; run the command again to see how it went.',
        )
        return
      }
      cli.show(
        { network: network.name, status: 'done', ...counts },
        `${counts.contacts} contacts and ${counts.exposures} messages looked at, ${counts.rows} figures worked out, ${counts.corrected} of them had drifted.`,
      )
    })
}
