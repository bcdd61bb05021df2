import type { Child, FC } from 'hono/jsx'
import { CampaignState } from '../../labels.tsx'
import { ConsolePage, inNetwork } from '../../layout.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { Empty } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { inLanguage, type View } from '../../view.ts'
import { contactName } from '../network/contacts.tsx'
import type { SearchResult } from './find.ts'

const groups = ['contacts', 'sites', 'campaigns', 'templates'] as const

const Group: FC<{
  view: View
  name: (typeof groups)[number]
  count: number
  /** Where all of them are, when there are more than are shown. */
  all?: string
  children?: Child
}> = ({ view, name, count, all, children }) =>
  count === 0 ? null : (
    <Panel
      id={name}
      title={view.t(`search.${name}`)}
      action={all && <a href={inNetwork(view, all)}>{view.t('search.all')}</a>}
    >
      <ul class="plain-list">{children}</ul>
    </Panel>
  )

/** What was found in the network, group by group. */
export const SearchPage: FC<{ view: View; text: string; result?: SearchResult }> = ({ view, text, result }) => {
  const { t, network } = view
  const found = result && groups.some((name) => (result[name]?.rows.length ?? 0) > 0)
  const query = encodeURIComponent(text)
  const { contacts, sites, campaigns, templates } = result ?? {}
  return (
    <ConsolePage view={view} title={text ? t('search.results', { text }) : t('search.title')}>
      <PageHeading title={text ? t('search.results', { text }) : t('search.title')} />
      <search>
        <form class="filters" action="/console/search">
          <input type="hidden" name="network" value={network?.name ?? ''} />
          <label class="grow">
            {t('search.label')}
            <input type="search" name="q" value={text} maxlength={200} aria-describedby="search-hint" />
          </label>
          <div class="filters-end">
            <button type="submit" class="primary">
              {t('ui.search')}
            </button>
          </div>
        </form>
        <p class="hint" id="search-hint">
          {t('search.hint')}
        </p>
      </search>
      {!result && <Empty text={t(text ? 'search.short' : 'search.empty')} />}
      {result && !found && (
        <Empty text={t('search.none', { text })}>
          <p>
            {t('search.lookedIn', {
              places: groups
                .filter((name) => result[name] !== undefined)
                .map((name) => t(`search.places.${name}`))
                .join(', '),
            })}
          </p>
        </Empty>
      )}
      {contacts && (
        <Group
          view={view}
          name="contacts"
          count={contacts.rows.length}
          all={contacts.hasMore ? `/console/contacts?state=all&q=${query}` : undefined}
        >
          {contacts.rows.map(({ contact, site }) => (
            <li>
              <a href={`/console/contacts/${contact.id}`}>{contactName(view, contact)}</a>
              <small>{[contact.function, site.name, site.city].filter(Boolean).join(' · ')}</small>
            </li>
          ))}
        </Group>
      )}
      {sites && (
        <Group
          view={view}
          name="sites"
          count={sites.rows.length}
          all={sites.hasMore ? `/console/sites?state=all&q=${query}` : undefined}
        >
          {sites.rows.map((site) => (
            <li>
              <a href={`/console/sites/${site.id}`}>{site.name}</a>
              <small>{[site.externalId, site.city, site.area].filter(Boolean).join(' · ')}</small>
            </li>
          ))}
        </Group>
      )}
      {campaigns && (
        <Group
          view={view}
          name="campaigns"
          count={campaigns.rows.length}
          all={campaigns.hasMore ? '/console/campaigns' : undefined}
        >
          {campaigns.rows.map((campaign) => (
            <li>
              <a href={`/console/campaigns/${campaign.id}`}>
                {inLanguage(campaign.title, view.language, campaign.name)}
              </a>
              <CampaignState view={view} status={campaign.status} />
            </li>
          ))}
        </Group>
      )}
      {templates && (
        <Group
          view={view}
          name="templates"
          count={templates.rows.length}
          all={templates.hasMore ? '/console/library' : undefined}
        >
          {templates.rows.map((name) => (
            <li>
              <a href={inNetwork(view, '/console/library')}>{name}</a>
            </li>
          ))}
        </Group>
      )}
    </ConsolePage>
  )
}
