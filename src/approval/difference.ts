import { isDeepStrictEqual } from 'node:util'
import { diffWords } from 'diff'
import { readYaml } from '../campaign/yaml-source.ts'
import { type Layouts, splitLayout } from '../render/layout.ts'
import type { ChannelName, Language } from '../words.ts'
import type { Snapshot } from './snapshot.ts'

/** A key of a campaign or of one of its steps that says something else; undefined on the side where it is missing. */
export interface KeyChange {
  key: string
  before?: string
  after?: string
}

export interface StepChange {
  step: string
  kind: 'added' | 'removed' | 'changed' | 'moved'
  keys: KeyChange[]
}

/** A piece of a text: what stays, what is gone, what is new. */
export interface TextPart {
  kind: 'same' | 'gone' | 'new'
  text: string
}

export interface TextChange {
  template: string
  channel: ChannelName
  language: Language
  kind: 'added' | 'removed' | 'changed' | 'layout'
  parts: TextPart[]
}

export interface Difference {
  campaign: KeyChange[]
  steps: StepChange[]
  texts: TextChange[]
}

/** Nothing to read: the same file and the same words. */
export const isSame = ({ campaign, steps, texts }: Difference): boolean =>
  campaign.length === 0 && steps.length === 0 && texts.length === 0

type Keys = Record<string, unknown>

const objectOf = (value: unknown): Keys =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Keys) : {}

/** A value as a reader of the file knows it. */
const shown = (value: unknown): string | undefined =>
  value === undefined ? undefined : typeof value === 'string' ? value : JSON.stringify(value)

function keysChanged(before: Keys, after: Keys, left: readonly string[]): KeyChange[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((key) => !left.includes(key) && !isDeepStrictEqual(before[key], after[key]))
    .map((key) => ({ key, before: shown(before[key]), after: shown(after[key]) }))
}

/** What a campaign file says differently: of the campaign, and of each step by its name. */
export function differenceOfFiles(before: string, after: string): Pick<Difference, 'campaign' | 'steps'> {
  const [old, now] = [before, after].map((text) => objectOf(readYaml(text, '').value)) as [Keys, Keys]
  const stepsOf = ({ steps }: Keys) =>
    new Map((Array.isArray(steps) ? steps : []).map((step: unknown) => [String(objectOf(step).name), objectOf(step)]))
  const [oldSteps, nowSteps] = [stepsOf(old), stepsOf(now)]
  const kept = [...oldSteps.keys()].filter((name) => nowSteps.has(name))
  const keptNow = [...nowSteps.keys()].filter((name) => oldSteps.has(name))
  const steps: StepChange[] = []
  for (const [name, step] of nowSteps) {
    const was = oldSteps.get(name)
    if (!was) {
      steps.push({ step: name, kind: 'added', keys: keysChanged({}, step, ['name']) })
      continue
    }
    const keys = keysChanged(was, step, ['name'])
    if (keys.length > 0) steps.push({ step: name, kind: 'changed', keys })
    else if (kept.indexOf(name) !== keptNow.indexOf(name)) steps.push({ step: name, kind: 'moved', keys: [] })
  }
  for (const [name, step] of oldSteps)
    if (!nowSteps.has(name)) steps.push({ step: name, kind: 'removed', keys: keysChanged(step, {}, ['name']) })
  return { campaign: keysChanged(old, now, ['steps']), steps }
}

/** What two snapshots say differently, word by word. A change of layout or brand alone is said, and not spelled out. */
export function differenceOf(before: Snapshot, after: Snapshot, layouts: Layouts): Difference {
  const keyOf = ({ template, channel, language }: Omit<TextChange, 'kind' | 'parts'>) =>
    `${template} ${channel} ${language}`
  const old = new Map(before.words.map((text) => [keyOf(text), text]))
  const now = new Map(after.words.map((text) => [keyOf(text), text]))
  const texts: TextChange[] = []
  for (const key of [...new Set([...old.keys(), ...now.keys()])].sort()) {
    const [was, is] = [old.get(key), now.get(key)]
    if (was?.hash === is?.hash) continue
    const { template, channel, language } = (is ?? was)!
    const [from, to] = [was, is].map((text) => (text ? splitLayout(text.source, channel, layouts).words : ''))
    const kind = !was ? 'added' : !is ? 'removed' : from === to ? 'layout' : 'changed'
    texts.push({ template, channel, language, kind, parts: kind === 'layout' ? [] : partsOf(from ?? '', to ?? '') })
  }
  return { ...differenceOfFiles(before.source, after.source), texts }
}

const partsOf = (before: string, after: string): TextPart[] =>
  diffWords(before, after).map(({ value, added, removed }) => ({
    kind: added ? 'new' : removed ? 'gone' : 'same',
    text: value,
  }))
