import type { FC } from 'hono/jsx'
import type { Challenge } from '../../challenge/challenge.ts'
import type { DeskOutcome } from '../../challenge/desk/act.ts'
import type { Desk } from '../../challenge/desk/desk.ts'
import { DeskParts } from '../challenge/desk.tsx'
import { inNetwork } from '../in-network.ts'
import { PublicPage } from '../layout.tsx'
import { Empty } from '../ui/notice.tsx'
import { inLanguage, type View } from '../view.ts'

/** The challenges a partner may take part in. */
export const PartnerChallengesPage: FC<{ view: View; challenges: readonly Challenge[] }> = ({ view, challenges }) => {
  const { t, formats, language } = view
  return (
    <PublicPage view={view} title={t('challenge.mine')} isWide>
      <h1>{t('challenge.mine')}</h1>
      <p>
        <a href={inNetwork(view, '/p/articles')}>{t('articles.title')}</a>
      </p>
      {challenges.length === 0 ? <Empty text={t('challenge.none')} /> : null}
      <ul class="desk-list">
        {challenges.map(({ id, campaign, endsAt }) => (
          <li>
            <a href={inNetwork(view, `/p/challenges/${id}`)}>{inLanguage(campaign.title, language, campaign.name)}</a>
            <small class="note">{t('challenge.until', { when: formats.date(endsAt) })}</small>
          </li>
        ))}
      </ul>
    </PublicPage>
  )
}

/** One challenge, for oneself or for one's outlet. */
export const PartnerChallengePage: FC<{
  view: View
  desk: Desk
  chosen: string
  others: readonly { key: string; name: string; url: string }[]
  outcome?: DeskOutcome
}> = ({ view, desk, chosen, others, outcome }) => (
  <PublicPage view={view} title={desk.title} isWide>
    {others.length > 1 ? (
      <nav class="tabs" aria-label={view.t('challenge.choose')}>
        {others.map(({ key, name, url }) => (
          <a href={url} aria-current={key === chosen ? 'page' : undefined}>
            {name}
          </a>
        ))}
      </nav>
    ) : null}
    <DeskParts
      view={view}
      desk={desk}
      action={inNetwork(view, `/p/challenges/${desk.challenge.id}`)}
      outcome={outcome}
      fields={{ as: chosen }}
    />
    <p>
      <a href={inNetwork(view, '/p')}>{view.t('challenge.backToMine')}</a>
    </p>
  </PublicPage>
)
