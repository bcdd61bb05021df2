import {
  type BuilderForm,
  type Comparison,
  comparisons,
  conditionKinds,
  emptyLine,
  type Group,
  groups,
  type Line,
  type Measure,
  measures,
  type Subject,
  subjects,
} from '../../../segment/builder.ts'
import { type PointOwner, pointOwners } from '../../../segment/rule.ts'

/** What somebody has in the builder, complete or not. */
export interface TypedSegment {
  titleFr: string
  titleEn: string
  form: BuilderForm
  /** The rule as text, where the builder has no lines for it. */
  text?: string
}

/** What the button that was pressed asks; `refresh` without one. */
export type Pressed = { act: 'save' } | { act: 'refresh' }

/** Of a form, no more: whoever needs more lines writes segments of segments. */
const mostLines = 20
const longest = 200

const among = <T extends string>(list: readonly T[], value: string | null): T | undefined =>
  list.find((one) => one === value)

function lineIn(form: URLSearchParams, index: number): Line | undefined {
  const field = (name: string) => form.get(`c${index}.${name}`)?.trim().slice(0, longest) ?? ''
  const kind = among(conditionKinds, form.get(`c${index}.kind`))
  if (!kind) return undefined
  const given = form.getAll(`c${index}.values`).map((value) => value.trim().slice(0, longest))
  const values = [...given, ...(form.get(`c${index}.typed`)?.slice(0, 2_000).split(',') ?? [])]
  return {
    kind,
    subject: among<Subject>(subjects, form.get(`c${index}.subject`)) ?? 'contact',
    people: field('people') || '2',
    values: values.map((value) => value.trim()).filter((value) => value !== ''),
    channel: field('channel'),
    times: field('times') || '1',
    days: field('days'),
    name: field('name'),
    compare: among<Comparison>(comparisons, form.get(`c${index}.compare`)) ?? 'is',
    of: among<PointOwner>(pointOwners, form.get(`c${index}.of`)) ?? 'person',
    measure: among<Measure>(measures, form.get(`c${index}.measure`)) ?? 'reaches',
  }
}

/** Reads what was posted and does to it what the button says: one line more, one line less. */
export function readForm(form: URLSearchParams): { typed: TypedSegment; pressed: Pressed } {
  const act = form.get('act') ?? 'refresh'
  const count = Math.min(mostLines, Number(form.get('lines') ?? 0) || 0)
  const lines = Array.from({ length: count }, (_, index) => lineIn(form, index))
  const removed = /^remove\.(\d{1,2})$/.exec(act)
  if (removed) lines[Number(removed[1])] = undefined
  const kept = lines.flatMap((line) => line ?? [])
  const added = among(conditionKinds, form.get('add'))
  if (act === 'add' && added && kept.length < mostLines) kept.push(emptyLine(added))
  const text = form.get('text')
  return {
    typed: {
      titleFr: form.get('titleFr')?.trim().slice(0, longest) ?? '',
      titleEn: form.get('titleEn')?.trim().slice(0, longest) ?? '',
      form: { group: among<Group>(groups, form.get('group')) ?? 'all', lines: kept },
      ...(text === null ? {} : { text: text.slice(0, 20_000) }),
    },
    pressed: { act: act === 'save' ? 'save' : 'refresh' },
  }
}
