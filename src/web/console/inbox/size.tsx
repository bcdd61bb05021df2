import type { FC } from 'hono/jsx'
import type { Composed } from '../../../inbox/compose.ts'
import type { View } from '../../view.ts'

/** What an answer weighs and costs before it leaves; whole, with its very words. */
export const AnswerSize: FC<{ view: View; composed: Composed; isWhole?: boolean }> = ({ view, composed, isWhole }) => {
  const { t, formats } = view
  const { content, parts, costMillis, currency } = composed
  const words = content.channel === 'sms' || content.channel === 'email' ? content.text : ''
  return (
    <>
      {content.channel === 'sms' && (
        <p class="note">
          {t('inbox.size', {
            parts,
            characters: content.text.length,
            cost: formats.moneyOfMillis(costMillis, currency),
          })}
        </p>
      )}
      {isWhole && (
        <section class="answer-preview" aria-labelledby="answer-preview-title">
          <h2 id="answer-preview-title">{t('inbox.previewTitle')}</h2>
          {content.channel === 'email' && <p class="note">{t('inbox.subject', { subject: content.subject })}</p>}
          <p class="words">{words}</p>
        </section>
      )}
    </>
  )
}
