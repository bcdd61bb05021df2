import type { FC } from 'hono/jsx'
import { ConsolePage, inNetwork } from '../../layout.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { ConversationList, type ListProps } from './list.tsx'
import { ConversationThread, type ThreadProps } from './thread.tsx'

/** The list, and beside it one conversation; on a phone one or the other. */
export const InboxPage: FC<{ list: ListProps; thread?: ThreadProps; maySave: boolean }> = ({
  list,
  thread,
  maySave,
}) => {
  const { view } = list
  const { t } = view
  return (
    <ConsolePage view={view} title={t('inbox.title')} current="inbox">
      {!thread && (
        <PageHeading title={t('inbox.title')} lead={t('inbox.lead')}>
          {maySave && <LinkButton href={inNetwork(view, '/console/inbox/saved')} text={t('inbox.saved')} />}
          <LinkButton href={inNetwork(view, '/console/tasks')} text={t('sequence.tasks')} />
        </PageHeading>
      )}
      <div class={thread ? 'inbox has-thread' : 'inbox'}>
        <ConversationList {...list} />
        {thread ? (
          <ConversationThread {...thread} />
        ) : (
          list.rows.length > 0 && <p class="inbox-choose note">{t('inbox.choose')}</p>
        )}
      </div>
    </ConsolePage>
  )
}
