import { type Document, isMap, isSeq, parseDocument } from 'yaml'
import type { ChannelName } from '../words.ts'

/** What a form changes in a campaign's text; what is undefined stays as it is, comments included. */
export interface DraftChanges {
  name?: string
  title?: { language: 'fr' | 'en'; text: string }
  segment?: string
  /** The anchors by name, as moments. */
  anchors?: Readonly<Record<string, string>>
  link?: string
  steps?: readonly StepChanges[]
}

/** By position; null takes the key away. */
export interface StepChanges {
  at?: string
  template?: string
  channels?: readonly ChannelName[] | null
}

/** A campaign's text with some of it changed. Throws when the text is no YAML. */
export function changedText(text: string, changes: DraftChanges): string {
  const document = parseDocument(text.replace(/^\ufeff/, ''))
  if (document.errors.length > 0 || !isMap(document.contents))
    throw new Error('Only a campaign that is YAML can be changed.')
  if (changes.name !== undefined) document.set('name', changes.name)
  if (changes.title) document.setIn(['title', changes.title.language], changes.title.text)
  if (changes.segment !== undefined) document.set('audience', flow(document, { segment: changes.segment }))
  for (const [name, moment] of Object.entries(changes.anchors ?? {})) document.setIn(['anchor', name], moment)
  if (changes.link !== undefined) {
    if (changes.link === '') document.delete('link')
    else document.set('link', changes.link)
  }
  for (const [index, step] of (changes.steps ?? []).entries()) changeStep(document, index, step)
  return document.toString({ lineWidth: 0 })
}

const flow = (document: Document.Parsed, value: unknown) => document.createNode(value, { flow: true })

function changeStep(document: Document.Parsed, index: number, { at, template, channels }: StepChanges): void {
  const steps = document.get('steps')
  if (!isSeq(steps) || !isMap(steps.items[index])) return
  const step = steps.items[index]
  if (at !== undefined && step.has('at')) step.set('at', at)
  if (template !== undefined) step.set('template', template)
  if (channels === null) step.delete('channels')
  else if (channels !== undefined) step.set('channels', flow(document, [...channels]))
  // Dates of printing belong to a printed step alone.
  if (channels !== undefined && !channels?.includes('print')) step.delete('print')
}

/** As much of a campaign's text as can be read, whatever is wrong with the rest. */
export interface Outline {
  name?: string
  title: Record<string, string>
  class?: string
  segment?: string
  /** Everything under audience: that is not a segment, as it is written. */
  otherAudience?: unknown
  anchors: Record<string, string>
  link?: string
  steps: OutlinedStep[]
}

export interface OutlinedStep {
  name: string
  at?: string
  when?: unknown
  to?: unknown
  template: string
  channels?: string[]
  fallback?: { ifNot?: string; after?: string }
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
const objectOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
const textsOf = (value: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(objectOf(value)).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  )

/** Undefined when the text is no YAML at all. */
export function outlineOf(text: string): Outline | undefined {
  const document = parseDocument(text.replace(/^\ufeff/, ''))
  if (document.errors.length > 0 || !isMap(document.contents)) return undefined
  let value: unknown
  try {
    value = document.toJS({ maxAliasCount: 50 })
  } catch {
    return undefined
  }
  const whole = objectOf(value)
  const audience = objectOf(whole.audience)
  const segment = textOf(audience.segment)
  const { timezone: _, ...anchors } = textsOf(whole.anchor)
  return {
    name: textOf(whole.name),
    title: textsOf(whole.title),
    class: textOf(whole.class),
    segment,
    otherAudience: segment === undefined ? whole.audience : undefined,
    anchors,
    link: textOf(whole.link),
    steps: (Array.isArray(whole.steps) ? whole.steps : []).map((given: unknown, index) => {
      const step = objectOf(given)
      return {
        name: textOf(step.name) ?? String(index + 1),
        at: textOf(step.at),
        when: step.when,
        to: step.to,
        template: textOf(step.template) ?? '',
        channels: Array.isArray(step.channels) ? step.channels.map(String) : undefined,
        fallback: step.fallback === undefined ? undefined : textsOf(step.fallback),
      }
    }),
  }
}
