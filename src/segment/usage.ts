import { and, asc, eq, inArray } from 'drizzle-orm'
import { parse } from 'yaml'
import { draftStatuses } from '../campaign/draft-status.ts'
import type { Tx } from '../db/index.ts'
import { campaigns, campaignVersions } from '../db/schema.ts'
import { segmentNames, segmentRule } from './rule.ts'
import type { Segment } from './save.ts'

/** What stands on a segment and would fall with it. */
export interface Usage {
  segments: { id: string; name: string; title: Record<string, string> }[]
  campaigns: { id: string; name: string; title: Record<string, string> }[]
}

/** What uses each segment, by name: other segments, and campaigns that are not over. */
export async function usageOf(tx: Tx, networkId: string, all: readonly Segment[]): Promise<ReadonlyMap<string, Usage>> {
  const usage = new Map<string, Usage>(all.map(({ name }) => [name, { segments: [], campaigns: [] }]))
  for (const { id, name, title, rule } of all)
    for (const wanted of segmentNames(rule)) usage.get(wanted)?.segments.push({ id, name, title })
  const open = await tx
    .select({ id: campaigns.id, name: campaigns.name, title: campaigns.title, source: campaignVersions.source })
    .from(campaigns)
    .innerJoin(
      campaignVersions,
      and(
        eq(campaignVersions.networkId, campaigns.networkId),
        eq(campaignVersions.campaignId, campaigns.id),
        eq(campaignVersions.version, campaigns.version),
      ),
    )
    .where(
      and(
        eq(campaigns.networkId, networkId),
        inArray(campaigns.status, [...draftStatuses, 'scheduled', 'running', 'paused']),
      ),
    )
    .orderBy(asc(campaigns.name))
  for (const { source, ...campaign } of open)
    for (const wanted of namesIn(source)) usage.get(wanted)?.campaigns.push(campaign)
  return usage
}

/** The segments a campaign file names; a draft may have faults, and counts with what can be read of it. */
function namesIn(source: string): Set<string> {
  const names = new Set<string>()
  let file: unknown
  try {
    file = parse(source)
  } catch {
    return names
  }
  if (typeof file !== 'object' || file === null) return names
  const { audience, steps } = file as { audience?: unknown; steps?: unknown }
  const tos = typeof steps === 'object' && steps !== null ? Object.values(steps) : []
  for (const to of [ruleIn(audience), ...tos.map((step) => (step as { to?: unknown } | null)?.to)]) {
    const rule = segmentRule.safeParse(to)
    if (rule.success) for (const name of segmentNames(rule.data)) names.add(name)
  }
  return names
}

const ruleIn = (audience: unknown): unknown =>
  typeof audience === 'object' && audience !== null && 'rule' in audience ? audience.rule : audience
