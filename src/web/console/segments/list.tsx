import type { FC } from 'hono/jsx'
import { can } from '../../../accounts/policy.ts'
import type { Reach } from '../../../segment/reach.ts'
import type { Segment } from '../../../segment/save.ts'
import type { Usage } from '../../../segment/usage.ts'
import { ConsolePage, inNetwork } from '../../layout.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Flash } from '../../ui/notice.tsx'
import { DataTable } from '../../ui/table.tsx'
import { inLanguage, type View } from '../../view.ts'
import { reachText, segmentsPath, Users } from './pieces.tsx'

export const mayWrite = ({ user, network }: View): boolean =>
  user !== undefined && network !== undefined && can(user, 'segment.write', network.id)

/** A segment with what is known of it. */
export interface Listed {
  segment: Segment
  reach: Reach
  usage: Usage
}

export const SegmentsPage: FC<{
  view: View
  listed: readonly Listed[]
  /** How many contacts were looked at, where the network has more. */
  among?: number
  isRemoved: boolean
}> = ({ view, listed, among, isRemoved }) => {
  const { t, formats, language } = view
  return (
    <ConsolePage view={view} title={t('segments.title')} current="segments">
      <PageHeading title={t('segments.title')} lead={t('segments.lead')}>
        {mayWrite(view) && (
          <LinkButton href={inNetwork(view, `${segmentsPath}/new`)} text={t('segments.make')} kind="primary" />
        )}
      </PageHeading>
      {isRemoved && <Flash tone="good">{t('segments.removed')}</Flash>}
      {among !== undefined && <p class="note">{t('segments.among', { count: among })}</p>}
      <DataTable
        view={view}
        caption={t('segments.caption')}
        rows={listed}
        url={() => inNetwork(view, segmentsPath)}
        empty={<p>{t('segments.empty')}</p>}
        columns={[
          {
            key: 'name',
            head: t('segments.name'),
            cell: ({ segment }) => (
              <span class="stacked">
                <a href={inNetwork(view, `${segmentsPath}/${segment.id}`)}>
                  {inLanguage(segment.title, language, segment.name)}
                </a>
                <small>{segment.name}</small>
              </span>
            ),
          },
          {
            key: 'size',
            head: t('segments.size'),
            cell: ({ reach }) => formats.number(reach.people),
            isNumber: true,
          },
          { key: 'reach', head: t('segments.reach'), cell: ({ reach }) => reachText(view, reach) },
          { key: 'used', head: t('segments.usedBy'), cell: ({ usage }) => <Users view={view} usage={usage} /> },
        ]}
      />
    </ConsolePage>
  )
}
