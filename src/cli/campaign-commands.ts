import type { CampaignPlan } from '../campaign/plan.ts'
import type { ContactPlan } from '../campaign/plan-contact.ts'
import { channelNames } from '../words.ts'
import type { Cli, Register } from './command.ts'
import { BadInput, Failed } from './io.ts'
import { instant, networkOption } from './options.ts'
import { readText } from './read-file.ts'
import { money, table } from './table.ts'

/** relais plan · relais launch */
export const campaignCommands: Register = (program, cli) => {
  program
    .command('plan')
    .description('whom each step would reach, how, when, why and at what cost; writes nothing')
    .argument('<campaign.yaml>')
    .addOption(networkOption())
    .option('--at <iso>', 'as if it were launched at this instant')
    .option('--contact <externalId>', 'for one person, with every reason')
    .action((file: string, options: PlanOptions) => plan(cli, file, options))

  program
    .command('launch')
    .description('starts a campaign; launching the same file twice launches it once')
    .argument('<campaign.yaml>')
    .addOption(networkOption())
    .option('--yes', 'do not ask')
    .action((file: string, options: LaunchOptions) => launch(cli, file, options))
}

interface PlanOptions {
  network?: string
  at?: string
  contact?: string
}

async function plan(cli: Cli, file: string, options: PlanOptions): Promise<void> {
  const text = readText(cli.io, file)
  const asked = options.at === undefined ? undefined : instant(options.at, '--at')
  const { context, network, now } = await cli.network(options.network)
  const { readCampaign } = await import('../campaign/launch.ts')
  const at = asked ?? now
  const campaign = await readCampaign(context, network, { file, text }, at)
  if (options.contact === undefined) {
    const { planCampaign } = await import('../campaign/plan.ts')
    const made = await planCampaign(context, network, campaign, at)
    return cli.show(made, planText(made))
  }
  const { planContact } = await import('../campaign/plan-contact.ts')
  const made = await planContact(context, network, campaign, options.contact, at)
  cli.show(made, await contactText(made, network.language))
}

interface LaunchOptions {
  network?: string
  yes?: boolean
}

async function launch(cli: Cli, file: string, options: LaunchOptions): Promise<void> {
  const source = { file, text: readText(cli.io, file) }
  const { context, network, now } = await cli.network(options.network)
  const { launchCampaign, launchedBefore } = await import('../campaign/launch.ts')
  if (network.mode === 'live' && !options.yes && !(await launchedBefore(context, network, source))) {
    const { readCampaign } = await import('../campaign/launch.ts')
    const { audienceSize } = await import('../audience/size.ts')
    const campaign = await readCampaign(context, network, source, now)
    const people = await audienceSize(context, network, campaign.audience, now)
    const question = `Launch ${campaign.name} to ${people} people of ${network.name}, for real?`
    if (!cli.io.confirm) throw new BadInput(`${question} Nobody is here to answer: add --yes to confirm.`)
    if (!(await cli.io.confirm(question))) throw new Failed('Not launched: nothing was changed.')
  }
  const launched = await launchCampaign(context, network, source, 'operator', now)
  cli.show(
    launched,
    [
      launched.isNew
        ? `Launched in ${network.name}: ${launched.campaignId}`
        : `Already launched: ${launched.campaignId}. Nothing was done twice.`,
      table(
        ['step', 'at'],
        launched.steps.map((step) => [step.step, step.at.toISOString()]),
      ),
      ...launched.notices.map(({ message }) => `Note: ${message}`),
      ...(network.mode === 'sandbox'
        ? ['A sandbox network: nothing leaves. Move its clock with: relais advance --until-idle']
        : []),
    ].join('\n'),
  )
}

const planText = (made: CampaignPlan): string =>
  [
    `${made.campaign}: ${made.audience} people`,
    table(
      ['step', 'at', 'people', ...channelNames, 'deferred', 'unreachable', 'expected cost'],
      made.steps.map((step) => [
        step.step,
        step.at ?? '—',
        step.audience,
        ...channelNames.map((name) => step.byChannel[name]),
        step.deferred,
        step.unreachable,
        money(step.cost.expected, step.cost.currency),
      ]),
    ),
    ...made.steps
      .filter((step) => step.reasons.length > 0)
      .map(
        (step) =>
          `${step.step}: not reached because ${step.reasons.map((reason) => `${reason.code} ×${reason.count}`).join(', ')}`,
      ),
    ...made.steps
      .filter((step) => step.when !== undefined)
      .map((step) => `${step.step}: comes when ${JSON.stringify(step.when)}; at most ${step.audience} people could`),
    ...made.series
      .filter(({ total, shown }) => total === null || total > shown)
      .map(({ step, total, shown }) => `${step}: the first ${shown} of ${total ?? 'a series without end'} are shown`),
    ...(made.lateJoiners && made.lateJoiners !== 'next' ? [lateJoinersText[made.lateJoiners]] : []),
    ...made.notices.map(({ message }) => `Note: ${message}`),
  ].join('\n')

const lateJoinersText = {
  'catch-up': 'Who joins later gets what was missed, one step a working day, before what is to come.',
  none: 'Who joins after the first step gets nothing of this campaign.',
} as const

async function contactText(made: ContactPlan, language: 'fr' | 'en'): Promise<string> {
  const { explain } = await import('../routing/explain.ts')
  return [
    ...(made.isInAudience ? [] : [`${made.contact} is not in the audience now; if they were:`]),
    ...made.steps.map(
      (step) => `${step.step}  ${step.at ?? '—'}  ${step.channel ?? '—'}\n  ${explain(step.because, language)}`,
    ),
  ].join('\n')
}
