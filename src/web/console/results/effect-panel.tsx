import type { FC } from 'hono/jsx'
import { leastCampaigns, leastHeldOut, type Uplift, upliftOf } from '../../../engagement/uplift.ts'
import type { Sides } from '../../../results/effect.ts'
import { Panel } from '../../ui/panel.tsx'
import type { View } from '../../view.ts'

interface EffectProps {
  view: View
  /** Undefined before the first step. */
  effect: { acted: Sides; unprompted: Sides } | undefined
  campaigns: number
  title: string
  /** What the figures are of, and until when. */
  note: string
}

/** A difference of shares in points, with its sign. */
const points = (view: View, value: number, isSigned = false): string => {
  const rounded = Math.round(value * 1_000) / 10
  const sign = rounded < 0 ? '−' : isSigned && rounded > 0 ? '+' : ''
  return `${sign}${view.formats.number(Math.abs(rounded))}`
}

/** What may be said of a difference, in one or two sentences: never a figure that chance alone could have made. */
export function upliftText(view: View, uplift: Uplift): string {
  const { t } = view
  if (uplift.isMeasurable) {
    const { value, low, high } = uplift.difference
    const verdict = low > 0 ? 'more' : high < 0 ? 'less' : 'none'
    return [
      t('results.effect.difference', {
        value: points(view, value, true),
        low: points(view, low, true),
        high: points(view, high, true),
      }),
      t(`results.effect.${verdict}`),
    ].join(' ')
  }
  const why = t(`results.effect.why.${uplift.reason}`, { people: leastHeldOut, campaigns: leastCampaigns })
  if (uplift.leastDetectable === undefined) return `${t('results.effect.notMeasurable')} ${why}`
  return [
    t('results.effect.notMeasurable'),
    why,
    t('results.effect.least', { points: points(view, uplift.leastDetectable) }),
  ].join(' ')
}

const SideCell: FC<{ view: View; label: string; of: { acted: number; people: number } }> = ({ view, label, of }) => (
  <td data-label={label}>
    {view.formats.share(of.acted, of.people)}
    <small>{view.t('results.effect.ofPeople', { acted: view.formats.number(of.acted), count: of.people })}</small>
  </td>
)

/** What was changed, beside those left out by lot: a difference with its interval, or why there is none to tell. */
export const EffectPanel: FC<EffectProps> = ({ view, effect, campaigns, title, note }) => {
  const { t } = view
  const hasHeldOut = effect !== undefined && effect.acted.heldOut.people > 0
  return (
    <Panel id="effect" title={title} note={note}>
      {!hasHeldOut && (
        <p>
          {t('results.effect.notMeasurable')} {t('results.effect.why.no_holdout')}
        </p>
      )}
      {hasHeldOut && (
        <table class="figures cards">
          <caption class="hidden">{title}</caption>
          <thead>
            <tr>
              <th scope="col">{t('results.effect.what')}</th>
              <th scope="col">{t('results.effect.treated')}</th>
              <th scope="col">{t('results.effect.heldOut')}</th>
              <th scope="col">{t('results.effect.change')}</th>
            </tr>
          </thead>
          <tbody>
            {(['acted', 'unprompted'] as const).map((outcome) => (
              <tr>
                <th scope="row">
                  {t(`results.effect.${outcome}`)}
                  <small>{t(`results.effect.${outcome}How`)}</small>
                </th>
                <SideCell view={view} label={t('results.effect.treated')} of={effect[outcome].treated} />
                <SideCell view={view} label={t('results.effect.heldOut')} of={effect[outcome].heldOut} />
                <td data-label={t('results.effect.change')} class="text">
                  {upliftText(view, upliftOf({ ...effect[outcome], campaigns }))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  )
}
