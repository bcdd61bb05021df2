import { onlyOccurrence } from '../../../campaign/occurrences.ts'
import type { ChannelName } from '../../../words.ts'

/** One step of a plan, as `relais plan --json` prints it. */
export interface PlannedStep {
  step: string
  /** Of a step that recurs: the day its rule names. */
  occurrence?: string
  /** Business time; undefined while nothing has called for the step. */
  at?: Date
  audience: number
  byChannel: Record<ChannelName, number>
  deferred: number
  unreachable: number
  /** Why those who get nothing get nothing: routing's codes, most frequent first. */
  reasons: { code: string; count: number }[]
  /** Minor units of `currency` (cents). */
  cost: { currency: string; min: number; expected: number; max: number }
}

/** Who would be reached, by what, when and for how much. */
export interface PlanView {
  steps: PlannedStep[]
}

/** Tells the occurrences of steps apart, planned or played. */
export const occurrenceKey = ({ step, occurrence = onlyOccurrence }: { step: string; occurrence?: string }): string =>
  `${step} ${occurrence}`
