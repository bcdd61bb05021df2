import type { FC } from 'hono/jsx'
import type { ChannelResult, StepResult } from '../../../results/funnel.ts'
import { fewest, type Rate, rateOf } from '../../../results/rate.ts'
import { actionRateOf, arrivalRateOf, costOfAction, openRateOf } from '../../../results/summary.ts'
import { Channel } from '../../labels.tsx'
import { Panel } from '../../ui/panel.tsx'
import type { View } from '../../view.ts'
import { reasonText } from '../reasons.ts'
import { basisText, openSentence, rateText } from './rate-text.ts'

/** How many, and what share of what. */
export const Figure: FC<{ view: View; label: string; count: number; rate?: Rate }> = ({ view, label, count, rate }) => (
  <td data-label={label}>
    {rate?.is === 'too few' ? rateText(view, rate) : view.formats.number(count)}
    {rate && rate.is !== 'too few' && <small>{rateText(view, rate)}</small>}
    {rate?.is === 'known' && rate.coverage < 1 && <small>{basisText(view, rate)}</small>}
  </td>
)

const NotSaid: FC<{ view: View; label: string }> = ({ view, label }) => (
  <td data-label={label}>{view.t('results.notSaid')}</td>
)

const ChannelLine: FC<{ view: View; step: StepResult; row: ChannelResult; currency: string }> = ({
  view,
  step,
  row,
  currency,
}) => {
  const { t, formats } = view
  const perAction = costOfAction(row)
  return (
    <tr>
      <th scope="row">
        <Channel view={view} channel={row.channel} isCopy={row.isCompanion} />
      </th>
      {row.isCompanion ? (
        <NotSaid view={view} label={t('results.decided')} />
      ) : (
        <Figure view={view} label={t('results.decided')} count={row.decided} />
      )}
      <Figure view={view} label={t('results.sent')} count={row.sent} />
      {row.channel === 'print' && row.delivered === 0 ? (
        <NotSaid view={view} label={t('results.delivered')} />
      ) : (
        <Figure view={view} label={t('results.delivered')} count={row.delivered} rate={arrivalRateOf(row)} />
      )}
      {row.channel === 'email' && row.openable > 0 ? (
        <Figure view={view} label={t('results.opened')} count={row.opened} rate={openRateOf(row)} />
      ) : (
        <td data-label={t('results.opened')}>
          {row.channel === 'email' ? t('results.unmeasured') : t('results.notSaid')}
        </td>
      )}
      <Figure view={view} label={t('results.acted')} count={row.acted} rate={actionRateOf(row)} />
      {row.reached === undefined || row.isCompanion ? (
        <NotSaid view={view} label={t('results.goal')} />
      ) : (
        <Figure
          view={view}
          label={t(`results.goals.${step.goal ?? 'reply'}`)}
          count={row.reached}
          rate={rateOf(row.reached, row.sent, row.sent)}
        />
      )}
      <td data-label={t('results.trouble')}>{formats.number(row.trouble)}</td>
      <td data-label={t('results.cost')}>
        {formats.money(row.costMillis / 1_000, currency)}
        {perAction !== undefined && row.costMillis > 0 && (
          <small>{t('results.perAction', { cost: formats.money(perAction / 1_000, currency) })}</small>
        )}
      </td>
    </tr>
  )
}

/** What is said of opens under the table: what they rest on, what was left out, what is only counted together. */
const OpenNotes: FC<{ view: View; step: StepResult }> = ({ view, step }) => {
  const { t } = view
  const mail = step.channels.find(({ channel, isCompanion }) => channel === 'email' && !isCompanion)
  if (!mail || mail.sent === 0) return null
  const rate = openRateOf(mail)
  const { opens, clicks } = step.together
  return (
    <>
      {rate.is === 'known' && <p class="note">{openSentence(view, rate)}</p>}
      {rate.is === 'too few' && <p class="note">{t('results.fewerWhy', { least: fewest })}</p>}
      {rate.is === 'known' && mail.machineOpened > 0 && (
        <p class="note">{t('results.machines', { count: mail.machineOpened })}</p>
      )}
      {mail.countedTogether >= fewest && opens + clicks > 0 && (
        <p class="note">{t('results.together', { opens, clicks, people: mail.countedTogether })}</p>
      )}
      {mail.countedTogether > 0 && mail.countedTogether < fewest && (
        <p class="note">{t('results.togetherFew', { least: fewest })}</p>
      )}
    </>
  )
}

const Reasons: FC<{ view: View; step: StepResult }> = ({ view, step }) => {
  const { t, formats, language } = view
  if (step.unreachable.length + step.failures.length === 0) return null
  return (
    <details>
      <summary>{t('results.why')}</summary>
      <table class="figures">
        <thead>
          <tr>
            <th scope="col">{t('results.reason')}</th>
            <th scope="col">{t('results.count')}</th>
          </tr>
        </thead>
        <tbody>
          {step.unreachable.map(({ code, count }) => (
            <tr>
              <th scope="row">
                {reasonText(code, language)}
                <small>{t('results.noRoute')}</small>
              </th>
              <td>{formats.number(count)}</td>
            </tr>
          ))}
          {step.failures.map(({ code, count, channel, status }) => (
            <tr>
              <th scope="row">
                {reasonText(code, language)}
                <small>
                  {t(`channels.${channel}`)} · {t(`statuses.${status}`)}
                </small>
              </th>
              <td>{formats.number(count)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}

/** One step: who it was for, what left by which channel and what came of it, and why others got nothing. */
export const StepPanel: FC<{ view: View; step: StepResult; at: number; currency: string }> = ({
  view,
  step,
  at,
  currency,
}) => {
  const { t, formats } = view
  return (
    <Panel
      id={`step-${at + 1}`}
      title={step.step}
      note={
        <>
          <time datetime={step.dueAt.toISOString()}>{formats.short(step.dueAt)}</time>
          {` · ${t('results.audienceOf', { count: step.audience })}`}
          {step.heldOut > 0 && ` · ${t('results.heldOut', { count: step.heldOut })}`}
        </>
      }
    >
      {step.channels.length > 0 && (
        <table class="figures cards">
          <caption class="hidden">{step.step}</caption>
          <thead>
            <tr>
              <th scope="col">{t('results.channel')}</th>
              <th scope="col">{t('results.decided')}</th>
              <th scope="col">{t('results.sent')}</th>
              <th scope="col">{t('results.delivered')}</th>
              <th scope="col">{t('results.opened')}</th>
              <th scope="col">{t('results.acted')}</th>
              <th scope="col">{step.goal ? t(`results.goals.${step.goal}`) : t('results.goal')}</th>
              <th scope="col">{t('results.trouble')}</th>
              <th scope="col">{t('results.cost')}</th>
            </tr>
          </thead>
          <tbody>
            {step.channels.map((row) => (
              <ChannelLine view={view} step={step} row={row} currency={currency} />
            ))}
          </tbody>
        </table>
      )}
      <OpenNotes view={view} step={step} />
      <Reasons view={view} step={step} />
    </Panel>
  )
}
