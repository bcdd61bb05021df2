/** Whether a condition still holds for somebody when their step is due. Pure. */
import type { Calendar } from '../campaign/schedule.ts'
import { matches } from '../segment/matches.ts'
import { actionEvents, type EventType } from '../words.ts'
import type { Condition, WaitFor } from './condition.ts'
import { after } from './delay.ts'
import type { Act, PersonFacts } from './facts.ts'
import { dataHolds, saysSo } from './said.ts'
import { type Silence, silentCause } from './ways.ts'

/** Whether the step goes to them, does not (and why), or is to be asked about again later. */
export type Standing = { stands: true } | { stands: false; reason: string } | { stands: 'later'; at: Date }

export interface Asking {
  facts: PersonFacts
  calendar: Calendar
  /** Since when acts count: the launch, or their own entry. */
  since: Date
  now: Date
}

const yes: Standing = { stands: true }
const no = (reason: string): Standing => ({ stands: false, reason })
const hourMs = 3_600_000

const enough: Record<Silence, readonly EventType[]> = {
  notOpened: ['open', ...actionEvents],
  notActed: actionEvents,
  notRegistered: ['register'],
}

const doneCodes: Record<Silence, string> = { notOpened: 'opened', notActed: 'acted', notRegistered: 'registered' }

/** Whether a condition that brought somebody, or should keep them out, holds as things stand at `now`. */
export function standing(condition: Condition, asking: Asking): Standing {
  const { facts, since } = asking
  if ('any' in condition) return best(condition.any.map((one) => standing(one, asking)))
  if ('all' in condition)
    return worst(
      condition.all.map((one) => {
        if ('rule' in one) return facts.contact && matches(one.rule, facts.contact) ? yes : no('rule')
        if (!('not' in one)) return standing(one, asking)
        return standing(one.not, asking).stands === true ? no('excluded') : yes
      }),
    )
  const silent = silentCause(condition)
  if (silent) return silence(silent.silence, silent.step, silent.within, asking)
  if ('registered' in condition) return facts.isRegistered ? yes : no('withdrawn')
  if ('notStarted' in condition) {
    if (!facts.isRegistered) return no('withdrawn')
    return facts.hasStarted ? no('started') : yes
  }
  if ('replied' in condition)
    return replied(facts.acts, condition.replied, since, condition.to) ? yes : no('not_replied')
  if ('enters' in condition) return facts.contact?.segments.has(condition.enters) ? yes : no('not_in_segment')
  if ('leaves' in condition) return facts.contact?.segments.has(condition.leaves) ? no('in_segment') : yes
  if ('date' in condition) return facts.days.has(condition.date) ? yes : no('no_date')
  if ('event' in condition)
    return reported(facts.acts, condition.event, condition.with, since) ? yes : no('not_reported')
  if ('returned' in condition)
    return facts.acts.some((act) => act.type === 'returned' && act.step === condition.returned)
      ? yes
      : no('not_returned')
  return yes
}

/** Nobody is told that they have not answered what never reached them, or what they have answered meanwhile. */
function silence(what: Silence, step: string, within: string, { facts, calendar, now }: Asking): Standing {
  const isDone =
    what === 'notRegistered' && facts.isRegistered
      ? true
      : facts.acts.some((act) => act.step === step && enough[what].includes(act.type))
  if (isDone) return no(doneCodes[what])
  const reach = facts.reached.get(step)
  if (reach?.leftAt) {
    const over = after(within, reach.leftAt, calendar)
    return over > now ? { stands: 'later', at: over } : yes
  }
  return reach?.mayLeave ? { stands: 'later', at: new Date(now.getTime() + hourMs) } : no('never_reached')
}

const best = (all: readonly Standing[]): Standing =>
  all.find((one) => one.stands === true) ?? all.find((one) => one.stands === 'later') ?? all[0]!

const worst = (all: readonly Standing[]): Standing =>
  all.find((one) => one.stands === false) ?? all.find((one) => one.stands === 'later') ?? yes

const replied = (acts: readonly Act[], pattern: string, since: Date, to?: string): boolean =>
  acts.some(
    (act) =>
      act.type === 'reply' &&
      act.at >= since &&
      (to === undefined ? act.step !== undefined : act.step === to) &&
      saysSo(pattern, act.text ?? ''),
  )

const reported = (acts: readonly Act[], name: string, test: Parameters<typeof dataHolds>[0], since: Date): boolean =>
  acts.some(
    (act) =>
      act.type === 'reported' &&
      act.name === name &&
      act.at >= since &&
      dataHolds(test, (act.data.data ?? {}) as Record<string, unknown>),
  )

/** Whether what somebody is waited for after a step has happened since. */
export function isMet(waitFor: WaitFor, step: string, { facts, since }: Pick<Asking, 'facts' | 'since'>): boolean {
  const { acts } = facts
  const about = (act: Act) => act.step === step && act.at >= since
  if (waitFor.event !== undefined) return reported(acts, waitFor.event, waitFor.with, since)
  if (waitFor.replied !== undefined) return replied(acts, waitFor.replied, since)
  if (waitFor.registered) return facts.isRegistered
  const counted: readonly EventType[] = waitFor.opened ? enough.notOpened : actionEvents
  return acts.some((act) => about(act) && counted.includes(act.type))
}
