import { isChallengeWord } from '../challenge/challenge-words.ts'
import { actionEvents, type EventType, eventTypes } from '../words.ts'
import { durationMs } from './duration.ts'
import { isCampaignState, rulesWithin, type SegmentRule } from './rule.ts'

/** What must be read to answer some rules. */
export interface Needs {
  engagement: boolean
  reachable: boolean
  consent: boolean
  /** The other people of the site. */
  colleagues: boolean
  events: boolean
  /** How people stand in the challenge of the campaign at hand. */
  challenge: boolean
  /** The campaigns whose points are asked for; undefined for all. */
  points: readonly string[] | undefined
  types: EventType[]
  /** The longest window asked for; undefined when some test has none. */
  withinMs?: number
}

const everything: Needs = {
  engagement: true,
  reachable: true,
  consent: true,
  colleagues: true,
  events: true,
  challenge: true,
  points: undefined,
  types: [...eventTypes],
}
const nothing: Needs = {
  engagement: false,
  reachable: false,
  consent: false,
  colleagues: false,
  events: false,
  challenge: false,
  points: [],
  types: [],
}

/** Without rules, everything may be asked. */
export function needsOf(rules?: readonly SegmentRule[]): Needs {
  if (!rules) return everything
  const needs: Needs = { ...nothing, types: [] }
  const types = new Set<EventType>()
  const points = new Set<string>()
  const windows: (number | undefined)[] = []
  for (const rule of rules.flatMap((whole) => [...rulesWithin(whole)])) {
    if (typeof rule === 'string') {
      if (isChallengeWord(rule)) needs.challenge = true
      else if (isCampaignState(rule)) for (const type of ['open', ...actionEvents] as const) types.add(type)
    } else if ('engagement' in rule || 'lastActivity' in rule) needs.engagement = true
    else if ('reachable' in rule) needs.reachable = true
    else if ('consent' in rule) needs.consent = true
    else if ('siteWhere' in rule) needs.colleagues = true
    else if ('challenge' in rule) points.add(rule.challenge.campaign)
    else if ('event' in rule) {
      types.add(rule.event.type)
      windows.push(rule.event.within === undefined ? undefined : durationMs(rule.event.within))
    }
  }
  const known = windows.filter((window) => window !== undefined)
  const withinMs = known.length === windows.length ? Math.max(0, ...known) : undefined
  return { ...needs, points: [...points], events: types.size > 0, types: [...types], withinMs }
}
