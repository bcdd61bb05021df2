import { durationMs } from './duration.ts'
import type { ContactFacts } from './matches.ts'
import { rulesWithin, type SegmentRule } from './rule.ts'

/**
 * The earliest moment after `facts.now` at which time alone may change whether one of the rules holds for the
 * contact, or counts for the site: a window that ends, an event that is still to come, a state of engagement that
 * runs out. Undefined when only something that happens can. Pure.
 */
export function nextChangeAt(rules: readonly SegmentRule[], facts: ContactFacts): Date | undefined {
  const now = facts.now.getTime()
  let next = Number.POSITIVE_INFINITY
  const consider = (at: number | undefined) => {
    if (at !== undefined && at > now && at < next) next = at
  }
  for (const part of rules.flatMap((rule) => [...rulesWithin(rule)])) {
    if (typeof part === 'string') continue
    if ('engagement' in part) consider(facts.engagement.nextChangeAt?.getTime())
    else if ('lastActivity' in part && facts.lastActivityAt)
      consider(facts.lastActivityAt.getTime() + (durationMs(part.lastActivity.within) ?? 0))
    else if ('event' in part) {
      const { type, within } = part.event
      const window = within === undefined ? undefined : (durationMs(within) ?? 0)
      for (const event of facts.events) {
        if (event.type !== type) continue
        consider(event.at.getTime())
        if (window !== undefined) consider(event.at.getTime() + window)
      }
    }
  }
  return Number.isFinite(next) ? new Date(next) : undefined
}
