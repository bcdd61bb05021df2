import type { FC } from 'hono/jsx'
import { can } from '../../../accounts/policy.ts'
import type { Simulation } from '../../../challenge/simulation/keep.ts'
import type { Reject } from '../../../challenge/simulation/read-results.ts'
import type { Simulated } from '../../../challenge/simulation/simulate.ts'
import { TextField } from '../../ui/field.tsx'
import { KeyFigures } from '../../ui/figures.tsx'
import { Form, type Problems } from '../../ui/form.tsx'
import { Flash } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import type { View } from '../../view.ts'
import type { CampaignRow } from '../campaigns/queries.ts'
import { ChallengeFrame, titleOf } from './challenge-tabs.tsx'

interface SimulationProps {
  view: View
  /** There is a challenge, with pages of its own. */
  isLaunched: boolean
  campaign: CampaignRow
  last: Simulation | undefined
  rejects: readonly Reject[]
  problems?: Problems | undefined
  values: Readonly<Record<string, string>>
}

const rejectsShown = 20

/** How many come to each tenth of their objective, drawn as bars; the objective is where the colour changes. */
const Spread: FC<{ view: View; spread: readonly number[] }> = ({ view, spread }) => {
  const most = Math.max(1, ...spread)
  const [width, height] = [640, 200]
  const wide = width / spread.length
  return (
    <svg class="spread" viewBox={`0 0 ${width} ${height + 34}`} role="img" aria-label={view.t('simulation.spread')}>
      {spread.map((count, at) => (
        <>
          <rect
            class={at >= 10 ? 'reached' : undefined}
            x={at * wide + 2}
            width={wide - 4}
            y={height - (count / most) * (height - 24)}
            height={(count / most) * (height - 24)}
          />
          {count > 0 && (
            <text
              x={at * wide + wide / 2}
              y={height - (count / most) * (height - 24) - 5}
              font-size="15"
              text-anchor="middle"
            >
              {count}
            </text>
          )}
        </>
      ))}
      <line x1="0" x2={width} y1={height} y2={height} />
      {[0, 5, 10, 15, 20].map((at) => (
        <text
          x={Math.min(width - 24, at * wide + (at === 0 ? 22 : 0))}
          y={height + 24}
          font-size="18"
          text-anchor="middle"
        >
          {view.formats.share(at, 10)}
        </text>
      ))}
    </svg>
  )
}

const Figures: FC<{ view: View; found: Simulated; currency: string }> = ({ view, found, currency }) => {
  const { t, formats } = view
  return (
    <>
      <Flash tone={found.verdict === 'fine' ? 'good' : 'warning'}>{t(`simulation.verdicts.${found.verdict}`)}</Flash>
      {found.hasNoHistory && <Flash tone="warning">{t('simulation.noHistory')}</Flash>}
      <KeyFigures
        figures={[
          {
            label: t('simulation.share'),
            value: formats.share(found.reached, found.people),
            note: t('simulation.shareOf', { reached: found.reached, people: found.people }),
          },
          {
            label: t('simulation.cost'),
            value: formats.money(found.cost.allCents, currency),
            ...(found.cost.perReachedCents === null
              ? {}
              : { note: t('simulation.perReached', { cost: formats.money(found.cost.perReachedCents, currency) }) }),
          },
          {
            label: t('simulation.never'),
            value: formats.number(found.neverCould.length),
            note: t('simulation.neverNote'),
          },
        ]}
      />
      <Panel id="spread" title={t('simulation.spread')}>
        <Spread view={view} spread={found.spread} />
      </Panel>
    </>
  )
}

/** Last year under the rules of a campaign's challenge. */
export const SimulationPage: FC<SimulationProps> = ({
  view,
  isLaunched,
  campaign,
  last,
  rejects,
  problems,
  values,
}) => {
  const { t, formats, user, network } = view
  const currency = network?.currency ?? 'EUR'
  const path = `/console/campaigns/${campaign.id}/simulation`
  const mayRun = user !== undefined && network !== undefined && can(user, 'campaign.write', network.id)
  const mayConfirm = user !== undefined && network !== undefined && can(user, 'campaign.approve', network.id)
  const found = last?.figures as Simulated | undefined
  const field = (name: string) => ({ view, name, value: values[name] ?? '', error: problems?.[name] })
  return (
    <ChallengeFrame
      view={view}
      campaign={campaign}
      title={t('simulation.of', { campaign: titleOf(view, campaign) })}
      lead={t('simulation.lead')}
      tab={isLaunched ? 'simulation' : undefined}
    >
      {found && <Figures view={view} found={found} currency={currency} />}
      {last?.confirmedAt && (
        <p>{t('simulation.confirmed', { at: formats.short(last.confirmedAt), reason: last.confirmedReason ?? '' })}</p>
      )}
      {last && found && found.verdict !== 'fine' && !last.confirmedAt && mayConfirm && (
        <Panel id="confirm" title={t('simulation.confirm')} note={t('simulation.confirmNote')}>
          <Form view={view} action={`${path}/confirm`}>
            <input type="hidden" name="simulation" value={last.id} />
            <TextField {...field('reason')} label={t('simulation.reason')} maxlength={500} isRequired />
            <button type="submit">{t('simulation.confirm')}</button>
          </Form>
        </Panel>
      )}
      {rejects.length > 0 && (
        <Panel id="rejects" title={`${t('simulation.rejects')} (${formats.number(rejects.length)})`}>
          <ul>
            {rejects.slice(0, rejectsShown).map(({ line, code, value }) => (
              <li>{t('simulation.rejected', { line, why: t(`simulation.rejectCodes.${code}`), value })}</li>
            ))}
          </ul>
        </Panel>
      )}
      {mayRun && (
        <Panel id="run" title={t('simulation.run')}>
          <Form view={view} action={path} problems={problems} isMultipart>
            <TextField
              view={view}
              name="file"
              type="file"
              label={t('simulation.file')}
              hint={t('simulation.fileHint')}
              error={problems?.file}
              accept=".csv,text/csv"
            />
            <TextField {...field('from')} type="date" label={t('simulation.from')} isRequired />
            <TextField {...field('to')} type="date" label={t('simulation.to')} isRequired />
            <TextField {...field('reachedPrize')} label={t('simulation.reachedPrize', { currency })} />
            <TextField
              {...field('topPrizes')}
              label={t('simulation.topPrizes', { currency })}
              hint={t('simulation.topPrizesHint')}
            />
            <button type="submit" class="primary">
              {t('simulation.run')}
            </button>
          </Form>
        </Panel>
      )}
    </ChallengeFrame>
  )
}
