import type { FC } from 'hono/jsx'
import { can } from '../../../accounts/policy.ts'
import type { Challenge } from '../../../challenge/challenge.ts'
import type { ChallengeRules } from '../../../challenge/definition.ts'
import { type Counts, type Grouping, type GroupRow, groupings } from '../../../challenge/report/groups.ts'
import type { ChallengeReport } from '../../../challenge/report/report.ts'
import type { Budget } from '../../../challenge/reward/prizes.ts'
import { actionRateOf, openRateOf } from '../../../results/summary.ts'
import { Channel } from '../../labels.tsx'
import { KeyFigures } from '../../ui/figures.tsx'
import { Progress } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { type Column, DataTable } from '../../ui/table.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import type { View } from '../../view.ts'
import type { CampaignRow } from '../campaigns/queries.ts'
import { ChallengeFrame, titleOf } from '../ranking/challenge-tabs.tsx'
import { EffectPanel } from '../results/effect-panel.tsx'
import { rateText } from '../results/rate-text.ts'
import { Figure } from '../results/steps.tsx'
import { costTexts, countedAs, groupTitle, stagesOf } from './figures.ts'
import { salesSentence } from './files.ts'

export const reportFiles = ['page', 'tables', 'csv'] as const
export type ReportFile = (typeof reportFiles)[number]

export interface ReportProps {
  view: View
  campaign: CampaignRow
  challenge: Challenge
  by: Grouping
  /** Undefined while it is being counted. */
  found?: { report: ChallengeReport; budget: Budget | undefined; outlets?: { rows: GroupRow[]; next?: string } }
  isContinued: boolean
  /** The reader sees some sites only. */
  isPart: boolean
  url(change: Record<string, string | undefined>): string
}

interface Of {
  view: View
  rules: ChallengeRules
  currency: string
}

const Headline: FC<Of & { whole: Counts; budget: Budget | undefined }> = ({ view, rules, currency, whole, budget }) => {
  const { t, formats } = view
  const who = countedAs(rules)
  const cost = costTexts(view, rules, whole, currency)
  return (
    <KeyFigures
      figures={[
        ...stagesOf(rules, whole).map(({ name, count, of }) => ({
          label: t(`challengeReport.${name}`),
          value: formats.number(count),
          note: [
            ...(of === undefined || of === 0
              ? []
              : [t(`challengeReport.of.${name}`, { share: formats.share(count, of) })]),
            ...(who === 'people' ? [t('challengeReport.outlets', { count: whole[`${name}Outlets`] })] : []),
          ].join(', '),
        })),
        {
          label: t('challengeReport.cost'),
          value: cost.all,
          note: t('challengeReport.costOf', {
            messages: formats.money(whole.messagesMillis / 1_000, currency),
            prizes: formats.money(whole.prizesCents, currency),
          }),
        },
        {
          label: t('challengeReport.perActive'),
          value: cost.each,
          ...(budget
            ? { note: t('challengeReport.budget', { budget: formats.money(budget.capCents, currency) }) }
            : {}),
        },
      ]}
    />
  )
}

const barHeight = 34

/** From those invited to those who did something, as bars of one scale. */
const Funnel: FC<{ view: View; rules: ChallengeRules; whole: Counts }> = ({ view: { t, formats }, rules, whole }) => {
  const stages = stagesOf(rules, whole)
  const most = Math.max(1, ...stages.map(({ count }) => count))
  return (
    <svg
      class="stage-bars"
      viewBox={`0 0 440 ${stages.length * barHeight}`}
      role="img"
      aria-label={stages
        .map(({ name, count }) => `${t(`challengeReport.${name}`)} ${formats.number(count)}`)
        .join(', ')}
    >
      {stages.map(({ name, count }, at) => (
        <>
          <text x="0" y={at * barHeight + 20} font-size="16">
            {t(`challengeReport.${name}`)}
          </text>
          <rect x="100" y={at * barHeight + 5} width={Math.max(1, (270 * count) / most)} height="22" rx="3" />
          <text x={108 + (270 * count) / most} y={at * barHeight + 21} font-size="16">
            {formats.number(count)}
          </text>
        </>
      ))}
    </svg>
  )
}

const Steps: FC<{ view: View; report: ChallengeReport; currency: string }> = ({ view, report, currency }) => {
  const { t, formats } = view
  const rows = report.steps.flatMap((step) =>
    step.channels.filter(({ isCompanion }) => !isCompanion).map((row) => ({ step, row })),
  )
  if (rows.length === 0) return <p>{t('results.nothing')}</p>
  return (
    <table class="figures cards">
      <caption class="hidden">{t('challengeReport.steps')}</caption>
      <thead>
        <tr>
          {['results.step', 'results.sent', 'results.delivered', 'results.opened', 'results.acted'].map((head) => (
            <th scope="col">{t(head as 'results.step')}</th>
          ))}
          <th scope="col">{t('challengeReport.registrations')}</th>
          <th scope="col">{t('results.cost')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ step, row }) => (
          <tr>
            <th scope="row">
              {step.step}
              <small>
                <Channel view={view} channel={row.channel} />{' '}
                <time datetime={step.dueAt.toISOString()}>{formats.date(step.dueAt)}</time>
              </small>
            </th>
            <Figure view={view} label={t('results.sent')} count={row.sent} />
            <td data-label={t('results.delivered')}>
              {row.channel === 'print' && row.delivered === 0 ? t('results.notSaid') : formats.number(row.delivered)}
            </td>
            <td data-label={t('results.opened')}>
              {row.channel === 'email' ? rateText(view, openRateOf(row)) : t('results.notSaid')}
            </td>
            <Figure view={view} label={t('results.acted')} count={row.acted} rate={actionRateOf(row)} />
            <Figure view={view} label={t('challengeReport.registrations')} count={row.registered} />
            <td data-label={t('results.cost')}>{formats.money(row.costMillis / 1_000, currency)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function columnsOf({ view, rules, currency }: Of, by: Grouping): Column<GroupRow>[] {
  const { t, formats } = view
  const stage = (row: GroupRow, at: number) => {
    const { count, of } = stagesOf(rules, row)[at]!
    return (
      <>
        {formats.number(count)}
        {of !== undefined && of > 0 && <small>{formats.share(count, of)}</small>}
      </>
    )
  }
  return [
    {
      key: 'group',
      head: t(`challengeReport.group.${by}`),
      cell: (row) => (
        <>
          {groupTitle(view, by, row)}
          {row.code && <small>{row.code}</small>}
        </>
      ),
    },
    ...(['invited', 'registered', 'active'] as const).map((name, at) => ({
      key: name,
      head: t(`challengeReport.${name}`),
      isNumber: true,
      cell: (row: GroupRow) => stage(row, at),
    })),
    { key: 'points', head: t('ranking.points'), isNumber: true, cell: (row) => formats.number(row.points) },
    {
      key: 'cost',
      head: t('challengeReport.cost'),
      isNumber: true,
      cell: (row) => costTexts(view, rules, row, currency).all,
    },
    {
      key: 'each',
      head: t('challengeReport.perActive'),
      isNumber: true,
      cell: (row) => costTexts(view, rules, row, currency).each,
    },
  ]
}

/** What a challenge came to: participation, the way from invitation to acts, what it changed, what it cost, by group. */
export const ReportPage: FC<ReportProps> = (props) => {
  const { view, campaign, challenge, by, found, isPart, isContinued, url } = props
  const { t, user, network } = view
  const currency = network?.currency ?? 'EUR'
  const { rules } = challenge
  const of = { view, rules, currency }
  const mayExport = user !== undefined && network !== undefined && can(user, 'result.export', network.id)
  const rows = found ? (by === 'site' ? (found.outlets?.rows ?? []) : found.report.groups[by]) : []
  const lead = t(`challengeReport.lead.${countedAs(rules)}`)
  return (
    <ChallengeFrame
      view={view}
      campaign={campaign}
      title={t('challengeReport.title', { campaign: titleOf(view, campaign) })}
      lead={isPart ? `${t('results.yourPart')} ${lead}` : lead}
      tab="report"
    >
      {!found && <Progress view={view} text={t('results.lateText')} />}
      {found && (
        <>
          <Headline {...of} whole={found.report.whole} budget={isPart ? undefined : found.budget} />
          <Panel id="participation" title={t('challengeReport.participation')} note={t('challengeReport.activeHow')}>
            <Funnel view={view} rules={rules} whole={found.report.whole} />
            {found.report.whole.withdrawn > 0 && (
              <p class="note">{t('challengeReport.withdrawn', { count: found.report.whole.withdrawn })}</p>
            )}
          </Panel>
          <Panel id="steps" title={t('challengeReport.steps')} note={t('challengeReport.stepsHow')}>
            <Steps view={view} report={found.report} currency={currency} />
          </Panel>
          {!isPart && (
            <EffectPanel
              view={view}
              effect={found.report.effect}
              campaigns={1}
              title={t('challengeReport.uplift')}
              note={t('challengeReport.upliftHow')}
            />
          )}
          {found.report.sales.length > 0 && (
            <Panel id="sales" title={t('challengeReport.sales.title')} note={t('challengeReport.sales.how')}>
              {found.report.sales.map((sales) => (
                <p>{salesSentence(view, sales)}</p>
              ))}
            </Panel>
          )}
          <section id="groups" aria-labelledby="groups-title">
            <h2 id="groups-title">{t('challengeReport.groups')}</h2>
            <Tabs
              label={t('challengeReport.groups')}
              tabs={groupings.map((one) => ({
                text: t(`challengeReport.by.${one}`),
                href: `${url({ by: one, cursor: undefined })}#groups`,
                isCurrent: one === by,
              }))}
            />
            <DataTable
              view={view}
              caption={t('challengeReport.groups')}
              columns={columnsOf(of, by)}
              rows={rows}
              url={url}
              next={by === 'site' ? found.outlets?.next : undefined}
              isContinued={isContinued}
              empty={<p>{t('challengeReport.noGroups')}</p>}
            />
          </section>
          {mayExport && (
            <Panel id="take-away" title={t('results.takeAway')} note={t('results.takeAwayNote')}>
              <form method="post" action={`/console/campaigns/${campaign.id}/report/export`} class="toolbar">
                {reportFiles.map((file) => (
                  <button type="submit" name="file" value={file} class="button">
                    {t(`challengeReport.files.${file}`)}
                  </button>
                ))}
              </form>
            </Panel>
          )}
        </>
      )}
    </ChallengeFrame>
  )
}
