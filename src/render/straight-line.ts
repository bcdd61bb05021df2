/**
 * Most templates are text, fields and simple conditions. LiquidJS walks even those through generators, which is most
 * of what a rendering costs; here they become plain functions, three to four times as fast, and what is the same for
 * everyone (a brand, a language) becomes text. Whatever is not surely
 * the same (loops, assignments, other filters, drops) is left to LiquidJS: `straightLine` then answers undefined.
 */
import { IfTag, Output, type Template, TypeGuards, UnlessTag, type Value } from 'liquidjs'
import type { Language } from '../words.ts'

type Scope = Record<string, unknown>
type Read = (scope: Scope) => unknown
type Write = (scope: Scope) => string
type Filter = (value: unknown, language: Language, argument?: unknown) => unknown
type Token = Value['initial']['postfix'][number]

/** Something to be read: the same for everyone, or each time from the scope. */
type Reading = { fixed: true; value: unknown } | { fixed: false; read: Read }

/** LiquidJS gives these a meaning of its own on lists and texts. */
const special = new Set(['size', 'length'])

/** Values that are the same for everyone, by their dotted names: `brand`, `urls.site`. All under a name is known too. */
export type Known = Readonly<Record<string, unknown>>

/**
 * The template as one function, or undefined when it holds anything this cannot do exactly as LiquidJS does. What
 * depends only on `known` is written once, here; the scope must hold the same values.
 */
export function straightLine(
  nodes: readonly Template[],
  escapeValue: (value: unknown) => string,
  filters: Readonly<Record<string, Filter>>,
  known: Known = {},
): ((scope: object) => string) | undefined {
  const parts = partsOf(nodes, { escapeValue, filters: { ...filters, default: orDefault }, known })
  if (!parts) return undefined
  const write = together(parts)
  return (scope) => write(scope as Scope)
}

interface Means {
  escapeValue: (value: unknown) => string
  filters: Readonly<Record<string, Filter>>
  known: Known
}

type Part = string | Write

/** Text and what is written for each, neighbouring texts joined. */
function partsOf(nodes: readonly Template[], means: Means): Part[] | undefined {
  const parts: Part[] = []
  for (const node of nodes) {
    const own = partsOfOne(node, means)
    if (own === undefined) return undefined
    for (const part of own) {
      const last = parts.at(-1)
      if (typeof part === 'string' && typeof last === 'string') parts[parts.length - 1] = last + part
      else if (part !== '') parts.push(part)
    }
  }
  return parts
}

function together(parts: readonly Part[]): Write {
  const [only] = parts
  if (parts.length === 0) return () => ''
  if (parts.length === 1) return typeof only === 'string' ? () => only : only!
  return (scope) => {
    let text = ''
    for (const part of parts) text += typeof part === 'string' ? part : part(scope)
    return text
  }
}

function partsOfOne(node: Template, means: Means): Part[] | undefined {
  if (TypeGuards.isHTMLToken(node.token)) return [node.token.getContent()]
  if (node instanceof Output) {
    const written = writeOutput(node, means)
    return written === undefined ? undefined : [written]
  }
  if (node instanceof IfTag || node instanceof UnlessTag) return conditionParts(node, means)
  return undefined
}

function writeOutput({ value }: Output, { escapeValue, filters, known }: Means): Part | undefined {
  const reading = readExpression(value.initial.postfix, known)
  // The last filter is the escape, which every engine here adds to every output.
  const steps = value.filters.slice(0, -1).map((filter) => {
    const argument = filter.args.length === 0 ? fixed(undefined) : readArgument(filter.args, known)
    const apply = Object.hasOwn(filters, filter.name) ? filters[filter.name] : undefined
    return apply && argument && { apply, argument, read: readOf(argument) }
  })
  if (!reading || !steps.every((step) => step !== undefined)) return undefined
  const read = readOf(reading)
  const write: Write = (scope) => {
    const language = scope.language === 'en' ? 'en' : 'fr'
    let result = read(scope)
    for (const step of steps) result = step.apply(result, language, step.read(scope))
    return escapeValue(result)
  }
  const isFixed = reading.fixed && steps.every(({ argument }) => argument.fixed)
  if (isFixed && (steps.length === 0 || Object.hasOwn(known, 'language'))) return write({ language: known.language })
  return steps.length === 0 ? (scope) => escapeValue(read(scope)) : write
}

function conditionParts(tag: IfTag | UnlessTag, means: Means): Part[] | undefined {
  const branches: { holds: (scope: Scope) => boolean; write: Write }[] = []
  let otherwise = partsOf(tag.elseTemplates ?? [], means)
  for (const [index, branch] of tag.branches.entries()) {
    const reading =
      branch.value.filters.length === 0 ? readExpression(branch.value.initial.postfix, means.known) : undefined
    const parts = partsOf(branch.templates, means)
    if (!reading || !parts || !otherwise) return undefined
    const negated = tag instanceof UnlessTag && index === 0
    if (reading.fixed) {
      if (truthy(reading.value) === negated) continue
      // It always holds: what comes after it never does.
      otherwise = parts
      break
    }
    const { read } = reading
    branches.push({ holds: (scope) => truthy(read(scope)) !== negated, write: together(parts) })
  }
  if (!otherwise || branches.length === 0) return otherwise
  const writeOtherwise = together(otherwise)
  const [first] = branches
  if (branches.length === 1) return [(scope) => (first!.holds(scope) ? first!.write : writeOtherwise)(scope)]
  return [(scope) => (branches.find(({ holds }) => holds(scope))?.write ?? writeOtherwise)(scope)]
}

const truthy = (value: unknown): boolean => value !== false && value !== null && value !== undefined

const same = (left: unknown, right: unknown): boolean =>
  Array.isArray(left)
    ? Array.isArray(right) && left.length === right.length && left.every((item, index) => same(item, right[index]))
    : left === right

const fixed = (value: unknown): Reading => ({ fixed: true, value })
const varying = (read: Read): Reading => ({ fixed: false, read })

function readOf(reading: Reading): Read {
  if (!reading.fixed) return reading.read
  const { value } = reading
  return () => value
}

/** Postfix to a function: fields, literals, and the comparisons whose meaning is the same on plain values. */
function readExpression(postfix: readonly Token[], known: Known): Reading | undefined {
  const stack: Reading[] = []
  for (const token of postfix) {
    if (!TypeGuards.isOperatorToken(token)) {
      const reading = readToken(token, known)
      if (!reading) return undefined
      stack.push(reading)
      continue
    }
    const right = stack.pop()
    const left = token.operator === 'not' ? right : stack.pop()
    if (!left || !right) return undefined
    const combined = combine(token.operator, left, right)
    if (!combined) return undefined
    stack.push(combined)
  }
  return stack.length === 1 ? stack[0] : undefined
}

function combine(operator: string, left: Reading, right: Reading): Reading | undefined {
  if (left.fixed && operator === 'and' && !truthy(left.value)) return fixed(false)
  if (left.fixed && operator === 'or' && truthy(left.value)) return fixed(true)
  const combined = combineRead(operator, readOf(left), readOf(right))
  return combined && (left.fixed && right.fixed ? fixed(combined({})) : varying(combined))
}

function combineRead(operator: string, left: Read, right: Read): Read | undefined {
  switch (operator) {
    case 'and':
      return (scope) => truthy(left(scope)) && truthy(right(scope))
    case 'or':
      return (scope) => truthy(left(scope)) || truthy(right(scope))
    case 'not':
      return (scope) => !truthy(right(scope))
    case '==':
      return (scope) => same(left(scope), right(scope))
    case '!=':
      return (scope) => !same(left(scope), right(scope))
    default:
      return undefined
  }
}

function readToken(token: Token, known: Known): Reading | undefined {
  if (TypeGuards.isQuotedToken(token) || TypeGuards.isNumberToken(token)) return fixed(token.content)
  if (!TypeGuards.isPropertyAccessToken(token) || token.variable) return undefined
  const keys: (string | number)[] = []
  for (const prop of token.props) {
    if (!('content' in prop) || !(typeof prop.content === 'string' || typeof prop.content === 'number'))
      return undefined
    if (special.has(String(prop.content)) || Number(prop.content) < 0) return undefined
    keys.push(prop.content)
  }
  const [root, ...rest] = keys
  if (typeof root !== 'string') return undefined
  for (let length = 1; length <= keys.length; length++) {
    const name = keys.slice(0, length).join('.')
    if (Object.hasOwn(known, name)) return fixed(keys.slice(length).reduce<unknown>(own, known[name]))
  }
  if (rest.length === 0) return varying((scope) => own(scope, root))
  if (rest.length === 1) return varying((scope) => own(own(scope, root), rest[0]!))
  return varying((scope) => rest.reduce<unknown>(own, own(scope, root)))
}

function own(value: unknown, key: string | number): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  // As LiquidJS: the ends of a list by name.
  if (Array.isArray(value) && (key === 'first' || key === 'last')) return value.at(key === 'first' ? 0 : -1)
  return Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined
}

function readArgument(args: readonly unknown[], known: Known): Reading | undefined {
  const [only] = args
  return args.length === 1 && !Array.isArray(only) ? readToken(only as Token, known) : undefined
}

const orDefault: Filter = (value, _, fallback) => {
  if (typeof value === 'string' || Array.isArray(value)) return value.length > 0 ? value : fallback
  return truthy(value) ? value : fallback
}
