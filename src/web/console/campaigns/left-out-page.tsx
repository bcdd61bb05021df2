import type { FC } from 'hono/jsx'
import { ConsolePage } from '../../layout.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { DataTable } from '../../ui/table.tsx'
import type { View } from '../../view.ts'
import { becauseText, reasonText } from '../reasons.ts'
import type { LeftOut } from './left-out.ts'
import { CampaignTrail } from './new-pages.tsx'

/** Who got nothing of a step that has been played, each with the sentence that says why. */
export const LeftOutPage: FC<{
  view: View
  campaignId: string
  title: string
  step: string
  /** Tells the occurrences of a step apart. */
  messageId: string
  reason?: string
  people: readonly LeftOut[]
  next?: string
  isContinued: boolean
}> = ({ view, campaignId, title, step, messageId, reason, people, next, isContinued }) => {
  const { t, language } = view
  const here = `/console/campaigns/${campaignId}`
  const url = (change: Record<string, string | undefined>) => {
    const query = new URLSearchParams({ message: messageId })
    for (const [name, value] of Object.entries({ reason, ...change })) if (value) query.set(name, value)
    return `${here}/left-out?${query}`
  }
  const heading = t('campaign.leftOutTitle', { step })
  return (
    <ConsolePage view={view} title={heading} current="campaigns">
      <CampaignTrail view={view} more={[[title, here]]} />
      <PageHeading title={heading} lead={reason === undefined ? undefined : reasonText(reason, language)} />
      <DataTable
        view={view}
        caption={heading}
        rows={people}
        url={url}
        next={next}
        isContinued={isContinued || (people.length === 0 && next !== undefined)}
        columns={[
          {
            key: 'who',
            head: t('dryRun.who'),
            cell: (row) => (
              <a class="row-link" href={`/console/contacts/${row.contactId}`}>
                {row.name || row.contactId}
              </a>
            ),
          },
          { key: 'site', head: t('dryRun.site'), cell: (row) => row.siteName },
          { key: 'why', head: t('dryRun.why'), cell: (row) => becauseText(row.because, language) },
        ]}
        empty={<p>{t('campaign.leftOutNobody')}</p>}
      />
    </ConsolePage>
  )
}
