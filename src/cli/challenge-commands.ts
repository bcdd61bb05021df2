import type { SimulationAsked } from '../challenge/simulation/run.ts'
import type { Simulated } from '../challenge/simulation/simulate.ts'
import type { Cli, Register } from './command.ts'
import { BadInput, Failed } from './io.ts'
import { networkOption } from './options.ts'
import { readText } from './read-file.ts'
import { money, table } from './table.ts'

interface SimulateOptions {
  network?: string
  results?: string
  from?: string
  to?: string
  prize?: string
  top?: string
  accept?: string
}

/** relais challenge simulate */
export const challengeCommands: Register = (program, cli) => {
  const challenge = program.command('challenge').description('challenges: what their rules would have come to')
  challenge
    .command('simulate')
    .description('replays past results under the rules of a campaign: who would reach, how spread, at what cost')
    .argument('<campaign.yaml>')
    .addOption(networkOption())
    .option('--results <file.csv>', 'participant;role;critere;date;quantite; else the past the network holds')
    .option('--from <day>', 'first day replayed, YYYY-MM-DD; a year before the challenge unless told')
    .option('--to <day>', 'last day replayed')
    .option('--prize <amount>', 'what each who reaches their objective gets')
    .option('--top <amounts>', 'prizes of the first of each league, such as "300;200;100"')
    .option('--accept <reason>', 'take the responsibility for fewer than 70 % or more than 80 %; the reason is kept')
    .action((file: string, options: SimulateOptions) => simulate(cli, file, options))
}

async function simulate(cli: Cli, file: string, options: SimulateOptions): Promise<void> {
  const text = readText(cli.io, file)
  const results = options.results === undefined ? undefined : readText(cli.io, options.results)
  const { context, network, now } = await cli.network(options.network)
  const { readCampaign } = await import('../campaign/launch.ts')
  const { challengeDates } = await import('../challenge/open.ts')
  const { localDay } = await import('../challenge/result.ts')
  const { runSimulation, yearBefore } = await import('../challenge/simulation/run.ts')
  const { confirmSimulation } = await import('../challenge/simulation/keep.ts')
  const { UnreadableResults } = await import('../challenge/simulation/read-results.ts')
  const campaign = await readCampaign(context, network, { file, text }, now)
  const dates = challengeDates(campaign, network, now)
  if (!campaign.challenge || !dates)
    throw new BadInput(`${file} has no challenge: block, so there are no rules to replay anything under.`)
  const day = (at: Date) => yearBefore(localDay(at, network.timezone))
  const period = {
    from: dayOf(options.from, '--from') ?? day(dates.startsAt),
    to: dayOf(options.to, '--to') ?? day(new Date(dates.endsAt.getTime() - 1)),
  }
  if (period.to < period.from) throw new BadInput(`--to ${period.to} lies before --from ${period.from}.`)
  const { centsOf } = await import('../challenge/reward/amount.ts')
  const amount = (written: string, option: string): number => {
    const cents = centsOf(written)
    if (cents === undefined) throw new BadInput(`${option} is an amount such as 150 or 49.90, not "${written}".`)
    return cents
  }
  const asked: SimulationAsked = {
    ...{ networkId: network.id, campaign: campaign.name, rules: campaign.challenge, period, file: results },
    prizes: {
      reachedCents: options.prize === undefined ? 0 : amount(options.prize, '--prize'),
      topCents: options.top === undefined ? [] : options.top.split(';').map((one) => amount(one, '--top')),
    },
    ...{ by: 'operator', at: now, wallAt: context.wall.now() },
  }
  const { figures, rejects, kept } = await runSimulation(context.db, asked).catch((error: Error) => {
    throw error instanceof UnreadableResults ? new BadInput(error.message) : error
  })
  if (!kept)
    throw new BadInput(
      `Nobody was replayed from ${period.from} to ${period.to}: give their results with --results, or import the past first.`,
    )
  const reason = options.accept?.trim()
  if (options.accept !== undefined && !reason) throw new BadInput('--accept needs a reason: it is kept in the trail.')
  const isAccepted =
    kept.confirmedAt !== null ||
    (reason !== undefined &&
      (await confirmSimulation(context.db, network.id, kept.id, {
        ...{ reason, by: 'operator', at: now, wallAt: context.wall.now() },
      })))
  const isPublishable = figures.verdict === 'fine' || isAccepted
  cli.show(
    { simulationId: kept.id, ...figures, rejected: rejects.length, isPublishable },
    simulationText(figures, network.currency, rejects.length),
  )
  if (!isPublishable)
    throw new Failed(
      `Not to be published like this: ${figures.reached} of ${figures.people} would reach their objective, too ${figures.verdict === 'too_few' ? 'few' : 'many'} (70 to 80 % are aimed at). Change the rules, or add --accept "why".`,
    )
}

function dayOf(written: string | undefined, option: string): string | undefined {
  if (written === undefined) return undefined
  const at = new Date(`${written}T00:00:00Z`)
  if (!/^\d{4}-\d{2}-\d{2}$/.test(written) || Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== written)
    throw new BadInput(`${option} is a day written YYYY-MM-DD, not "${written}".`)
  return written
}

function simulationText(found: Simulated, currency: string, rejected: number): string {
  const { people, reached, share, spread, cost, period, neverCould, roles } = found
  const percent = (part: number) => `${Math.round(part * 1000) / 10} %`
  return [
    `Replayed from ${period.from} to ${period.to}: ${reached} of ${people} reach their objective (${percent(share)}).`,
    ...(rejected > 0 ? [`${rejected} lines of the file could not be used.`] : []),
    ...(found.hasNoHistory
      ? ['Nothing is known of before the period: objectives that build on it are all alike.']
      : []),
    table(
      ['role', 'people', 'reached'],
      roles.map((role) => [role.role, role.people, role.reached]),
    ),
    table(
      ['of the objective', 'people'],
      spread.flatMap((count, at) =>
        count === 0
          ? []
          : [[at === spread.length - 1 ? `${at * 10} % and more` : `${at * 10}–${at * 10 + 9} %`, count]],
      ),
    ),
    `Cost: ${money(cost.allCents, currency)}${cost.perReachedCents === null ? '' : `, ${money(cost.perReachedCents, currency)} for each who reaches`}.`,
    ...(neverCould.length > 0
      ? [
          `${neverCould.length} could not have reached it whatever they did: ${neverCould
            .slice(0, 5)
            .map(({ who }) => who)
            .join(', ')}${neverCould.length > 5 ? ' …' : ''}.`,
        ]
      : []),
  ].join('\n')
}
