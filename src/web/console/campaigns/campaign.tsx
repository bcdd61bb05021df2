import type { FC } from 'hono/jsx'
import { can, type Permission, scopeFor } from '../../../accounts/policy.ts'
import type { Change } from '../../../campaign/changes.ts'
import { CampaignState } from '../../labels.tsx'
import { Breadcrumb, ConsolePage, inNetwork } from '../../layout.tsx'
import { ActionButton } from '../../ui/form.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { Flash, Progress } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { inLanguage, type View } from '../../view.ts'
import { reasonText } from '../reasons.ts'
import type { FunnelRow, Outcomes } from './funnel.ts'
import type { HistoryEntry } from './history.ts'
import { occurrenceKey, type PlanView } from './plan-view.ts'
import type { CampaignRow, StepRow } from './queries.ts'
import { type Shift, ShiftPanel } from './shift-panel.tsx'
import { StepCard } from './step-card.tsx'
import { StoppedBanner } from './stopped.tsx'

interface CampaignProps {
  view: View
  campaign: CampaignRow
  steps: StepRow[]
  plan: PlanView
  funnel: FunnelRow[]
  outcomes: Outcomes[]
  shifts: Shift[]
  costs: { currency: string; millis: number }[]
  owner: string | undefined
  history: HistoryEntry[]
  versions: { version: number; createdAt: Date }[]
  /** The job that marks what a canceled campaign had not sent. */
  canceling: { status: string; done: number } | undefined
  hasChallenge: boolean
  /** People may still come into it, however long nothing happens. */
  isOpen: boolean
  /** Changes nobody has decided about. */
  changes: readonly Change[]
  said?: Said
}

/** What has just been done. */
export interface Said {
  tone: 'good' | 'warning'
  text: string
}

const outboxOf = ({ network }: View, query: Record<string, string>): string =>
  `/console/outbox?${new URLSearchParams({ network: network?.name ?? '', ...query })}`

/** What may be done to the campaign as it stands. */
const Actions: FC<{ props: CampaignProps }> = ({ props: { view, campaign, hasChallenge, isOpen } }) => {
  const { id, status } = campaign
  const { t, user, network } = view
  const here = `/console/campaigns/${id}`
  const may = (permission: Permission) =>
    user !== undefined && network !== undefined && can(user, permission, network.id)
  const isGoing = status === 'running' || status === 'scheduled'
  return (
    <>
      {may('campaign.control') && status === 'paused' && (
        <LinkButton href={`${here}/resume`} text={t('campaignControl.resume')} kind="primary" />
      )}
      {may('campaign.control') && isGoing && <LinkButton href={`${here}/pause`} text={t('campaignControl.pause')} />}
      {hasChallenge && (
        <LinkButton href={may('campaign.control') ? `${here}/challenge` : `${here}/ranking`} text={t('ranking.open')} />
      )}
      {may('result.read') && <LinkButton href={`${here}/results`} text={t('results.title')} />}
      <Menu text={t('ui.actions')}>
        <a href={`${here}/timeline`}>{t('timeline.link')}</a>
        <a href={`${here}/plan`}>{t('draft.plan')}</a>
        {may('contact.read') && <a href={`${here}/words`}>{t('draft.words')}</a>}
        <a href={`${here}/source`}>{t('campaignHistory.seeFile')}</a>
        {may('campaign.write') && (
          <a href={`/console/campaigns/start?${new URLSearchParams({ network: network?.name ?? '', from: id })}`}>
            {t('draft.duplicate')}
          </a>
        )}
        {may('campaign.write') && (isGoing || status === 'paused') && <a href={`${here}/edit`}>{t('editing.link')}</a>}
        <a href={`${here}/versions`}>{t('editing.versions')}</a>
        {may('campaign.control') && isOpen && (isGoing || status === 'paused') && (
          <a href={`${here}/close`}>{t('campaignControl.close')}</a>
        )}
        {may('campaign.control') && (isGoing || status === 'paused') && (
          <a href={`${here}/cancel`}>{t('campaignControl.cancel')}</a>
        )}
      </Menu>
    </>
  )
}

/** Launched a moment ago: how long it may still be taken back. The server counts; the page comes back by itself. */
const Held: FC<{ view: View; campaign: CampaignRow }> = ({ view, campaign: { id, heldUntil } }) => {
  const { t, formats, user, network, now } = view
  if (!heldUntil) return null
  const seconds = Math.max(0, Math.ceil((heldUntil.getTime() - now.getTime()) / 1_000))
  return (
    <div class="flash warning held" role="status">
      <p>
        <strong>{t('life.undo.held', { count: seconds })}</strong>{' '}
        <small>{t('life.undo.heldUntil', { at: formats.long(heldUntil) })}</small>
      </p>
      {user && network && can(user, 'campaign.launch', network.id) && (
        <ActionButton action={`/console/campaigns/${id}/undo`} text={t('life.undo.button')} kind="primary" />
      )}
    </div>
  )
}

/** What somebody prepared and nobody has decided about. */
const Pending: FC<{ props: CampaignProps }> = ({ props: { view, campaign, changes } }) => {
  const { t, formats } = view
  if (changes.length === 0) return null
  return (
    <div class="flash warning" role="status">
      <p>{t('editing.pending', { count: changes.length })}</p>
      <ul>
        {changes.map(({ id, createdAt }) => (
          <li>
            <a href={`/console/campaigns/${campaign.id}/changes/${id}`}>
              {t('editing.pendingSee', { at: formats.long(createdAt) })}
            </a>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** Why it stands still, or how far its cancelation has come. */
const Standing: FC<{ props: CampaignProps }> = ({ props: { view, campaign, canceling } }) => {
  const { t } = view
  const reason = campaign.statusReason
  if (canceling && canceling.status !== 'done')
    return <Progress view={view} text={t('campaignControl.progress', { count: canceling.done })} />
  if (campaign.status === 'scheduled' && campaign.heldUntil) return <Held view={view} campaign={campaign} />
  if (campaign.status !== 'paused' && campaign.status !== 'canceled') return null
  if (campaign.status === 'paused' && campaign.statusFigures)
    return <StoppedBanner view={view} figures={campaign.statusFigures} />
  return (
    <p class={`flash ${campaign.status === 'paused' ? 'warning' : 'bad'}`}>
      {campaign.status === 'paused' ? t('campaignControl.pausedSince') : t('campaignControl.canceled')}
      {reason && ` ${t('campaignControl.because', { reason })}`}
    </p>
  )
}

const History: FC<{ props: CampaignProps }> = ({ props: { view, campaign, history, versions } }) => {
  const { t, formats } = view
  const by = ({ actor, name }: HistoryEntry) =>
    name ??
    (actor === 'relais'
      ? t('campaignHistory.relais')
      : actor === 'operator'
        ? t('campaignHistory.operator')
        : t('campaignHistory.gone'))
  return (
    <Panel id="history" title={t('campaignHistory.title')}>
      {history.length === 0 && <p class="note">{t('campaignHistory.none')}</p>}
      <ol class="timeline">
        {history.map((entry) => (
          <li>
            <time datetime={entry.at.toISOString()}>{formats.short(entry.at)}</time>
            <span class="what">
              {t(`campaignHistory.actions.${entry.what}`)} {t('campaignHistory.by', { name: by(entry) })}
            </span>
            {entry.reason && <small>{reasonText(entry.reason, view.language)}</small>}
          </li>
        ))}
      </ol>
      <p class="note">
        <a href={`/console/campaigns/${campaign.id}/versions`}>
          {t('campaignHistory.versions', { count: versions.length })}
        </a>
        {' · '}
        <a href={`/console/campaigns/${campaign.id}/source`}>{t('campaignHistory.seeFile')}</a>
      </p>
    </Panel>
  )
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
  const { view, campaign, steps, plan, funnel, outcomes, shifts, owner, said } = props
  const { t, formats, network } = view
  const title = inLanguage(campaign.title, view.language, campaign.name)
  const done = steps.filter((step) => step.runStatus === 'done').length
  const isSandbox = network?.mode === 'sandbox'
  const renews = !isSandbox && campaign.status === 'running'
  const here = `/console/campaigns/${campaign.id}`
  const isGoing = ['scheduled', 'running', 'paused'].includes(campaign.status)
  const mayControl = view.user !== undefined && network !== undefined && can(view.user, 'campaign.control', network.id)
  const mayMeet =
    view.user !== undefined &&
    network !== undefined &&
    scopeFor(view.user, 'contact.read', network.id)?.of === 'network'
  const isPlayed = ({ runStatus }: StepRow) => runStatus === 'done' || runStatus === 'running'
  const leftOutOf = (message: string, reason?: string) =>
    `${here}/left-out?${new URLSearchParams({ message, ...(reason ? { reason } : {}) })}`
  const mayCancel = ({ runStatus, id }: StepRow) =>
    mayControl &&
    isGoing &&
    runStatus !== 'canceled' &&
    runStatus !== 'skipped' &&
    (runStatus !== 'done' || funnel.some((row) => row.messageId === id && row.waiting > 0))
  return (
    <ConsolePage view={view} title={title} current="campaigns">
      <Breadcrumb view={view} trail={[[t('campaignList.title'), inNetwork(view, '/console/campaigns')]]} />
      {said && <Flash tone={said.tone}>{said.text}</Flash>}
      <Standing props={props} />
      <Pending props={props} />
      <PageHeading
        title={title}
        facts={
          <>
            <CampaignState view={view} status={campaign.status} />
            <span>{t(`classes.${campaign.class}`)}</span>
            {owner && <span>{`${t('campaignHistory.owner')}${t('colon')} ${owner}`}</span>}
            {campaign.launchedAt && (
              <span>
                {t('campaign.launched')}{' '}
                <time datetime={campaign.launchedAt.toISOString()}>{formats.short(campaign.launchedAt)}</time>
              </span>
            )}
          </>
        }
      >
        <Actions props={props} />
      </PageHeading>
      <div class="campaign-top">
        <div>
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
              plan={plan.steps.find((planned) => occurrenceKey(planned) === occurrenceKey(step))}
              funnel={funnel.filter((row) => row.messageId === step.id)}
              open={outboxOf(view, { step: step.id })}
              cancel={mayCancel(step) ? `${here}/steps/${encodeURIComponent(step.step)}/cancel` : undefined}
              leftOut={isPlayed(step) && mayMeet ? (reason) => leftOutOf(step.id, reason) : undefined}
              inStatus={(status) => outboxOf(view, { step: step.id, status })}
            />
          ))}
        </ol>
        <p class="note">{t('campaign.measureNote')}</p>
      </section>
      {(shifts.length > 0 || outcomes.length > 0) && <ShiftPanel view={view} shifts={shifts} outcomes={outcomes} />}
      <History props={props} />
    </ConsolePage>
  )
}
