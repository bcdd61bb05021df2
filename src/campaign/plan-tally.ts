import type { Person } from '../audience/people.ts'
import { costMillis } from '../routing/cost.ts'
import { reachOfTwo } from '../routing/score.ts'
import type { Belief, Decision } from '../routing/types.ts'
import { type ChannelName, channelNames } from '../words.ts'
import { onlyOccurrence } from './occurrences.ts'
import type { Planned } from './planned-steps.ts'

/** What a step would do, summed over its audience. Costs are minor units, rounded once. */
export interface PlannedStep {
  step: string
  /** Of a step that recurs: the day its rule names. */
  occurrence?: string
  at: string | null
  /** What starts it, or brings people to it, where it has no date: `audience` is then how many could come at most. */
  when?: unknown
  audience: number
  byChannel: Record<ChannelName, number>
  /** Letters and screens that cover several people count once here. */
  deliveries: number
  /** As `deliveries`, by the channel they leave on. */
  deliveriesByChannel: Record<ChannelName, number>
  deferred: number
  unreachable: number
  reasons: { code: string; count: number }[]
  /** `perAction`: what an expected act costs; null where none is expected, or nothing is spent. */
  cost: { currency: string; min: number; expected: number; max: number; perAction: number | null }
}

export interface Tally extends Omit<PlannedStep, 'reasons' | 'cost' | 'step' | 'occurrence' | 'at' | 'when'> {
  reasons: Map<string, number>
  certainMillis: number
  expectedMillis: number
  maxMillis: number
  expectedActions: number
  /** Outlets met, by channel: an outlet's letter is one delivery however many it covers. */
  outlets: Set<string>
}

const none = () => Object.fromEntries(channelNames.map((name) => [name, 0])) as Record<ChannelName, number>

export const emptyTally = (): Tally => ({
  audience: 0,
  byChannel: none(),
  deliveries: 0,
  deliveriesByChannel: none(),
  deferred: 0,
  unreachable: 0,
  reasons: new Map(),
  certainMillis: 0,
  expectedMillis: 0,
  maxMillis: 0,
  expectedActions: 0,
  outlets: new Set(),
})

/** The code by which somebody who gets nothing is counted. */
export const whyNothing = ({ because }: Pick<Decision, 'because'>): string =>
  because.find((one) => one.code !== 'unreachable')?.code ?? because[0]?.code ?? 'unreachable'

/** Adds what one person would get. What may follow on another channel is expected as often as nobody acts. */
export function count(
  tally: Tally,
  { step }: Planned,
  person: Person,
  decision: Decision,
  beliefs: Partial<Record<ChannelName, Belief>>,
): void {
  tally.audience += 1
  if (!decision.channel) {
    tally.unreachable += 1
    const code = whyNothing(decision)
    tally.reasons.set(code, (tally.reasons.get(code) ?? 0) + 1)
    return
  }
  tally.byChannel[decision.channel] += 1
  tally.expectedActions += chanceToAct(decision, beliefs)
  if (decision.outcome === 'defer') tally.deferred += 1
  const outletKey = decision.recipientKey?.startsWith('site:') ? `${decision.channel} ${person.site.id}` : undefined
  if (outletKey && tally.outlets.has(outletKey)) return
  if (outletKey) tally.outlets.add(outletKey)
  tally.deliveries += 1
  tally.deliveriesByChannel[decision.channel] += 1
  tally.certainMillis += decision.costMillis
  tally.expectedMillis += decision.costMillis
  tally.maxMillis += decision.costMillis
  const [next] = decision.fallbacks
  if (!next) return
  const price = costMillis(next.channel, 1, step.policy.values, person.routable.mobile?.country)
  tally.maxMillis += price
  tally.expectedMillis += price * (1 - (beliefs[decision.channel]?.mean ?? 0))
}

/** By the channel alone, or by both where another asks those who did not act. */
function chanceToAct({ channel, fallbacks }: Decision, beliefs: Partial<Record<ChannelName, Belief>>): number {
  const first = (channel && beliefs[channel]?.mean) ?? 0
  const next = fallbacks.find(({ when }) => when === 'not_acted')
  const second = next && beliefs[next.channel]?.mean
  return second === undefined ? first : reachOfTwo(first, second).cautious
}

/** The sums of a step as they are shown. */
export function summed({ step, at }: Planned, tally: Tally): PlannedStep {
  const minor = (millis: number) => Math.round(millis / 1_000)
  const { reasons, certainMillis, expectedMillis, maxMillis, expectedActions, outlets: _, ...counts } = tally
  return {
    step: step.message.step,
    ...(step.message.occurrence === onlyOccurrence ? {} : { occurrence: step.message.occurrence }),
    at: at?.toISOString() ?? null,
    ...(step.definition.when === undefined ? {} : { when: step.definition.when }),
    ...counts,
    reasons: [...reasons].map(([code, total]) => ({ code, count: total })).sort((a, b) => b.count - a.count),
    cost: {
      currency: step.policy.values.currency,
      min: step.definition.to === undefined ? minor(certainMillis) : 0,
      expected: minor(expectedMillis),
      max: minor(maxMillis),
      perAction: expectedActions > 0 && expectedMillis > 0 ? minor(expectedMillis / expectedActions) : null,
    },
  }
}
