import type { Language } from '../words.ts'
import { type Words, words } from './explain-words.ts'
import { type ContactFacts, countEvents, matches } from './matches.ts'
import { type AttributeTest, type EventTest, isCampaignState, type SegmentRule } from './rule.ts'

/** A condition in words, whether it held for the contact, and the conditions it is made of. */
export interface Explained {
  text: string
  held: boolean
  parts: Explained[]
}

/** Which conditions of a rule held for a contact and which did not, in the reader's language. Pure. */
export function explainRule(rule: SegmentRule, facts: ContactFacts, language: Language): Explained {
  const say = words[language]
  const held = matches(rule, facts)
  const parts = partsOf(rule).map((part) => explainRule(part, facts, language))
  return { text: textOf(rule, facts, say), held, parts }
}

function partsOf(rule: SegmentRule): SegmentRule[] {
  if (typeof rule === 'string') return []
  if ('not' in rule) return [rule.not]
  if ('all' in rule) return rule.all
  return 'any' in rule ? rule.any : []
}

const list = (values: unknown) => [values].flat().join(', ')

function textOf(rule: SegmentRule, facts: ContactFacts, say: Words): string {
  if (typeof rule === 'string') return isCampaignState(rule) ? say.states[rule] : say.segment(rule)
  if ('not' in rule) return say.not
  if ('all' in rule) return say.all
  if ('any' in rule) return say.any
  if ('segment' in rule) return say.segment(rule.segment)
  if ('profile' in rule)
    return say.is(
      say.profile,
      [rule.profile]
        .flat()
        .map((profile) => say.profiles[profile])
        .join(', '),
      say.profiles[facts.profile],
    )
  if ('typology' in rule) return say.is(say.typology, list(rule.typology), facts.site.typology ?? say.nothing)
  if ('tier' in rule) return say.is(say.tier, list(rule.tier), facts.site.tier ?? say.nothing)
  if ('region' in rule) return say.is(say.region, list(rule.region), facts.site.region)
  if ('language' in rule) return say.is(say.language, list(rule.language), facts.language)
  if ('site' in rule) return attribute(rule.site, facts.site.attributes, say.site, say)
  if ('attribute' in rule) return attribute(rule.attribute, facts.attributes, say.contact, say)
  if ('engagement' in rule) {
    const state = rule.channel ? (facts.engagement.byChannel[rule.channel] ?? 'new') : facts.engagement.overall
    const subject = rule.channel ? say.engagementOn(say.channels[rule.channel]) : say.engagement
    const wanted = [rule.engagement].flat().map((name) => say.engagements[name])
    return say.is(subject, wanted.join(', '), say.engagements[state])
  }
  if ('event' in rule) return event(rule.event, facts, say)
  return say.reachable(say.channels[rule.reachable])
}

function attribute(
  test: AttributeTest,
  attributes: ContactFacts['attributes'],
  whose: (name: string) => string,
  say: Words,
): string {
  const value = Object.hasOwn(attributes, test.name) ? String(attributes[test.name]) : say.nothing
  const subject = whose(test.name)
  if (test.exists !== undefined) return say.exists(subject, test.exists, value)
  if (test.above !== undefined) return say.above(subject, test.above, value)
  if (test.below !== undefined) return say.below(subject, test.below, value)
  return say.is(subject, list(test.is ?? test.in), value)
}

function event(test: EventTest, facts: ContactFacts, say: Words): string {
  const { min, max } = test.count ?? {}
  const wanted = say.times(min ?? (max === undefined ? 1 : 0), max)
  const where = [test.campaign, test.step].filter((name) => name !== undefined).join(' / ')
  const found = countEvents(facts.events, test, facts.now)
  return say.event(say.events[test.type], wanted, { where, within: test.within && say.duration(test.within), found })
}
