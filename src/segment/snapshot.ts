import type { Tx } from '../db/index.ts'
import { type SegmentRule, segmentNames } from './rule.ts'
import { listSegments } from './save.ts'

/** The segments that choose a step's people, by name, as they stood when it started. */
export type ChosenBy = Record<string, { version: number; rule: SegmentRule }>

/**
 * The segments these rules stand on, and those these stand on in turn: kept with a step's run, they say by which rule
 * its people were chosen, whatever becomes of the segments; who they were, its decisions say.
 */
export async function chosenBy(tx: Tx, networkId: string, rules: readonly SegmentRule[]): Promise<ChosenBy> {
  const wanted = rules.flatMap(segmentNames)
  if (wanted.length === 0) return {}
  const known = new Map((await listSegments(tx, networkId)).map((segment) => [segment.name, segment]))
  const chosen: ChosenBy = {}
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    const segment = known.get(name)
    if (!segment || Object.hasOwn(chosen, name)) continue
    chosen[name] = { version: segment.version, rule: segment.rule }
    wanted.push(...segmentNames(segment.rule))
  }
  return chosen
}
