import type { FC } from 'hono/jsx'
import type { ExperimentState } from '../../../experiment/outcome.ts'
import { variantNames } from '../../../experiment/variant.ts'
import { Panel } from '../../ui/panel.tsx'
import type { View } from '../../view.ts'

/** What may be said of an experiment: which variant went to the rest, and whether chance alone could have chosen it. */
export function experimentText({ t, formats }: View, { decidedAt, winner, figures }: ExperimentState): string {
  if (!decidedAt || !winner || !figures) return t('results.experiment.open')
  const loss = Math.max(0, winner === 'a' ? figures.lossA : figures.lossB)
  return [
    t(`results.experiment.verdict.${figures.verdict}`, { variant: winner.toUpperCase() }),
    t('results.experiment.sureness', {
      share: formats.share(winner === 'b' ? figures.probabilityB : 1 - figures.probabilityB, 1),
      points: formats.number(Math.round(loss * 1_000) / 10),
    }),
  ].join(' ')
}

/** The experiments of a campaign: how each variant went and what was made of it. */
export const ExperimentPanel: FC<{ view: View; experiments: readonly ExperimentState[] }> = ({ view, experiments }) => {
  const { t, formats } = view
  if (experiments.length === 0) return null
  return (
    <Panel id="experiments" title={t('results.experiment.title')} note={t('results.experiment.how')}>
      <table class="figures cards">
        <caption class="hidden">{t('results.experiment.title')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('results.experiment.step')}</th>
            {variantNames.map((variant) => (
              <th scope="col">{t('results.experiment.variant', { variant: variant.toUpperCase() })}</th>
            ))}
            <th scope="col">{t('results.experiment.outcome')}</th>
          </tr>
        </thead>
        <tbody>
          {experiments.map((experiment) => (
            <tr>
              <th scope="row">
                {experiment.step}
                <small>
                  {t('results.experiment.triedOn', {
                    share: formats.share(experiment.share, 1),
                    count: experiment.audience,
                  })}
                </small>
              </th>
              {variantNames.map((variant) => {
                const arm = experiment.figures?.[variant]
                return (
                  <td data-label={t('results.experiment.variant', { variant: variant.toUpperCase() })}>
                    {arm && arm.people > 0 ? formats.share(arm.acted, arm.people) : t('results.notSaid')}
                    {arm && (
                      <small>
                        {t('results.effect.ofPeople', { acted: formats.number(arm.acted), count: arm.people })}
                      </small>
                    )}
                  </td>
                )
              })}
              <td data-label={t('results.experiment.outcome')} class="text">
                {experimentText(view, experiment)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  )
}
