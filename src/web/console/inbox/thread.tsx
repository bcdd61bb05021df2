import type { FC } from 'hono/jsx'
import type { Composed } from '../../../inbox/compose.ts'
import { longestAnswer } from '../../../inbox/compose.ts'
import type { InboxFilter } from '../../../inbox/list.ts'
import { longestNote } from '../../../inbox/note.ts'
import type { SavedAnswer } from '../../../inbox/saved-answers.ts'
import type { Thread } from '../../../inbox/thread.ts'
import type { AnsweredChannel } from '../../../inbox/whose.ts'
import { Channel } from '../../labels.tsx'
import { TextArea } from '../../ui/field.tsx'
import { ActionButton, type Problems } from '../../ui/form.tsx'
import { Menu } from '../../ui/menu.tsx'
import { Flash } from '../../ui/notice.tsx'
import { inLanguage, type View } from '../../view.ts'
import { listQuery } from './list.tsx'
import { MessageList } from './messages.tsx'
import { type InboxDone, whyText, withWhom } from './say.ts'
import { AnswerSize } from './size.tsx'

export interface ThreadProps {
  view: View
  filter: InboxFilter
  thread: Thread
  mayAnswer: boolean
  /** The address of the sender an answer leaves from, or why none can. */
  answerable: { can: true; sender: string } | { can: false; code: string }
  saved: SavedAnswer[]
  /** One for each time the form is shown: sent twice, it is answered once. */
  formKey: string
  draft?: string
  note?: string
  composed?: Composed
  problems?: Problems
  done?: InboxDone
}

const Head: FC<{ props: ThreadProps }> = ({ props: { view, filter, thread, mayAnswer } }) => {
  const { t, language, user } = view
  const { conversation, people, campaign, sender, assignee } = thread
  const here = `/console/inbox/${conversation.id}`
  const [only, ...others] = people
  const isOne = others.length === 0
  const { name } = withWhom(view, {
    channel: conversation.channel,
    firstName: isOne ? (only?.firstName ?? null) : null,
    lastName: isOne ? (only?.lastName ?? null) : null,
    siteName: null,
    hasAddress: people.length > 0,
  })
  const isMine = conversation.assignedTo === user?.id
  const said = listFields(view, filter)
  return (
    <header class="thread-head">
      <p class="back">
        <a href={`/console/inbox?${listQuery(view, filter)}`}>{t('inbox.back')}</a>
      </p>
      <h1>{name}</h1>
      <p class="card-line">
        <Channel view={view} channel={conversation.channel} />
        <span>{conversation.address}</span>
        {people.map((person) => (
          <a href={`/console/contacts/${person.id}`}>
            {isOne ? person.siteName : [person.firstName, person.lastName].filter(Boolean).join(' ')}
          </a>
        ))}
      </p>
      <p class="note">
        {[
          campaign && `${t('inbox.answers')}${t('colon')} ${inLanguage(campaign.title, language, campaign.name)}`,
          sender && `${t('inbox.wroteTo')}${t('colon')} ${sender.address ?? sender.name}`,
          conversation.assignedTo
            ? t('inbox.assignedTo', { name: isMine ? t('inbox.mine') : (assignee ?? t('inbox.someone')) })
            : t('inbox.nobody'),
          conversation.status === 'closed' && t('inbox.closed'),
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      {mayAnswer && (
        <div class="toolbar">
          {isMine ? (
            <ActionButton action={`${here}/assign`} text={t('inbox.release')} fields={{ ...said, to: '' }} />
          ) : (
            <ActionButton action={`${here}/assign`} text={t('inbox.take')} fields={{ ...said, to: user?.id ?? '' }} />
          )}
          <ActionButton
            action={`${here}/${conversation.status === 'open' ? 'close' : 'reopen'}`}
            text={t(conversation.status === 'open' ? 'inbox.close' : 'inbox.reopen')}
            fields={said}
          />
          {conversation.unread > 0 && (
            <ActionButton action={`${here}/read`} text={t('inbox.markRead')} kind="quiet" fields={said} />
          )}
          {thread.colleagues.length > 1 && (
            <Menu text={t('inbox.assign')}>
              {thread.colleagues
                .filter(({ id }) => id !== user?.id)
                .map(({ id, name: colleague }) => (
                  <ActionButton action={`${here}/assign`} text={colleague} kind="quiet" fields={{ ...said, to: id }} />
                ))}
            </Menu>
          )}
        </div>
      )}
    </header>
  )
}

/** The list as it stands, for a form that comes back to it. */
export const listFields = (view: View, filter: InboxFilter): Record<string, string> => ({
  list: listQuery(view, filter),
})

const AnswerForm: FC<{ props: ThreadProps }> = ({ props }) => {
  const { view, filter, thread, answerable, saved, formKey, draft, composed, problems } = props
  const { t } = view
  const { conversation } = thread
  const channel = conversation.channel as AnsweredChannel
  const here = `/console/inbox/${conversation.id}`
  if (!answerable.can)
    return (
      <Flash tone="warning">
        <strong>{t('inbox.cannot')}</strong>
        <br />
        {whyText(view, answerable.code)}
      </Flash>
    )
  return (
    <form class="form answer-form" method="post" action={`${here}/answer`} novalidate>
      {Object.entries({ ...listFields(view, filter), key: formKey }).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <div
        hx-post={`${here}/size`}
        hx-trigger="input changed delay:400ms"
        hx-include="closest form"
        hx-target="#answer-size"
        hx-swap="innerHTML"
      >
        <TextArea
          view={view}
          name="text"
          label={t('inbox.answerLabel')}
          hint={t(channel === 'sms' ? 'inbox.smsHint' : 'inbox.mailHint', { sender: answerable.sender })}
          error={problems?.text}
          value={draft}
          rows={channel === 'sms' ? 3 : 7}
          maxlength={longestAnswer[channel]}
          isRequired
        />
      </div>
      <div id="answer-size" aria-live="polite">
        {composed && <AnswerSize view={view} composed={composed} isWhole />}
      </div>
      <div class="buttons">
        <button type="submit" class="primary">
          {t(`inbox.send.${channel}`)}
        </button>
        <button type="submit" class="quiet" formaction={`${here}/preview`}>
          {t('inbox.preview')}
        </button>
      </div>
      {saved.length > 0 && (
        <details class="saved-answers">
          <summary>{t('inbox.saved')}</summary>
          <ul>
            {saved.map(({ id, name }) => (
              <li>
                <a href={`${here}?${listQuery(view, filter)}&saved=${id}#text`}>{name}</a>
              </li>
            ))}
          </ul>
        </details>
      )}
    </form>
  )
}

/** One conversation: who it is with, what was said, and how to answer. */
export const ConversationThread: FC<ThreadProps> = (props) => {
  const { view, filter, thread, mayAnswer, formKey, note, problems, done } = props
  const { t } = view
  const here = `/console/inbox/${thread.conversation.id}`
  return (
    <section class="inbox-thread">
      <Head props={props} />
      {done && <Flash tone="good">{t(`inbox.said.${done}`)}</Flash>}
      <MessageList view={view} thread={thread} />
      {mayAnswer ? <AnswerForm props={props} /> : <p class="note">{t('inbox.readOnly')}</p>}
      {mayAnswer && (
        <details class="note-form" open={problems?.note !== undefined}>
          <summary>{t('inbox.noteAdd')}</summary>
          <form class="form" method="post" action={`${here}/note`} novalidate>
            {Object.entries({ ...listFields(view, filter), key: formKey }).map(([name, value]) => (
              <input type="hidden" name={name} value={value} />
            ))}
            <TextArea
              view={view}
              name="note"
              label={t('inbox.noteLabel')}
              hint={t('inbox.noteHint')}
              error={problems?.note}
              value={note}
              rows={2}
              maxlength={longestNote}
              isRequired
            />
            <button type="submit">{t('inbox.noteAdd')}</button>
          </form>
        </details>
      )}
    </section>
  )
}
