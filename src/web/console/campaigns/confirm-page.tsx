import type { FC } from 'hono/jsx'
import type { Concerned } from '../../../campaign/control.ts'
import { ConsolePage } from '../../layout.tsx'
import { TextField } from '../../ui/field.tsx'
import { Flash } from '../../ui/notice.tsx'
import type { View } from '../../view.ts'
import { CampaignTrail } from './new-pages.tsx'

/** Closing a campaign to newcomers, or canceling one step of it: what that concerns, before it is done. */
export const ConfirmPage: FC<{
  view: View
  campaignId: string
  title: string
  what: { is: 'close' } | { is: 'step'; step: string; concerned: Concerned }
  refused?: string
}> = ({ view, campaignId, title, what, refused }) => {
  const { t } = view
  const here = `/console/campaigns/${campaignId}`
  const isStep = what.is === 'step'
  const heading = isStep
    ? t('campaignControl.stepTitle', { step: what.step, name: title })
    : t('campaignControl.closeTitle', { name: title })
  const concerned = isStep ? what.concerned : undefined
  return (
    <ConsolePage view={view} title={heading} current="campaigns">
      <CampaignTrail view={view} more={[[title, here]]} />
      {refused && <Flash tone="bad">{refused}</Flash>}
      <section class="confirmation" aria-labelledby="confirmation-title">
        <h1 id="confirmation-title">{heading}</h1>
        <p class="people">
          {concerned
            ? concerned.waiting === 0
              ? t('campaignControl.nothingWaits')
              : t('campaignControl.cancelWhat', { count: concerned.waiting })
            : t('campaignControl.closeWhat')}
        </p>
        {concerned && (
          <ul class="notices">
            {concerned.letters > 0 && <li>{t('campaignControl.letters', { count: concerned.letters })}</li>}
            {concerned.lettersGone > 0 && <li>{t('campaignControl.lettersGone', { count: concerned.lettersGone })}</li>}
            {concerned.leaving > 0 && <li>{t('campaignControl.leaving', { count: concerned.leaving })}</li>}
            {concerned.gone > 0 && <li>{t('campaignControl.gone', { count: concerned.gone })}</li>}
            <li>{t('campaignControl.stepOthers')}</li>
          </ul>
        )}
        <form method="post" action={isStep ? `${here}/steps/${encodeURIComponent(what.step)}/cancel` : `${here}/close`}>
          {isStep && (
            <TextField
              view={view}
              name="reason"
              label={t('campaignControl.reason')}
              hint={t('campaignControl.reasonHint')}
              maxlength={300}
            />
          )}
          <div class="buttons">
            <button type="submit" class={isStep ? 'danger' : 'primary'}>
              {t(isStep ? 'campaignControl.stepYes' : 'campaignControl.closeYes')}
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
