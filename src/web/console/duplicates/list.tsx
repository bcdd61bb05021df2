import type { FC } from 'hono/jsx'
import { isOpen } from '../../../job/enqueue.ts'
import type { JobRow } from '../../../job/job.ts'
import { ConsolePage, inNetwork } from '../../layout.tsx'
import { Badge } from '../../ui/badge.tsx'
import { ActionButton } from '../../ui/form.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { Flash, Progress } from '../../ui/notice.tsx'
import { type Column, DataTable } from '../../ui/table.tsx'
import type { View } from '../../view.ts'
import { NetworkTabs } from '../network/tabs.tsx'
import type { PairPerson, PairRow } from './queries.ts'

const Person: FC<{ view: View; person: PairPerson }> = ({ view, person }) => (
  <>
    <a href={`/console/contacts/${person.id}`}>{person.name || view.t('duplicates.nameless')}</a>
    <small>{person.site}</small>
  </>
)

interface ListProps {
  view: View
  rows: PairRow[]
  next?: string | undefined
  cursor?: string | undefined
  job?: JobRow | undefined
  /** What has just been decided. */
  done?: 'merged' | 'dismissed' | 'gone' | undefined
}

/** The pairs that wait for somebody to say whether they are one person. */
export const DuplicatesPage: FC<ListProps> = ({ view, rows, next, cursor, job, done }) => {
  const { t, formats } = view
  const isSearching = isOpen(job)
  const nameOf = (person: PairPerson) => person.name || t('duplicates.nameless')
  const columns: Column<PairRow>[] = [
    { key: 'one', head: t('duplicates.list.one'), cell: ({ one }) => <Person view={view} person={one} /> },
    { key: 'other', head: t('duplicates.list.other'), cell: ({ other }) => <Person view={view} person={other} /> },
    {
      key: 'reason',
      head: t('duplicates.list.reason'),
      cell: ({ reason }) => <Badge text={t(`duplicates.reasons.${reason}`)} />,
    },
    { key: 'found', head: t('duplicates.list.found'), cell: ({ foundAt }) => formats.date(foundAt) },
    {
      key: 'compare',
      head: t('duplicates.list.compare'),
      cell: ({ one, other }) => (
        <a
          class="button"
          href={`/console/duplicates/${one.id}/${other.id}`}
          aria-label={t('duplicates.list.compareOf', { one: nameOf(one), other: nameOf(other) })}
        >
          {t('duplicates.list.compare')}
        </a>
      ),
    },
  ]
  const url = (change: Record<string, string | undefined>) =>
    inNetwork(
      view,
      change.cursor ? `/console/duplicates?cursor=${encodeURIComponent(change.cursor)}` : '/console/duplicates',
    )
  return (
    <ConsolePage view={view} title={t('duplicates.title')} current="network">
      <PageHeading title={t('duplicates.title')} lead={t('duplicates.lead')}>
        {!isSearching && (
          <ActionButton action={inNetwork(view, '/console/duplicates/search')} text={t('duplicates.search')} />
        )}
      </PageHeading>
      <NetworkTabs view={view} current="duplicates" />
      {done && <Flash tone={done === 'gone' ? 'warning' : 'good'}>{t(`duplicates.${done}`)}</Flash>}
      {isSearching && (
        <Progress view={view} text={t('duplicates.searching')} done={job?.done} all={job?.total ?? undefined} />
      )}
      {job?.status === 'failed' && (
        <Flash tone="bad">{t('duplicates.searchFailed', { reference: job.error ?? '' })}</Flash>
      )}
      <DataTable
        view={view}
        caption={t('duplicates.list.caption')}
        columns={columns}
        rows={rows}
        url={url}
        next={next}
        isContinued={cursor !== undefined}
        empty={<p>{t('duplicates.empty')}</p>}
      />
      <p class="note">
        {job?.status === 'done'
          ? t('duplicates.searched', { when: formats.short(job.updatedAt) })
          : t('duplicates.neverSearched')}
      </p>
    </ConsolePage>
  )
}
