import type { FC } from 'hono/jsx'
import type { Concerned, Control } from '../../../campaign/control.ts'
import type { StopFigures } from '../../../db/schema/campaign.ts'
import { ConsolePage } from '../../layout.tsx'
import { TextField } from '../../ui/field.tsx'
import { Flash } from '../../ui/notice.tsx'
import type { View } from '../../view.ts'
import { CampaignTrail } from './new-pages.tsx'
import { SeenFigure } from './stopped.tsx'

interface ControlProps {
  view: View
  control: Control
  campaignId: string
  title: string
  concerned: Concerned
  reason?: string
  error?: string
  /** What Relais stopped it for, which whoever resumes it confirms. */
  figures?: StopFigures | null
  /** The figure was not confirmed. */
  isUnseen?: boolean
  /** Why it could not be done. */
  refused?: string
}

/** What pausing, resuming or canceling concerns, before it is done. */
export const ControlPage: FC<ControlProps> = ({ view, control, campaignId, title, concerned, ...given }) => {
  const { t } = view
  const here = `/console/campaigns/${campaignId}`
  const heading = t(`campaignControl.${control}Title`, { name: title })
  const { waiting, leaving, gone, stepsToCome, letters, lettersGone } = concerned
  return (
    <ConsolePage view={view} title={heading} current="campaigns">
      <CampaignTrail view={view} more={[[title, here]]} />
      {given.refused && <Flash tone="bad">{given.refused}</Flash>}
      <section class="confirmation" aria-labelledby="confirmation-title">
        <h1 id="confirmation-title">{heading}</h1>
        <p class="people">
          {waiting === 0 ? t('campaignControl.nothingWaits') : t(`campaignControl.${control}What`, { count: waiting })}
        </p>
        <ul class="notices">
          {stepsToCome > 0 && <li>{t('campaignControl.steps', { count: stepsToCome })}</li>}
          {control === 'cancel' && letters > 0 && <li>{t('campaignControl.letters', { count: letters })}</li>}
          {control === 'cancel' && lettersGone > 0 && (
            <li>{t('campaignControl.lettersGone', { count: lettersGone })}</li>
          )}
          {control !== 'resume' && leaving > 0 && <li>{t('campaignControl.leaving', { count: leaving })}</li>}
          {control === 'cancel' && gone > 0 && <li>{t('campaignControl.gone', { count: gone })}</li>}
        </ul>
        <form method="post" action={`${here}/${control}`}>
          {control !== 'resume' && (
            <TextField
              view={view}
              name="reason"
              label={t('campaignControl.reason')}
              hint={t('campaignControl.reasonHint')}
              value={given.reason}
              error={given.error}
              maxlength={300}
            />
          )}
          {given.figures && <SeenFigure view={view} figures={given.figures} isUnseen={given.isUnseen} />}
          <div class="buttons">
            <button type="submit" class={control === 'cancel' ? 'danger' : 'primary'}>
              {t(`campaignControl.${control}Yes`)}
            </button>
            <a class="button" href={here}>
              {t('campaignControl.keep')}
            </a>
          </div>
        </form>
      </section>
    </ConsolePage>
  )
}
