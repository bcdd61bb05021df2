import { and, desc, eq, isNotNull } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import { campaigns, messages, stepRuns } from '../db/schema.ts'

const looked = 60

/** How many people a network's steps commonly reach: the middle one of the newest; undefined before the first. */
export async function usualAudience(tx: Tx, networkId: string): Promise<number | undefined> {
  const rows = await tx
    .select({ audience: stepRuns.audience })
    .from(messages)
    .innerJoin(campaigns, and(eq(campaigns.networkId, messages.networkId), eq(campaigns.id, messages.campaignId)))
    .innerJoin(stepRuns, and(eq(stepRuns.networkId, messages.networkId), eq(stepRuns.messageId, messages.id)))
    .where(and(eq(messages.networkId, networkId), eq(stepRuns.status, 'done'), isNotNull(campaigns.launchedAt)))
    .orderBy(desc(messages.id))
    .limit(looked)
  const sizes = rows.map((row) => row.audience).filter((size) => size > 0)
  sizes.sort((a, b) => a - b)
  return sizes[Math.floor(sizes.length / 2)]
}
