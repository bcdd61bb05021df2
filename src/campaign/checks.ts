/** What a grammar cannot see: names that exist nowhere, dates out of order, words that are missing. */
import { checkTemplate } from '../render/check.ts'
import { classRules } from '../routing/classes.ts'
import { closest } from '../segment/issues.ts'
import { rulesWithin, type SegmentRule, segmentNames, segmentRule } from '../segment/rule.ts'
import { checkSequence } from '../sequence/checks.ts'
import { type ChannelName, channelNames, languages, type MessageClass, messageClasses } from '../words.ts'
import { fieldsOf } from './merge.ts'
import type { CampaignContext, Finding } from './parse.ts'
import { type PrintPlan, printAnchors, printSchema } from './print-dates.ts'
import { AnchorCycle, parseMoment, resolveAt } from './schedule.ts'

/** As much of a definition as could be read: a file with one wrong key is still checked for everything else. */
interface Written {
  name: string
  class?: MessageClass
  link?: string
  holdout?: string
  audience: unknown
  timezone?: string
  anchors: Record<string, string>
  values: string[]
  /** People come into it one by one, each with an `entry` of their own. */
  isEntered: boolean
  steps: WrittenStep[]
}

interface WrittenStep {
  index: number
  name: string
  at?: string
  print?: PrintPlan
  to?: SegmentRule
  template?: string
  /** Templates that an experiment tries besides. */
  variants: string[]
  channels: ChannelName[]
}

/** Every fault of meaning in a definition, validated or not. */
export function checkMeaning(definition: unknown, context: CampaignContext): Finding[] {
  const written = writtenOf(definition)
  return [
    ...duplicates(written),
    ...owedToAll(written),
    ...unknownSegments(written, context),
    ...moments(written, context),
    ...followUps(written, context),
    ...templates(written, context),
    ...checkSequence(definition, context),
  ]
}

const objectOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

function writtenOf(definition: unknown): Written {
  const whole = objectOf(definition)
  const { timezone, ...anchors } = objectOf(whole.anchor)
  return {
    name: textOf(whole.name) ?? '',
    class: messageClasses.find((one) => one === whole.class),
    link: textOf(whole.link),
    holdout: textOf(whole.holdout),
    audience: whole.audience,
    timezone: textOf(timezone),
    anchors: Object.fromEntries(
      Object.entries(anchors).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
    ),
    values: Object.keys(objectOf(whole.values)),
    isEntered: whole.entry !== undefined,
    steps: (Array.isArray(whole.steps) ? whole.steps : []).map((step: unknown, index) =>
      writtenStep(objectOf(step), index),
    ),
  }
}

function writtenStep(step: Record<string, unknown>, index: number): WrittenStep {
  const to = segmentRule.safeParse(step.to)
  return {
    index,
    name: textOf(step.name) ?? '',
    at: textOf(step.at),
    print: step.print === undefined ? undefined : printSchema.safeParse(step.print).data,
    to: to.success ? to.data : undefined,
    template: textOf(step.template) || undefined,
    variants: variantTemplates(step),
    channels: Array.isArray(step.channels)
      ? channelNames.filter((channel) => (step.channels as unknown[]).includes(channel))
      : [],
  }
}

/** Nobody is kept from what they are owed, only to measure something. */
function owedToAll({ class: is, holdout }: Written): Finding[] {
  if (holdout === undefined || is === undefined || classRules[is].isCapped) return []
  return [
    {
      path: ['holdout'],
      message: `A campaign of class ${is} leaves nobody out: remove holdout, or make it relational or marketing.`,
    },
  ]
}

function duplicates({ steps, anchors }: Written): Finding[] {
  const first = new Map<string, number>()
  const found: Finding[] = []
  for (const { name, index } of steps) {
    const before = first.get(name)
    if (name !== '' && before !== undefined) {
      found.push({
        path: ['steps', index, 'name'],
        message: `Step ${before + 1} is also named "${name}": every step needs a name of its own.`,
      })
    } else first.set(name, index)
    if (name !== '' && Object.hasOwn(anchors, name)) {
      found.push({
        path: ['steps', index, 'name'],
        message: `"${name}" is already an anchor: name the step otherwise, since dates are counted from both.`,
      })
    }
  }
  return found
}

function unknownSegments({ audience, steps }: Written, { segments }: CampaignContext): Finding[] {
  const found: Finding[] = []
  const missing = (name: string, path: PropertyKey[]) => {
    if (segments.has(name)) return
    const suggestion = closest(name, [...segments])
    const known = suggestion ? '' : ` Known: ${[...segments].sort().join(', ') || 'none yet'}.`
    found.push({ path, message: `There is no segment "${name}".${known}`, suggestion })
  }
  const { segment, rule } = objectOf(audience)
  if (typeof segment === 'string') missing(segment, ['audience', 'segment'])
  const parsed = segmentRule.safeParse(rule)
  if (parsed.success) for (const name of segmentNames(parsed.data)) missing(name, ['audience', 'rule'])
  for (const { to, index } of steps) if (to) for (const name of segmentNames(to)) missing(name, ['steps', index, 'to'])
  return found
}

/** The moment of each step and anchor as a time, for checking order only: no holidays, the network's clock. */
function momentsOf({ anchors, steps, timezone, isEntered }: Written, { network, now }: CampaignContext) {
  const dated = Object.fromEntries(
    steps.flatMap((step) =>
      step.at === undefined ? [] : [[step.name, step.at], ...Object.entries(printAnchors(step))],
    ),
  )
  const today = `${(now ?? new Date(0)).toISOString().slice(0, 19)}Z`
  // Nobody enters before the launch.
  const all: Record<string, string> = { ...dated, ...(isEntered ? { entry: 'launch' } : {}), ...anchors }
  const known = Object.fromEntries(Object.entries(all).map(([name, text]) => [name, text.replace(/^now\b/, today)]))
  const calendar = {
    timezone: timezone && timezone !== 'recipient' ? timezone : network.timezone,
    isHoliday: () => false,
  }
  return (expression: string): Date => resolveAt(expression.replace(/^now\b/, today), known, calendar)
}

function moments(written: Written, context: CampaignContext): Finding[] {
  const found: Finding[] = []
  const resolve = momentsOf(written, context)
  const names = [
    ...Object.keys(written.anchors),
    ...(written.isEntered ? ['entry'] : []),
    ...written.steps.filter(({ at }) => at !== undefined).map(({ name }) => name),
    ...written.steps.flatMap((step) => Object.keys(printAnchors(step))),
  ]
  const places: [PropertyKey[], string][] = [
    ...Object.entries(written.anchors).map(([name, text]): [PropertyKey[], string] => [['anchor', name], text]),
    ...written.steps.flatMap(({ at, index }): [PropertyKey[], string][] =>
      at === undefined ? [] : [[['steps', index, 'at'], at]],
    ),
  ]
  const cycles = new Set<string>()
  for (const [path, text] of places) {
    const parsed = parseMoment(text)
    if ('problem' in parsed) continue // the grammar has said so
    const { base } = parsed.moment
    if (base.kind === 'anchor' && !names.includes(base.name)) {
      const suggestion = closest(base.name, names)
      const known = suggestion ? '' : ` Known: ${names.join(', ')}.`
      found.push({
        path,
        message: `There is no anchor or dated step "${base.name}" to count from.${known}`,
        suggestion,
      })
      continue
    }
    const cycle = cycleOf(() => resolve(text))
    if (cycle && !cycles.has(cycle.key)) {
      cycles.add(cycle.key)
      found.push({
        path,
        message: `These dates are counted from one another in a circle: ${cycle.text}. Give one of them a date.`,
      })
    }
  }
  const { launch } = written.anchors
  if (launch !== undefined && context.now && found.length === 0 && !('problem' in parseMoment(launch))) {
    const at = resolve(launch)
    if (!/^now\b/.test(launch) && at < context.now) {
      found.push({ path: ['anchor', 'launch'], message: `The launch, ${launch}, is in the past: give a later date.` })
    }
  }
  return found
}

function cycleOf(resolve: () => Date): { key: string; text: string } | undefined {
  try {
    resolve()
    return undefined
  } catch (error) {
    if (!(error instanceof AnchorCycle)) return undefined
    const names = error.message.split(' → ')
    const circle = names.slice(names.indexOf(names.at(-1)!))
    return { key: [...new Set(circle)].sort().join(), text: circle.join(' → ') }
  }
}

/** A step for those who did something about another step must come after it. */
function followUps(written: Written, context: CampaignContext): Finding[] {
  const found: Finding[] = []
  const resolve = momentsOf(written, context)
  const when = (step: WrittenStep | undefined): number | undefined => {
    try {
      return step?.at === undefined ? undefined : resolve(step.at).getTime()
    } catch {
      return undefined // an unreadable moment is reported by itself
    }
  }
  for (const step of written.steps) {
    if (!step.to) continue
    for (const rule of rulesWithin(step.to)) {
      if (typeof rule === 'string' || !('event' in rule) || rule.event.step === undefined) continue
      if (rule.event.campaign !== written.name) continue
      const names = written.steps.map(({ name }) => name)
      const before = written.steps.find(({ name }) => name === rule.event.step)
      const path = ['steps', step.index, 'to']
      if (!before) {
        found.push({
          path,
          message: `There is no step "${rule.event.step}" in this campaign.`,
          suggestion: closest(rule.event.step, names),
        })
        continue
      }
      const [earlier, later] = [when(before), when(step)]
      if (before === step || (earlier !== undefined && later !== undefined && earlier >= later)) {
        found.push({
          path,
          message: `Step "${step.name}" follows up "${before.name}", which comes ${before === step ? 'with' : 'after'} it: nobody can have answered yet. Move one of them.`,
        })
      }
    }
  }
  return found
}

/** Every template a step takes its words from, and where it is named. */
const wordsOf = ({ template, variants, channels, index }: WrittenStep) => [
  ...(template === undefined ? [] : [{ template, channels, path: ['steps', index, 'template'] }]),
  ...variants.map((one) => ({ template: one, channels, path: ['steps', index, 'experiment'] })),
]

const variantTemplates = (step: Record<string, unknown>): string[] => {
  const { vary, a, b } = objectOf(step.experiment)
  return vary === 'template' ? [a, b].filter((one) => typeof one === 'string') : []
}

function templates(written: Written, { templates: catalog }: CampaignContext): Finding[] {
  const found: Finding[] = []
  const fields = fieldsOf(written.values)
  const checked = new Set<string>()
  for (const { template, channels, path } of written.steps.flatMap(wordsOf)) {
    if (!catalog.names.has(template)) {
      const suggestion = closest(template, [...catalog.names])
      const known = suggestion ? '' : ` Known: ${[...catalog.names].join(', ') || 'none'}.`
      found.push({ path, message: `There is no template "${template}".${known}`, suggestion })
      continue
    }
    for (const channel of channels.filter((one) => !catalog.channels(template).includes(one))) {
      found.push({
        path,
        message: `Template "${template}" has no words for ${channel}: write templates/${template}.fr.${channel}.md, or take ${channel} out of channels.`,
      })
    }
    for (const channel of channels.length > 0 ? channels : catalog.channels(template)) {
      for (const language of languages) {
        const words = catalog.find(template, channel, language)
        if (!words || checked.has(words.path)) continue
        checked.add(words.path)
        for (const problem of checkTemplate(words.source, channel, fields, written.class)) {
          if (problem.severity === 'warning') continue
          found.push({
            path,
            message: `templates/${words.path}:${problem.line}:${problem.column} ${problem.message}`,
            suggestion: problem.suggestion,
          })
        }
        if (written.link === undefined && needsLink(words.source)) {
          found.push({
            path,
            message: `templates/${words.path} uses {{ link }}, but the campaign has no link: add link: https://…`,
          })
        }
      }
    }
  }
  return found
}

/** True when a template writes `{{ link }}` without asking first whether there is one. */
const needsLink = (source: string) => /\{\{-?\s*link\b/.test(source) && !/\{%-?\s*if\s+link\b/.test(source)
