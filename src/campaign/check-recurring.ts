import type { CampaignDefinition } from './definition.ts'
import { isRecurring, nextOccurrence } from './occurrences.ts'
import type { CampaignContext, Finding } from './parse.ts'
import { AnchorCycle, parseMoment } from './schedule.ts'

/** What only the calendar can tell of steps that come again: an end nobody knows, a rule that names no day. */
export function checkRecurring(campaign: CampaignDefinition, { network, now }: CampaignContext): Finding[] {
  const home = { timezone: network.timezone, country: '' }
  const series = new Set(campaign.steps.filter(isRecurring).map((step) => step.name))
  return campaign.steps.flatMap((step, index): Finding[] => {
    const from = step.at === undefined ? undefined : baseOf(step.at)
    if (from !== undefined && series.has(from)) {
      const message = `"${from}" comes again, so it is no one date to count from: count from an anchor.`
      return [{ path: ['steps', index, 'at'], message }]
    }
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

/** The name a moment counts from, without the date of a printed step's printing. */
function baseOf(expression: string): string | undefined {
  const parsed = parseMoment(expression)
  return 'problem' in parsed || parsed.moment.base.kind !== 'anchor' ? undefined : parsed.moment.base.name.split('.')[0]
}
