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
  const { audience, steps, entry, exit } = file as Record<'audience' | 'steps' | 'entry' | 'exit', unknown>
  const written = typeof steps === 'object' && steps !== null ? Object.values(steps) : []
  const each = (key: string) => written.map((step: unknown) => fieldOf(step, key))
  const listened = [entry, ...each('when')].flatMap((when) => [...listenedIn(when)])
  for (const rule of [ruleIn(audience), fieldOf(exit, 'when'), ...each('to'), ...listened]) {
    const read = segmentRule.safeParse(rule)
    if (read.success) for (const name of segmentNames(read.data)) names.add(name)
  }
  return names
}

const fieldOf = (of: unknown, key: string): unknown =>
  typeof of === 'object' && of !== null ? (of as Record<string, unknown>)[key] : undefined

/** The segments that people come to a step by entering or leaving, and the rules that keep them out. */
function* listenedIn(when: unknown): Generator<unknown> {
  if (typeof when !== 'object' || when === null) return
  for (const [key, value] of Object.entries(when)) {
    if (key === 'enters' || key === 'leaves' || key === 'rule') yield value
    else yield* listenedIn(value)
  }
}

const ruleIn = (audience: unknown): unknown =>
  typeof audience === 'object' && audience !== null && 'rule' in audience ? audience.rule : audience
