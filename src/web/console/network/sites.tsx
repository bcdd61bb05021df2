import type { FC } from 'hono/jsx'
import { can } from '../../../accounts/policy.ts'
import type { ListedSite, listSites, SiteListQuery } from '../../../network/list/sites.ts'
import { ConsolePage, inNetwork } from '../../layout.tsx'
import { Badge } from '../../ui/badge.tsx'
import { FilterSelect, Filters, FilterText } from '../../ui/filters.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { type Column, DataTable } from '../../ui/table.tsx'
import type { View } from '../../view.ts'
import { Stopped } from './contacts.tsx'
import { listAddress } from './list-address.ts'
import { NetworkTabs } from './tabs.tsx'

interface SitesProps {
  view: View
  query: SiteListQuery
  page: Awaited<ReturnType<typeof listSites>>
  areas: string[]
}

const columnsFor = (view: View): Column<ListedSite>[] => {
  const { t, formats } = view
  return [
    {
      key: 'name',
      head: t('network.name'),
      isSortable: true,
      cell: ({ site }) => (
        <>
          <a class="row-link" href={`/console/sites/${site.id}`}>
            {site.name}
          </a>
          <small>{site.externalId}</small>
          {!site.isActive && <Badge text={t('site.inactive')} />}
        </>
      ),
    },
    { key: 'city', head: t('network.city'), isSortable: true, cell: ({ site }) => site.city ?? '–' },
    { key: 'area', head: t('network.area'), isSortable: true, cell: ({ site }) => site.area || '–' },
    { key: 'typology', head: t('network.typology'), cell: ({ site }) => site.typology ?? '–' },
    { key: 'tier', head: t('network.tier'), cell: ({ site }) => site.tier ?? '–' },
    {
      key: 'contacts',
      head: t('network.contactCount'),
      isNumber: true,
      cell: ({ site, contacts, hasMoreContacts }) => (
        <a href={inNetwork(view, `/console/contacts?site=${site.id}`)}>
          {hasMoreContacts ? t('network.moreThan', { count: contacts }) : formats.number(contacts)}
        </a>
      ),
    },
  ]
}

/** The sites of the network, a page at a time. */
export const SitesPage: FC<SitesProps> = ({ view, query, page, areas }) => {
  const { t, user, network } = view
  const { cursor, sort = 'name', direction = 'up', text, area, state } = query
  const isFiltered = text !== undefined || area !== undefined || state !== undefined
  const kept = { sort: query.sort, direction: query.direction }
  const url = listAddress(view, '/console/sites', { q: text, area, state, ...kept })
  const mayWrite = user && network && can(user, 'site.write', network.id)
  return (
    <ConsolePage view={view} title={t('network.sites')} current="network">
      <PageHeading title={t('network.sites')} lead={t('network.sitesLead')}>
        {mayWrite && (
          <LinkButton href={inNetwork(view, '/console/sites/new')} text={t('network.addSite')} icon="plus" />
        )}
      </PageHeading>
      <NetworkTabs view={view} current="sites" />
      <Filters view={view} action="/console/sites" keep={kept} isFiltered={isFiltered}>
        <FilterText name="q" label={t('network.siteText')} value={text} />
        {areas.length > 0 && (
          <FilterSelect
            view={view}
            name="area"
            label={t('network.area')}
            value={area}
            choices={areas.map((value) => ({ value, text: value }))}
          />
        )}
        <FilterSelect
          view={view}
          name="state"
          label={t('network.state')}
          value={state}
          all={t('network.states.active')}
          choices={(['inactive', 'all'] as const).map((value) => ({ value, text: t(`network.states.${value}`) }))}
        />
      </Filters>
      <DataTable
        view={view}
        caption={t('network.sitesCaption')}
        columns={columnsFor(view).map((column) => ({ ...column, isSortable: column.isSortable && !text }))}
        rows={page.rows}
        sort={text ? undefined : { by: sort, direction }}
        url={url}
        next={page.next}
        isContinued={cursor !== undefined || (page.rows.length === 0 && page.next !== undefined)}
        empty={
          isFiltered ? (
            <>
              <p>{t('network.noSiteMatch')}</p>
              <a class="button" href={inNetwork(view, '/console/sites')}>
                {t('ui.clear')}
              </a>
            </>
          ) : (
            <>
              <p>{t('network.noSites')}</p>
              <p>{t('network.noSitesHow')}</p>
            </>
          )
        }
      />
      <Stopped view={view} after={page.stoppedAfter} />
    </ConsolePage>
  )
}
