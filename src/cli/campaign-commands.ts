import { and, eq } from 'drizzle-orm'
import { launchCampaign, readCampaign } from '../campaign/launch.ts'
import { type CampaignPlan, planCampaign } from '../campaign/plan.ts'
import { type ContactPlan, planContact } from '../campaign/plan-contact.ts'
import { statusOf } from '../campaign/status.ts'
import { businessNow } from '../clock.ts'
import { campaigns } from '../db/schema.ts'
import { chooseNetwork } from '../network/choose.ts'
import { explain } from '../routing/explain.ts'
import { channelNames } from '../words.ts'
import type { Register } from './command.ts'
import { BadInput } from './io.ts'
import { instant, networkOption } from './options.ts'
import { readText } from './read-file.ts'
import { money, table } from './table.ts'

/** relais plan · relais launch · relais status */
export const campaignCommands: Register = (program, cli) => {
  program
    .command('plan')
    .description('whom each step would reach, how, when, why and at what cost; writes nothing')
    .argument('<campaign.yaml>')
    .addOption(networkOption())
    .option('--at <iso>', 'as if it were launched at this instant')
    .option('--contact <externalId>', 'for one person, with every reason')
    .action(async (file: string, options: { network?: string; at?: string; contact?: string }) => {
      const text = readText(cli.io, file)
      const { context } = await cli.relais()
      const network = await chooseNetwork(context.db, options.network)
      const at = options.at === undefined ? businessNow(context.wall.now(), network) : instant(options.at, '--at')
      const campaign = await readCampaign(context, network, { file, text }, at)
      if (options.contact === undefined) {
        const plan = await planCampaign(context, network, campaign, at)
        return cli.show(plan, planText(plan))
      }
      const plan = await planContact(context, network, campaign, options.contact, at)
      cli.show(plan, contactText(plan, network.language))
    })

  program
    .command('launch')
    .description('starts a campaign; launching the same file twice launches it once')
    .argument('<campaign.yaml>')
    .addOption(networkOption())
    .option('--yes', 'do not ask')
    .action(async (file: string, options: { network?: string; yes?: boolean }) => {
      const text = readText(cli.io, file)
      const { context } = await cli.relais()
      const network = await chooseNetwork(context.db, options.network)
      const now = businessNow(context.wall.now(), network)
      if (network.mode === 'live' && !options.yes) {
        const campaign = await readCampaign(context, network, { file, text }, now)
        const { audience } = await planCampaign(context, network, campaign, now)
        const question = `Launch ${campaign.name} to ${audience} people of ${network.name}, for real?`
        if (!cli.io.confirm) throw new BadInput(`${question} Nobody is here to answer: add --yes to confirm.`)
        if (!(await cli.io.confirm(question))) throw new BadInput('Not launched.')
      }
      const launched = await launchCampaign(context, network, { file, text }, 'cli', now)
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
          network.mode === 'sandbox'
            ? 'A sandbox network: nothing leaves. Move its clock with: relais advance --until-idle'
            : '',
        ].join('\n'),
      )
    })

  program
    .command('status')
    .description('how deliveries and events stand')
    .argument('[campaign]', 'id or name')
    .addOption(networkOption())
    .action(async (named: string | undefined, options: { network?: string }) => {
      const { context } = await cli.relais()
      const network = await chooseNetwork(context.db, options.network)
      let campaignId: string | undefined
      if (named !== undefined) {
        const rows = await context.db
          .select({ id: campaigns.id, name: campaigns.name })
          .from(campaigns)
          .where(and(eq(campaigns.networkId, network.id)))
        campaignId = rows.find((row) => row.id === named || row.name === named)?.id
        if (campaignId === undefined)
          throw new BadInput(
            `There is no campaign ${named} in ${network.name}${rows.length > 0 ? `; there is ${rows.map((row) => row.name).join(', ')}` : ''}.`,
          )
      }
      const status = await statusOf(context, network, campaignId)
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
              ...channelNames.map((name) => status.byChannel[name][state as never] ?? 0),
            ]),
          ) || 'No deliveries yet.',
          table(['event', 'total'], Object.entries(status.events)),
        ]
          .filter((part) => part !== '')
          .join('\n\n'),
      )
    })
}

const planText = (plan: CampaignPlan): string =>
  [
    `${plan.campaign}: ${plan.audience} people`,
    table(
      ['step', 'at', 'people', ...channelNames, 'deferred', 'unreachable', 'expected cost'],
      plan.steps.map((step) => [
        step.step,
        step.at ?? '',
        step.audience,
        ...channelNames.map((name) => step.byChannel[name]),
        step.deferred,
        step.unreachable,
        money(step.cost.expected, step.cost.currency),
      ]),
    ),
    ...plan.steps
      .filter((step) => step.reasons.length > 0)
      .map(
        (step) =>
          `${step.step}: not reached because ${step.reasons.map((reason) => `${reason.code} ×${reason.count}`).join(', ')}`,
      ),
  ].join('\n')

const contactText = (plan: ContactPlan, language: 'fr' | 'en'): string =>
  plan.steps
    .map((step) => `${step.step}  ${step.at ?? '—'}  ${step.channel ?? '—'}\n  ${explain(step.because, language)}`)
    .join('\n')
