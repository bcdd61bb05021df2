import type { EditStep } from '../campaign/edit-running.ts'
import type { Cli, Register } from './command.ts'
import { meant } from './control-commands.ts'
import { BadInput, Failed } from './io.ts'
import { networkOption } from './options.ts'
import { readText } from './read-file.ts'
import { table } from './table.ts'

interface ChangeOptions {
  network?: string
  file: string
  plan?: boolean
  takeOver?: string[]
  yes?: boolean
}

interface StepOptions {
  network?: string
  reason?: string
  yes?: boolean
}

/** relais campaign change · versions · close · cancel-step */
export const changeCommands: Register = (program, cli) => {
  const group = program.command('campaign').description('a campaign under way: its changes, its versions, its end')

  group
    .command('change')
    .description('changes a launched campaign for what nobody has claimed yet: its next version')
    .argument('<campaign>', 'id or name')
    .requiredOption('--file <campaign.yaml>', 'the whole campaign, as it shall be')
    .addOption(networkOption())
    .option('--plan', 'only says what it would do; writes nothing')
    .option('--take-over <step...>', 'steps that take the words of their templates as they are now')
    .option('--yes', 'do not ask')
    .action((named: string, options: ChangeOptions) => change(cli, named, options))

  group
    .command('versions')
    .description('the newest versions of a campaign, and what each says otherwise than the one before')
    .argument('<campaign>', 'id or name')
    .addOption(networkOption())
    .action((named: string, options: StepOptions) => versions(cli, named, options))

  group
    .command('close')
    .description('lets nobody more in; those under way go on to their end')
    .argument('<campaign>', 'id or name')
    .addOption(networkOption())
    .action(async (named: string, options: StepOptions) => {
      const { context, network, request } = await meant(cli, named, options)
      const { closeCampaign } = await import('../sequence/close.ts')
      const isNew = await closeCampaign(context, network, request)
      cli.show(
        { campaignId: request.campaignId, isNew },
        isNew
          ? `Closed ${named}: nobody more comes in.`
          : `${named} lets nobody in by itself, or was closed already. Nothing was changed.`,
      )
    })

  group
    .command('cancel-step')
    .description('cancels one step of a launched campaign, and leaves the others')
    .argument('<campaign>', 'id or name')
    .argument('<step>')
    .addOption(networkOption())
    .option('--reason <text>', 'kept with the campaign')
    .option('--yes', 'do not ask')
    .action((named: string, step: string, options: StepOptions) => cancelOne(cli, named, step, options))
}

async function change(cli: Cli, named: string, options: ChangeOptions): Promise<void> {
  const text = readText(cli.io, options.file)
  const { context, network, now, request } = await meant(cli, named, options)
  const { campaignId, actor } = request
  const { planEdit, EditRefused } = await import('../campaign/edit-running.ts')
  const edit = await planEdit(context, network, { campaignId, text }, now)
  const { version, steps } = edit
  if (options.plan) return cli.show({ campaignId, version, steps }, effects(steps))
  if (network.mode === 'live' && !options.yes) {
    const question = `${effects(steps)}\nChange ${named} so?`
    if (!cli.io.confirm) throw new BadInput(`${question} Nobody is here to answer: add --yes to confirm.`)
    if (!(await cli.io.confirm(question))) throw new Failed('Not changed: the campaign goes on as it was.')
  }
  const { applyChange, proposeChange } = await import('../campaign/changes.ts')
  const takeOver = options.takeOver ?? []
  const unknown = takeOver.find((step) => !steps.some((one) => one.step === step))
  if (unknown !== undefined)
    throw new BadInput(`There is no step ${unknown}; there is ${steps.map(({ step }) => step).join(', ')}.`)
  try {
    const { changeId } = await proposeChange(context, network, { campaignId, version, text }, actor, now)
    const done = await applyChange(context, network, { campaignId, changeId, takeOver }, actor, now).catch(
      (error: unknown) => {
        if (!(error instanceof EditRefused) || error.code !== 'unapproved') throw error
        throw new Failed(`${error.message} The change is written down as ${changeId}: it waits in the console.`)
      },
    )
    await workedOut(context, network.id, campaignId)
    cli.show(
      { campaignId, changeId, version: done.version, isNew: done.isNew, steps },
      `${effects(steps)}\nChanged ${named}: version ${done.version}.`,
    )
  } catch (error) {
    // Asked for again, it is done already.
    if (!(error instanceof EditRefused) || error.code !== 'same') throw error
    cli.show({ campaignId, version, isNew: false, steps }, `${error.message} ${named} stays at version ${version}.`)
  }
}

/** Here and now, as far as people under way are concerned: there may be no worker to do it later. */
async function workedOut(context: Awaited<ReturnType<typeof meant>>['context'], networkId: string, campaignId: string) {
  const { runOneJob } = await import('../job/run.ts')
  const { reflowJobId } = await import('../sequence/reflow-job.ts')
  await runOneJob(context, { networkId, id: reflowJobId(campaignId) }, () => context.stop?.aborted ?? false)
}

const minute = (at: Date | undefined): string => at?.toISOString().slice(0, 16).replace('T', ' ') ?? '—'

const effects = (steps: readonly EditStep[]): string =>
  table(
    ['step', 'effect', 'was', 'is', 'claimed', 'unclaimed', 'people on the way', 'new words'],
    steps.map(({ step, effect, wasAt, at, claimed, unclaimed, underWay, hasNewWords }) => [
      ...[step, effect, minute(wasAt), minute(at), claimed, unclaimed],
      underWay ? `${underWay.people} (${underWay.fate})` : '—',
      hasNewWords ? 'yes' : 'no',
    ]),
  )

async function versions(cli: Cli, named: string, options: StepOptions): Promise<void> {
  const { context, network, request } = await meant(cli, named, options)
  const { versionsWithDifferences } = await import('../campaign/version-snapshots.ts')
  const found = await versionsWithDifferences(context.db, network.id, request.campaignId, context.templates.layouts)
  const shown = found.map(({ version, createdAt, by, since }) => ({
    ...{ version, createdAt: createdAt.toISOString(), by },
    changedSteps: since?.steps.map(({ step }) => step) ?? [],
    changedTexts: since?.texts.map(({ template, channel, language }) => `${template}.${language}.${channel}`) ?? [],
  }))
  cli.show(
    { campaignId: request.campaignId, versions: shown },
    table(
      ['version', 'at', 'by', 'steps', 'texts'],
      shown.map(({ version, createdAt, by, changedSteps, changedTexts }) => [
        ...[version, createdAt, by, changedSteps.join(', ') || '—', changedTexts.join(', ') || '—'],
      ]),
    ),
  )
}

async function cancelOne(cli: Cli, named: string, step: string, options: StepOptions): Promise<void> {
  const { context, network, now, request } = await meant(cli, named, options)
  const { cancelStep } = await import('../campaign/control.ts')
  if (network.mode === 'live' && !options.yes) {
    const question = `Cancel step ${step} of ${named} for good? What of it has not left never will.`
    if (!cli.io.confirm) throw new BadInput(`${question} Nobody is here to answer: add --yes to confirm.`)
    if (!(await cli.io.confirm(question))) throw new Failed('Not canceled: nothing was changed.')
  }
  const { isNew } = await cancelStep(context, network, { ...request, step }, now)
  const { runOneJob } = await import('../job/run.ts')
  const { cancelJobId } = await import('../campaign/cancel-job.ts')
  const job = { networkId: network.id, id: cancelJobId(request.campaignId, step) }
  await runOneJob(context, job, () => context.stop?.aborted ?? false)
  cli.show(
    { campaignId: request.campaignId, step, isNew },
    isNew ? `Canceled step ${step} of ${named}.` : `Step ${step} was canceled already. Nothing was done twice.`,
  )
}
