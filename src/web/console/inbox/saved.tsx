import type { FC } from 'hono/jsx'
import { longestName, longestSaved, type SavedAnswer } from '../../../inbox/saved-answers.ts'
import { languages } from '../../../words.ts'
import { Breadcrumb, ConsolePage, inNetwork } from '../../layout.tsx'
import { TextArea, TextField } from '../../ui/field.tsx'
import { ActionButton, Form, type Problems } from '../../ui/form.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { Empty, Flash } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import type { View } from '../../view.ts'

export interface SavedEntry {
  id?: string
  name: string
  fr: string
  en: string
}

/** The answers a network gives again and again; the form below adds one, or changes the one that was chosen. */
export const SavedAnswersPage: FC<{
  view: View
  saved: SavedAnswer[]
  entry: SavedEntry
  problems?: Problems
  done?: 'saved' | 'removed'
}> = ({ view, saved, entry, problems, done }) => {
  const { t } = view
  const here = inNetwork(view, '/console/inbox/saved')
  return (
    <ConsolePage view={view} title={t('savedAnswers.title')} current="inbox">
      <Breadcrumb view={view} trail={[[t('inbox.title'), inNetwork(view, '/console/inbox')]]} />
      <PageHeading title={t('savedAnswers.title')} lead={t('savedAnswers.lead')} />
      {done && <Flash tone="good">{t(`savedAnswers.said.${done}`)}</Flash>}
      {saved.length === 0 ? (
        <Empty text={t('savedAnswers.none')} />
      ) : (
        <ul class="plain-list saved-list">
          {saved.map(({ id, name, text }) => (
            <li>
              <a href={`${here}&id=${id}#entry`}>{name}</a>
              <small>{text[view.language] ?? Object.values(text)[0]}</small>
              <ActionButton
                action={`/console/inbox/saved/remove?network=${encodeURIComponent(view.network?.name ?? '')}`}
                text={t('savedAnswers.remove')}
                kind="quiet"
                fields={{ id }}
              />
            </li>
          ))}
        </ul>
      )}
      <Panel title={entry.id ? entry.name : t('savedAnswers.add')} id="entry">
        <Form view={view} action={here} problems={problems}>
          {entry.id && <input type="hidden" name="id" value={entry.id} />}
          <TextField
            view={view}
            name="name"
            label={t('savedAnswers.name')}
            hint={t('savedAnswers.nameHint')}
            value={entry.name}
            error={problems?.name}
            maxlength={longestName}
            isRequired
          />
          {languages.map((language) => (
            <TextArea
              view={view}
              name={language}
              label={t(`savedAnswers.${language}`)}
              value={entry[language]}
              error={problems?.[language]}
              rows={3}
              maxlength={longestSaved}
            />
          ))}
          <button type="submit" class="primary">
            {t('savedAnswers.save')}
          </button>
        </Form>
      </Panel>
    </ConsolePage>
  )
}
