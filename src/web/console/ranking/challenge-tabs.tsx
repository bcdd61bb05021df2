import type { Child, FC } from 'hono/jsx'
import { Breadcrumb, ConsolePage, inNetwork } from '../../layout.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { inLanguage, type View } from '../../view.ts'
import type { CampaignRow } from '../campaigns/queries.ts'

export const challengeTabs = ['ranking', 'winners', 'rewards'] as const
export type ChallengeTab = (typeof challengeTabs)[number]

export const titleOf = (view: View, campaign: CampaignRow): string =>
  inLanguage(campaign.title, view.language, campaign.name)

/** A page of a campaign's challenge, with the way to the others; `tab` is left out where it is none of them. */
export const ChallengeFrame: FC<{
  view: View
  campaign: CampaignRow
  title: string
  lead: string
  tab?: ChallengeTab
  children?: Child
}> = ({ view, campaign, title, lead, tab, children }) => (
  <ConsolePage view={view} title={title} current="campaigns">
    <Breadcrumb
      view={view}
      trail={[
        [view.t('campaignList.title'), inNetwork(view, '/console/campaigns')],
        [titleOf(view, campaign), `/console/campaigns/${campaign.id}`],
      ]}
    />
    <PageHeading title={title} lead={lead} />
    {tab && (
      <Tabs
        label={title}
        tabs={challengeTabs.map((name) => ({
          text: view.t(`ranking.tabs.${name}`),
          href: `/console/campaigns/${campaign.id}/${name}`,
          isCurrent: name === tab,
        }))}
      />
    )}
    {children}
  </ConsolePage>
)
