import type { FC } from 'hono/jsx'
import type { PooledEffect } from '../../../results/effect.ts'
import type { CampaignStatus } from '../../../words.ts'
import { CampaignState } from '../../labels.tsx'
import { ConsolePage, inNetwork } from '../../layout.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { Progress } from '../../ui/notice.tsx'
import { DataTable } from '../../ui/table.tsx'
import { inLanguage, type View } from '../../view.ts'
import { EffectPanel } from './effect-panel.tsx'

export interface RoomProps {
  view: View
  rows: {
    id: string
    name: string
    title: Record<string, string>
    status: CampaignStatus
    launchedAt: Date | null
  }[]
  next: string | undefined
  isContinued: boolean
  /** The reader sees some sites only. */
  isPart: boolean
  /** Undefined while it is being counted, and for who sees a part. */
  effect: PooledEffect | undefined
}

/** Every campaign that was launched, the way to what came of it, and what all of them changed together. */
export const ResultsRoom: FC<RoomProps> = ({ view, rows, next, isContinued, isPart, effect }) => {
  const { t, formats } = view
  const here = '/console/results'
  return (
    <ConsolePage view={view} title={t('results.room.title')} current="results">
      <PageHeading title={t('results.room.title')} lead={t(isPart ? 'results.room.partLead' : 'results.room.lead')} />
      <DataTable
        view={view}
        caption={t('results.room.title')}
        rows={rows}
        url={({ cursor }) => inNetwork(view, cursor ? `${here}?cursor=${cursor}` : here)}
        next={next}
        isContinued={isContinued}
        columns={[
          {
            key: 'title',
            head: t('results.room.campaign'),
            cell: (row) => (
              <a class="row-link" href={`/console/campaigns/${row.id}/results`}>
                {inLanguage(row.title, view.language, row.name)}
              </a>
            ),
          },
          {
            key: 'status',
            head: t('results.room.state'),
            cell: (row) => <CampaignState view={view} status={row.status} />,
          },
          {
            key: 'launched',
            head: t('results.room.launched'),
            cell: (row) =>
              row.launchedAt && <time datetime={row.launchedAt.toISOString()}>{formats.date(row.launchedAt)}</time>,
          },
        ]}
        empty={<p>{t('results.room.empty')}</p>}
      />
      {!isPart && !effect && <Progress view={view} text={t('results.lateText')} />}
      {effect && (
        <EffectPanel
          view={view}
          effect={effect}
          campaigns={effect.campaigns}
          title={t('results.effect.pooledTitle')}
          note={t('results.effect.pooled', { count: effect.campaigns })}
        />
      )}
    </ConsolePage>
  )
}
