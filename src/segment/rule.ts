import { z } from 'zod'
import { challengeWords } from '../challenge/challenge-words.ts'
import type { ConsentState } from '../network/consent.ts'
import {
  type ChannelName,
  channelNames,
  type EngagementState,
  type EventType,
  engagementStates,
  eventTypes,
  type Language,
  languages,
  type Profile,
  profiles,
} from '../words.ts'
import { durationMs } from './duration.ts'
import { bestBranch } from './issues.ts'

/** What a contact has done in the campaign at hand; a plain word in a rule, never the name of a segment. */
export const campaignStates = ['registered', 'opened', 'acted', 'acknowledged', 'started', ...challengeWords] as const
export type CampaignState = (typeof campaignStates)[number]

export const isCampaignState = (word: string): word is CampaignState =>
  (campaignStates as readonly string[]).includes(word)

type OneOrMany<T> = T | T[]
type Fact = string | number | boolean

/** One test on a free attribute. Exactly one comparison; `above`, `below`, `after` and `before` are strict. */
export interface AttributeTest {
  name: string
  is?: Fact
  in?: Fact[]
  contains?: string
  above?: number
  below?: number
  /** A day, as 2026-03-31. */
  after?: string
  before?: string
  exists?: boolean
}

/** Something that happened `count` times (default: at least once), `within` an ISO 8601 duration before now. */
export interface EventTest {
  type: EventType
  count?: { min?: number; max?: number }
  within?: string
  /** Name of the campaign; left out, any campaign. */
  campaign?: string
  step?: string
}

/** Whose points of a challenge are meant: the person's own, or those of their outlet with everybody in it. */
export const pointOwners = ['person', 'outlet'] as const
export type PointOwner = (typeof pointOwners)[number]

/** Where points put somebody who takes part in a challenge. Exactly one of `tier`, `reaches` and `points`. */
export interface ChallengeTest {
  /** Name of the campaign. */
  campaign: string
  /** `person` when left out. */
  of?: PointOwner
  /** The tier they stand in, by its name in the rules, or one of several. */
  tier?: OneOrMany<string>
  /** That tier or a higher one. */
  reaches?: string
  points?: { min?: number; max?: number }
}

/** Of the active people of a site, the contact among them: whether any, all or none satisfy a rule, or how many do. */
export type SiteTest =
  | { any: SegmentRule }
  | { all: SegmentRule }
  | { none: SegmentRule }
  | { count: { of: SegmentRule; min?: number; max?: number } }

/** A condition on a contact, as campaign files, `campaigns/segments.yaml` and a step's `to:` write it. */
export type SegmentRule =
  | string
  | { not: SegmentRule }
  | { all: SegmentRule[] }
  | { any: SegmentRule[] }
  | { segment: string }
  | { profile: OneOrMany<Profile> }
  | { typology: OneOrMany<string> }
  | { tier: OneOrMany<string> }
  | { region: OneOrMany<string> }
  | { area: OneOrMany<string> }
  | { language: OneOrMany<Language> }
  | { site: AttributeTest }
  | { attribute: AttributeTest }
  | { engagement: OneOrMany<EngagementState>; channel?: ChannelName }
  | { event: EventTest }
  | { reachable: ChannelName }
  | { consent: OneOrMany<ConsentState>; channel: ChannelName }
  | { lastActivity: { within: string } }
  | { siteWhere: SiteTest }
  | { challenge: ChallengeTest }

export const consentStates = ['granted', 'denied', 'unstated'] as const satisfies readonly ConsentState[]

const word = z.string().trim().min(1).max(200)
const oneOrMany = <T extends z.ZodType>(item: T, expected = 'text') =>
  z.union([item, z.array(item).min(1)], { error: `Expected ${expected}, or a list of them.` })
const oneOrManyOf = <const T extends readonly string[]>(words: T) => oneOrMany(z.enum(words), words.join(', '))
const fact = z.union([z.string(), z.number(), z.boolean()])
const comparisons = ['is', 'in', 'contains', 'above', 'below', 'after', 'before', 'exists'] as const

const day = z.iso.date({ error: 'A day is written like 2026-03-31, in quotes.' })
const range = { min: z.int().min(0).optional(), max: z.int().min(0).optional() }
type Range = { min?: number; max?: number }
const hasBound = ({ min, max }: Range) => min !== undefined || max !== undefined
const isInOrder = ({ min, max }: Range) => min === undefined || max === undefined || min <= max
const boundMissing = { message: 'A count needs min, max or both.' }
const boundsCrossed = { message: 'The min of a count must not be above its max.' }
const duration = z.string().refine((text) => durationMs(text) !== undefined, {
  message: 'A duration is written like P30D, PT48H or P2W (a month has no fixed length: count days).',
})

const attributeTest = z
  .strictObject({
    name: word,
    is: fact.optional(),
    in: z.array(fact).min(1).optional(),
    contains: word.optional(),
    above: z.number().optional(),
    below: z.number().optional(),
    after: day.optional(),
    before: day.optional(),
    exists: z.boolean().optional(),
  })
  .refine((test) => comparisons.filter((key) => test[key] !== undefined).length === 1, {
    message: `An attribute test needs exactly one of ${comparisons.join(', ')}.`,
  })

const eventTest = z
  .strictObject({
    type: z.enum(eventTypes),
    count: z.strictObject(range).refine(hasBound, boundMissing).refine(isInOrder, boundsCrossed).optional(),
    within: duration.optional(),
    campaign: word.optional(),
    step: word.optional(),
  })
  .refine(({ step, campaign }) => step === undefined || campaign !== undefined, {
    message: 'A step is named together with its campaign.',
  })

const challengeTest = z
  .strictObject({
    campaign: word.meta({ description: 'The name of the campaign whose challenge is meant' }),
    of: z.enum(pointOwners).optional().meta({ description: 'person (the default), or outlet: with everybody in it' }),
    tier: oneOrMany(word).optional().meta({ description: 'The tier they stand in now' }),
    reaches: word.optional().meta({ description: 'That tier or a higher one' }),
    points: z.strictObject(range).refine(hasBound, boundMissing).refine(isInOrder, boundsCrossed).optional(),
  })
  .refine(({ tier, reaches, points }) => [tier, reaches, points].filter((one) => one !== undefined).length === 1, {
    message: 'Write exactly one of tier, reaches or points under challenge:.',
  })

const nested: z.ZodType<SegmentRule> = z.lazy(() => segmentRule)

const siteTest = z
  .strictObject({
    any: nested.optional(),
    all: nested.optional(),
    none: nested.optional(),
    count: z
      .strictObject({ of: nested, ...range })
      .refine(hasBound, boundMissing)
      .refine(isInOrder, boundsCrossed)
      .optional(),
  })
  .refine((test) => Object.values(test).filter((part) => part !== undefined).length === 1, {
    message: 'Write one of any, all, none or count under siteWhere:.',
  }) as unknown as z.ZodType<SiteTest>

/** The conditions by their first key, each with a shape of its own. */
const conditions = {
  not: z.strictObject({ not: nested }),
  all: z.strictObject({ all: z.array(nested).min(1, 'Put at least one condition under all:.') }),
  any: z.strictObject({ any: z.array(nested).min(1, 'Put at least one condition under any:.') }),
  segment: z.strictObject({ segment: word }),
  profile: z.strictObject({ profile: oneOrManyOf(profiles) }),
  typology: z.strictObject({ typology: oneOrMany(word) }),
  tier: z.strictObject({ tier: oneOrMany(word) }),
  region: z.strictObject({ region: oneOrMany(word) }),
  area: z.strictObject({ area: oneOrMany(word) }),
  language: z.strictObject({ language: oneOrManyOf(languages) }),
  site: z.strictObject({ site: attributeTest }),
  attribute: z.strictObject({ attribute: attributeTest }),
  engagement: z.strictObject({
    engagement: oneOrManyOf(engagementStates),
    channel: z.enum(channelNames).optional(),
  }),
  event: z.strictObject({ event: eventTest }),
  reachable: z.strictObject({ reachable: z.enum(channelNames) }),
  consent: z.strictObject({ consent: oneOrManyOf(consentStates), channel: z.enum(channelNames) }),
  lastActivity: z.strictObject({ lastActivity: z.strictObject({ within: duration }) }),
  siteWhere: z.strictObject({ siteWhere: siteTest }),
  challenge: z.strictObject({ challenge: challengeTest }),
} satisfies Record<string, z.ZodType<SegmentRule>>

export const conditionNames = Object.keys(conditions) as (keyof typeof conditions)[]

/**
 * The grammar of a rule; strict: an unknown key is an error. A plain word is a campaign state
 * (`campaignStates`) or else the name of a segment. Whether named segments exist, and do not refer to
 * themselves in a circle, is checked by `findCycle` and `segmentNames` with all definitions at hand.
 */
export const segmentRule: z.ZodType<SegmentRule> = z
  .union(
    [
      word.meta({ description: 'A campaign state (registered, opened, acted, acknowledged, started) or a segment.' }),
      conditions.not,
      conditions.all,
      conditions.any,
      conditions.segment,
      conditions.profile,
      conditions.typology,
      conditions.tier,
      conditions.region,
      conditions.area,
      conditions.language,
      conditions.site,
      conditions.attribute,
      conditions.engagement,
      conditions.event,
      conditions.reachable,
      conditions.consent,
      conditions.lastActivity,
      conditions.siteWhere,
      conditions.challenge,
    ],
    { error: (issue) => bestBranch(issue.input, issue.errors ?? [], conditionNames).message },
  )
  .meta({ id: 'SegmentRule' })

/** The rule and every rule inside it, outermost first. */
export function* rulesWithin(rule: SegmentRule): Generator<SegmentRule> {
  yield rule
  if (typeof rule === 'string') return
  if ('not' in rule) yield* rulesWithin(rule.not)
  else if ('all' in rule) for (const part of rule.all) yield* rulesWithin(part)
  else if ('any' in rule) for (const part of rule.any) yield* rulesWithin(part)
  else if ('siteWhere' in rule) yield* rulesWithin(ruleOfSite(rule.siteWhere).of)
}

/** How many people of a site must satisfy which rule; `all` counts those who do not. */
export function ruleOfSite(test: SiteTest): { of: SegmentRule; min?: number; max?: number } {
  if ('any' in test) return { of: test.any, min: 1 }
  if ('none' in test) return { of: test.none, max: 0 }
  return 'all' in test ? { of: { not: test.all }, max: 0 } : test.count
}

/** The segments a rule names. */
export function segmentNames(rule: SegmentRule): string[] {
  const names = new Set<string>()
  for (const part of rulesWithin(rule)) {
    if (typeof part === 'string') {
      if (!isCampaignState(part)) names.add(part)
    } else if ('segment' in part) names.add(part.segment)
  }
  return [...names]
}

/** The campaign states a rule uses: they mean something only inside a campaign. */
export function statesOf(rule: SegmentRule): CampaignState[] {
  const states = new Set<CampaignState>()
  for (const part of rulesWithin(rule)) if (typeof part === 'string' && isCampaignState(part)) states.add(part)
  return [...states]
}

/** The first circle of segments that name one another, as `a → b → a`; undefined when there is none. */
export function findCycle(rules: ReadonlyMap<string, SegmentRule>): string[] | undefined {
  const done = new Set<string>()
  const visit = (name: string, path: string[]): string[] | undefined => {
    const start = path.indexOf(name)
    if (start >= 0) return [...path.slice(start), name]
    const rule = rules.get(name)
    if (done.has(name) || rule === undefined) return undefined
    for (const next of segmentNames(rule)) {
      const cycle = visit(next, [...path, name])
      if (cycle) return cycle
    }
    done.add(name)
    return undefined
  }
  for (const name of rules.keys()) {
    const cycle = visit(name, [])
    if (cycle) return cycle
  }
  return undefined
}

/** Names so ordered that a segment comes after those its rule names. The rules must hold no circle. */
export function inDependencyOrder(rules: ReadonlyMap<string, SegmentRule>): string[] {
  const ordered = new Set<string>()
  const visit = (name: string) => {
    const rule = rules.get(name)
    if (ordered.has(name) || rule === undefined) return
    for (const next of segmentNames(rule)) visit(next)
    ordered.add(name)
  }
  for (const name of rules.keys()) visit(name)
  return [...ordered]
}
