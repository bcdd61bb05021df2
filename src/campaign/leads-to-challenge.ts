import type { CampaignDefinition, StepDefinition } from './definition.ts'

/** Whether a rule names those who take part, and not those who do not. */
function namesParticipants(rule: unknown): boolean {
  if (rule === 'registered') return true
  if (typeof rule !== 'object' || rule === null) return false
  const { all, any } = rule as { all?: unknown; any?: unknown }
  return [all, any].some((parts) => Array.isArray(parts) && parts.some(namesParticipants))
}

/**
 * Whether the main button of a step leads to the reader’s own page, where they register, and of a challenge tell
 * results, and not to the campaign’s link: where it asks to register, since nobody else would tell us who did, and in
 * a challenge where it is written to who takes part. That page leads on to the campaign’s link.
 */
export const leadsToChallenge = (
  campaign: Pick<CampaignDefinition, 'challenge'>,
  step: Pick<StepDefinition, 'asksRegistration' | 'to'>,
): boolean => step.asksRegistration || (campaign.challenge !== undefined && namesParticipants(step.to))
