import type { FC } from 'hono/jsx'
import { mayHaveLeft } from '../../../deliver/review.ts'
import { inNetwork } from '../../layout.tsx'
import { ActionButton } from '../../ui/form.tsx'
import { Panel } from '../../ui/panel.tsx'
import type { View } from '../../view.ts'
import { reasonText } from '../reasons.ts'
import type { DeliveryDetail } from './find-delivery.ts'

/** On a delivery in doubt: why nobody can tell whether it left, and the two answers a person may give. */
export const ReviewPanel: FC<{ view: View; detail: DeliveryDetail; mayDecide: boolean }> = ({
  view,
  detail: { delivery, attempts },
  mayDecide,
}) => {
  const { t } = view
  if (delivery.status !== 'needs_review') return null
  const tried = attempts.find((attempt) => attempt.number === delivery.attempt)
  const detail = tried?.detail ?? tried?.code
  const action = inNetwork(view, `/console/outbox/${delivery.id}/review`)
  return (
    <Panel title={t('review.panel')} id="review" note={delivery.reason && reasonText(delivery.reason, view.language)}>
      {detail && <p>{t('review.answer', { detail: reasonText(detail, view.language) })}</p>}
      {mayDecide && mayHaveLeft(delivery) && (
        <>
          <ActionButton action={action} text={t('review.left')} fields={{ verdict: 'left' }} />
          <p class="note">{t('review.leftWhat')}</p>
        </>
      )}
      {mayDecide && (
        <>
          <ActionButton action={action} text={t('review.notLeft')} fields={{ verdict: 'not_left' }} />
          <p class="note">{t('review.notLeftWhat')}</p>
        </>
      )}
    </Panel>
  )
}
