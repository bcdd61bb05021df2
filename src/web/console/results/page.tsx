import type { FC } from 'hono/jsx'
import { can } from '../../../accounts/policy.ts'
import type { ExperimentState } from '../../../experiment/outcome.ts'
import type { Effect } from '../../../results/effect.ts'
import type { StepResult } from '../../../results/funnel.ts'
import type { Rate } from '../../../results/rate.ts'
import { actionRateOf, costOfAction, openRateOf, totalsOf } from '../../../results/summary.ts'
import { CampaignState } from '../../labels.tsx'
import { Breadcrumb, ConsolePage, inNetwork } from '../../layout.tsx'
import { KeyFigures } from '../../ui/figures.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Progress } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { inLanguage, type View } from '../../view.ts'
import type { CampaignRow } from '../campaigns/queries.ts'
import { type Bar, RateChart } from './chart.tsx'
import { EffectPanel } from './effect-panel.tsx'
import { ExperimentPanel } from './experiment-panel.tsx'
import { type Groups, GroupTable } from './groups.tsx'
import { basisText, intervalText, rateText } from './rate-text.ts'
import { StepPanel } from './steps.tsx'

export interface ResultsProps {
  view: View
  campaign: CampaignRow
  /** Undefined while they are being counted. */
  found?: {
    steps: StepResult[]
    groups: Groups
    /** Undefined before the first step. Nobody who sees a part of the network is told of it: the draw was of the whole. */
    effect: Effect | undefined
    experiments: ExperimentState[]
  }
  /** The reader sees some sites only. */
  isPart: boolean
  /** It has a challenge, with a report of its own. */
  hasChallenge: boolean
  url(change: Record<string, string | undefined>): string
}

/** The files there are to take away, and who they are for. */
export const resultFiles = ['page', 'tables', 'groups', 'people', 'peopleCsv'] as const
export type ResultFile = (typeof resultFiles)[number]
/** These name people. */
export const filesOfPeople: readonly ResultFile[] = ['people', 'peopleCsv']

/** The share large, and under it between what and on what. */
const shown = (view: View, rate: Rate, basis?: string) =>
  rate.is === 'known'
    ? {
        value: view.formats.share(rate.share, 1),
        note: `${intervalText(view, rate)}, ${basis ?? basisText(view, rate)}`,
      }
    : { value: rateText(view, rate) }

const Headline: FC<{ view: View; steps: readonly StepResult[]; currency: string }> = ({ view, steps, currency }) => {
  const { t, formats } = view
  const { all, arrival, opens, actions } = totalsOf(steps)
  const each = costOfAction(all)
  return (
    <KeyFigures
      figures={[
        { label: t('results.sent'), value: formats.number(all.sent), note: t('results.sentOf', { all: all.planned }) },
        { label: t('results.delivered'), ...shown(view, arrival, t('results.deliveredHow')) },
        { label: t('results.opened'), ...shown(view, opens) },
        { label: t('results.acted'), ...shown(view, actions) },
        {
          label: t('results.cost'),
          value: formats.money(all.costMillis / 1_000, currency),
          note: [
            each === undefined
              ? t('results.noAction')
              : t('results.perAction', { cost: formats.money(each / 1_000, currency) }),
            ...(all.otherCurrency > 0 ? [t('results.otherCurrencies', { count: all.otherCurrency })] : []),
          ].join(', '),
        },
      ]}
    />
  )
}

/** The rates of each step and channel, as lines of a chart. */
function barsOf({ t }: View, steps: readonly StepResult[]): { acted: Bar[]; opened: Bar[] } {
  const rows = steps.flatMap(({ step, channels }) =>
    channels.filter(({ isCompanion }) => !isCompanion).map((row) => ({ step, row })),
  )
  return {
    acted: rows.map(({ step, row }) => ({
      label: `${step} · ${t(`channels.${row.channel}`)}`,
      channel: row.channel,
      rate: actionRateOf(row),
    })),
    opened: rows
      .filter(({ row }) => row.channel === 'email')
      .map(({ step, row }) => ({ label: step, channel: row.channel, rate: openRateOf(row) })),
  }
}

const TakeAway: FC<{ props: ResultsProps; groups: Groups }> = ({ props: { view, campaign }, groups }) => {
  const { t, user, network } = view
  if (!user || !network || !can(user, 'result.export', network.id)) return null
  const mayMeet = can(user, 'contact.read', network.id)
  return (
    <Panel id="take-away" title={t('results.takeAway')} note={t('results.takeAwayNote')}>
      <form method="post" action={`/console/campaigns/${campaign.id}/results/export`} class="toolbar">
        <input type="hidden" name="by" value={groups.by} />
        {resultFiles
          .filter((file) => mayMeet || !filesOfPeople.includes(file))
          .map((file) => (
            <button type="submit" name="file" value={file} class="button">
              {t(`results.files.${file}`)}
            </button>
          ))}
      </form>
    </Panel>
  )
}

const CampaignEffect: FC<{ view: View; effect: Effect | undefined }> = ({ view, effect }) => {
  const { t, formats } = view
  const note = effect
    ? t(effect.isOver ? 'results.effect.until' : 'results.effect.soFar', {
        from: formats.date(effect.from),
        until: formats.date(effect.until),
      })
    : ''
  return <EffectPanel view={view} effect={effect} campaigns={1} title={t('results.effect.title')} note={note} />
}

/** What came of a campaign: the figures one remembers, the rates drawn, each step, each group, and files of it all. */
export const ResultsPage: FC<ResultsProps> = (props) => {
  const { view, campaign, found, isPart, hasChallenge, url } = props
  const { t, user, network } = view
  const title = inLanguage(campaign.title, view.language, campaign.name)
  const currency = network?.currency ?? 'EUR'
  const mayReadCampaign = user !== undefined && network !== undefined && can(user, 'campaign.read', network.id)
  const bars = found && barsOf(view, found.steps)
  const hasLeft = found?.steps.some(({ channels }) => channels.length > 0) ?? false
  return (
    <ConsolePage
      view={view}
      title={t('results.of', { campaign: title })}
      current={mayReadCampaign ? 'campaigns' : 'results'}
    >
      <Breadcrumb
        view={view}
        trail={
          mayReadCampaign
            ? [
                [t('campaignList.title'), inNetwork(view, '/console/campaigns')],
                [title, `/console/campaigns/${campaign.id}`],
              ]
            : [[t('results.room.title'), inNetwork(view, '/console/results')]]
        }
      />
      <PageHeading
        title={t('results.of', { campaign: title })}
        facts={<CampaignState view={view} status={campaign.status} />}
        lead={isPart ? `${t('results.yourPart')} ${t('results.lead')}` : t('results.lead')}
      >
        {hasChallenge && (
          <LinkButton href={`/console/campaigns/${campaign.id}/report`} text={t('challengeReport.open')} />
        )}
        {mayReadCampaign && <LinkButton href={`/console/campaigns/${campaign.id}`} text={t('results.backTo')} />}
      </PageHeading>
      {!found && <Progress view={view} text={t('results.lateText')} />}
      {found && !hasLeft && <p class="empty">{t('results.nothing')}</p>}
      {found && bars && hasLeft && (
        <>
          <Headline view={view} steps={found.steps} currency={currency} />
          <Panel id="charts" title={t('results.chartTitle')} note={t('results.chartHow')}>
            <div class="rate-charts">
              <RateChart view={view} title={t('results.chartActed')} bars={bars.acted} />
              <RateChart view={view} title={t('results.chartOpened')} bars={bars.opened} />
            </div>
          </Panel>
          <section class="result-steps" aria-labelledby="steps-title">
            <h2 id="steps-title">{t('results.steps')}</h2>
            <p class="note">{t('results.sharedNote')}</p>
            {found.steps.map((step, at) => (
              <StepPanel view={view} step={step} at={at} currency={currency} />
            ))}
          </section>
          {!isPart && <ExperimentPanel view={view} experiments={found.experiments} />}
          {!isPart && <CampaignEffect view={view} effect={found.effect} />}
          <GroupTable view={view} groups={found.groups} currency={currency} url={url} />
          <TakeAway props={props} groups={found.groups} />
        </>
      )}
    </ConsolePage>
  )
}
