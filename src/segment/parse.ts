import { isMap, isPair, isScalar, LineCounter, parseDocument } from 'yaml'
import { z } from 'zod'
import { type CampaignProblem, CampaignProblems } from '../campaign/problems.ts'
import { closest, unfoldIssues } from './issues.ts'
import {
  campaignStates,
  conditionNames,
  findCycle,
  isCampaignState,
  rulesWithin,
  type SegmentRule,
  segmentNames,
  segmentRule,
  statesOf,
} from './rule.ts'

export interface SegmentDefinition {
  title: Record<string, string>
  rule: SegmentRule
}

export type SegmentDefinitions = Record<string, SegmentDefinition>

const title = z.strictObject({ fr: z.string().trim().min(1), en: z.string().trim().min(1) })
const definition = z.strictObject({ title, rule: segmentRule })
/** Levels of a definition: nobody reads a rule nested deeper, and whatever walks one must come to its end. */
const deepest = 64
const tooDeep = 'This rule is nested too deeply: split it into segments that name one another.'
const namePattern = /^[\p{L}\p{N}][\p{L}\p{N}_-]{0,79}$/u

/**
 * Reads a file of segments: a map of name to `{ title: { fr, en }, rule }`. Throws `CampaignProblems` with every
 * fault at once, each with its line, column and, where one is near, a suggestion. `existing` are segments that
 * rules may name besides those of the file.
 */
export function parseSegments(source: string, file: string, existing: readonly string[] = []): SegmentDefinitions {
  const lines = new LineCounter()
  const document = parseDocument(source, { lineCounter: lines, uniqueKeys: true })
  const problems: CampaignProblem[] = []
  const report = (path: readonly PropertyKey[], message: string, suggestion?: string) => {
    const { line, col } = lines.linePos(offsetOf(document.contents, path))
    problems.push({ file, line, column: col, path: path.map(String).join('.'), message, suggestion })
  }
  for (const error of document.errors) {
    const { line, col } = lines.linePos(error.pos[0])
    problems.push({
      file,
      line,
      column: col,
      path: '',
      message: /call stack/.test(error.message) ? tooDeep : error.message.split('\n')[0]!.replace(/ at line .*$/, ''),
    })
  }
  if (problems.length > 0) throw new CampaignProblems(problems)
  const read: unknown = document.toJS({ maxAliasCount: 100 }) ?? {}
  if (typeof read !== 'object' || read === null || Array.isArray(read)) {
    report([], 'A file of segments is a list of names, each with title and rule.')
    throw new CampaignProblems(problems)
  }
  const found = new Map<string, SegmentDefinition>()
  for (const [name, value] of Object.entries(read)) {
    if (isCampaignState(name)) report([name], `“${name}” is a campaign state and cannot name a segment.`)
    else if (!namePattern.test(name))
      report([name], `“${name}” is no name for a segment: letters, figures, - and _, at most 80.`)
    if (isDeeper(value, deepest)) {
      report([name], tooDeep)
      continue
    }
    const parsed = definition.safeParse(value)
    if (parsed.success) found.set(name, parsed.data)
    else
      for (const { path, message } of unfoldIssues(parsed.error.issues, value, conditionNames))
        report([name, ...path], message)
  }
  const rules = new Map([...found].map(([name, { rule }]) => [name, rule]))
  const names = [...Object.keys(read), ...existing]
  for (const [name, rule] of rules) {
    for (const wanted of segmentNames(rule))
      if (!names.includes(wanted))
        report([name, 'rule'], `There is no segment “${wanted}”.`, closest(wanted, [...names, ...campaignStates]))
    for (const state of statesOf(rule))
      report(
        [name, 'rule'],
        `“${state}” means something only inside a campaign: ask for { event: { type: …, campaign: … } } here.`,
      )
  }
  const cycle = findCycle(rules)
  if (cycle) report([cycle[0]!, 'rule'], `These segments name one another in a circle: ${cycle.join(' → ')}.`)
  if (problems.length > 0) throw new CampaignProblems(problems)
  return Object.fromEntries(found)
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((part) => isDeeper(part, levels - 1))
}

/** Where a path stands in the file: at its key, or as near above as there is one. */
function offsetOf(contents: unknown, path: readonly PropertyKey[]): number {
  let at = contents
  let offset = 0
  for (const part of path) {
    if (isMap(at)) {
      const pair = at.items.find(
        (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(part),
      )
      if (!pair) break
      offset = isScalar(pair.key) ? (pair.key.range?.[0] ?? offset) : offset
      at = pair.value
    } else if (typeof at === 'object' && at !== null && 'items' in at && Array.isArray(at.items)) {
      at = at.items[Number(part)]
      if (typeof at === 'object' && at !== null && 'range' in at && Array.isArray(at.range))
        offset = Number(at.range[0])
    } else break
  }
  return offset
}

/** The campaigns that a rule's event tests name, for checking that they exist. */
export function campaignNames(rule: SegmentRule): string[] {
  const names = [...rulesWithin(rule)].flatMap((part) =>
    typeof part === 'object' && 'event' in part ? (part.event.campaign ?? []) : [],
  )
  return [...new Set(names)]
}
