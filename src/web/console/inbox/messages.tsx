import type { FC } from 'hono/jsx'
import type { Thread, ThreadMessage } from '../../../inbox/thread.ts'
import { DeliveryState } from '../../labels.tsx'
import type { View } from '../../view.ts'
import { reasonText } from '../reasons.ts'

/** What was said, the oldest first; with script the thread looks again for answers and how ours fared. */
export const MessageList: FC<{ view: View; thread: Thread }> = ({ view, thread }) => {
  const { t } = view
  return (
    <div
      id="messages"
      hx-get={`/console/inbox/${thread.conversation.id}`}
      hx-trigger="every 15s"
      hx-select="#messages"
      hx-target="#messages"
      hx-swap="outerMorph"
    >
      <ol class="messages" aria-label={t('inbox.thread')}>
        {thread.messages.map((message) => (
          <li class={message.direction} id={`message-${message.id}`}>
            <Message view={view} message={message} />
          </li>
        ))}
      </ol>
    </div>
  )
}

const Message: FC<{ view: View; message: ThreadMessage }> = ({ view, message }) => {
  const { t, formats, language } = view
  const { direction, details, deliveryId } = message
  const name = message.author ?? t('inbox.someone')
  const who = direction === 'in' ? t('inbox.in') : t(`inbox.${direction}`, { name })
  return (
    <>
      <p class="message-head">
        <span>{who}</span>
        <time datetime={message.at.toISOString()}>{formats.short(message.at)}</time>
      </p>
      {message.subject && direction === 'in' && <p class="note">{t('inbox.subject', { subject: message.subject })}</p>}
      <p class="words">{message.text === '' ? t('inbox.noWords') : message.text}</p>
      {details.original && details.original !== message.text && (
        <details>
          <summary>{t('inbox.original')}</summary>
          <p class="words">{details.original}</p>
        </details>
      )}
      {details.attachments && details.attachments.length > 0 && (
        <p class="note">{`${t('inbox.attachments')}${t('colon')} ${details.attachments.map((file) => file.name).join(', ')}`}</p>
      )}
      {details.media !== undefined && <p class="note">{t('inbox.media', { count: details.media })}</p>}
      {details.backOn && <p class="note">{t('inbox.backOn', { day: details.backOn })}</p>}
      {details.isNearStop && <p class="warning-note">{t('inbox.isNearStop')}</p>}
      {message.handledAs && <p class="note">{t(`inbox.handled.${message.handledAs}`)}</p>}
      {direction === 'out' && message.status && deliveryId && (
        <p class="message-foot">
          <a href={`/console/outbox/${deliveryId}`}>
            <DeliveryState view={view} status={message.status} />
          </a>
          {message.reason && <small>{reasonText(message.reason, language)}</small>}
        </p>
      )}
      {direction === 'in' && deliveryId && (
        <p class="message-foot">
          <a href={`/console/outbox/${deliveryId}`}>{t('inbox.delivery')}</a>
        </p>
      )}
    </>
  )
}
