import type { ChannelName, EngagementState, EventType, Language, Profile } from '../words.ts'
import { durationMs } from './duration.ts'
import { type PointOwner, type SegmentRule, segmentRule } from './rule.ts'

/** What a line of the builder asks. */
export const conditionKinds = [
  'profile',
  'typology',
  'tier',
  'area',
  'region',
  'language',
  'engagement',
  'event',
  'lastActivity',
  'reachable',
  'consent',
  'attribute',
  'site',
  'challenge',
  'segment',
] as const
export type ConditionKind = (typeof conditionKinds)[number]

/** Of whom a line must hold: the contact, not the contact, or the people of their site. */
export const subjects = ['contact', 'not', 'any', 'all', 'none', 'count'] as const
export type Subject = (typeof subjects)[number]

export const groups = ['all', 'any', 'none'] as const
export type Group = (typeof groups)[number]

export const comparisons = ['is', 'contains', 'above', 'below', 'after', 'before', 'exists', 'missing'] as const
export type Comparison = (typeof comparisons)[number]

/** What a line asks of points: a tier reached or passed, the tier they stand in, or a number of points. */
export const measures = ['reaches', 'tier', 'points'] as const
export type Measure = (typeof measures)[number]

/** One line of the builder, as typed. */
export interface Line {
  kind: ConditionKind
  subject: Subject
  /** How many people of the site, for `count`. */
  people: string
  /** What is chosen or typed, one of them where only one makes sense. */
  values: string[]
  channel: string
  /** How often at least, and within how many days; empty for ever. */
  times: string
  days: string
  /** The name of an attribute, and how it is compared with the value. */
  name: string
  compare: Comparison
  /** Of a challenge, named by `name`: whose points, and what is asked of them; `times` is how many at least. */
  of: PointOwner
  measure: Measure
}

export interface BuilderForm {
  group: Group
  lines: Line[]
}

export const emptyLine = (kind: ConditionKind): Line => ({
  ...{ kind, subject: 'contact', people: '2', values: [], channel: '', times: '1', name: '', compare: 'is' },
  ...{ of: 'person', measure: 'reaches' },
  days: kind === 'event' || kind === 'lastActivity' ? '60' : '',
})

const wholeNumber = (text: string) => (/^\d{1,5}$/.test(text) ? Number(text) : undefined)
const oneOrAll = <T>(values: T[]): T | T[] => (values.length === 1 ? (values[0] as T) : values)

/** The rule a form says; undefined while a line lacks what it needs. Pure. */
export function ruleOf({ group, lines }: BuilderForm): SegmentRule | undefined {
  const parts = lines.map(ruleOfLine)
  const known = parts.flatMap((part) => part ?? [])
  if (known.length === 0 || known.length < parts.length) return undefined
  if (group === 'none') return { not: known.length === 1 ? known[0]! : { any: known } }
  return known.length === 1 ? known[0] : group === 'all' ? { all: known } : { any: known }
}

/** The lines that say nothing yet, by their place. */
export const unsaid = ({ lines }: BuilderForm): number[] =>
  lines.flatMap((line, index) => (ruleOfLine(line) === undefined ? [index] : []))

function ruleOfLine(line: Line): SegmentRule | undefined {
  const of = condition(line)
  const checked = of === undefined ? undefined : segmentRule.safeParse(of)
  if (!checked?.success) return undefined
  const rule = checked.data
  if (line.subject === 'contact') return rule
  if (line.subject === 'not') return { not: rule }
  if (line.subject === 'any') return { siteWhere: { any: rule } }
  if (line.subject === 'all') return { siteWhere: { all: rule } }
  if (line.subject === 'none') return { siteWhere: { none: rule } }
  const min = wholeNumber(line.people)
  return min === undefined ? undefined : { siteWhere: { count: { of: rule, min } } }
}

function condition(line: Line): SegmentRule | undefined {
  const { kind, values, channel, times, days, name, compare } = line
  const [first] = values
  if (kind === 'challenge') return ofPoints(line)
  const window = wholeNumber(days)
  if (kind === 'lastActivity') return window ? { lastActivity: { within: `P${window}D` } } : undefined
  if (kind === 'attribute' || kind === 'site') {
    const test = comparison(name, compare, first ?? '')
    return test && (kind === 'site' ? { site: test } : { attribute: test })
  }
  if (first === undefined || (days !== '' && !window)) return undefined
  if (kind === 'event') {
    const min = wholeNumber(times) ?? 0
    if (min < 1) return undefined
    const test = { type: first as EventType, ...(min > 1 ? { count: { min } } : {}) }
    return { event: { ...test, ...(window ? { within: `P${window}D` } : {}) } }
  }
  if (kind === 'engagement') {
    const engagement = oneOrAll(values as EngagementState[])
    return channel ? { engagement, channel: channel as ChannelName } : { engagement }
  }
  if (kind === 'consent')
    return { consent: oneOrAll(values as ('granted' | 'denied' | 'unstated')[]), channel: channel as ChannelName }
  if (kind === 'reachable') return { reachable: first as ChannelName }
  if (kind === 'segment') return { segment: first }
  if (kind === 'profile') return { profile: oneOrAll(values as Profile[]) }
  if (kind === 'language') return { language: oneOrAll(values as Language[]) }
  return { [kind]: oneOrAll(values) } as SegmentRule
}

function ofPoints({ name, of, measure, values, times }: Line): SegmentRule | undefined {
  if (name === '') return undefined
  const whose = of === 'person' ? { campaign: name } : { campaign: name, of }
  if (measure === 'points')
    return /^\d{1,9}$/.test(times) ? { challenge: { ...whose, points: { min: Number(times) } } } : undefined
  if (values.length === 0) return undefined
  return { challenge: { ...whose, ...(measure === 'tier' ? { tier: oneOrAll(values) } : { reaches: values[0]! }) } }
}

function comparison(name: string, compare: Comparison, value: string) {
  if (name === '') return undefined
  if (compare === 'exists' || compare === 'missing') return { name, exists: compare === 'exists' }
  if (value === '') return undefined
  if (compare === 'above' || compare === 'below') {
    const bound = Number(value.replace(',', '.'))
    return Number.isFinite(bound) ? { name, [compare]: bound } : undefined
  }
  return { name, [compare]: value }
}

/** The form that says a rule; undefined for one that the builder has no lines for, which is then written as text. */
export function formOf(rule: SegmentRule): BuilderForm | undefined {
  const [group, parts] = grouped(rule)
  const lines = parts.map(lineOf)
  const known = lines.flatMap((line) => line ?? [])
  return known.length === lines.length ? { group, lines: known } : undefined
}

function grouped(rule: SegmentRule): [Group, SegmentRule[]] {
  if (typeof rule === 'object') {
    if ('all' in rule) return ['all', rule.all]
    if ('any' in rule) return ['any', rule.any]
    if ('not' in rule && typeof rule.not === 'object' && 'any' in rule.not) return ['none', rule.not.any]
  }
  return ['all', [rule]]
}

function lineOf(rule: SegmentRule): Line | undefined {
  if (typeof rule === 'object' && 'not' in rule) return about('not', rule.not)
  if (typeof rule === 'object' && 'siteWhere' in rule) {
    const test = rule.siteWhere
    if ('any' in test) return about('any', test.any)
    if ('all' in test) return about('all', test.all)
    if ('none' in test) return about('none', test.none)
    const { of, min, max } = test.count
    return min === undefined || max !== undefined ? undefined : about('count', of, String(min))
  }
  return about('contact', rule)
}

function about(subject: Subject, rule: SegmentRule, people = '2'): Line | undefined {
  const line = plainLine(rule)
  return line && { ...line, subject, people }
}

const daysOf = (iso: string): string | undefined => {
  const days = (durationMs(iso) ?? 0) / 86_400_000
  return Number.isInteger(days) && days > 0 ? String(days) : undefined
}

function plainLine(rule: SegmentRule): Line | undefined {
  if (typeof rule === 'string') return { ...emptyLine('segment'), values: [rule] }
  const kind = conditionKinds.find((one) => one in rule)
  if (kind === undefined) return undefined
  const line = emptyLine(kind)
  if ('lastActivity' in rule) {
    const days = daysOf(rule.lastActivity.within)
    return days === undefined ? undefined : { ...line, days }
  }
  if ('event' in rule) {
    const { type, count, within, campaign } = rule.event
    const days = within === undefined ? '' : daysOf(within)
    if (campaign !== undefined || days === undefined || count?.max !== undefined || count?.min === 0) return undefined
    return { ...line, values: [type], times: String(count?.min ?? 1), days }
  }
  if ('challenge' in rule) {
    const { campaign, of = 'person', tier, reaches, points } = rule.challenge
    const about = { ...line, name: campaign, of }
    if (points)
      return points.min === undefined || points.max !== undefined
        ? undefined
        : { ...about, measure: 'points', times: String(points.min) }
    if (reaches !== undefined) return { ...about, measure: 'reaches', values: [reaches] }
    return { ...about, measure: 'tier', values: [tier ?? []].flat() }
  }
  if ('site' in rule || 'attribute' in rule) {
    const test = 'site' in rule ? rule.site : rule.attribute
    if (test.exists !== undefined) return { ...line, name: test.name, compare: test.exists ? 'exists' : 'missing' }
    const compare = comparisons.find((one) => one !== 'exists' && one !== 'missing' && test[one] !== undefined)
    if (compare === undefined || compare === 'exists' || compare === 'missing') return undefined
    return { ...line, name: test.name, compare, values: [String(test[compare])] }
  }
  const channel = 'channel' in rule ? (rule.channel ?? '') : ''
  return { ...line, channel, values: [(rule as Record<string, unknown>)[kind]].flat().map(String) }
}
