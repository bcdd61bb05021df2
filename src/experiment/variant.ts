/** The steps an experiment stands for: one for each variant, and one for the rest of the audience. Pure. */
import type { LocalisedText, StepDefinition } from '../campaign/definition.ts'
import type { ChannelName } from '../words.ts'
import type { Experiment, Variant } from './definition.ts'

/** The occurrence of the message to those the variants were not tried on. */
export const restOccurrence = 'rest'
export const variantNames: readonly Variant[] = ['a', 'b']

/** A step as one of its variants says it. */
export type VariantStep = StepDefinition & { subject?: LocalisedText }

export type ExperimentalStep = StepDefinition & { experiment: Experiment; at: string }

export const isExperimental = (step: StepDefinition): step is ExperimentalStep =>
  step.experiment !== undefined && step.at !== undefined

/** The step with one variant's value in its place. */
export function variantOf(step: ExperimentalStep, variant: Variant): VariantStep {
  const { experiment } = step
  const value = experiment[variant]
  if (value === undefined) return step
  switch (experiment.vary) {
    case 'subject':
      return { ...step, subject: value as LocalisedText }
    case 'template':
      return { ...step, template: value as string }
    case 'channels':
      return { ...step, channels: value as ChannelName[] }
    case 'hour':
      return { ...step, at: `${step.at.split(',')[0]!.trim()}, ${value as string}` }
  }
}

/** Every template a step may say its words with. */
export const templatesOf = (step: StepDefinition): string[] =>
  isExperimental(step)
    ? [...new Set(variantNames.map((variant) => variantOf(step, variant).template))]
    : [step.template]
