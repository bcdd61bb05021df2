import { z } from 'zod'
import { findCycle, isCampaignState, type SegmentRule, segmentNames, segmentRule, statesOf } from '../segment/rule.ts'
import type { Language } from '../words.ts'
import { schemaProblems } from './issues.ts'
import { CampaignProblems } from './problems.ts'
import { readYaml } from './yaml-source.ts'

export interface SegmentDefinition {
  name: string
  title: Partial<Record<Language, string>>
  rule: SegmentRule
}

const title = z.strictObject({ fr: z.string().min(1).optional(), en: z.string().min(1).optional() })
const segmentName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,59}$/, 'Use lower-case letters, digits and hyphens, at most 60.')
  .refine(
    (name) => !isCampaignState(name),
    'This word is a campaign state (registered, acted …); name the segment otherwise.',
  )

const segmentFile = z.strictObject({
  segments: z.record(segmentName, z.strictObject({ title, rule: segmentRule })),
})

/**
 * Reads a file of segments such as `campaigns/segments.yaml`. `known` are the names that exist already, which its
 * rules may use beside its own.
 * @throws CampaignProblems with every error and its place
 */
export function parseSegments(
  source: string,
  file: string,
  known: ReadonlySet<string> = new Set(),
): SegmentDefinition[] {
  const yaml = readYaml(source.replace(/^\ufeff/, ''), file)
  const read = segmentFile.safeParse(yaml.value ?? {})
  const problems = [...yaml.syntax]
  const add = (path: PropertyKey[], message: string, isKey = false) =>
    problems.push({
      file,
      ...(isKey ? yaml.keyPlace(path) : yaml.place(path)),
      path: path.map(String).join('.'),
      message,
    })
  if (!read.success) {
    if (yaml.value !== undefined) {
      for (const { path, message, isKey } of schemaProblems(read.error.issues, yaml.value)) add(path, message, isKey)
    }
    throw new CampaignProblems(problems)
  }
  const rules = new Map(Object.entries(read.data.segments).map(([name, { rule }]) => [name, rule]))
  for (const [name, rule] of rules) {
    const path = ['segments', name, 'rule']
    for (const other of segmentNames(rule)) {
      if (!rules.has(other) && !known.has(other)) add(path, `There is no segment "${other}".`)
    }
    for (const state of statesOf(rule)) {
      add(path, `"${state}" means something only inside a campaign: use it in a step's to:, or test an event here.`)
    }
  }
  const cycle = findCycle(rules)
  if (cycle)
    add(['segments', cycle[0]!], `These segments are made of one another in a circle: ${cycle.join(' → ')}.`, true)
  if (problems.length > 0) throw new CampaignProblems(problems)
  return Object.entries(read.data.segments).map(([name, { title, rule }]) => ({ name, title, rule }))
}
