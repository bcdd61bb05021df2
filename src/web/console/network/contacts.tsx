import type { FC } from 'hono/jsx'
import { can } from '../../../accounts/policy.ts'
import {
  type ContactListQuery,
  type ContactRow,
  contactStates,
  type listContacts,
} from '../../../network/list/contacts.ts'
import { channelNames, profiles } from '../../../words.ts'
import { Channel } from '../../labels.tsx'
import { ConsolePage, inNetwork } from '../../layout.tsx'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { FilterSelect, Filters, FilterText } from '../../ui/filters.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { type Column, DataTable } from '../../ui/table.tsx'
import { inLanguage, type View } from '../../view.ts'
import { listAddress } from './list-address.ts'
import { NetworkTabs } from './tabs.tsx'

interface ContactsProps {
  view: View
  query: ContactListQuery
  page: Awaited<ReturnType<typeof listContacts>>
  areas: string[]
  segments: { name: string; title: Record<string, string> }[]
  /** The site the list is narrowed to. */
  site?: { id: string; name: string }
}

/** How a person is named in a list; one who was erased has no name any more. */
export const contactName = (
  view: View,
  contact: { firstName: string | null; lastName: string | null; erasedAt?: Date | null },
): string =>
  contact.erasedAt
    ? view.t('network.erasedContact')
    : [contact.firstName, contact.lastName].filter(Boolean).join(' ') || view.t('network.unnamed')

const engagementTone: Record<ContactRow['engagement'], Tone> = {
  new: 'quiet',
  hot: 'good',
  warm: 'moving',
  cold: 'quiet',
  dormant: 'warning',
}

const columnsFor = (view: View): Column<ContactRow>[] => {
  const { t } = view
  return [
    {
      key: 'name',
      head: t('network.name'),
      isSortable: true,
      cell: ({ contact }) => (
        <>
          <a class="row-link" href={`/console/contacts/${contact.id}`}>
            {contactName(view, contact)}
          </a>
          {contact.function && <small>{contact.function}</small>}
          {!contact.isActive && !contact.erasedAt && <Badge text={t('contact.inactive')} />}
        </>
      ),
    },
    {
      key: 'site',
      head: t('network.site'),
      isSortable: true,
      cell: ({ site }) => (
        <>
          <a href={`/console/sites/${site.id}`}>{site.name}</a>
          {site.city && <small>{site.city}</small>}
        </>
      ),
    },
    { key: 'profile', head: t('network.profile'), cell: ({ contact }) => t(`profiles.${contact.profile}`) },
    {
      key: 'channels',
      head: t('network.channels'),
      cell: ({ channels }) =>
        channels.size > 0 ? (
          <span class="channels">
            {channelNames
              .filter((channel) => channels.has(channel))
              .map((channel) => (
                <Channel view={view} channel={channel} />
              ))}
          </span>
        ) : (
          <small>{t('network.unreachable')}</small>
        ),
    },
    {
      key: 'engagement',
      head: t('network.engagement'),
      cell: ({ contact, engagement }) =>
        !contact.erasedAt && (
          <Badge text={t(`network.engagementStates.${engagement}`)} tone={engagementTone[engagement]} />
        ),
    },
  ]
}

/** Looking was stopped before the page was full: said, so that a short page is not taken for the end. */
export const Stopped: FC<{ view: View; after?: number }> = ({ view, after }) =>
  after === undefined ? null : <p class="note">{view.t('network.stopped', { count: after })}</p>

/** The people of the network, a page at a time. */
export const ContactsPage: FC<ContactsProps> = ({ view, query, page, areas, segments, site }) => {
  const { t, user, network } = view
  const { cursor, sort = 'name', direction = 'up', ...filter } = query
  const isFiltered = Object.values(filter).some((value) => value !== undefined)
  const given = {
    q: filter.text,
    profile: filter.profile,
    site: filter.siteId,
    area: filter.area,
    segment: filter.segment,
    channel: filter.channel,
    state: filter.state,
  }
  const url = listAddress(view, '/console/contacts', { ...given, sort: query.sort, direction: query.direction })
  const mayWrite = user && network && can(user, 'contact.write', network.id)
  const mayImport = user && network && can(user, 'contact.import', network.id)
  return (
    <ConsolePage view={view} title={t('network.contacts')} current="network">
      <PageHeading
        title={site ? t('network.atSite', { site: site.name }) : t('network.contacts')}
        lead={t('network.contactsLead')}
      >
        {mayImport && (
          <LinkButton href={inNetwork(view, '/console/imports')} text={t('network.importFile')} icon="upload" />
        )}
        {mayWrite && site && (
          <LinkButton
            href={inNetwork(view, `/console/contacts/new?site=${site.id}`)}
            text={t('network.addContact')}
            icon="plus"
          />
        )}
      </PageHeading>
      <NetworkTabs view={view} current="contacts" />
      <Filters
        view={view}
        action="/console/contacts"
        keep={{ site: filter.siteId, sort: query.sort, direction: query.direction }}
        isFiltered={isFiltered}
      >
        <FilterText name="q" label={t('network.text')} value={filter.text} />
        <FilterSelect
          view={view}
          name="profile"
          label={t('network.profile')}
          value={filter.profile}
          choices={profiles.map((value) => ({ value, text: t(`profiles.${value}`) }))}
        />
        {areas.length > 0 && (
          <FilterSelect
            view={view}
            name="area"
            label={t('network.area')}
            value={filter.area}
            choices={areas.map((value) => ({ value, text: value }))}
          />
        )}
        {segments.length > 0 && (
          <FilterSelect
            view={view}
            name="segment"
            label={t('network.segment')}
            value={filter.segment}
            choices={segments.map(({ name, title }) => ({ value: name, text: inLanguage(title, view.language, name) }))}
          />
        )}
        <FilterSelect
          view={view}
          name="channel"
          label={t('network.reachableBy')}
          value={filter.channel}
          choices={channelNames.map((value) => ({ value, text: t(`channels.${value}`) }))}
        />
        <FilterSelect
          view={view}
          name="state"
          label={t('network.state')}
          value={filter.state}
          all={t('network.states.active')}
          choices={contactStates
            .filter((value) => value !== 'active')
            .map((value) => ({ value, text: t(`network.states.${value}`) }))}
        />
      </Filters>
      {filter.text && page.rows.length > 0 && <p class="note">{t('network.byRelevance')}</p>}
      <DataTable
        view={view}
        caption={t('network.caption')}
        columns={columnsFor(view).map((column) => ({ ...column, isSortable: column.isSortable && !filter.text }))}
        rows={page.rows}
        sort={filter.text ? undefined : { by: sort, direction }}
        url={url}
        next={page.next}
        isContinued={cursor !== undefined || (page.rows.length === 0 && page.next !== undefined)}
        empty={
          isFiltered ? (
            <>
              <p>{t('network.noMatch')}</p>
              <a class="button" href={inNetwork(view, '/console/contacts')}>
                {t('ui.clear')}
              </a>
            </>
          ) : (
            <>
              <p>{t('network.noContacts')}</p>
              <p>{t('network.noContactsHow')}</p>
              {mayImport && (
                <LinkButton
                  href={inNetwork(view, '/console/imports')}
                  text={t('network.importFile')}
                  icon="upload"
                  kind="primary"
                />
              )}
            </>
          )
        }
      />
      <Stopped view={view} after={page.stoppedAfter} />
    </ConsolePage>
  )
}
