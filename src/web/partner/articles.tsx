import type { FC } from 'hono/jsx'
import type { Article } from '../../intranet/articles.ts'
import { inNetwork } from '../in-network.ts'
import { PublicPage } from '../layout.tsx'
import { Empty } from '../ui/notice.tsx'
import type { View } from '../view.ts'

/** What the network has published, the latest first, as partners read it. */
export const PartnerArticlesPage: FC<{ view: View; rows: readonly Article[]; next?: string }> = ({
  view,
  rows,
  next,
}) => {
  const { t, formats } = view
  return (
    <PublicPage view={view} title={t('articles.title')} isWide>
      <h1>{t('articles.title')}</h1>
      {rows.length === 0 && <Empty text={t('articles.none')} />}
      {rows.map(({ id, title, author, body, publishedAt }) => (
        <article id={id}>
          <h2>{title}</h2>
          <p class="note">{t('articles.signed', { author, when: formats.date(publishedAt) })}</p>
          {body.split(/\r?\n\s*\r?\n/).map((paragraph) => (
            <p>{paragraph}</p>
          ))}
        </article>
      ))}
      {next && <a href={inNetwork(view, `/p/articles?cursor=${encodeURIComponent(next)}`)}>{t('articles.older')}</a>}
      <p>
        <a href={inNetwork(view, '/p')}>{t('challenge.backToMine')}</a>
      </p>
    </PublicPage>
  )
}
