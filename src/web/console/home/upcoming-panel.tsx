import type { FC } from 'hono/jsx'
import { can } from '../../../accounts/policy.ts'
import { inNetwork } from '../../in-network.ts'
import { Channel } from '../../labels.tsx'
import { Panel } from '../../ui/panel.tsx'
import { inLanguage, type View } from '../../view.ts'
import { Entry } from './entry.tsx'
import type { Upcoming } from './upcoming.ts'

/** What leaves next, with when, to how many and by what. */
export const UpcomingPanel: FC<{ view: View; upcoming: Upcoming[] }> = ({ view, upcoming }) => {
  const { t, formats, network, user } = view
  const mayOpen = network && user && can(user, 'campaign.read', network.id)
  const hrefOf = ({ campaignId, messageId }: Upcoming) =>
    mayOpen ? `/console/campaigns/${campaignId}` : inNetwork(view, `/console/outbox?step=${messageId}`)
  return (
    <Panel title={t('home.upcoming')} id="upcoming">
      {upcoming.length === 0 ? (
        <p class="note">{t('home.nothingUpcoming')}</p>
      ) : (
        <ol class="entries">
          {upcoming.map((each) => (
            <Entry href={hrefOf(each)}>
              <time datetime={each.at.toISOString()}>{formats.moment(each.at)}</time>
              <span class="entry-title">
                {inLanguage(each.title, view.language, '')} · {each.step}
              </span>
              <span class="entry-mix">
                {each.waiting.map(({ channel, count, isMore }) => (
                  <span>
                    <Channel view={view} channel={channel} /> {t(isMore ? 'home.waitAtLeast' : 'home.wait', { count })}
                  </span>
                ))}
                {each.waiting.length === 0 && (
                  <small>
                    {each.lastAudience === undefined
                      ? t('home.chosenThen')
                      : t('home.lastAudience', { count: each.lastAudience })}
                  </small>
                )}
              </span>
            </Entry>
          ))}
        </ol>
      )}
    </Panel>
  )
}
