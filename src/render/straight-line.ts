/**
 * Most templates are text, fields and simple conditions. LiquidJS walks even those through generators, which is most
 * of what a rendering costs; here they become plain functions, three to four times as fast. Whatever is not surely
 * the same (loops, assignments, other filters, drops) is left to LiquidJS: `straightLine` then answers undefined.
 */
import { IfTag, Output, type Template, TypeGuards, UnlessTag, type Value } from 'liquidjs'
import type { Language } from '../words.ts'

type Scope = Record<string, unknown>
type Read = (scope: Scope) => unknown
type Write = (scope: Scope) => string
type Filter = (value: unknown, language: Language, argument?: unknown) => unknown
type Token = Value['initial']['postfix'][number]

/** LiquidJS gives these a meaning of its own on lists and texts. */
const special = new Set(['size', 'first', 'last', 'length'])

/** The template as one function, or undefined when it holds anything this cannot do exactly as LiquidJS does. */
export function straightLine(
  nodes: readonly Template[],
  escapeValue: (value: unknown) => string,
  filters: Readonly<Record<string, Filter>>,
): ((scope: object) => string) | undefined {
  const write = writeAll(nodes, { escapeValue, filters: { ...filters, default: orDefault } })
  return write && ((scope) => write(scope as Scope))
}

interface Means {
  escapeValue: (value: unknown) => string
  filters: Readonly<Record<string, Filter>>
}

function writeAll(nodes: readonly Template[], means: Means): Write | undefined {
  const parts: (string | Write)[] = []
  for (const node of nodes) {
    const part = writeOne(node, means)
    if (part === undefined) return undefined
    parts.push(part)
  }
  return (scope) => {
    let text = ''
    for (const part of parts) text += typeof part === 'string' ? part : part(scope)
    return text
  }
}

function writeOne(node: Template, means: Means): string | Write | undefined {
  if (TypeGuards.isHTMLToken(node.token)) return node.token.getContent()
  if (node instanceof Output) return writeOutput(node, means)
  if (node instanceof IfTag || node instanceof UnlessTag) return writeCondition(node, means)
  return undefined
}

function writeOutput({ value }: Output, { escapeValue, filters }: Means): Write | undefined {
  const read = readExpression(value.initial.postfix)
  // The last filter is the escape, which every engine here adds to every output.
  const steps = value.filters.slice(0, -1).map((filter) => {
    const argument = filter.args.length === 0 ? () => undefined : readArgument(filter.args)
    const apply = Object.hasOwn(filters, filter.name) ? filters[filter.name] : undefined
    return apply && argument && { apply, argument }
  })
  if (!read || !steps.every((step) => step !== undefined)) return undefined
  if (steps.length === 0) return (scope) => escapeValue(read(scope))
  return (scope) => {
    const language = scope.language === 'en' ? 'en' : 'fr'
    let result = read(scope)
    for (const { apply, argument } of steps) result = apply(result, language, argument(scope))
    return escapeValue(result)
  }
}

function writeCondition(tag: IfTag | UnlessTag, means: Means): Write | undefined {
  const branches: { holds: (scope: Scope) => boolean; write: Write }[] = []
  for (const [index, branch] of tag.branches.entries()) {
    const read = branch.value.filters.length === 0 ? readExpression(branch.value.initial.postfix) : undefined
    const write = writeAll(branch.templates, means)
    if (!read || !write) return undefined
    const negated = tag instanceof UnlessTag && index === 0
    branches.push({ holds: (scope) => truthy(read(scope)) !== negated, write })
  }
  const otherwise = writeAll(tag.elseTemplates ?? [], means)
  return otherwise && ((scope) => (branches.find(({ holds }) => holds(scope))?.write ?? otherwise)(scope))
}

const truthy = (value: unknown): boolean => value !== false && value !== null && value !== undefined

const same = (left: unknown, right: unknown): boolean =>
  Array.isArray(left)
    ? Array.isArray(right) && left.length === right.length && left.every((item, index) => same(item, right[index]))
    : left === right

/** Postfix to a function: fields, literals, and the comparisons whose meaning is the same on plain values. */
function readExpression(postfix: readonly Token[]): Read | undefined {
  const stack: Read[] = []
  for (const token of postfix) {
    if (!TypeGuards.isOperatorToken(token)) {
      const read = readToken(token)
      if (!read) return undefined
      stack.push(read)
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

function combine(operator: string, left: Read, right: Read): Read | undefined {
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

function readToken(token: Token): Read | undefined {
  if (TypeGuards.isQuotedToken(token) || TypeGuards.isNumberToken(token)) {
    const { content } = token
    return () => content
  }
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
  if (rest.length === 0) return (scope) => own(scope, root)
  if (rest.length === 1) return (scope) => own(own(scope, root), rest[0]!)
  return (scope) => rest.reduce<unknown>(own, own(scope, root))
}

const own = (value: unknown, key: string | number): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined

function readArgument(args: readonly unknown[]): Read | undefined {
  const [only] = args
  return args.length === 1 && !Array.isArray(only) ? readToken(only as Token) : undefined
}

const orDefault: Filter = (value, _, fallback) => {
  if (typeof value === 'string' || Array.isArray(value)) return value.length > 0 ? value : fallback
  return truthy(value) ? value : fallback
}
