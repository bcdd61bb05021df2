/** zod's answers as sentences with a place and a suggestion. */
import { z } from 'zod'
import { closest, unfoldIssues } from '../segment/issues.ts'
import { conditionNames } from '../segment/rule.ts'
import { campaignDefinition } from './definition.ts'

export interface SchemaProblem {
  path: PropertyKey[]
  /** The problem is with the key itself: point at it rather than at its value. */
  isKey?: boolean
  message: string
  suggestion?: string
}

/** Words people write for a channel that we name otherwise. */
const channelWords: Record<string, string> = {
  mail: 'email',
  'e-mail': 'email',
  courriel: 'email',
  texto: 'sms',
  text: 'sms',
  letter: 'print',
  courrier: 'print',
  papier: 'print',
  post: 'print',
  web: 'intranet',
  extranet: 'intranet',
  ecran: 'screen',
  écran: 'screen',
  broadcast: 'screen',
}

/** Every fault of a definition, in the words of someone who has to mend a file. */
export function schemaProblems(issues: readonly z.core.$ZodIssue[], input: unknown): SchemaProblem[] {
  return issues.flatMap((issue) => describe(issue, [], input))
}

function describe(issue: z.core.$ZodIssue, base: PropertyKey[], input: unknown): SchemaProblem[] {
  const path = [...base, ...issue.path]
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey([...path, key]))
    case 'invalid_value': {
      const written = valueAt(input, path)
      const values = issue.values.map(String)
      const suggestion = typeof written === 'string' ? nearestValue(written, values) : undefined
      return [
        {
          path,
          message:
            written === undefined
              ? missing(path, values)
              : `"${shown(written)}" is not known here: use ${values.join(', ')}.`,
          suggestion,
        },
      ]
    }
    case 'invalid_type': {
      const written = valueAt(input, path)
      if (written === undefined) return [{ path, message: missing(path) }]
      return [{ path, message: `Expected ${expected(issue.expected)}, found ${found(written)}.` }]
    }
    case 'invalid_union':
      return describeUnion(issue, path, input)
    case 'invalid_key':
      return [{ path, isKey: true, message: issue.issues[0]?.message ?? 'This name cannot be used here.' }]
    case 'too_small':
      return [{ path, message: issue.origin === 'array' ? 'At least one is needed here.' : issue.message }]
    default:
      return [{ path, message: issue.message }]
  }
}

/** A rule names its own fault; of the other choices, the one that comes closest is explained. */
function describeUnion(issue: z.core.$ZodIssueInvalidUnion, path: PropertyKey[], input: unknown): SchemaProblem[] {
  if (issue.errors.length === conditionNames.length + 1) {
    return unfoldIssues([{ ...issue, path }], input, conditionNames).map((problem) => ({
      ...problem,
      message: sentence(problem.message),
    }))
  }
  const written = valueAt(input, path)
  if (written === undefined) return [{ path, message: missing(path) }]
  const keys = typeof written === 'object' && written !== null ? Object.keys(written) : []
  const branch = issue.errors.find(
    (errors) =>
      errors.length > 0 &&
      keys.length > 0 &&
      !errors.some((error) => error.path.length === 0 || !keys.includes(String(error.path[0]))),
  )
  const explained = branch ?? (issue.message === unexplained && keys.length > 0 ? least(issue.errors) : undefined)
  return explained ? explained.flatMap((error) => describe(error, path, input)) : [{ path, message: issue.message }]
}

/** What zod says of a choice that has no words of its own. */
const unexplained = 'Invalid input'

/** The one choice that lacks least; undefined where two lack as little. */
function least<T>(choices: readonly T[][]): T[] | undefined {
  const [first, second] = [...choices].sort((a, b) => a.length - b.length)
  return first && first.length < (second?.length ?? Number.POSITIVE_INFINITY) ? first : undefined
}

const sentence = (text: string) => text.replaceAll('“', '"').replaceAll('”', '"')

function unknownKey(path: PropertyKey[]): SchemaProblem {
  const key = String(path.at(-1))
  const known = keysAt(path.slice(0, -1))
  const suggestion = closest(key, known)
  const list = suggestion || known.length === 0 ? '' : ` Known here: ${known.join(', ')}.`
  return { path, isKey: true, message: `Unknown key "${key}".${list}`, suggestion }
}

const missing = (path: PropertyKey[], values?: readonly string[]) =>
  `${path.length === 0 ? 'The file' : `"${String(path.at(-1))}"`} is missing${values ? `: one of ${values.join(', ')}` : ''}.`

const nearestValue = (written: string, values: readonly string[]) => {
  const synonym = channelWords[written.toLowerCase()]
  return synonym && values.includes(synonym) ? synonym : closest(written, values)
}

const expected = (type: string) =>
  ({ string: 'text', array: 'a list', object: 'key: value lines', boolean: 'true or false', number: 'a number' })[
    type
  ] ?? type

const found = (value: unknown) =>
  value === null
    ? 'nothing'
    : Array.isArray(value)
      ? 'a list'
      : typeof value === 'object'
        ? 'key: value lines'
        : `"${shown(value)}"`

const shown = (value: unknown) => String(value).slice(0, 60)

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined),
    value,
  )

interface JsonSchema {
  properties?: Record<string, JsonSchema>
  items?: JsonSchema
  anyOf?: JsonSchema[]
}

let schema: JsonSchema | undefined

/** The keys the grammar knows at a place, read from the same schema editors use. */
function keysAt(path: readonly PropertyKey[]): string[] {
  schema ??= z.toJSONSchema(campaignDefinition, { io: 'input', unrepresentable: 'any' }) as JsonSchema
  let here: JsonSchema[] = [schema]
  for (const key of path) {
    here = here
      .flatMap((one) => (typeof key === 'number' ? one.items : one.properties?.[String(key)]) ?? [])
      .flatMap((one) => [one, ...(one.anyOf ?? [])])
  }
  return [...new Set(here.flatMap((one) => Object.keys(one.properties ?? {})))]
}
