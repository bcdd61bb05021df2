import type { CampaignDefinition, StepDefinition } from './definition.ts'

/** Whether a rule names those who take part, and not those who do not. */
function namesParticipants(rule: unknown): boolean {
  if (rule === 'registered') return true
  if (typeof rule !== 'object' || rule === null) return false
  const { all, any } = rule as { all?: unknown; any?: unknown }
  return [all, any].some((parts) => Array.isArray(parts) && parts.some(namesParticipants))
}

/**
 * Whether the main button of a step leads to the reader’s own page of the challenge, where they register and tell
 * results, and not to the campaign’s link: where it asks to register, and where it is written to who takes part.
 */
export const leadsToChallenge = (
  campaign: Pick<CampaignDefinition, 'challenge'>,
  step: Pick<StepDefinition, 'asksRegistration' | 'to'>,
): boolean => campaign.challenge !== undefined && (step.asksRegistration || namesParticipants(step.to))
