import { and, eq } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import { campaigns, challengeRules, challenges, networks } from '../db/schema.ts'
import type { CampaignStatus } from '../words.ts'
import type { ChallengeRules } from './definition.ts'

export type ChallengeRow = typeof challenges.$inferSelect

/** A challenge with the rules in force and what its campaign says of it. */
export interface Challenge extends ChallengeRow {
  rules: ChallengeRules
  /** The network’s: days and deadlines are the same for everybody. */
  timezone: string
  campaign: { name: string; title: Record<string, string>; status: CampaignStatus }
}

const ofCampaign = and(eq(campaigns.networkId, challenges.networkId), eq(campaigns.id, challenges.campaignId))
const inForce = and(
  eq(challengeRules.networkId, challenges.networkId),
  eq(challengeRules.challengeId, challenges.id),
  eq(challengeRules.version, challenges.rulesVersion),
)

const columns = {
  challenge: challenges,
  rules: challengeRules.rules,
  timezone: networks.timezone,
  campaign: { name: campaigns.name, title: campaigns.title, status: campaigns.status },
}

interface Found {
  challenge: ChallengeRow
  rules: unknown
  timezone: string
  campaign: Challenge['campaign']
}

const whole = ({ challenge, rules, timezone, campaign }: Found): Challenge => ({
  ...challenge,
  timezone,
  rules: rules as ChallengeRules,
  campaign,
})

/** A challenge by its own id or by its campaign’s. */
export async function findChallenge(tx: Tx, networkId: string, id: string): Promise<Challenge | undefined> {
  const by = async (column: typeof challenges.id | typeof challenges.campaignId) => {
    const [found] = await tx
      .select(columns)
      .from(challenges)
      .innerJoin(networks, eq(networks.id, challenges.networkId))
      .innerJoin(campaigns, ofCampaign)
      .innerJoin(challengeRules, inForce)
      .where(and(eq(challenges.networkId, networkId), eq(column, id)))
    return found && whole(found)
  }
  return (await by(challenges.id)) ?? (await by(challenges.campaignId))
}

/** The challenges of a network whose campaign has not been called off, the latest to end first. At most `limit`. */
export async function challengesOf(tx: Tx, networkId: string, limit = 50): Promise<Challenge[]> {
  const rows = await tx
    .select(columns)
    .from(challenges)
    .innerJoin(networks, eq(networks.id, challenges.networkId))
    .innerJoin(campaigns, ofCampaign)
    .innerJoin(challengeRules, inForce)
    .where(eq(challenges.networkId, networkId))
  return rows
    .map(whole)
    .filter(({ campaign }) => campaign.status !== 'canceled')
    .sort((a, b) => b.endsAt.getTime() - a.endsAt.getTime() || (a.id < b.id ? -1 : 1))
    .slice(0, limit)
}

/** The rules at a version: those points were counted under, or people agreed to. */
export async function rulesAt(
  tx: Tx,
  networkId: string,
  challengeId: string,
  version: number,
): Promise<ChallengeRules | undefined> {
  const [row] = await tx
    .select({ rules: challengeRules.rules })
    .from(challengeRules)
    .where(
      and(
        eq(challengeRules.networkId, networkId),
        eq(challengeRules.challengeId, challengeId),
        eq(challengeRules.version, version),
      ),
    )
  return row?.rules as ChallengeRules | undefined
}
