import type { FC } from 'hono/jsx'
import { inNetwork } from '../../in-network.ts'
import { Panel } from '../../ui/panel.tsx'
import { inLanguage, type View } from '../../view.ts'
import { atLeast, Entry } from './entry.tsx'
import type { Waiting } from './waiting.ts'

/** What waits for somebody to decide. */
export const WaitingPanel: FC<{ view: View; waiting: Waiting }> = ({ view, waiting }) => {
  const { t, unread = 0 } = view
  const { drafts, paused, previews, reviews, duplicates, hygiene, invitations } = waiting
  const isNone =
    drafts.length +
      paused.length +
      previews.length +
      reviews.count +
      duplicates.count +
      hygiene.count +
      invitations.count +
      unread ===
    0
  return (
    <Panel title={t('home.waiting')} id="waiting">
      {isNone ? (
        <p class="all-well">{t('home.nothingWaiting')}</p>
      ) : (
        <ul class="entries">
          {drafts.map(({ id, title, name }) => (
            <Entry href={`/console/campaigns/${id}`} note={t('home.draftNote')}>
              {t('home.draft', { campaign: inLanguage(title, view.language, name) })}
            </Entry>
          ))}
          {paused.map(({ id, title, name, reason }) => (
            <Entry href={`/console/campaigns/${id}`} note={reason ?? t('home.standsNote')}>
              {t('home.stands', { campaign: inLanguage(title, view.language, name) })}
            </Entry>
          ))}
          {previews.map(({ id, fileName }) => (
            <Entry href={inNetwork(view, `/console/imports/${id}`)} note={t('home.previewNote')}>
              {t('home.preview', { file: fileName })}
            </Entry>
          ))}
          {unread > 0 && (
            <Entry href={inNetwork(view, '/console/notifications?show=unread')} count={view.formats.number(unread)}>
              {t('home.unread', { count: unread })}
            </Entry>
          )}
          {reviews.count > 0 && (
            <Entry href={inNetwork(view, '/console/outbox/review')} count={atLeast(view, reviews)}>
              {t('home.reviews', { count: reviews.count })}
            </Entry>
          )}
          {duplicates.count > 0 && (
            <Entry href={inNetwork(view, '/console/duplicates')} count={atLeast(view, duplicates)}>
              {t('home.duplicates', { count: duplicates.count })}
            </Entry>
          )}
          {hygiene.count > 0 && (
            <Entry href={inNetwork(view, '/console/hygiene')} count={atLeast(view, hygiene)}>
              {t('home.hygiene', { count: hygiene.count })}
            </Entry>
          )}
          {invitations.count > 0 && (
            <Entry href={inNetwork(view, '/console/settings/users')} count={atLeast(view, invitations)}>
              {t('home.invitations', { count: invitations.count })}
            </Entry>
          )}
        </ul>
      )}
    </Panel>
  )
}
