import type { PointStandings } from '../challenge/standing-facts.ts'
import type { ConsentState } from '../network/consent.ts'
import type { ChannelName, EngagementState, EventType, Language, Profile } from '../words.ts'
import { durationMs } from './duration.ts'
import {
  type AttributeTest,
  type CampaignState,
  type ChallengeTest,
  type EventTest,
  isCampaignState,
  ruleOfSite,
  type SegmentRule,
  type SiteTest,
} from './rule.ts'

type Fact = string | number | boolean

/** Something the contact did or that reached them; machines and unsure clicks are already left out. */
export interface EventFact {
  type: EventType
  /** Business time. */
  at: Date
  /** Names, where the event belongs to a campaign. */
  campaign?: string
  step?: string
}

/** All that a rule may ask about one contact, as of `now` (business time). */
export interface ContactFacts {
  contactId: string
  profile: Profile
  language: Language
  attributes: Record<string, Fact>
  site: {
    typology?: string
    tier?: string
    region: string
    /** The part of the network's own map the site belongs to: East, Ile-de-France … */
    area?: string
    /** The site's own columns by name (name, city, postcode …) over its free attributes. */
    attributes: Record<string, Fact>
  }
  /** Names of the segments the contact is stored in, or that were worked out before. */
  segments: Set<string>
  /** What was done in the campaign at hand. */
  states: Set<CampaignState>
  engagement: {
    overall: EngagementState
    byChannel: Partial<Record<ChannelName, EngagementState>>
    /** When time alone may change it. */
    nextChangeAt?: Date
  }
  events: EventFact[]
  reachable: Set<ChannelName>
  /** Absent where the ledger says nothing. */
  consents: Partial<Record<ChannelName, ConsentState>>
  /** The last act we know of, or the day the partner's file gives. */
  lastActivityAt?: Date
  /** Where they and their outlets stand in challenges. */
  standings?: PointStandings
  isActive: boolean
  /** The active people of the contact's site, the contact among them when active. */
  atSite: readonly ContactFacts[]
  now: Date
}

const within = <T>(value: T | undefined, wanted: T | readonly T[]): boolean =>
  value !== undefined && (Array.isArray(wanted) ? (wanted as readonly T[]).includes(value) : value === wanted)

const fold = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim()
/** Cells of a spreadsheet: case, accents and the type of a number are no difference. */
const isSame = (a: Fact, b: Fact): boolean => fold(String(a)) === fold(String(b))

/** The day a cell holds, as 2026-03-31 or as the French write it, 31/03/2026 or 1/3/2026; empty for anything else. */
function dayOf(value: Fact): string {
  const text = String(value).trim()
  const french = /^(\d{1,2})\/(\d{1,2})\/(\d{4})\b/.exec(text)
  if (french) return `${french[3]}-${french[2]!.padStart(2, '0')}-${french[1]!.padStart(2, '0')}`
  return /^\d{4}-\d{2}-\d{2}/.test(text) ? text.slice(0, 10) : ''
}

function attributeHolds(attributes: Record<string, Fact>, test: AttributeTest): boolean {
  const value = Object.hasOwn(attributes, test.name) ? attributes[test.name] : undefined
  const isPresent = value !== undefined && value !== ''
  if (test.exists !== undefined) return isPresent === test.exists
  if (!isPresent) return false
  if (test.is !== undefined) return isSame(value, test.is)
  if (test.in !== undefined) return test.in.some((candidate) => isSame(value, candidate))
  if (test.contains !== undefined) return fold(String(value)).includes(fold(test.contains))
  if (test.after !== undefined) return dayOf(value) > test.after
  if (test.before !== undefined) {
    const day = dayOf(value)
    return day !== '' && day < test.before
  }
  const number = typeof value === 'boolean' ? Number.NaN : Number(value)
  if (test.above !== undefined) return number > test.above
  return test.below !== undefined && number < test.below
}

/** How many of the contact's events a test means. */
export function countEvents(events: readonly EventFact[], test: EventTest, now: Date): number {
  const since = test.within === undefined ? Number.NEGATIVE_INFINITY : now.getTime() - (durationMs(test.within) ?? 0)
  return events.filter(
    (event) =>
      event.type === test.type &&
      event.at.getTime() > since &&
      event.at <= now &&
      (test.campaign === undefined || event.campaign === test.campaign) &&
      (test.step === undefined || event.step === test.step),
  ).length
}

function eventHolds(events: readonly EventFact[], test: EventTest, now: Date): boolean {
  const found = countEvents(events, test, now)
  const min = test.count?.min ?? (test.count?.max === undefined ? 1 : 0)
  return found >= min && found <= (test.count?.max ?? Number.POSITIVE_INFINITY)
}

/**
 * Whether the rule holds for the contact; pure. A segment's name asks for its stored membership; a campaign
 * state holds for nobody outside a campaign.
 */
export function matches(rule: SegmentRule, facts: ContactFacts): boolean {
  if (typeof rule === 'string') return isCampaignState(rule) ? facts.states.has(rule) : facts.segments.has(rule)
  if ('not' in rule) return !matches(rule.not, facts)
  if ('all' in rule) return rule.all.every((part) => matches(part, facts))
  if ('any' in rule) return rule.any.some((part) => matches(part, facts))
  if ('segment' in rule) return facts.segments.has(rule.segment)
  if ('profile' in rule) return within(facts.profile, rule.profile)
  if ('typology' in rule) return textWithin(facts.site.typology, rule.typology)
  if ('tier' in rule) return textWithin(facts.site.tier, rule.tier)
  if ('region' in rule) return textWithin(facts.site.region, rule.region)
  if ('area' in rule) return textWithin(facts.site.area, rule.area)
  if ('language' in rule) return within(facts.language, rule.language)
  if ('site' in rule) return attributeHolds(facts.site.attributes, rule.site)
  if ('attribute' in rule) return attributeHolds(facts.attributes, rule.attribute)
  if ('engagement' in rule) {
    const state = rule.channel ? (facts.engagement.byChannel[rule.channel] ?? 'new') : facts.engagement.overall
    return within(state, rule.engagement)
  }
  if ('event' in rule) return eventHolds(facts.events, rule.event, facts.now)
  if ('consent' in rule) return within(facts.consents[rule.channel] ?? 'unstated', rule.consent)
  if ('lastActivity' in rule) return isRecent(facts.lastActivityAt, rule.lastActivity.within, facts.now)
  if ('siteWhere' in rule) return siteHolds(rule.siteWhere, facts)
  if ('challenge' in rule) return standingHolds(rule.challenge, facts)
  return facts.reachable.has(rule.reachable)
}

const isRecent = (at: Date | undefined, window: string, now: Date): boolean =>
  at !== undefined && at.getTime() > now.getTime() - (durationMs(window) ?? 0)

/** Who does not take part has no points, not even none. */
function standingHolds(
  { campaign, of = 'person', tier, reaches, points }: ChallengeTest,
  facts: ContactFacts,
): boolean {
  const standing = facts.standings?.get(campaign)?.[of]
  if (!standing) return false
  if (tier !== undefined) return textWithin(standing.tier, tier)
  if (reaches !== undefined) return standing.reached.some((name) => isSame(name, reaches))
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = points ?? {}
  return standing.points >= min && standing.points <= max
}

function siteHolds(test: SiteTest, facts: ContactFacts): boolean {
  const { of, min = 0, max = Number.POSITIVE_INFINITY } = ruleOfSite(test)
  const found = countAtSite(of, facts)
  return found >= min && found <= max
}

/** How many of the people of the contact's site satisfy a rule. */
export const countAtSite = (rule: SegmentRule, facts: ContactFacts): number =>
  facts.atSite.filter((person) => matches(rule, person)).length

function textWithin(value: string | undefined, wanted: string | string[]): boolean {
  return value !== undefined && [wanted].flat().some((candidate) => isSame(value, candidate))
}
