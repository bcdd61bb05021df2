import { actionEvents, type EventType, eventTypes } from '../words.ts'
import { durationMs } from './duration.ts'
import { isCampaignState, rulesWithin, type SegmentRule } from './rule.ts'

/** What must be read to answer some rules. */
export interface Needs {
  engagement: boolean
  reachable: boolean
  events: boolean
  types: EventType[]
  /** The longest window asked for; undefined when some test has none. */
  withinMs?: number
}

/** Without rules, everything may be asked. */
export function needsOf(rules?: readonly SegmentRule[]): Needs {
  if (!rules) return { engagement: true, reachable: true, events: true, types: [...eventTypes] }
  const needs: Needs = { engagement: false, reachable: false, events: false, types: [] }
  const types = new Set<EventType>()
  const windows: (number | undefined)[] = []
  for (const rule of rules.flatMap((whole) => [...rulesWithin(whole)])) {
    if (typeof rule === 'string') {
      if (isCampaignState(rule)) for (const type of ['open', ...actionEvents] as const) types.add(type)
    } else if ('engagement' in rule) needs.engagement = true
    else if ('reachable' in rule) needs.reachable = true
    else if ('event' in rule) {
      types.add(rule.event.type)
      windows.push(rule.event.within === undefined ? undefined : durationMs(rule.event.within))
    }
  }
  const known = windows.filter((window) => window !== undefined)
  const withinMs = known.length === windows.length ? Math.max(0, ...known) : undefined
  return { ...needs, events: types.size > 0, types: [...types], withinMs }
}
