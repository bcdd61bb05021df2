import type { FC } from 'hono/jsx'
import { type InboxFilter, inboxShows, type ListedConversation } from '../../../inbox/list.ts'
import { Channel } from '../../labels.tsx'
import { FilterSelect, Filters, FilterText } from '../../ui/filters.tsx'
import { Empty } from '../../ui/notice.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { inLanguage, type View } from '../../view.ts'
import { withWhom } from './say.ts'

export interface ListProps {
  view: View
  filter: InboxFilter
  rows: ListedConversation[]
  next?: string
  campaigns: { id: string; name: string; title: Record<string, string> }[]
  /** The conversation that is shown beside the list. */
  current?: string
}

const keys = ['show', 'channel', 'campaign', 'q'] as const

/** What the address of the list says, so that coming back shows the same one. */
export function listQuery(view: View, filter: InboxFilter, change: Partial<InboxFilter> = {}): string {
  const said = { ...filter, cursor: undefined, ...change }
  const query = new URLSearchParams({ network: view.network?.name ?? '' })
  for (const key of keys) if (said[key] && !(key === 'show' && said.show === 'open')) query.set(key, said[key])
  if (said.cursor) query.set('cursor', said.cursor)
  return query.toString()
}

const Row: FC<{ props: ListProps; row: ListedConversation }> = ({ props: { view, filter, current }, row }) => {
  const { t, formats, user } = view
  const { name, note } = withWhom(view, { ...row, hasAddress: row.addressId !== null })
  const words = row.excerpt === '' ? t('inbox.noWords') : row.excerpt
  return (
    <li class={row.unread > 0 ? 'unread' : undefined} id={`conversation-${row.id}`}>
      <a
        href={`/console/inbox/${row.id}?${listQuery(view, filter)}`}
        aria-current={row.id === current ? 'true' : undefined}
      >
        <span class="inbox-line">
          <strong>{name}</strong>
          <time datetime={row.lastAt.toISOString()}>{formats.short(row.lastAt)}</time>
        </span>
        <span class="inbox-words">{row.lastDirection === 'out' ? t('inbox.isAnswered', { text: words }) : words}</span>
        <span class="inbox-line">
          <span class="inbox-facts">
            <Channel view={view} channel={row.channel} />
            <small>
              {[
                note ?? row.address,
                row.status === 'closed' && t('inbox.closed'),
                row.assignedTo &&
                  t('inbox.assignedTo', {
                    name: row.assignedTo === user?.id ? t('inbox.mine') : (row.assignee ?? t('inbox.someone')),
                  }),
              ]
                .filter(Boolean)
                .join(' · ')}
            </small>
          </span>
          {row.unread > 0 && (
            <span class="count">
              <span aria-hidden="true">{row.unread}</span>
              <span class="hidden">{t('inbox.unread', { count: row.unread })}</span>
            </span>
          )}
        </span>
      </a>
    </li>
  )
}

/** The conversations, a page at a time; with script the list looks again every quarter of a minute. */
export const ConversationList: FC<ListProps> = (props) => {
  const { view, filter, rows, next, campaigns, current } = props
  const { t } = view
  const address = (change: Partial<InboxFilter> = {}) => `/console/inbox?${listQuery(view, filter, change)}`
  const isFiltered = Boolean(filter.q || filter.channel || filter.campaign)
  const looksAgain = filter.cursor === undefined
  const here = current ? `/console/inbox/${current}?${listQuery(view, filter)}` : address({ cursor: filter.cursor })
  return (
    <section class="inbox-list" aria-label={t('inbox.list')}>
      <Tabs
        label={t('inbox.list')}
        tabs={inboxShows.map((show) => ({
          text: t(`inbox.shows.${show}`),
          href: address({ show }),
          isCurrent: filter.show === show,
        }))}
      />
      <Filters view={view} action="/console/inbox" keep={{ show: filter.show }} isFiltered={isFiltered}>
        <FilterText name="q" label={t('inbox.find')} value={filter.q} />
        <FilterSelect
          view={view}
          name="channel"
          label={t('inbox.channel')}
          value={filter.channel}
          choices={(['sms', 'email'] as const).map((value) => ({ value, text: t(`channels.${value}`) }))}
        />
        {campaigns.length > 0 && (
          <FilterSelect
            view={view}
            name="campaign"
            label={t('inbox.campaign')}
            value={filter.campaign}
            choices={campaigns.map(({ id, name, title }) => ({
              value: id,
              text: inLanguage(title, view.language, name),
            }))}
          />
        )}
      </Filters>
      <div
        id="conversations"
        hx-get={looksAgain ? here : undefined}
        hx-trigger={looksAgain ? 'every 15s' : undefined}
        hx-select="#conversations"
        hx-target="#conversations"
        hx-swap="outerMorph"
      >
        {rows.length === 0 ? (
          <Empty text={isFiltered || filter.show !== 'open' ? t('inbox.none') : t('inbox.noneYet')}>
            <p class="note">{t('inbox.noneHow')}</p>
          </Empty>
        ) : (
          <ul class="conversations">
            {rows.map((row) => (
              <Row props={props} row={row} />
            ))}
          </ul>
        )}
        {(filter.cursor || next) && (
          <p class="pager">
            {filter.cursor && <a href={address()}>{t('inbox.first')}</a>}
            {next && (
              <a class="button" href={address({ cursor: next })}>
                {t('inbox.more')}
              </a>
            )}
          </p>
        )}
      </div>
    </section>
  )
}
