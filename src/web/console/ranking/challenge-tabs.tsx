import type { Child, FC } from 'hono/jsx'
import { can, type Permission } from '../../../accounts/policy.ts'
import { Breadcrumb, ConsolePage, inNetwork } from '../../layout.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { inLanguage, type View } from '../../view.ts'
import type { CampaignRow } from '../campaigns/queries.ts'

export const challengeTabs = ['challenge', 'ranking', 'winners', 'rewards', 'simulation', 'report'] as const
export type ChallengeTab = (typeof challengeTabs)[number]

const neededFor: Record<ChallengeTab, Permission> = {
  ...{ challenge: 'campaign.control', ranking: 'campaign.read', winners: 'campaign.read', rewards: 'campaign.read' },
  ...{ simulation: 'campaign.read', report: 'result.read' },
}

export const titleOf = (view: View, campaign: CampaignRow): string =>
  inLanguage(campaign.title, view.language, campaign.name)

/** The pages of a challenge, as far as the reader may see them. */
export const ChallengeTabs: FC<{ view: View; campaignId: string; label: string; tab: ChallengeTab }> = ({
  view: { t, user, network },
  campaignId,
  label,
  tab,
}) => {
  const may = (permission: Permission) =>
    user !== undefined && network !== undefined && can(user, permission, network.id)
  return (
    <Tabs
      label={label}
      tabs={challengeTabs
        .filter((name) => may(neededFor[name]))
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
}> = ({ view, campaign, title, lead, tab, children }) => {
  const { t, user, network } = view
  const mayRead = user !== undefined && network !== undefined && can(user, 'campaign.read', network.id)
  return (
    <ConsolePage view={view} title={title} current={mayRead ? 'campaigns' : 'results'}>
      <Breadcrumb
        view={view}
        trail={
          mayRead
            ? [
                [t('campaignList.title'), inNetwork(view, '/console/campaigns')],
                [titleOf(view, campaign), `/console/campaigns/${campaign.id}`],
              ]
            : [
                [t('results.room.title'), inNetwork(view, '/console/results')],
                [titleOf(view, campaign), `/console/campaigns/${campaign.id}/results`],
              ]
        }
      />
      <PageHeading title={title} lead={lead} />
      {tab && <ChallengeTabs view={view} campaignId={campaign.id} label={title} tab={tab} />}
      {children}
    </ConsolePage>
  )
}
