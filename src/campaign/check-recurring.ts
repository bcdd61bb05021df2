import type { CampaignDefinition } from './definition.ts'
import { isRecurring, nextOccurrence } from './occurrences.ts'
import type { CampaignContext, Finding } from './parse.ts'
import { AnchorCycle } from './schedule.ts'

/** What only the calendar can tell of steps that come again: an end nobody knows, a rule that names no day. */
export function checkRecurring(campaign: CampaignDefinition, { network, now }: CampaignContext): Finding[] {
  const home = { timezone: network.timezone, country: '' }
  return campaign.steps.flatMap((step, index): Finding[] => {
    if (!isRecurring(step)) return []
    const never = `Step "${step.name}" never comes: no day of every: ${step.every}${step.on === undefined ? '' : `, on: ${step.on}`} lies between at: and until:.`
    try {
      return nextOccurrence(campaign, step, home, now ?? new Date(0)) === undefined
        ? [{ path: ['steps', index, 'every'], message: never }]
        : []
    } catch (error) {
      // What at: cannot find is said where at: is checked.
      if (!(error instanceof RangeError) || error instanceof AnchorCycle || step.until === undefined) return []
      return [
        { path: ['steps', index, 'until'], message: `${error.message} until: counts from an anchor or a dated step.` },
      ]
    }
  })
}
