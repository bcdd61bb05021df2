import { isDeepStrictEqual } from 'node:util'
import type { PolicyRule, PolicyTable } from './types.ts'

/** What differs in a rule: one of its conditions, or what it says. */
export type RuleField = keyof PolicyRule['when'] | Exclude<keyof PolicyRule, 'id' | 'when'>

const conditions = ['urgency', 'intent', 'class', 'profile', 'typology', 'tier'] as const
const sayings = ['channels', 'together', 'waterfallMinutes', 'fallback', 'learns'] as const

/** Positions begin at 1, as people count the rows of the table. */
export type PolicyChange =
  | { is: 'added'; rule: PolicyRule; position: number }
  | { is: 'removed'; rule: PolicyRule; position: number }
  | { is: 'changed'; before: PolicyRule; after: PolicyRule; fields: RuleField[] }
  | { is: 'moved'; rule: PolicyRule; from: number; to: number }
  | { is: 'companions'; intranet: boolean }

/**
 * What makes one table of rules another. Rules are the same by their id. As few as possible are said to have moved:
 * those outside a longest run that kept its order. Empty exactly when both decide everything alike and in one order.
 */
export function diffPolicies(before: PolicyTable, after: PolicyTable): PolicyChange[] {
  const old = new Map(before.rules.map((rule, index) => [rule.id, { rule, position: index + 1 }]))
  const ids = new Set(after.rules.map(({ id }) => id))
  const changes: PolicyChange[] = []
  for (const { rule, position } of old.values()) if (!ids.has(rule.id)) changes.push({ is: 'removed', rule, position })
  const stayed = after.rules.flatMap(({ id }) => (old.has(id) ? [(old.get(id) as { position: number }).position] : []))
  const inOrder = new Set(longestRising(stayed))
  for (const [index, rule] of after.rules.entries()) {
    const known = old.get(rule.id)
    const position = index + 1
    if (!known) {
      changes.push({ is: 'added', rule, position })
      continue
    }
    const fields = fieldsThatDiffer(known.rule, rule)
    if (fields.length > 0) changes.push({ is: 'changed', before: known.rule, after: rule, fields })
    if (!inOrder.has(known.position)) changes.push({ is: 'moved', rule, from: known.position, to: position })
  }
  if (before.companions.intranet !== after.companions.intranet)
    changes.push({ is: 'companions', intranet: after.companions.intranet })
  return changes
}

function fieldsThatDiffer(before: PolicyRule, after: PolicyRule): RuleField[] {
  const isUnordered = (one: unknown): unknown => (Array.isArray(one) ? [...one].sort() : one)
  return [
    ...conditions.filter((on) => !isDeepStrictEqual(isUnordered(before.when[on]), isUnordered(after.when[on]))),
    ...sayings.filter((on) => !isDeepStrictEqual(meant(before, on), meant(after, on))),
  ]
}

/** What is left out means something: no companion, and that engagement may choose. */
const meant = (rule: PolicyRule, on: (typeof sayings)[number]): unknown =>
  on === 'learns' ? rule.learns !== false : on === 'together' ? (rule.together ?? []) : rule[on]

/** A longest part of distinct numbers, in their order, that only rises (patience sorting). */
function longestRising(numbers: readonly number[]): number[] {
  const tails: { value: number; before: number | undefined; index: number }[] = []
  const links: (number | undefined)[] = []
  for (const [index, value] of numbers.entries()) {
    const place = tails.findIndex((tail) => tail.value > value)
    const at = place === -1 ? tails.length : place
    const before = tails[at - 1]?.index
    links[index] = before
    tails[at] = { value, before, index }
  }
  const run: number[] = []
  for (let index = tails.at(-1)?.index; index !== undefined; index = links[index]) run.unshift(numbers[index] as number)
  return run
}
