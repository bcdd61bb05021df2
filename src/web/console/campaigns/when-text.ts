import type { StepDefinition } from '../../../campaign/definition.ts'
import { type Condition, condition, type WaitFor } from '../../../sequence/condition.ts'
import { silentCause } from '../../../sequence/ways.ts'
import type { View } from '../../view.ts'

/** What starts a step, or brings people to it, in a sentence; undefined where it has a date and nothing else. */
export function whenText(view: View, when: unknown): string | undefined {
  const read = condition.safeParse(when)
  return read.success ? sentence(view, read.data) : undefined
}

function sentence(view: View, part: Condition): string {
  const { t } = view
  const later = (text: string, after: string | undefined) =>
    after === undefined ? text : t('sequence.later', { text, after })
  const silent = silentCause(part)
  if (silent) return t(`sequence.when.${silent.silence}`, { step: silent.step, within: silent.within })
  if ('participationDrop' in part) return t('sequence.when.participationDrop')
  if ('posted' in part)
    return part.within === undefined
      ? t('sequence.when.posted', { topic: part.posted })
      : t('sequence.when.digest', { topic: part.posted, within: part.within })
  if ('any' in part) return part.any.map((one) => sentence(view, one)).join(t('sequence.or'))
  if ('all' in part)
    return part.all
      .map((one) => {
        if ('rule' in one) return t('sequence.rule')
        return 'not' in one ? t('sequence.not', { text: sentence(view, one.not) }) : sentence(view, one)
      })
      .join(t('sequence.and'))
  if ('event' in part) {
    const isOfAll = part.of === 'network'
    const text = t(isOfAll ? 'sequence.when.networkEvent' : 'sequence.when.event', { name: part.event })
    return later(text, 'after' in part ? part.after : undefined)
  }
  if ('registered' in part) return later(t('sequence.when.registered'), part.after)
  if ('notStarted' in part) return t('sequence.when.notStarted', { after: part.after })
  if ('replied' in part) return later(t('sequence.when.replied', { text: part.replied }), part.after)
  if ('enters' in part) return later(t('sequence.when.enters', { segment: part.enters }), part.after)
  if ('leaves' in part) return later(t('sequence.when.leaves', { segment: part.leaves }), part.after)
  if ('returned' in part) return later(t('sequence.when.returned', { step: part.returned }), part.after)
  if (!('date' in part)) return ''
  const day = { name: part.date }
  if (part.before !== undefined) return t('sequence.when.before', { ...day, days: part.before })
  if (part.after !== undefined) return t('sequence.when.after', { ...day, days: part.after })
  return t(part.yearly ? 'sequence.when.yearly' : 'sequence.when.date', day)
}

/** What people are waited for after a step, and where that leads. */
export const waitText = (view: View, { waitFor }: Pick<StepDefinition, 'waitFor'>): string | undefined =>
  waitFor && view.t('sequence.waits', { what: waited(view, waitFor), upTo: waitFor.upTo, else: waitFor.else })

function waited({ t }: View, { event, replied, opened, acted }: WaitFor): string {
  if (event !== undefined) return t('sequence.waited.event', { name: event })
  if (replied !== undefined) return t('sequence.waited.replied', { text: replied })
  if (opened) return t('sequence.waited.opened')
  return t(acted ? 'sequence.waited.acted' : 'sequence.waited.registered')
}
