import type { Language } from '../words.ts'
import { type Words, words } from './explain-words.ts'
import { type ContactFacts, countAtSite, countEvents, matches } from './matches.ts'
import {
  type AttributeTest,
  type EventTest,
  isCampaignState,
  ruleOfSite,
  type SegmentRule,
  type SiteTest,
} from './rule.ts'

/** A condition in words, and the conditions it is made of. */
export interface Described {
  text: string
  parts: Described[]
}

/** As described, and whether it held for the contact. */
export interface Explained extends Described {
  held: boolean
  parts: Explained[]
}

/** Which conditions of a rule held for a contact and which did not, in the reader's language. Pure. */
export function explainRule(rule: SegmentRule, facts: ContactFacts, language: Language): Explained {
  const parts = partsOf(rule).map((part) => explainRule(part, facts, language))
  return { text: textOf(rule, words[language], facts), held: matches(rule, facts), parts }
}

/** A rule in the reader's language, for nobody in particular. Pure. */
export const describeRule = (rule: SegmentRule, language: Language): Described => ({
  text: textOf(rule, words[language]),
  parts: partsOf(rule).map((part) => describeRule(part, language)),
})

function partsOf(rule: SegmentRule): SegmentRule[] {
  if (typeof rule === 'string') return []
  if ('not' in rule) return [rule.not]
  if ('all' in rule) return rule.all
  if ('siteWhere' in rule) return [askedOfSite(rule.siteWhere)]
  return 'any' in rule ? rule.any : []
}

function askedOfSite(test: SiteTest): SegmentRule {
  return 'all' in test ? test.all : ruleOfSite(test).of
}

const list = (values: unknown) => [values].flat().join(', ')

function textOf(rule: SegmentRule, say: Words, facts?: ContactFacts): string {
  if (typeof rule === 'string') return isCampaignState(rule) ? say.states[rule] : say.segment(rule)
  if ('not' in rule) return say.not
  if ('all' in rule) return say.all
  if ('any' in rule) return say.any
  if ('segment' in rule) return say.segment(rule.segment)
  if ('siteWhere' in rule) return ofSite(rule.siteWhere, say, facts)
  if ('site' in rule) return attribute(rule.site, say.site, say, facts?.site.attributes)
  if ('attribute' in rule) return attribute(rule.attribute, say.contact, say, facts?.attributes)
  if ('event' in rule) return event(rule.event, say, facts)
  return plain(rule, say, facts)
}

type Plain = Exclude<
  SegmentRule,
  | string
  | { not: unknown }
  | { all: unknown }
  | { any: unknown }
  | { segment: unknown }
  | { siteWhere: unknown }
  | { site: unknown }
  | { attribute: unknown }
  | { event: unknown }
>

function plain(rule: Plain, say: Words, facts?: ContactFacts): string {
  const orNothing = (value: string | undefined) => facts && (value ?? say.nothing)
  if ('profile' in rule) {
    const wanted = [rule.profile].flat().map((profile) => say.profiles[profile])
    return say.is(say.profile, wanted.join(', '), facts && say.profiles[facts.profile])
  }
  if ('typology' in rule) return say.is(say.typology, list(rule.typology), orNothing(facts?.site.typology))
  if ('tier' in rule) return say.is(say.tier, list(rule.tier), orNothing(facts?.site.tier))
  if ('region' in rule) return say.is(say.region, list(rule.region), facts?.site.region)
  if ('area' in rule) return say.is(say.area, list(rule.area), orNothing(facts?.site.area))
  if ('language' in rule) return say.is(say.language, list(rule.language), facts?.language)
  if ('consent' in rule) {
    const wanted = [rule.consent].flat().map((state) => say.consents[state])
    const actual = facts && say.consents[facts.consents[rule.channel] ?? 'unstated']
    return say.is(say.consent(say.channels[rule.channel]), wanted.join(', '), actual)
  }
  if ('lastActivity' in rule) {
    const last = orNothing(facts?.lastActivityAt?.toISOString().slice(0, 10))
    return say.lastActivity(say.duration(rule.lastActivity.within), last)
  }
  if ('challenge' in rule) {
    const { campaign, of = 'person', tier, reaches, points } = rule.challenge
    const subject = say.standing[of](campaign)
    const found = facts?.standings?.get(campaign)?.[of]
    const actual = facts && (found ? say.points(found.points, found.tier) : say.notIn)
    if (points) return say.pointsWithin(subject, points, actual)
    return reaches === undefined ? say.inTier(subject, list(tier), actual) : say.reaches(subject, reaches, actual)
  }
  if ('reachable' in rule) return say.reachable(say.channels[rule.reachable])
  const state = rule.channel ? (facts?.engagement.byChannel[rule.channel] ?? 'new') : facts?.engagement.overall
  const subject = rule.channel ? say.engagementOn(say.channels[rule.channel]) : say.engagement
  const wanted = [rule.engagement].flat().map((name) => say.engagements[name])
  return say.is(subject, wanted.join(', '), facts && state && say.engagements[state])
}

function ofSite(test: SiteTest, say: Words, facts?: ContactFacts): string {
  const found = facts && countAtSite(askedOfSite(test), facts)
  if ('any' in test) return say.atSite.any(found)
  if ('all' in test) return say.atSite.all()
  return 'none' in test ? say.atSite.none(found) : say.atSite.count(test.count, found)
}

function attribute(
  test: AttributeTest,
  whose: (name: string) => string,
  say: Words,
  attributes?: ContactFacts['attributes'],
): string {
  const value = attributes && (Object.hasOwn(attributes, test.name) ? String(attributes[test.name]) : say.nothing)
  const subject = whose(test.name)
  if (test.exists !== undefined) return say.exists(subject, test.exists, value)
  if (test.contains !== undefined) return say.contains(subject, test.contains, value)
  if (test.above !== undefined) return say.above(subject, test.above, value)
  if (test.below !== undefined) return say.below(subject, test.below, value)
  if (test.after !== undefined) return say.after(subject, test.after, value)
  if (test.before !== undefined) return say.before(subject, test.before, value)
  return say.is(subject, list(test.is ?? test.in), value)
}

function event(test: EventTest, say: Words, facts?: ContactFacts): string {
  const { min, max } = test.count ?? {}
  const wanted = say.times(min ?? (max === undefined ? 1 : 0), max)
  const where = [test.campaign, test.step].filter((name) => name !== undefined).join(' / ')
  const found = facts && countEvents(facts.events, test, facts.now)
  return say.event(say.events[test.type], wanted, { where, within: test.within && say.duration(test.within), found })
}
