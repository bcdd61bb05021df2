import { ruleId } from '../../../routing/policy.ts'
import type { PolicyRule, PolicyTable } from '../../../routing/types.ts'
import { type ChannelName, channelNames, intents, messageClasses, profiles, urgencies } from '../../../words.ts'
import type { View } from '../../view.ts'

/** What a form holds, a list for each field as some may be ticked several times. */
export type RuleFields = Readonly<Record<string, readonly string[]>>

export const delayUnits = { minutes: 1, hours: 60, days: 1_440 } as const
export const mostRules = 60
const longestDelay = 90 * delayUnits.days

export const emptyRule: RuleFields = { learns: ['on'], unit: ['days'] }

/** A rule as its form shows it; `place` counts among the other rules. */
export function fieldsOfRule(rule: PolicyRule, place: number): RuleFields {
  const { when, channels, together = [], waterfallMinutes, fallback, learns } = rule
  const after = fallback?.afterMinutes ?? 0
  const unit = after % delayUnits.days === 0 ? 'days' : after % delayUnits.hours === 0 ? 'hours' : 'minutes'
  return {
    id: [rule.id],
    place: [String(place)],
    urgency: when.urgency ?? [],
    intent: when.intent ?? [],
    class: when.class ?? [],
    profile: when.profile ?? [],
    typology: [(when.typology ?? []).join(', ')],
    tier: [(when.tier ?? []).join(', ')],
    ...Object.fromEntries(channels.map((channel, index) => [`channel-${index + 1}`, [channel]])),
    together,
    waterfall: waterfallMinutes === undefined ? [] : [String(waterfallMinutes)],
    fallback: fallback ? [fallback.ifNot] : [],
    after: fallback ? [String(after / delayUnits[unit])] : [],
    unit: [unit],
    learns: learns === false ? [] : ['on'],
  }
}

const amongst = <T extends string>(known: readonly T[], given: readonly string[] = []): T[] =>
  known.filter((value) => given.includes(value))

const listed = (text: string): string[] => [
  ...new Set(
    text
      .split(/[,;\n]/)
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  ),
]

/**
 * Reads a rule from its form: the rule and its place among the others, or what is wrong by the name of its field.
 * `changing` is the id of the rule the form is for; without it, it is for a new one.
 */
export function readRule(
  { t }: View,
  fields: RuleFields,
  table: PolicyTable,
  changing: string | undefined,
): { rule: PolicyRule; place: number } | { problems: Record<string, string> } {
  const problems: Record<string, string> = {}
  const one = (name: string): string => fields[name]?.[0]?.trim() ?? ''
  const id = changing ?? one('id')
  const others = table.rules.filter((rule) => rule.id !== changing)
  const isLast = changing !== undefined && table.rules.at(-1)?.id === changing
  if (changing === undefined) {
    if (!ruleId.test(id)) problems.id = t('policy.problems.name')
    else if (others.some((rule) => rule.id === id)) problems.id = t('policy.problems.nameTaken')
    if (others.length >= mostRules) problems.form = t('policy.problems.tooMany', { count: others.length })
  }
  const channels: ChannelName[] = []
  for (const [index] of channelNames.entries()) {
    const name = `channel-${index + 1}`
    const channel = channelNames.find((known) => known === one(name))
    if (channel && channels.includes(channel)) problems[name] = t('policy.problems.channelTwice')
    else if (channel) channels.push(channel)
  }
  if (channels.length === 0) problems['channel-1'] = t('policy.problems.noChannel')

  const waterfall = one('waterfall')
  const waterfallMinutes = /^\d{1,4}$/.test(waterfall) ? Number(waterfall) : Number.NaN
  if (waterfall !== '' && !(waterfallMinutes >= 1 && waterfallMinutes <= 1_440))
    problems.waterfall = t('policy.problems.minutes')
  const ifNot = (['acted', 'acknowledged'] as const).find((known) => known === one('fallback'))
  const unit = (['minutes', 'hours', 'days'] as const).find((known) => known === one('unit')) ?? 'days'
  const afterMinutes = /^\d{1,6}$/.test(one('after')) ? Number(one('after')) * delayUnits[unit] : 0
  if (ifNot && !(afterMinutes >= 1 && afterMinutes <= longestDelay)) problems.after = t('policy.problems.after')

  const own = { typology: listed(one('typology')), tier: listed(one('tier')) }
  for (const on of ['typology', 'tier'] as const)
    if (own[on].length > 20 || own[on].some((value) => value.length > 80)) problems[on] = t('policy.problems.list')
  if (Object.keys(problems).length > 0) return { problems }

  const when = {
    urgency: amongst(urgencies, fields.urgency),
    intent: amongst(intents, fields.intent),
    class: amongst(messageClasses, fields.class),
    profile: amongst(profiles, fields.profile),
    ...own,
  }
  const together = amongst(channelNames, fields.together)
  const place = Math.min(Math.max(Number(one('place')) || 1, 1), Math.max(others.length, 1))
  return {
    rule: {
      id,
      when: isLast ? {} : Object.fromEntries(Object.entries(when).filter(([, values]) => values.length > 0)),
      channels,
      ...(together.length > 0 ? { together } : {}),
      ...(waterfall === '' ? {} : { waterfallMinutes }),
      ...(ifNot ? { fallback: { ifNot, afterMinutes } } : {}),
      ...(one('learns') === '' ? { learns: false } : {}),
    },
    place: isLast ? table.rules.length : place,
  }
}

/** The table with a rule put in its place, in place of the one of its name. */
export function withRule(table: PolicyTable, rule: PolicyRule, place: number): PolicyTable {
  const rules = table.rules.filter(({ id }) => id !== rule.id)
  rules.splice(place - 1, 0, rule)
  return { ...table, rules }
}
