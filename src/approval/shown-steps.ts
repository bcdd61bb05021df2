import type { CampaignDefinition } from '../campaign/definition.ts'
import type { FrozenText } from '../campaign/frozen-words.ts'
import { subjectPut } from '../experiment/subject.ts'
import { isExperimental, type VariantStep, variantNames, variantOf } from '../experiment/variant.ts'

/** A step as a proof shows it, under a name of its own: the step's, or the step's with its variant. */
export interface ShownStep {
  key: string
  step: VariantStep
}

/** The steps of a campaign as a proof shows them: one that is tried in two variants is read twice, unless the hour alone differs. */
export const stepsShown = ({ steps }: Pick<CampaignDefinition, 'steps'>): ShownStep[] =>
  steps.flatMap((step): ShownStep[] =>
    isExperimental(step) && step.experiment.vary !== 'hour'
      ? variantNames.map((variant) => ({
          key: `${step.name} (${variant.toUpperCase()})`,
          step: variantOf(step, variant),
        }))
      : [{ key: step.name, step }],
  )

/** A text with the subject of the variant it is shown for. */
export const textShown = (text: FrozenText, { subject }: VariantStep): FrozenText => {
  const written = text.channel === 'email' ? subject?.[text.language] : undefined
  return written === undefined ? text : { ...text, source: subjectPut(text.source, written) }
}
