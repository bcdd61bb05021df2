import type { z } from 'zod'

type Issue = z.core.$ZodIssue

export interface RuleIssue {
  path: PropertyKey[]
  message: string
}

/** The candidate that differs least from a mistyped word (edit distance at most 2), if any. */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined
  let least = 3
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase())
    if (distance < least) {
      best = candidate
      least = distance
    }
  }
  return best
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, n) => n)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1))
    row = next
  }
  return row[b.length]!
}

/**
 * A rule may take many shapes, so zod answers with the faults of each. This picks the shape that was meant,
 * by the key that was written, and gives its first fault with the place inside the rule.
 */
export function bestBranch(
  input: unknown,
  branches: readonly (readonly Issue[])[],
  conditionNames: readonly string[],
): RuleIssue {
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    return { path: [], message: 'A rule is the name of a segment, a campaign state, or one condition.' }
  const keys = Object.keys(input)
  const known = keys.find((key) => conditionNames.includes(key))
  if (known === undefined) {
    const [key] = keys
    if (key === undefined)
      return { path: [], message: `A rule needs a condition: one of ${conditionNames.join(', ')}.` }
    const meant = closest(key, conditionNames)
    return {
      path: [key],
      message: `Unknown condition “${key}”${meant ? `: did you mean “${meant}”?` : ` (known: ${conditionNames.join(', ')}).`}`,
    }
  }
  const [, ...shapes] = branches
  const issue = shapes[conditionNames.indexOf(known)]?.[0]
  if (!issue) return { path: [known], message: 'This rule is not valid.' }
  if (issue.code === 'unrecognized_keys') {
    const extra = issue.keys.map((key) => `“${key}”`).join(', ')
    const second = issue.path.length === 0 && issue.keys.some((key) => conditionNames.includes(key))
    return {
      path: [...issue.path, issue.keys[0]!],
      message: second
        ? `One rule holds one condition: put “${known}” and ${extra} under all: or any:.`
        : `Unknown key ${extra} in “${[known, ...issue.path.filter((part) => part !== known)].join('.')}”.`,
    }
  }
  return {
    path: issue.path,
    message: issue.path.length > 0 ? `${issue.message} (${issue.path.join('.')})` : issue.message,
  }
}

/** The faults of a rejected rule, each at the deepest place that can be named; other issues pass unchanged. */
export function unfoldIssues(issues: readonly Issue[], input: unknown, conditionNames: readonly string[]): RuleIssue[] {
  return issues.map((issue) => {
    let current: Issue = issue
    let value = valueAt(input, issue.path)
    let path = issue.path
    for (;;) {
      // An unknown key alone leaves its shape recognised, and comes without the others' faults.
      if (current.code === 'unrecognized_keys')
        return { path: [...path, current.keys[0]!], message: `Unknown key “${current.keys.join('”, “')}”.` }
      if (current.code !== 'invalid_union' || current.errors.length !== conditionNames.length + 1)
        return { path, message: current.message }
      const found = bestBranch(value, current.errors, conditionNames)
      const keys = typeof value === 'object' && value !== null ? Object.keys(value) : []
      const known = keys.find((key) => conditionNames.includes(key))
      const next = known === undefined ? undefined : current.errors[conditionNames.indexOf(known) + 1]?.[0]
      if (next?.code !== 'invalid_union') return { path: [...path, ...found.path], message: found.message }
      path = [...path, ...next.path]
      value = valueAt(value, next.path)
      current = next
    }
  })
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined),
    value,
  )
}
