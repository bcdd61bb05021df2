import { baseFields, type CampaignValues, type FieldValue } from '../render/values.ts'
import type { Language } from '../words.ts'
import { anchorDates } from './anchor.ts'
import { type CampaignDefinition, localise } from './definition.ts'

/** The campaign as its templates see it, in one language: what `MergeValues.campaign` holds. */
export function campaignValues(definition: CampaignDefinition, language: Language): CampaignValues {
  const values: Record<string, FieldValue> = {}
  for (const [name, value] of Object.entries(definition.values ?? {})) {
    values[name] = typeof value === 'object' ? localise(value, language) : value
  }
  return {
    name: definition.name,
    title: localise(definition.title, language),
    class: definition.class,
    ...(definition.link === undefined ? {} : { link: definition.link }),
    dates: anchorDates(definition),
    values,
  }
}

/** Every field a template of this campaign may name. */
export const fieldsOf = (valueNames: readonly string[]): string[] => [
  ...baseFields,
  ...valueNames.flatMap((name) => [`campaign.${name}`, `campaign.values.${name}`]),
]
