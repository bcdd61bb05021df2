import type { Controlled } from '../campaign/control.ts'
import type { Cli, Register } from './command.ts'
import { BadInput, Failed } from './io.ts'
import { networkOption } from './options.ts'

interface ControlOptions {
  network?: string
  reason?: string
  despite?: string
  yes?: boolean
}

/** relais pause · relais resume · relais cancel */
export const controlCommands: Register = (program, cli) => {
  program
    .command('pause')
    .description('stops a running campaign: nothing more of it leaves until it is resumed')
    .argument('<campaign>', 'id or name')
    .addOption(networkOption())
    .option('--reason <text>', 'kept with the campaign')
    .action(async (named: string, options: ControlOptions) => {
      const { context, network, request } = await meant(cli, named, options)
      const { pauseCampaign } = await import('../campaign/control.ts')
      const done = await pauseCampaign(context, network, request)
      cli.show(done, sentence(done, 'Paused', 'held'))
    })

  program
    .command('resume')
    .description('lets a paused campaign go on')
    .argument('<campaign>', 'id or name')
    .addOption(networkOption())
    .option('--despite <figure>', 'confirms the figure Relais stopped it for, such as 12/180')
    .action(async (named: string, options: ControlOptions) => {
      const { context, network, request } = await meant(cli, named, options)
      const { FigureNotSeen, resumeCampaign } = await import('../campaign/control.ts')
      const done = await resumeCampaign(context, network, { ...request, despite: options.despite }).catch(
        (error: unknown) => {
          throw error instanceof FigureNotSeen ? new Failed(error.message) : error
        },
      )
      cli.show(done, sentence(done, 'Resumed', 'due again'))
    })

  program
    .command('cancel')
    .description('ends a campaign for good: what has not left never will')
    .argument('<campaign>', 'id or name')
    .addOption(networkOption())
    .option('--reason <text>', 'kept with the campaign')
    .option('--yes', 'do not ask')
    .action((named: string, options: ControlOptions) => cancel(cli, named, options))
}

/** The campaign somebody means by its id or its name. Throws BadInput. */
export async function meant(
  cli: Cli,
  named: string,
  { network: inNetwork, reason }: { network?: string; reason?: string },
) {
  const { context, network, now } = await cli.network(inNetwork)
  const { campaignsOf } = await import('../campaign/status.ts')
  const known = await campaignsOf(context, network)
  const campaign = known.find((one) => one.id === named || one.name === named)
  if (!campaign)
    throw new BadInput(
      `There is no campaign ${named} in ${network.name}; there is ${known.map((one) => one.name).join(', ') || 'none yet'}.`,
    )
  return { context, network, now, request: { campaignId: campaign.id, actor: 'operator', reason } }
}

async function cancel(cli: Cli, named: string, options: ControlOptions): Promise<void> {
  const { context, network, now, request } = await meant(cli, named, options)
  const { cancelCampaign, concernedBy } = await import('../campaign/control.ts')
  if (network.mode === 'live' && !options.yes) {
    const { waiting, stepsToCome } = await concernedBy(context.db, network.id, request.campaignId)
    const question = `Cancel ${named} for good? ${waiting} deliveries and ${stepsToCome} steps to come will never leave.`
    if (!cli.io.confirm) throw new BadInput(`${question} Nobody is here to answer: add --yes to confirm.`)
    if (!(await cli.io.confirm(question))) throw new Failed('Not canceled: nothing was changed.')
  }
  const done = await cancelCampaign(context, network, request, now)
  const { runOneJob } = await import('../job/run.ts')
  const { cancelJobId } = await import('../campaign/cancel-job.ts')
  // Here and now: there may be no worker to do it later. Stopped in the middle, the next server goes on.
  await runOneJob(
    context,
    { networkId: network.id, id: cancelJobId(request.campaignId) },
    () => context.stop?.aborted ?? false,
  )
  cli.show(done, sentence(done, 'Canceled', 'canceled'))
}

const sentence = ({ name, isNew, concerned }: Controlled, what: string, become: string): string =>
  isNew
    ? `${what} ${name}: ${concerned.waiting} waiting deliveries are ${become}, ${concerned.stepsToCome} steps to come; ${concerned.leaving} are leaving, ${concerned.gone} have left.`
    : `${name} was ${what.toLowerCase()} already. Nothing was done twice.`
