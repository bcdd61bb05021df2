import { closest } from '../segment/issues.ts'
import type { TemplateProblem } from './check.ts'
import { liquidFor, parseLiquid } from './liquid.ts'

const personal = new Set(['contact.firstName', 'contact.lastName', 'contact.fullName', 'contact.salutation'])

/** Names that no value has: typing errors. A campaign's own field that is guarded by a condition may be left out. */
export function unknownVariables(words: string, fields: readonly string[]): TemplateProblem[] {
  const guarded = guardedNames(words)
  const found: TemplateProblem[] = []
  for (const { path, line, column } of variablesOf(words)) {
    if (isKnown(path, fields) || (path.startsWith('campaign.') && guarded.has(path))) continue
    const suggestion = closest(path, fields)
    found.push({
      severity: 'error',
      code: 'variable.unknown',
      line,
      column,
      message: `There is no field "${path}".${suggestion ? '' : ` Known: ${knownUnder(path, fields)}.`}`,
      ...(suggestion ? { suggestion } : {}),
    })
  }
  return found
}

/** Names of people written without a way round a missing one: the sample files have contacts without any name. */
export function unguardedNames(words: string): TemplateProblem[] {
  const guarded = guardedNames(words)
  return variablesOf(words)
    .filter(({ path }) => personal.has(path) && !guarded.has(path))
    .map(({ path, line, column }) => ({
      severity: 'warning',
      code: 'fallback.missing',
      line,
      column,
      message: `"${path}" is empty for some contacts and for shared mailboxes: use {{ greeting }}, or add | default: "…".`,
    }))
}

/** Names some condition or default provides for. */
function guardedNames(words: string): Set<string> {
  const names = new Set<string>()
  for (const condition of words.matchAll(/\{%-?\s*(?:if|elsif|unless)\s+([^%]*)%\}/g)) {
    for (const name of condition[1]!.matchAll(/[a-zA-Z_][\w.]*/g)) names.add(name[0])
  }
  for (const output of words.matchAll(/\{\{-?\s*([a-zA-Z_][\w.]*)[^}]*\|\s*default\b/g)) names.add(output[1]!)
  for (const nested of words.matchAll(/default:\s*([a-zA-Z_][\w.]*)/g)) names.add(nested[1]!)
  return names
}

function variablesOf(words: string): { path: string; line: number; column: number }[] {
  const { globals } = liquidFor('text').analyzeSync(parseLiquid(words, 'text').nodes, { partials: false })
  return Object.values(globals).flatMap((uses) =>
    uses.map(({ segments, location }) => ({
      path: segments.filter((segment) => typeof segment === 'string').join('.'),
      line: location.row,
      column: location.col,
    })),
  )
}

function isKnown(path: string, fields: readonly string[]): boolean {
  return fields.some(
    (field) =>
      field === path ||
      (field.endsWith('.*') && path.startsWith(field.slice(0, -1))) ||
      // A group (`contact`) may be asked for in a condition, a text for its size.
      field.startsWith(`${path}.`) ||
      path === `${field}.size` ||
      path === `${field}.first`,
  )
}

function knownUnder(path: string, fields: readonly string[]): string {
  const group = `${path.split('.')[0]}.`
  const near = fields.filter((field) => field.startsWith(group))
  return (near.length > 0 ? near : fields.filter((field) => !field.includes('.'))).join(', ')
}
