import { intents, messageClasses, profiles, urgencies } from '../words.ts'
import type { PolicyRule } from './types.ts'

type Condition = keyof PolicyRule['when']
type Axis = [Condition, readonly (string | undefined)[]]

/** A rule no message ever reaches, since those before it take all that it would match. */
export interface Shadowed {
  id: string
  /** Rules before it that take all of it together, none of them needlessly, in their order. */
  by: string[]
}

const accepts = ({ when }: PolicyRule, on: Condition, value: string | undefined): boolean => {
  const allowed = when[on] as readonly string[] | undefined
  return allowed === undefined || (value !== undefined && allowed.includes(value))
}

/**
 * The rules that can never match. First match wins, so a rule is dead when the rules above it cover every urgency ×
 * intent × class × profile × typology × tier that it names. Exact: a typology or tier no rule names stands for all
 * the others, and for none.
 */
export function shadowedRules(rules: readonly PolicyRule[]): Shadowed[] {
  const named = (on: 'typology' | 'tier') => [...new Set(rules.flatMap(({ when }) => when[on] ?? [])), undefined]
  const axes: Axis[] = [
    ['urgency', urgencies],
    ['intent', intents],
    ['class', messageClasses],
    ['profile', profiles],
    ['typology', named('typology')],
    ['tier', named('tier')],
  ]
  return rules.flatMap((rule, position) => {
    const own = axes.map(([on, values]): Axis => [on, values.filter((value) => accepts(rule, on, value))])
    const before = rules.slice(0, position)
    if (!isCovered(own, before)) return []
    // Named are those it takes: without any one of them some of it would be left.
    let by = before
    for (const one of before) {
      const without = by.filter((other) => other !== one)
      if (isCovered(own, without)) by = without
    }
    return [{ id: rule.id, by: by.map(({ id }) => id) }]
  })
}

/** Whether every combination along the axes is taken by one of the rules. */
function isCovered(axes: readonly Axis[], rules: readonly PolicyRule[]): boolean {
  const [axis, ...rest] = axes
  if (rules.length === 0) return false
  if (!axis) return true
  const [on, values] = axis
  // An axis on which no rule left says anything has one value as good as another.
  const told = rules.some(({ when }) => when[on] !== undefined) ? values : values.slice(0, 1)
  return told.every((value) =>
    isCovered(
      rest,
      rules.filter((rule) => accepts(rule, on, value)),
    ),
  )
}
