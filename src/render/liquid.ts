/**
 * Liquid, made safe: nothing is read from disk, nothing random or of the clock is reachable, every output is
 * escaped for where it stands, and work is bounded (parse, render and memory limits).
 *
 * LiquidJS by itself escapes nothing and reads includes from the working folder: tags and filters are therefore
 * an allow-list. Left out on purpose: `raw` (opts out of escaping), include, render, layout (files), capture
 * (escapes twice), date (knows "now"), sample (random).
 */
import { Liquid, type Template } from 'liquidjs'
import type { Language } from '../words.ts'
import { formatDay, formatTime } from './dates.ts'
import { RenderProblem } from './problem.ts'
import { type Known, straightLine } from './straight-line.ts'

const tags = ['if', 'unless', 'case', 'for', 'break', 'continue', 'assign', 'comment', '#'] as const

const filters = [
  ...['append', 'prepend', 'capitalize', 'downcase', 'upcase', 'strip', 'lstrip', 'rstrip', 'replace'],
  ...['replace_first', 'remove', 'remove_first', 'truncate', 'truncatewords', 'split', 'slice', 'size', 'default'],
  ...['first', 'last', 'join', 'sort', 'uniq', 'reverse', 'compact', 'map', 'where', 'url_encode'],
  ...['abs', 'at_least', 'at_most', 'ceil', 'floor', 'round', 'plus', 'minus', 'times', 'divided_by', 'modulo'],
] as const

/** Every filter a template may use. */
export const filterNames: readonly string[] = [...filters, 'url', 'day', 'time', 'number']
export const tagNames: readonly string[] = tags

/** Where an output stands decides how it is escaped. */
export type LiquidContext = 'html' | 'text'

const limits = { parseLimit: 600_000, renderLimit: 1_000, memoryLimit: 4_000_000 }

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;' }

/** Controls (C0 without tab and newline, C1) have no business in a message, and U+001E and the like are ours. */
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g

const plain = (value: unknown): string => {
  if (value === null || value === undefined) return ''
  const text = Array.isArray(value) ? value.map(plain).join('') : typeof value === 'object' ? '' : String(value)
  return text.replace(controls, '')
}

const escapers: Record<LiquidContext, (value: unknown) => string> = {
  html: (value) => plain(value).replace(/[&<>"']/g, (character) => entities[character]!),
  text: plain,
}

const allowedProtocol = /^(?:https?:\/\/[^\s]|mailto:[^\s]|tel:\+?[0-9])/i

/** The address when it is http, https, mailto or tel; otherwise undefined: javascript: and data: never reach a page. */
export function safeUrl(value: unknown): string | undefined {
  const text = plain(value).trim()
  return allowedProtocol.test(text) && !/[\s<>"'`\\]/.test(text) ? text : undefined
}

/** Filters of our own, by value, language and argument. */
export const ownFilters: Record<string, (value: unknown, language: Language, argument?: unknown) => string> = {
  url: (value) => safeUrl(value) ?? '',
  day: (value, language, withYear) => formatDay(plain(value), language, withYear === true || withYear === 'year'),
  time: (value, language) => formatTime(plain(value), language),
  number: (value, language) => formatNumber(value, language),
}

function engine(context: LiquidContext): Liquid {
  const liquid = new Liquid({
    templates: {},
    ownPropertyOnly: true,
    strictFilters: true,
    dynamicPartials: false,
    relativeReference: false,
    outputEscape: escapers[context],
    ...limits,
  })
  for (const name of Object.keys(liquid.tags)) if (!(tags as readonly string[]).includes(name)) delete liquid.tags[name]
  for (const name of Object.keys(liquid.filters)) {
    if (!(filters as readonly string[]).includes(name)) delete liquid.filters[name]
  }
  for (const [name, filter] of Object.entries(ownFilters)) {
    liquid.registerFilter(name, function (value: unknown, argument?: unknown) {
      return filter(value, this.context.getSync(['language']) === 'en' ? 'en' : 'fr', argument)
    })
  }
  return liquid
}

const formatNumber = (value: unknown, language: Language): string => {
  const number = Number(value)
  if (!Number.isFinite(number)) return plain(value)
  const [whole = '', fraction] = String(Math.abs(number)).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, language === 'fr' ? '\u00a0' : ',')
  return `${number < 0 ? '-' : ''}${grouped}${fraction === undefined ? '' : `${language === 'fr' ? ',' : '.'}${fraction}`}`
}

const engines: Record<LiquidContext, Liquid> = { html: engine('html'), text: engine('text') }

export const liquidFor = (context: LiquidContext): Liquid => engines[context]

export interface LiquidTemplate {
  nodes: Template[]
  /** The same words without the interpreter, when the template is simple enough. */
  straight?: (scope: object) => string
}

/** @throws RenderProblem with the line and column of the fault */
export function parseLiquid(source: string, context: LiquidContext, file?: string): LiquidTemplate {
  try {
    const nodes = engines[context].parse(source, file)
    return { nodes, straight: straightLine(nodes, escapers[context], ownFilters) }
  } catch (error) {
    throw asProblem(error, file)
  }
}

/** The template with what depends only on `known` already written; the scopes it is rendered with hold the same. */
export function withKnown(template: LiquidTemplate, context: LiquidContext, known: Known): LiquidTemplate {
  if (!template.straight) return template
  return { ...template, straight: straightLine(template.nodes, escapers[context], ownFilters, known) }
}

/** @throws RenderProblem when a limit is hit or a value does not fit a filter */
export function renderLiquid(template: LiquidTemplate, scope: object, context: LiquidContext, file?: string): string {
  if (template.straight) return template.straight(scope)
  try {
    return engines[context].renderSync(template.nodes, scope) as string
  } catch (error) {
    throw asProblem(error, file)
  }
}

/** A LiquidJS error as ours: its place apart from its sentence, and a cure where we know one. */
export function asProblem(error: unknown, file?: string): RenderProblem {
  const text = error instanceof Error ? error.message : String(error)
  const place = /, line:(\d+), col:(\d+)/.exec(text)
  const bare = text.replace(/, file:[^,]*(?=, line:)/, '').replace(/, line:\d+, col:\d+/, '')
  const { code, message } = explain(bare)
  return new RenderProblem({
    code,
    message,
    template: file,
    ...(place ? { line: Number(place[1]), column: Number(place[2]) } : {}),
  })
}

function explain(text: string): { code: string; message: string } {
  const unclosed = /tag "?(.+?)"? not closed/.exec(text)
  if (unclosed) return { code: 'tag.unclosed', message: `The tag ${unclosed[1]} is never closed.` }
  const output = /output "?(.+?)"? not closed/.exec(text)
  if (output) return { code: 'tag.unclosed', message: `The output ${output[1]} is never closed: end it with }}.` }
  const filter = /undefined filter: (\S+)/.exec(text)?.[1]
  if (filter === 'raw') {
    return { code: 'filter.raw', message: 'The filter raw is refused: values are always escaped. Remove "| raw".' }
  }
  if (filter)
    return { code: 'filter.unknown', message: `There is no filter "${filter}". Known: ${filterNames.join(', ')}.` }
  const tag = /tag "([^"]+)" not found/.exec(text)?.[1]
  if (tag && ['include', 'render', 'layout', 'block'].includes(tag)) {
    return {
      code: 'tag.include',
      message: `The tag ${tag} is refused: a template cannot read other files. Put the words here.`,
    }
  }
  if (tag) return { code: 'tag.unknown', message: `There is no tag "${tag}". Known: ${tagNames.join(', ')}.` }
  if (/limit exceeded/.test(text)) {
    return { code: 'limit', message: `The template asks for too much work (${text}). Shorten its loops or its text.` }
  }
  return { code: 'liquid', message: text }
}
