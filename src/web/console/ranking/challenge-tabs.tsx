import type { Child, FC } from 'hono/jsx'
import { can } from '../../../accounts/policy.ts'
import { Breadcrumb, ConsolePage, inNetwork } from '../../layout.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { inLanguage, type View } from '../../view.ts'
import type { CampaignRow } from '../campaigns/queries.ts'

export const challengeTabs = ['challenge', 'ranking', 'winners', 'rewards'] as const
export type ChallengeTab = (typeof challengeTabs)[number]

export const titleOf = (view: View, campaign: CampaignRow): string =>
  inLanguage(campaign.title, view.language, campaign.name)

/** The pages of a challenge, as far as the reader may see them. */
export const ChallengeTabs: FC<{ view: View; campaignId: string; label: string; tab: ChallengeTab }> = ({
  view: { t, user, network },
  campaignId,
  label,
  tab,
}) => {
  const mayControl = user !== undefined && network !== undefined && can(user, 'campaign.control', network.id)
  return (
    <Tabs
      label={label}
      tabs={challengeTabs
        .filter((name) => mayControl || name !== 'challenge')
        .map((name) => ({
          text: t(`ranking.tabs.${name}`),
          href: `/console/campaigns/${campaignId}/${name}`,
          isCurrent: name === tab,
        }))}
    />
  )
}

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
    {tab && <ChallengeTabs view={view} campaignId={campaign.id} label={title} tab={tab} />}
    {children}
  </ConsolePage>
)
