import type { FC } from 'hono/jsx'
import type { Version } from '../../../campaign/version-snapshots.ts'
import { ConsolePage } from '../../layout.tsx'
import { Badge } from '../../ui/badge.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Panel } from '../../ui/panel.tsx'
import type { View } from '../../view.ts'
import { DifferenceView } from './difference.tsx'
import { CampaignTrail } from './new-pages.tsx'

/** The versions of a campaign, the newest first, each with what it says otherwise than the one before. */
export const VersionsPage: FC<{
  view: View
  campaignId: string
  title: string
  versions: readonly Version[]
}> = ({ view, campaignId, title, versions }) => {
  const { t, formats } = view
  const here = `/console/campaigns/${campaignId}`
  const heading = t('editing.versionsTitle', { name: title })
  const nameOf = (by: string) =>
    by === 'relais' ? t('campaignHistory.relais') : by === 'operator' ? t('campaignHistory.operator') : by
  return (
    <ConsolePage view={view} title={heading} current="campaigns">
      <CampaignTrail view={view} more={[[title, here]]} />
      <PageHeading title={heading}>
        <LinkButton href={`${here}/source`} text={t('campaignHistory.seeFile')} />
      </PageHeading>
      {versions.map(({ version, createdAt, by, since }, index) => (
        <Panel
          id={`version-${version}`}
          title={t('editing.version', { version })}
          note={t('editing.versionBy', { at: formats.long(createdAt), name: nameOf(by) })}
          action={index === 0 ? <Badge text={t('editing.current')} tone="good" /> : undefined}
        >
          {since ? <DifferenceView view={view} difference={since} /> : <p class="note">{t('editing.first')}</p>}
        </Panel>
      ))}
    </ConsolePage>
  )
}
