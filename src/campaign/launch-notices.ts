import type { Context, Network } from '../context.ts'
import type { CampaignDefinition } from './definition.ts'
import { type CampaignNotice, campaignNotices } from './notices.ts'
import { type Obstacle, obstaclesTo } from './obstacles.ts'

/** Something the author of a campaign should know before launching it. */
export type LaunchNotice = CampaignNotice | Obstacle | { code: 'audience.empty'; message: string }

/** Everything to be said of a campaign as it would be launched at `now` (business time), the gravest first. */
export async function noticesOn(
  context: Context,
  network: Network,
  campaign: CampaignDefinition,
  audience: number,
  now: Date,
): Promise<LaunchNotice[]> {
  const notices: LaunchNotice[] = await obstaclesTo(context, network, campaign)
  if (audience === 0) notices.push({ code: 'audience.empty', message: emptyAudience(campaign) })
  return [...notices, ...campaignNotices(campaign, { now, network })]
}

function emptyAudience({ audience }: CampaignDefinition): string {
  if ('segment' in audience)
    return `Nobody is in segment "${audience.segment}" now, so nobody would be reached. See who should be with: relais segment show ${audience.segment}`
  if ('site' in audience) return `Nobody works at site ${audience.site} now, so nobody would be reached.`
  if ('contact' in audience) return `Contact ${audience.contact} is not active now, so nobody would be reached.`
  return 'Nobody matches the rule under audience: now, so nobody would be reached.'
}
