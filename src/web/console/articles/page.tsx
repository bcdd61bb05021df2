import type { FC } from 'hono/jsx'
import type { Article } from '../../../intranet/articles.ts'
import { ConsolePage, inNetwork } from '../../layout.tsx'
import { TextArea, TextField } from '../../ui/field.tsx'
import { ActionButton, Form, type Problems } from '../../ui/form.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { Empty, Flash } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import type { View } from '../../view.ts'
import { LibraryTabs } from '../library/library-tabs.tsx'

interface ArticlesProps {
  view: View
  rows: readonly Article[]
  next?: string
  mayPublish: boolean
  /** The id the next article will have: sent twice, it is published once. */
  id: string
  values: Readonly<Record<string, string>>
  problems?: Problems
  said?: 'published' | 'withdrawn'
}

const list = '/console/articles'

/** The articles of the intranet, and the form for the next. */
export const ArticlesPage: FC<ArticlesProps> = ({ view, rows, next, mayPublish, id, values, problems = {}, said }) => {
  const { t, formats } = view
  const field = (name: 'title' | 'topic' | 'author', hint: string | undefined, maxlength: number) => (
    <TextField
      view={view}
      name={name}
      label={t(name === 'title' ? 'articles.headline' : `articles.${name}`)}
      hint={hint}
      value={values[name]}
      error={problems[name]}
      maxlength={maxlength}
      isRequired
    />
  )
  return (
    <ConsolePage view={view} title={t('articles.title')} current="library">
      {said && <Flash tone="good">{t(`articles.said.${said}`)}</Flash>}
      <PageHeading title={t('articles.title')} lead={t('articles.lead')} />
      <LibraryTabs view={view} current="articles" />
      {mayPublish && (
        <Panel id="publish" title={t('articles.new')}>
          <Form view={view} action={inNetwork(view, list)} problems={problems}>
            <input type="hidden" name="id" value={id} />
            {field('title', undefined, 200)}
            {field('topic', t('articles.topicHint'), 60)}
            <TextArea
              view={view}
              name="body"
              label={t('articles.body')}
              hint={t('articles.bodyHint')}
              value={values.body}
              error={problems.body}
              rows={10}
              maxlength={20_000}
              isRequired
            />
            {field('author', t('articles.authorHint'), 120)}
            <button type="submit" class="primary">
              {t('articles.publish')}
            </button>
          </Form>
        </Panel>
      )}
      <Panel id="published" title={t('articles.published')}>
        {rows.length === 0 && <Empty text={t('articles.none')} />}
        <ul class="notices">
          {rows.map((row) => (
            <li>
              <strong>{row.title}</strong>{' '}
              <small>
                {t('articles.line', { author: row.author, topic: row.topic, when: formats.short(row.publishedAt) })}
              </small>
              {row.withdrawnAt && <small>{t('articles.withdrawnOn', { when: formats.short(row.withdrawnAt) })}</small>}
              {mayPublish && !row.withdrawnAt && (
                <ActionButton
                  action={inNetwork(view, `${list}/${row.id}/withdraw`)}
                  text={t('articles.withdraw')}
                  kind="quiet"
                />
              )}
            </li>
          ))}
        </ul>
        {next && <a href={inNetwork(view, `${list}?cursor=${encodeURIComponent(next)}`)}>{t('articles.older')}</a>}
      </Panel>
    </ConsolePage>
  )
}
