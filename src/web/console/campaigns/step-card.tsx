import type { FC } from 'hono/jsx'
import { type ChannelName, type DeliveryStatus, deliveryStatuses } from '../../../words.ts'
import { Channel, Status } from '../../labels.tsx'
import type { View } from '../../view.ts'
import { reasonText } from '../reasons.ts'
import type { FunnelRow } from './funnel.ts'
import type { PlannedStep } from './plan-view.ts'
import type { StepRow } from './queries.ts'
import { StackedBar } from './stacked-bar.tsx'

/** `leftOut` is where the people behind a reason are, of a step that has been played. */
const Planned: FC<{ view: View; plan: PlannedStep; leftOut?: (reason?: string) => string }> = ({
  view,
  plan,
  leftOut,
}) => {
  const { t, formats } = view
  const money = (minor: number) => formats.money(minor, plan.cost.currency)
  return (
    <>
      <StackedBar view={view} byChannel={plan.byChannel} rest={plan.unreachable} restText={t('campaign.unreachable')} />
      <dl class="facts">
        <div>
          <dt>{t('campaign.audience')}</dt>
          <dd>{formats.number(plan.audience)}</dd>
        </div>
        <div>
          <dt>{t('campaign.deferred')}</dt>
          <dd>{formats.number(plan.deferred)}</dd>
        </div>
        <div>
          <dt>{t('campaign.cost')}</dt>
          <dd>
            {money(plan.cost.expected)}
            {plan.cost.min < plan.cost.max && (
              <small>
                {money(plan.cost.min)} – {money(plan.cost.max)}
              </small>
            )}
          </dd>
        </div>
      </dl>
      {plan.reasons.length > 0 && (
        <details class="reasons">
          <summary>
            {t('campaign.whyUnreachable')} ({formats.number(plan.unreachable)})
          </summary>
          <ul>
            {plan.reasons.map((reason) => (
              <li>
                <span>
                  {leftOut ? (
                    <a href={leftOut(reason.code)}>{reasonText(reason.code, view.language)}</a>
                  ) : (
                    reasonText(reason.code, view.language)
                  )}
                </span>
                <strong>{formats.number(reason.count)}</strong>
              </li>
            ))}
          </ul>
          {leftOut && (
            <p>
              <a href={leftOut()}>{t('campaign.leftOutAll')}</a>
            </p>
          )}
        </details>
      )}
    </>
  )
}

/**
 * A count, its share, and a bar that draws the funnel down the rows. `measured` is on how many of `ofAll` the count
 * can rest: what is not measured is said, never shown as 0.
 */
const Stage: FC<{ view: View; label: string; channel: ChannelName; part: number; whole: number; ofAll?: number }> = ({
  view,
  label,
  channel,
  part,
  whole,
  ofAll,
}) => {
  const { t, formats } = view
  if (ofAll !== undefined && whole === 0 && part === 0)
    return (
      <td data-label={label}>
        <small>{ofAll > 0 ? t('campaign.unmeasured') : t('campaign.notApplicable')}</small>
      </td>
    )
  return (
    <td data-label={label}>
      {formats.number(part)}
      {whole > 0 && (
        <>
          <svg class="stage" height="4" aria-hidden="true">
            <rect class={`fill-${channel}`} width={`${Math.min(100, (part / whole) * 100)}%`} height="4" />
          </svg>
          <small>{formats.share(part, whole)}</small>
          {ofAll !== undefined && whole < ofAll && (
            <small>{t('campaign.coverage', { share: formats.share(whole, ofAll) })}</small>
          )}
        </>
      )}
    </td>
  )
}

const Funnel: FC<{ view: View; rows: FunnelRow[] }> = ({ view, rows }) => {
  const { t, formats } = view
  return (
    <table class="figures cards">
      <thead>
        <tr>
          <th scope="col">{t('campaign.channel')}</th>
          <th scope="col">{t('campaign.planned')}</th>
          <th scope="col">{t('campaign.sent')}</th>
          <th scope="col">{t('campaign.arrived')}</th>
          <th scope="col">{t('campaign.opened')}</th>
          <th scope="col">{t('campaign.actedShort')}</th>
          <th scope="col">{t('campaign.trouble')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr>
            <th scope="row">
              <Channel view={view} channel={row.channel} isCopy={row.isCompanion} />
            </th>
            <td data-label={t('campaign.planned')}>{formats.number(row.planned)}</td>
            <Stage view={view} channel={row.channel} label={t('campaign.sent')} part={row.sent} whole={row.planned} />
            <Stage
              view={view}
              channel={row.channel}
              label={t('campaign.arrived')}
              part={row.delivered}
              whole={row.channel === 'print' && row.delivered === 0 ? 0 : row.sent}
              ofAll={row.channel === 'print' ? 0 : undefined}
            />
            <Stage
              view={view}
              channel={row.channel}
              label={t('campaign.opened')}
              part={row.opened}
              whole={row.openable}
              ofAll={row.channel === 'email' ? row.sent : 0}
            />
            <Stage
              view={view}
              channel={row.channel}
              label={t('campaign.actedShort')}
              part={row.acted}
              whole={row.actable}
              ofAll={row.sent}
            />
            <td data-label={t('campaign.trouble')}>
              {row.trouble > 0 ? formats.number(row.trouble) : t('campaign.notApplicable')}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** How many deliveries of a step stand in each status, over its channels. */
const statusesOf = (rows: readonly FunnelRow[]): [DeliveryStatus, number][] =>
  deliveryStatuses.flatMap((status): [DeliveryStatus, number][] => {
    const total = rows.reduce((sum, row) => sum + (row.byStatus[status] ?? 0), 0)
    return total > 0 ? [[status, total]] : []
  })

/** One step: what is planned beside what happened. */
export const StepCard: FC<{
  view: View
  step: StepRow
  plan?: PlannedStep
  funnel: FunnelRow[]
  open: string
  /** Where the step is canceled, as long as it can be. */
  cancel?: string
  /** Where those who got nothing are, by the reason. */
  leftOut?: (reason?: string) => string
  inStatus(status: DeliveryStatus): string
}> = ({ view, step, plan, funnel, open, cancel, leftOut, inStatus }) => {
  const { t, formats } = view
  const status = step.runStatus ?? 'waiting'
  const at = plan?.at ?? step.dueAt
  const [opened, acted] = [
    funnel.reduce((sum, row) => sum + row.opened, 0),
    funnel.reduce((sum, row) => sum + row.acted, 0),
  ]
  const tone = {
    waiting: 'quiet',
    running: 'moving',
    watching: 'moving',
    done: 'good',
    skipped: 'quiet',
    canceled: 'bad',
  } as const
  return (
    <li class={`step ${status}`}>
      <header>
        <time datetime={at.toISOString()}>{formats.long(at)}</time>
        <h3>{step.step}</h3>
        <p class="card-line">
          <Status tone={tone[status]} text={t(`campaign.stepStatus.${status}`) ?? status} />
          <span>{t(`intents.${step.intent}`)}</span>
          <span>
            {t('urgency')} {t(`urgencies.${step.urgency}`)}
          </span>
          {cancel && <a href={cancel}>{t('campaignControl.step')}</a>}
        </p>
      </header>
      <div class={funnel.length > 0 ? 'step-body' : 'step-body single'}>
        <section>
          <h4>{status === 'waiting' ? t('campaign.plan') : t('campaign.decided')}</h4>
          {plan ? <Planned view={view} plan={plan} leftOut={leftOut} /> : <p class="note">{t('campaign.planning')}</p>}
        </section>
        {funnel.length > 0 && (
          <section>
            <h4>{t('campaign.funnel')}</h4>
            <Funnel view={view} rows={funnel} />
            <p class="after-table">
              <a href={open}>{t('campaign.seeOutbox')}</a>
            </p>
            <ul class="by-status" aria-label={t('campaignHistory.statuses')}>
              {statusesOf(funnel).map(([state, total]) => (
                <li>
                  <a href={inStatus(state)}>
                    {t(`statuses.${state}`)} <strong>{formats.number(total)}</strong>
                  </a>
                </li>
              ))}
              {opened > 0 && (
                <li>
                  {t('campaign.openedBy')} <strong>{formats.number(opened)}</strong>
                </li>
              )}
              {acted > 0 && (
                <li>
                  {t('campaign.actedBy')} <strong>{formats.number(acted)}</strong>
                </li>
              )}
              {leftOut && plan && plan.unreachable > 0 && (
                <li>
                  <a href={leftOut()}>
                    {t('campaign.leftOut')} <strong>{formats.number(plan.unreachable)}</strong>
                  </a>
                </li>
              )}
            </ul>
          </section>
        )}
      </div>
    </li>
  )
}
