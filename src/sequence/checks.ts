/** What the grammar of conditions cannot see: steps and segments that are not there, beginnings that never come. */
import type { CampaignContext, Finding } from '../campaign/parse.ts'
import { closest } from '../segment/issues.ts'
import { type SegmentRule, segmentNames } from '../segment/rule.ts'
import { condition, conditionsWithin, entry, exit, waitFor } from './condition.ts'

const objectOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}

interface Step {
  index: number
  name: string
  isDated: boolean
  when: ReturnType<typeof condition.safeParse>['data']
  hasWhen: boolean
  waits: ReturnType<typeof waitFor.safeParse>['data']
}

/** The word of a branch that ends the campaign for the person. */
export const exitBranch = 'exit'

/** Faults in what a definition, validated or not, says of conditions, branches and entry. */
export function checkSequence(definition: unknown, context: CampaignContext): Finding[] {
  const whole = objectOf(definition)
  const steps = (Array.isArray(whole.steps) ? whole.steps : []).map((given: unknown, index): Step => {
    const step = objectOf(given)
    return {
      index,
      name: typeof step.name === 'string' ? step.name : '',
      isDated: step.at !== undefined,
      when: condition.safeParse(step.when).data,
      hasWhen: step.when !== undefined,
      waits: waitFor.safeParse(step.waitFor).data,
    }
  })
  return [...beginnings(steps), ...references(steps), ...segmentsNamed(steps, whole, context), ...names(whole)]
}

/** Every step has a date, a condition, or a wait that leads to it. */
function beginnings(steps: readonly Step[]): Finding[] {
  const led = new Set(steps.flatMap(({ waits }) => (waits ? [waits.then, waits.else] : [])))
  return steps
    .filter(({ name, isDated, hasWhen }) => !isDated && !hasWhen && !led.has(name))
    .map(({ index, name }) => ({
      path: ['steps', index],
      message: `Step "${name}" never starts: give it at: (such as launch + 3 days) or when:.`,
    }))
}

function references(steps: readonly Step[]): Finding[] {
  const known = steps.map(({ name }) => name)
  const found: Finding[] = []
  const missing = (name: string, path: PropertyKey[]) => {
    if (known.includes(name)) return
    found.push({
      path,
      message: `There is no step "${name}" in this campaign.`,
      suggestion: closest(name, [...known, exitBranch]),
    })
  }
  for (const { index, name, when, waits } of steps) {
    for (const part of when ? conditionsWithin(when) : []) {
      const named =
        'notOpened' in part
          ? part.notOpened
          : 'notActed' in part
            ? part.notActed
            : 'notRegistered' in part
              ? part.notRegistered
              : 'returned' in part
                ? part.returned
                : 'replied' in part
                  ? part.to
                  : undefined
      if (named === undefined) continue
      missing(named, ['steps', index, 'when'])
      if (named === name)
        found.push({ path: ['steps', index, 'when'], message: `Step "${name}" waits for itself: name another step.` })
    }
    for (const branch of ['then', 'else'] as const) {
      const to = waits?.[branch]
      if (to === undefined || to === exitBranch) continue
      missing(to, ['steps', index, 'waitFor', branch])
      const target = steps.find((step) => step.name === to)
      if (target?.isDated || target?.hasWhen)
        found.push({
          path: ['steps', index, 'waitFor', branch],
          message: `Step "${to}" has a beginning of its own (at: or when:); a wait leads only to a step without one.`,
        })
    }
  }
  return found
}

/** Nobody would ever come by, be kept out by or leave for a segment that does not exist. */
function segmentsNamed(
  steps: readonly Step[],
  whole: Record<string, unknown>,
  { segments }: CampaignContext,
): Finding[] {
  const found: Finding[] = []
  const check = (name: string, path: PropertyKey[]) => {
    if (segments.has(name)) return
    const suggestion = closest(name, [...segments])
    const known = suggestion ? '' : ` Known: ${[...segments].sort().join(', ') || 'none yet'}.`
    found.push({ path, message: `There is no segment "${name}".${known}`, suggestion })
  }
  const checkAll = (rule: SegmentRule, path: PropertyKey[]) => {
    for (const name of segmentNames(rule)) check(name, path)
  }
  const checkPart = (part: object, path: PropertyKey[]) => {
    if ('enters' in part && typeof part.enters === 'string') check(part.enters, path)
    if ('leaves' in part && typeof part.leaves === 'string') check(part.leaves, path)
  }
  for (const { index, when } of steps)
    for (const part of when ? conditionsWithin(when) : []) {
      checkPart(part, ['steps', index, 'when'])
      if ('all' in part) for (const one of part.all) if ('rule' in one) checkAll(one.rule, ['steps', index, 'when'])
    }
  const entered = entry.safeParse(whole.entry)
  if (entered.success) checkPart(entered.data, ['entry'])
  const { data: left } = exit.safeParse(whole.exit)
  const isEvent = typeof left?.when === 'object' && 'event' in left.when && typeof left.when.event === 'string'
  if (left && !isEvent) checkAll(left.when as SegmentRule, ['exit', 'when'])
  return found
}

/** `entry` is each person's own; a campaign that is not entered has none, and nobody else may be called so. */
function names({ anchor, entry: entered, reentry, lateJoiners, steps }: Record<string, unknown>): Finding[] {
  const found: Finding[] = []
  if ('entry' in objectOf(anchor))
    found.push({ path: ['anchor', 'entry'], message: '"entry" is each person’s own date: name this anchor otherwise.' })
  for (const [index, step] of (Array.isArray(steps) ? steps : []).entries()) {
    const { name } = objectOf(step)
    if (name === 'entry' || name === exitBranch)
      found.push({
        path: ['steps', index, 'name'],
        message: `"${name}" means something else; name the step otherwise.`,
      })
  }
  if (lateJoiners !== undefined && entered !== undefined)
    found.push({
      path: ['lateJoiners'],
      message: 'Nobody is late where everybody has their own entry: remove lateJoiners:, or entry:.',
    })
  if (reentry !== undefined && entered === undefined)
    found.push({ path: ['reentry'], message: 'Nobody enters this campaign: add entry:, or remove reentry.' })
  return found
}
