import type { CampaignDefinition, StepDefinition } from './definition.ts'
import { parseMoment } from './schedule.ts'

/** Whether a rule names those who take part, and not those who do not. */
function namesParticipants(rule: unknown): boolean {
  if (rule === 'registered') return true
  if (typeof rule !== 'object' || rule === null) return false
  const { all, any } = rule as { all?: unknown; any?: unknown }
  return [all, any].some((parts) => Array.isArray(parts) && parts.some(namesParticipants))
}

/** Whether a moment counts from the same anchor as the end of a challenge, and does not come before it. */
function isAfterTheEnd(at: string | undefined, end: string): boolean {
  if (at === undefined) return false
  const [step, last] = [parseMoment(at), parseMoment(end)]
  if ('problem' in step || 'problem' in last) return false
  const { base, shifts } = step.moment
  return (
    base.kind === 'anchor' &&
    last.moment.base.kind === 'anchor' &&
    base.name === last.moment.base.name &&
    shifts.every(({ amount }) => amount >= 0)
  )
}

/**
 * Whether the main button of a step leads to the reader’s own page, where they register, and of a challenge tell
 * results and see who won, and not to the campaign’s link: where it asks to register, since nobody else would tell us
 * who did, and in a challenge where it is written to who takes part or after the end. That page leads on to the
 * campaign’s link.
 */
export const leadsToChallenge = (
  campaign: Pick<CampaignDefinition, 'challenge'>,
  step: Pick<StepDefinition, 'asksRegistration' | 'to' | 'at'>,
): boolean =>
  step.asksRegistration ||
  (campaign.challenge !== undefined &&
    (namesParticipants(step.to) || isAfterTheEnd(step.at, campaign.challenge.period.to)))
