import type { FC } from 'hono/jsx'
import { can } from '../../../accounts/policy.ts'
import { fewest, type Rate } from '../../../results/rate.ts'
import { type Dimension, dimensions, type RollUpRow } from '../../../results/roll-up.ts'
import { actionRateOf, arrivalRateOf, costOfAction, openRateOf } from '../../../results/summary.ts'
import { profiles } from '../../../words.ts'
import { type Column, DataTable, type Sort } from '../../ui/table.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { inLanguage, type View } from '../../view.ts'
import { basisText, rateText } from './rate-text.ts'

export interface Groups {
  by: Dimension
  rows: RollUpRow[]
  sort: Sort
  next?: string
  isContinued: boolean
  /** The group whose opens would tell another's. */
  withheld?: string
  /** Segments' titles by their ids. */
  titles: ReadonlyMap<string, Record<string, string>>
}

/** How a group is called in the reader's language. */
export function groupName(view: View, { by, titles }: Pick<Groups, 'by' | 'titles'>, row: RollUpRow): string {
  const profile = by === 'profile' ? profiles.find((one) => one === row.key) : undefined
  if (profile) return view.t(`profiles.${profile}`)
  if (by === 'segment') return inLanguage(titles.get(row.key) ?? {}, view.language, row.name)
  return row.name || view.t('results.unsaid')
}

/** The opens of a group, unless they would tell another's. */
export const groupOpens = (row: RollUpRow, withheld: string | undefined): Rate =>
  row.key === withheld ? { is: 'too few' } : openRateOf(row)

const Cell: FC<{ view: View; count: number; rate: Rate }> = ({ view, count, rate }) => (
  <>
    {rate.is === 'known' ? view.formats.number(count) : rateText(view, rate)}
    {rate.is === 'known' && <small>{rateText(view, rate)}</small>}
    {rate.is === 'known' && rate.coverage < 1 && <small>{basisText(view, rate)}</small>}
  </>
)

function columnsFor(view: View, groups: Groups, currency: string): Column<RollUpRow>[] {
  const { t, formats, user, network } = view
  const mayOpenSites = groups.by === 'site' && user && network && can(user, 'site.read', network.id)
  return [
    {
      key: 'name',
      head: t(`results.group.${groups.by}`),
      isSortable: true,
      cell: (row) => (
        <>
          {mayOpenSites ? (
            <a href={`/console/sites/${row.key}`}>{groupName(view, groups, row)}</a>
          ) : (
            groupName(view, groups, row)
          )}
          {row.code && <small>{row.code}</small>}
        </>
      ),
    },
    { key: 'sent', head: t('results.sent'), isSortable: true, isNumber: true, cell: (row) => formats.number(row.sent) },
    {
      key: 'delivered',
      head: t('results.delivered'),
      isSortable: true,
      isNumber: true,
      cell: (row) => <Cell view={view} count={row.delivered} rate={arrivalRateOf(row)} />,
    },
    {
      key: 'opened',
      head: t('results.opened'),
      isNumber: true,
      cell: (row) => <Cell view={view} count={row.opened} rate={groupOpens(row, groups.withheld)} />,
    },
    {
      key: 'acted',
      head: t('results.acted'),
      isSortable: true,
      isNumber: true,
      cell: (row) => {
        const rate = actionRateOf(row)
        return rate.is === 'known' ? (
          <Cell view={view} count={row.acted} rate={rate} />
        ) : (
          <>
            {formats.number(row.acted)}
            <small>{rateText(view, rate)}</small>
          </>
        )
      },
    },
    {
      key: 'cost',
      head: t('results.cost'),
      isSortable: true,
      isNumber: true,
      cell: (row) => formats.money(row.costMillis / 1_000, currency),
    },
    {
      key: 'each',
      head: t('results.perActionHead'),
      isNumber: true,
      cell: (row) => {
        const each = costOfAction(row)
        return each === undefined ? t('results.notSaid') : formats.money(each / 1_000, currency)
      },
    },
  ]
}

/** The campaign by site, region, tier …: one of them at a time, sorted and paged by the address. */
export const GroupTable: FC<{
  view: View
  groups: Groups
  currency: string
  url(change: Record<string, string | undefined>): string
}> = ({ view, groups, currency, url }) => {
  const { t } = view
  const note = groups.by === 'segment' ? 'segment' : groups.by === 'profile' ? 'person' : 'site'
  return (
    <section id="groups" aria-labelledby="groups-title" class="result-groups">
      <h2 id="groups-title">{t('results.rollUp')}</h2>
      <p class="lead">
        {t(`results.rollUpNote.${note}`)} {t('results.fewerWhy', { least: fewest })}
      </p>
      <Tabs
        label={t('results.rollUp')}
        tabs={dimensions.map((by) => ({
          text: t(`results.by.${by}`),
          href: `${url({ by, sort: undefined, direction: undefined, cursor: undefined })}#groups`,
          isCurrent: by === groups.by,
        }))}
      />
      <DataTable
        view={view}
        caption={t('results.rollUp')}
        columns={columnsFor(view, groups, currency)}
        rows={groups.rows}
        sort={groups.sort}
        url={url}
        next={groups.next}
        isContinued={groups.isContinued}
        empty={<p>{t('results.noGroups')}</p>}
      />
    </section>
  )
}
