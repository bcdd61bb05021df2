import type { FC } from 'hono/jsx'
import { CampaignState } from '../../labels.tsx'
import { Breadcrumb, ConsolePage } from '../../layout.tsx'
import { inLanguage, type View } from '../../view.ts'
import type { FunnelRow, Outcomes } from './funnel.ts'
import type { PlanView } from './plan-view.ts'
import type { CampaignRow, StepRow } from './queries.ts'
import { type Shift, ShiftPanel } from './shift-panel.tsx'
import { StepCard } from './step-card.tsx'

interface CampaignProps {
  view: View
  campaign: CampaignRow
  steps: StepRow[]
  plan: PlanView
  funnel: FunnelRow[]
  outcomes: Outcomes[]
  shifts: Shift[]
  costs: { currency: string; millis: number }[]
}

const Figure: FC<{ label: string; value: string; note?: string }> = ({ label, value, note }) => (
  <div>
    <dt>{label}</dt>
    <dd>
      {value}
      {note && <small>{note}</small>}
    </dd>
  </div>
)

const Figures: FC<{ props: CampaignProps }> = ({ props: { view, funnel, costs, plan } }) => {
  const { t, formats, network } = view
  const own = funnel.filter((row) => !row.isCompanion)
  const total = (key: 'planned' | 'sent' | 'delivered' | 'acted' | 'actable') =>
    own.reduce((sum, row) => sum + row[key], 0)
  const sent = total('sent')
  // Nobody tells of a letter that it has arrived.
  const posted = own.filter((row) => row.channel === 'print')
  const letters = posted.reduce((sum, row) => sum + row.sent, 0)
  const arrived = total('delivered') - posted.reduce((sum, row) => sum + row.delivered, 0)
  const measured = own.filter((row) => row.actable > 0).reduce((sum, row) => sum + row.acted, 0)
  const ceilings = new Map<string, number>()
  for (const { cost } of plan.steps) ceilings.set(cost.currency, (ceilings.get(cost.currency) ?? 0) + cost.max)
  const spent = costs.length > 0 ? costs : [{ currency: network?.currency ?? 'EUR', millis: 0 }]
  return (
    <dl class="headline">
      <Figure
        label={t('campaign.handedOver')}
        value={formats.number(sent)}
        note={t('campaign.handedOverOf', { sent, all: total('planned') })}
      />
      <Figure
        label={t('campaign.delivered')}
        value={formats.number(total('delivered'))}
        note={t(letters > 0 ? 'campaign.deliveredOfWithoutLetters' : 'campaign.deliveredOf', {
          share: formats.share(arrived, sent - letters),
        })}
      />
      <Figure
        label={t('campaign.acted')}
        value={formats.number(total('acted'))}
        note={t('campaign.actedOf', { share: formats.share(measured, total('actable')) })}
      />
      <Figure
        label={t('campaign.spent')}
        value={spent.map((cost) => formats.money(Math.round(cost.millis / 1_000), cost.currency)).join(' + ')}
        note={t('campaign.spentMax', {
          max: [...ceilings].map(([currency, max]) => formats.money(max, currency)).join(' + ') || '–',
        })}
      />
    </dl>
  )
}

/** A campaign from its plan to what came of it. In a live network it renews itself; a sandbox moves by its clock. */
export const CampaignPage: FC<CampaignProps> = (props) => {
  const { view, campaign, steps, plan, funnel, outcomes, shifts } = props
  const { t, formats, network } = view
  const title = inLanguage(campaign.title, view.language, campaign.name)
  const done = steps.filter((step) => step.runStatus === 'done').length
  const isSandbox = network?.mode === 'sandbox'
  const renews = !isSandbox && campaign.status === 'running'
  const here = `/console/campaigns/${campaign.id}`
  return (
    <ConsolePage view={view} title={title} current="campaigns">
      <Breadcrumb
        view={view}
        trail={[[t('nav.campaigns'), `/console?network=${encodeURIComponent(network?.name ?? '')}`]]}
      />
      <div class="campaign-top">
        <div>
          <h1>{title}</h1>
          <p class="card-line">
            <CampaignState view={view} status={campaign.status} />
            <span>{t(`classes.${campaign.class}`)}</span>
            {campaign.launchedAt && (
              <span>
                {t('campaign.launched')}{' '}
                <time datetime={campaign.launchedAt.toISOString()}>{formats.short(campaign.launchedAt)}</time>
              </span>
            )}
          </p>
          <div class="progress-line">
            <progress max={Math.max(1, steps.length)} value={done} aria-labelledby="progress-text" />
            <span id="progress-text">{t('campaign.progress', { count: done, all: steps.length })}</span>
          </div>
          <Figures props={props} />
        </div>
      </div>
      <section
        id="steps"
        aria-labelledby="steps-title"
        {...(renews
          ? { 'hx-get': here, 'hx-trigger': 'every 15s', 'hx-select': '#steps', 'hx-swap': 'outerHTML' }
          : {})}
      >
        <h2 id="steps-title">{t('campaign.steps')}</h2>
        <p class="lead">{t('campaign.stepsLead')}</p>
        <ol class="steps">
          {steps.map((step) => (
            <StepCard
              view={view}
              step={step}
              plan={plan.steps.find((planned) => planned.step === step.step)}
              funnel={funnel.filter((row) => row.messageId === step.id)}
              open={`/console/outbox?network=${encodeURIComponent(network?.name ?? '')}&step=${step.id}`}
            />
          ))}
        </ol>
        <p class="note">{t('campaign.measureNote')}</p>
      </section>
      {(shifts.length > 0 || outcomes.length > 0) && <ShiftPanel view={view} shifts={shifts} outcomes={outcomes} />}
    </ConsolePage>
  )
}
