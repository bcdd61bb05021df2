import type { FC } from 'hono/jsx'
import { figureOf } from '../../../campaign/control.ts'
import type { StopFigures } from '../../../db/schema/campaign.ts'
import { CheckField } from '../../ui/field.tsx'
import type { View } from '../../view.ts'

const paramsOf = ({ bad, sent, rate }: StopFigures) => ({ bad, sent, share: bad / sent, limit: rate })

/** On a campaign that Relais stopped by itself: for which figure, and what to look at first. */
export const StoppedBanner: FC<{ view: View; figures: StopFigures }> = ({ view: { t }, figures }) => (
  <p class="flash bad" role="status">
    {t(`campaignStopped.${figures.kind}`, paramsOf(figures))} {t('campaignStopped.advice')}
  </p>
)

/** Whoever resumes it says that they have seen the figure, by its name. */
export const SeenFigure: FC<{ view: View; figures: StopFigures; isUnseen?: boolean }> = ({
  view,
  figures,
  isUnseen,
}) => (
  <CheckField
    view={view}
    name="despite"
    value={figureOf(figures)}
    label={view.t(`campaignStopped.despite_${figures.kind}`, paramsOf(figures))}
    error={isUnseen ? view.t('campaignStopped.need') : undefined}
  />
)
