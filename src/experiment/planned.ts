import type { StepDefinition } from '../campaign/definition.ts'
import type { NetworkCalendar } from '../campaign/occurrences.ts'
import { type ExperimentalStep, restOccurrence, variantNames, variantOf } from './variant.ts'
import { afterWait } from './wait.ts'

/** One message of an experiment, as a plan has it. */
export interface PlannedPart {
  definition: StepDefinition
  position: number
  occurrence: string
  at: Date | undefined
}

/**
 * Both variants of a step and what the rest of its audience gets: taken to be the first variant, since nobody knows
 * yet which one does better.
 */
export function plannedParts(
  step: ExperimentalStep,
  position: number,
  network: NetworkCalendar,
  momentOf: (step: StepDefinition) => Date | undefined,
): PlannedPart[] {
  const tried = variantNames.map((variant) => {
    const definition = variantOf(step, variant)
    return { definition, position, occurrence: variant as string, at: momentOf(definition) }
  })
  const begins = tried.flatMap(({ at }) => (at ? [at.getTime()] : []))
  const at = begins.length > 0 ? afterWait(network, step, new Date(Math.max(...begins))) : undefined
  return [...tried, { definition: variantOf(step, 'a'), position, occurrence: restOccurrence, at }]
}
