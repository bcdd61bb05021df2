import type { FC } from 'hono/jsx'
import type { feedsOf } from '../../../campaign/feeds.ts'
import { inNetwork } from '../../in-network.ts'
import { ConsolePage } from '../../layout.tsx'
import { ActionButton } from '../../ui/form.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { Flash } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import type { View } from '../../view.ts'

export interface FeedsProps {
  view: View
  feeds: Awaited<ReturnType<typeof feedsOf>>
  titles: ReadonlyMap<string, string>
  /** The campaign somebody came from. */
  campaign?: { id: string; title: string }
  /** The new one's address, shown this once. */
  address?: string
  isRevoked?: boolean
}

/** The calendars somebody subscribes to. */
export const FeedsPage: FC<FeedsProps> = ({ view, feeds, titles, campaign, address, isRevoked }) => {
  const { t, formats } = view
  const here = '/console/calendar/feeds'
  const network = view.network?.name ?? ''
  return (
    <ConsolePage view={view} title={t('calendar.feedsTitle')} current="campaigns">
      <PageHeading title={t('calendar.feedsTitle')} lead={t('calendar.feedsLead')} />
      {isRevoked && <Flash tone="good">{t('calendar.revoked')}</Flash>}
      {address && (
        <Panel id="address" title={t('calendar.created')}>
          <p>
            <code>{address}</code>
          </p>
        </Panel>
      )}
      <Panel id="feeds" title={t('calendar.feeds')}>
        {feeds.length === 0 && <p>{t('calendar.noFeeds')}</p>}
        <ul class="feeds">
          {feeds.map((feed) => (
            <li class="timeline-wait">
              <p>
                <strong>{feed.campaignId ? (titles.get(feed.campaignId) ?? '–') : t('calendar.whole')}</strong>
                {' · '}
                {t('calendar.since', { date: formats.date(feed.createdAt) })}
                {' · '}
                {feed.readAt ? t('calendar.readAt', { date: formats.date(feed.readAt) }) : t('calendar.neverRead')}
              </p>
              <ActionButton
                action={`${here}/revoke?network=${encodeURIComponent(network)}`}
                text={t('calendar.revoke')}
                fields={{ feed: feed.id }}
              />
            </li>
          ))}
        </ul>
        <p>{campaign ? campaign.title : t('calendar.whole')}</p>
        <ActionButton
          action={`${here}?network=${encodeURIComponent(network)}`}
          text={t('calendar.create')}
          kind="primary"
          fields={campaign ? { campaign: campaign.id } : {}}
        />
      </Panel>
      <p>
        <a href={inNetwork(view, '/console/calendar')}>{t('calendar.title')}</a>
      </p>
    </ConsolePage>
  )
}
