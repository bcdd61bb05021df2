import type { FC } from 'hono/jsx'
import type { notifications } from '../../../db/schema.ts'
import { notificationKinds } from '../../../notification/kinds.ts'
import { ConsolePage, inNetwork } from '../../layout.tsx'
import { ActionButton } from '../../ui/form.tsx'
import { Empty } from '../../ui/notice.tsx'
import type { View } from '../../view.ts'

interface Row {
  notification: typeof notifications.$inferSelect
  network: string
}

/** The sentence of a notification in the reader's language. */
export function sentenceOf({ t }: View, { kind, params }: Row['notification']): string {
  const known = notificationKinds.find((candidate) => candidate === kind)
  return known ? t(`notifications.kinds.${known}`, params) : kind
}

const Item: FC<{ view: View; row: Row }> = ({ view, row: { notification, network } }) => {
  const { t, formats, networks = [] } = view
  return (
    <li class={notification.readAt ? 'notification' : 'notification unread'}>
      <div>
        <p>
          {!notification.readAt && <span class="hidden">{t('notifications.unread')} </span>}
          {sentenceOf(view, notification)}
        </p>
        <p class="note">
          <time datetime={notification.createdAt.toISOString()}>{formats.short(notification.createdAt)}</time>
          {networks.length > 1 && ` · ${network}`}
        </p>
      </div>
      <ActionButton action={`/console/notifications/${notification.id}`} text={t('notifications.open')} />
    </li>
  )
}

export const NotificationsPage: FC<{
  view: View
  rows: Row[]
  next?: string
  show: 'unread' | 'all'
  isContinued: boolean
}> = ({ view, rows, next, show, isContinued }) => {
  const { t } = view
  const url = (given: Record<string, string>) =>
    inNetwork(view, `/console/notifications?${new URLSearchParams({ show, ...given })}`)
  const choice = (name: 'unread' | 'all', text: string) => (
    <a href={url({ show: name })} aria-current={show === name ? 'page' : undefined}>
      {text}
    </a>
  )
  return (
    <ConsolePage view={view} title={t('notifications.title')}>
      <div class="heading">
        <div>
          <h1>{t('notifications.title')}</h1>
          <p class="lead">{t('notifications.lead')}</p>
        </div>
        {(view.unread ?? 0) > 0 && (
          <ActionButton action="/console/notifications/read" text={t('notifications.markAllRead')} kind="quiet" />
        )}
      </div>
      <nav class="picker" aria-label={t('ui.filters')}>
        {choice('all', t('notifications.everything'))}
        {choice('unread', t('notifications.onlyUnread'))}
      </nav>
      {rows.length === 0 && !isContinued ? (
        <Empty text={t('notifications.none')}>
          <p class="note">{t('notifications.noneHow')}</p>
        </Empty>
      ) : (
        <ul class="notifications">
          {rows.map((row) => (
            <Item view={view} row={row} />
          ))}
        </ul>
      )}
      {next && (
        <p class="pager">
          <a class="button" href={url({ cursor: next })}>
            {t('ui.more')}
          </a>
        </p>
      )}
    </ConsolePage>
  )
}
