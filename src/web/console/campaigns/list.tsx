import type { FC } from 'hono/jsx'
import { can } from '../../../accounts/policy.ts'
import { campaignStatuses, messageClasses } from '../../../words.ts'
import { CampaignState } from '../../labels.tsx'
import { ConsolePage, inNetwork } from '../../layout.tsx'
import { FilterSelect, Filters, FilterText } from '../../ui/filters.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Flash } from '../../ui/notice.tsx'
import { DataTable } from '../../ui/table.tsx'
import { inLanguage, type View } from '../../view.ts'
import type { CampaignFilter, CampaignListRow } from './list-query.ts'

interface ListProps {
  view: View
  rows: CampaignListRow[]
  filter: CampaignFilter
  next?: string
  /** What has just been done. */
  said?: string
}

const here = '/console/campaigns'

/** Every campaign of a network, the newest first. */
export const CampaignList: FC<ListProps> = ({ view, rows, filter, next, said }) => {
  const { t, formats, user, network } = view
  const mayWrite = user !== undefined && network !== undefined && can(user, 'campaign.write', network.id)
  const url = (change: Record<string, string | undefined>) => {
    const query = new URLSearchParams({ network: network?.name ?? '' })
    const asked = { ...filter, ...change }
    for (const [name, value] of Object.entries(asked)) if (value) query.set(name, value)
    return `${here}?${query}`
  }
  const isFiltered = Boolean(filter.status ?? filter.class ?? filter.text)
  const start = (
    <>
      <LinkButton href={inNetwork(view, `${here}/new`)} text={t('campaignList.new')} kind="primary" icon="plus" />
      <LinkButton href={inNetwork(view, '/console/messages/new')} text={t('campaignList.message')} />
    </>
  )
  return (
    <ConsolePage view={view} title={t('campaignList.title')} current="campaigns">
      <PageHeading title={t('campaignList.title')} lead={t('campaignList.lead')}>
        {mayWrite && start}
        <LinkButton href={inNetwork(view, '/console/calendar')} text={t('calendar.link')} />
      </PageHeading>
      {said && <Flash tone="good">{said}</Flash>}
      <Filters view={view} action={here} isFiltered={isFiltered}>
        <FilterText
          name="text"
          label={t('campaignList.text')}
          value={filter.text}
          placeholder={t('campaignList.textHint')}
        />
        <FilterSelect
          view={view}
          name="status"
          label={t('campaignList.state')}
          value={filter.status}
          choices={campaignStatuses.map((value) => ({ value, text: t(`campaignStatuses.${value}`) }))}
        />
        <FilterSelect
          view={view}
          name="class"
          label={t('campaignList.class')}
          value={filter.class}
          choices={messageClasses.map((value) => ({ value, text: t(`classes.${value}`) }))}
        />
      </Filters>
      <DataTable
        view={view}
        caption={t('campaignList.title')}
        rows={rows}
        url={url}
        next={next}
        isContinued={filter.cursor !== undefined}
        columns={[
          {
            key: 'title',
            head: t('campaignList.name'),
            cell: (row) => (
              <a class="row-link" href={`${here}/${row.id}`}>
                {inLanguage(row.title, view.language, row.name)}
              </a>
            ),
          },
          {
            key: 'status',
            head: t('campaignList.state'),
            cell: (row) => <CampaignState view={view} status={row.status} />,
          },
          { key: 'class', head: t('campaignList.class'), cell: (row) => t(`classes.${row.class}`) },
          { key: 'owner', head: t('campaignList.owner'), cell: (row) => row.owner ?? t('campaignList.nobody') },
          {
            key: 'next',
            head: t('campaignList.next'),
            cell: (row) =>
              row.nextAt ? <time datetime={row.nextAt.toISOString()}>{formats.short(row.nextAt)}</time> : '–',
          },
          {
            key: 'steps',
            head: t('campaignList.steps'),
            cell: (row) => (row.steps === 0 ? '–' : t('campaignList.stepsOf', { done: row.stepsDone, all: row.steps })),
          },
          {
            key: 'reached',
            head: t('campaignList.deliveries'),
            isNumber: true,
            cell: (row) => formats.number(row.reached),
          },
        ]}
        empty={
          isFiltered ? (
            <p>{t('campaignList.noMatch')}</p>
          ) : (
            <>
              <p>{t('campaignList.empty')}</p>
              {mayWrite && <p class="note">{t('campaignList.emptyHow')}</p>}
              {mayWrite && <div class="toolbar">{start}</div>}
            </>
          )
        }
      />
    </ConsolePage>
  )
}
