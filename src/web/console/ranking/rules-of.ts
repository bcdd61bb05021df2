import { and, desc, eq } from 'drizzle-orm'
import { readYaml } from '../../../campaign/yaml-source.ts'
import { type ChallengeRules, challengeBlock } from '../../../challenge/definition.ts'
import type { Db } from '../../../db/index.ts'
import { campaignVersions } from '../../../db/schema.ts'

/** The rules a draft of a campaign says now; undefined where it has no challenge, or cannot be read yet. */
export async function rulesOfCampaign(
  db: Db,
  networkId: string,
  campaignId: string,
): Promise<ChallengeRules | undefined> {
  const [version] = await db
    .select({ source: campaignVersions.source })
    .from(campaignVersions)
    .where(and(eq(campaignVersions.networkId, networkId), eq(campaignVersions.campaignId, campaignId)))
    .orderBy(desc(campaignVersions.version))
    .limit(1)
  if (!version) return undefined
  const { value } = readYaml(version.source, 'campaign.yaml')
  if (typeof value !== 'object' || value === null || !('challenge' in value)) return undefined
  return challengeBlock.safeParse(value.challenge).data
}
