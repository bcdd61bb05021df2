import type { Context, Network } from '../context.ts'
import { usualRate } from '../experiment/draw.ts'
import { leastGain, testAndRoll } from '../experiment/size.ts'
import { isExperimental } from '../experiment/variant.ts'
import type { CampaignDefinition } from './definition.ts'
import { type CampaignNotice, campaignNotices } from './notices.ts'
import { type Obstacle, obstaclesTo } from './obstacles.ts'
import type { SlackNotice } from './slack-notices.ts'

/** Something the author of a campaign should know before launching it. */
export type LaunchNotice =
  | CampaignNotice
  | Obstacle
  | SlackNotice
  | { code: 'audience.empty'; message: string }
  | { code: 'experiment.small'; step: string; message: string }

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
  return [...notices, ...smallExperiments(campaign, audience), ...campaignNotices(campaign, { now, network })]
}

/** An audience so small that trying two variants is expected to bring less than one act: chance would choose. */
function smallExperiments({ steps }: CampaignDefinition, audience: number): LaunchNotice[] {
  if (audience === 0 || testAndRoll(audience, usualRate).expectedGain >= leastGain) return []
  return steps.filter(isExperimental).map(({ name }) => ({
    code: 'experiment.small',
    step: name,
    message: `Step "${name}" tries two variants on ${audience} people: too few to tell one from the other, and less than one more act is to be expected. Pick one; try another channel or another offer instead.`,
  }))
}

function emptyAudience({ audience }: CampaignDefinition): string {
  if ('segment' in audience)
    return `Nobody is in segment "${audience.segment}" now, so nobody would be reached. See who should be with: relais segment show ${audience.segment}`
  if ('site' in audience) return `Nobody works at site ${audience.site} now, so nobody would be reached.`
  if ('contact' in audience) return `Contact ${audience.contact} is not active now, so nobody would be reached.`
  return 'Nobody matches the rule under audience: now, so nobody would be reached.'
}
