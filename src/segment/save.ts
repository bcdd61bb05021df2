import { isDeepStrictEqual } from 'node:util'
import { and, asc, eq } from 'drizzle-orm'
import { newId, type Tx } from '../db/index.ts'
import { segments } from '../db/schema.ts'
import type { SegmentDefinitions } from './parse.ts'
import { findCycle, type SegmentRule, segmentNames, segmentRule } from './rule.ts'

export type Segment = Omit<typeof segments.$inferSelect, 'rule'> & { rule: SegmentRule }

export interface Saved {
  created: string[]
  updated: string[]
  unchanged: string[]
}

/** A definition that cannot stand beside the segments already there. */
export class SegmentProblem extends Error {
  override name = 'SegmentProblem'
}

/** The network's segments by name. */
export async function listSegments(tx: Tx, networkId: string): Promise<Segment[]> {
  const rows = await tx.select().from(segments).where(eq(segments.networkId, networkId)).orderBy(asc(segments.name))
  return rows.map((row) => ({ ...row, rule: segmentRule.parse(row.rule) }))
}

/**
 * Saves segments by name; a changed rule or title is the next version, others stay. Nothing is deleted. Who belongs
 * to them is worked out by `refreshSegments`. Throws `SegmentProblem` when, with what is already stored, a rule
 * names a segment that does not exist or segments name one another in a circle.
 */
export async function saveSegments(
  tx: Tx,
  networkId: string,
  definitions: SegmentDefinitions,
  now: Date,
): Promise<Saved> {
  const stored = new Map((await listSegments(tx, networkId)).map((segment) => [segment.name, segment]))
  checkTogether(new Map([...stored].map(([name, { rule }]) => [name, rule])), definitions)
  const saved: Saved = { created: [], updated: [], unchanged: [] }
  for (const [name, { title, rule: written }] of Object.entries(definitions)) {
    // A bare word is no JSON document that every driver gives back alike.
    const rule = typeof written === 'string' ? { segment: written } : written
    const before = stored.get(name)
    if (!before) {
      await tx.insert(segments).values({ networkId, id: newId(), name, title, rule, updatedAt: now })
      saved.created.push(name)
    } else if (isDeepStrictEqual(before.rule, rule) && isDeepStrictEqual(before.title, title))
      saved.unchanged.push(name)
    else {
      await tx
        .update(segments)
        .set({ title, rule, version: before.version + 1, updatedAt: now })
        .where(and(eq(segments.networkId, networkId), eq(segments.id, before.id)))
      saved.updated.push(name)
    }
  }
  return saved
}

function checkTogether(rules: Map<string, SegmentRule>, definitions: SegmentDefinitions): void {
  for (const [name, { rule }] of Object.entries(definitions)) rules.set(name, rule)
  for (const [name, { rule }] of Object.entries(definitions))
    for (const wanted of segmentNames(rule))
      if (!rules.has(wanted)) throw new SegmentProblem(`Segment “${name}” names “${wanted}”, which does not exist.`)
  const cycle = findCycle(rules)
  if (cycle) throw new SegmentProblem(`These segments name one another in a circle: ${cycle.join(' → ')}.`)
}
