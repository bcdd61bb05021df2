import type { FC } from 'hono/jsx'
import { ConsolePage, inNetwork } from '../../layout.tsx'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Flash } from '../../ui/notice.tsx'
import { type Column, DataTable } from '../../ui/table.tsx'
import type { View } from '../../view.ts'
import { NetworkTabs } from '../network/tabs.tsx'
import type { ImportRow } from './queries.ts'

const tones: Record<ImportRow['status'], Tone> = {
  preview: 'warning',
  running: 'moving',
  done: 'good',
  failed: 'bad',
  discarded: 'quiet',
}

export const ImportState: FC<{ view: View; status: ImportRow['status'] }> = ({ view, status }) => (
  <Badge text={view.t(`imports.states.${status}`)} tone={tones[status]} />
)

interface ListProps {
  view: View
  rows: ImportRow[]
  next?: string | undefined
  cursor?: string | undefined
  hasDiscarded: boolean
}

/** Every file that came, and what became of it. */
export const ImportsPage: FC<ListProps> = ({ view, rows, next, cursor, hasDiscarded }) => {
  const { t, formats } = view
  const count = (row: ImportRow, of: 'read' | 'created' | 'updated' | 'rejected') =>
    row.counts ? formats.number(row.counts[of]) : '—'
  const columns: Column<ImportRow>[] = [
    {
      key: 'file',
      head: t('imports.list.file'),
      cell: (row) => (
        <a class="row-link" href={`/console/imports/${row.id}`}>
          {row.fileName}
        </a>
      ),
    },
    {
      key: 'when',
      head: t('imports.list.when'),
      cell: (row) => <time datetime={row.startedAt.toISOString()}>{formats.short(row.startedAt)}</time>,
    },
    { key: 'who', head: t('imports.list.who'), cell: (row) => row.by ?? t('imports.byCommand') },
    { key: 'state', head: t('imports.list.state'), cell: (row) => <ImportState view={view} status={row.status} /> },
    { key: 'rows', head: t('imports.list.rows'), isNumber: true, cell: (row) => count(row, 'read') },
    { key: 'created', head: t('imports.list.created'), isNumber: true, cell: (row) => count(row, 'created') },
    { key: 'updated', head: t('imports.list.updated'), isNumber: true, cell: (row) => count(row, 'updated') },
    { key: 'rejected', head: t('imports.list.rejected'), isNumber: true, cell: (row) => count(row, 'rejected') },
  ]
  const url = (change: Record<string, string | undefined>) =>
    inNetwork(view, change.cursor ? `/console/imports?cursor=${encodeURIComponent(change.cursor)}` : '/console/imports')
  return (
    <ConsolePage view={view} title={t('imports.title')} current="network">
      <PageHeading title={t('imports.title')} lead={t('imports.lead')}>
        <LinkButton
          href={inNetwork(view, '/console/imports/new')}
          text={t('imports.new')}
          kind="primary"
          icon="upload"
        />
      </PageHeading>
      <NetworkTabs view={view} current="imports" />
      {hasDiscarded && <Flash tone="good">{t('imports.discarded')}</Flash>}
      <DataTable
        view={view}
        caption={t('imports.list.caption')}
        columns={columns}
        rows={rows}
        url={url}
        next={next}
        isContinued={cursor !== undefined}
        empty={
          <>
            <p>{t('imports.empty')}</p>
            <LinkButton href={inNetwork(view, '/console/imports/new')} text={t('imports.new')} kind="primary" />
          </>
        }
      />
    </ConsolePage>
  )
}
