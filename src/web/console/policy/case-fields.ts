import { zoneOf } from '../../../network/countries.ts'
import { reasonCodes } from '../../../routing/codes.ts'
import {
  caseConsents,
  caseMeans,
  consentStates,
  type PolicyCase,
  policyCaseSchema,
} from '../../../routing/policy-case.ts'
import { channelNames, intents, languages, messageClasses, profiles, urgencies } from '../../../words.ts'
import type { View } from '../../view.ts'
import type { RuleFields } from './rule-fields.ts'

/** Countries that lie in one time zone, so that a local time says when. */
export const caseCountries = [
  'FR',
  'BE',
  'LU',
  'CH',
  'DE',
  'GB',
  'ES',
  'IT',
  'NL',
  'PT',
  'AT',
  'IE',
  'MC',
  'GP',
  'MQ',
  'GF',
  'RE',
  'YT',
] as const
export const quietChoices = ['defer', 'drop', 'switch_channel'] as const
export const outcomes = ['send', 'defer', 'none'] as const

export const emptyCase: RuleFields = {
  class: ['marketing'],
  urgency: ['normal'],
  intent: ['follow-up'],
  onQuiet: ['defer'],
  profile: ['office'],
  language: ['fr'],
  country: ['FR'],
  reachableBy: ['email', 'mobile'],
  at: ['2026-11-24T10:00'],
  outcome: ['send'],
}

export function fieldsOfCase({ name, message, contact, at, expected }: PolicyCase, language: 'fr' | 'en'): RuleFields {
  return {
    name: [name[language]],
    class: [message.class],
    urgency: [message.urgency],
    intent: [message.intent],
    onQuiet: [message.onQuiet],
    asksReply: message.asksReply ? ['on'] : [],
    fixed: message.channels ?? [],
    profile: [contact.profile],
    language: [contact.language],
    country: [contact.country],
    typology: [contact.typology ?? ''],
    tier: [contact.tier ?? ''],
    preferred: [contact.preferredChannel ?? ''],
    reachableBy: contact.reachableBy,
    ...Object.fromEntries(caseConsents.map((channel) => [`consent-${channel}`, [contact.consents[channel] ?? '']])),
    at: [at],
    outcome: [expected.outcome],
    channel: [expected.channel ?? ''],
    rule: [expected.rule ?? ''],
    reason: [expected.reason ?? ''],
  }
}

/** Reads a case from its form, or says what is wrong by the name of its field. `before` is the case it replaces. */
export function readCase(
  { t, language }: View,
  fields: RuleFields,
  rules: readonly string[],
  before?: PolicyCase,
): { case: PolicyCase } | { problems: Record<string, string> } {
  const problems: Record<string, string> = {}
  const one = (name: string): string => fields[name]?.[0]?.trim() ?? ''
  const pick = <T extends string>(name: string, known: readonly T[]): T | undefined => {
    const found = known.find((value) => value === one(name))
    if (found === undefined && one(name) !== '') problems[name] = t('policy.problems.choice')
    return found
  }
  const must = <T extends string>(name: string, known: readonly [T, ...T[]]): T => {
    if (one(name) === '') problems[name] = t('policy.problems.choice')
    return pick(name, known) ?? known[0]
  }
  const named = one('name')
  if (named === '' || named.length > 120) problems.name = t('policy.problems.caseName')
  const at = one('at').slice(0, 16)
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(at) || Number.isNaN(Date.parse(`${at}Z`)))
    problems.at = t('policy.problems.caseAt')
  const country = one('country')
  const timezone = before?.contact.country === country ? before.contact.timezone : zoneOf(country)
  if (timezone === undefined) problems.country = t('policy.problems.caseCountry')
  const consents = Object.fromEntries(
    caseConsents.flatMap((channel) => {
      const state = pick(`consent-${channel}`, consentStates)
      return state ? [[channel, state]] : []
    }),
  )
  const outcome = must('outcome', outcomes)
  const channel = pick('channel', channelNames)
  if (outcome === 'none' && channel) problems.channel = t('policy.problems.caseChannel')
  const rule = one('rule')
  // A case may go on expecting a rule that is gone: that is what it then says.
  if (rule !== '' && !rules.includes(rule) && rule !== before?.expected.rule)
    problems.rule = t('policy.problems.choice')
  const reason = pick('reason', reasonCodes)
  const preferred = pick('preferred', channelNames)
  const fixed = channelNames.filter((known) => fields.fixed?.includes(known))
  const [typology, tier] = [one('typology'), one('tier')]
  for (const [name, value] of Object.entries({ typology, tier }))
    if (value.length > 120) problems[name] = t('policy.problems.list')
  const made = {
    // One's own name stands in both languages unless the other already has words of its own.
    name: before && before.name[language] === named ? before.name : { fr: named, en: named },
    message: {
      class: must('class', messageClasses),
      urgency: must('urgency', urgencies),
      intent: must('intent', intents),
      onQuiet: must('onQuiet', quietChoices),
      asksReply: one('asksReply') !== '',
      ...(fixed.length > 0 ? { channels: fixed } : {}),
    },
    contact: {
      profile: must('profile', profiles),
      language: must('language', languages),
      country,
      timezone: timezone ?? '',
      ...(typology ? { typology } : {}),
      ...(tier ? { tier } : {}),
      ...(preferred ? { preferredChannel: preferred } : {}),
      reachableBy: caseMeans.filter((means) => fields.reachableBy?.includes(means)),
      consents,
    },
    at,
    expected: {
      outcome,
      ...(channel ? { channel } : {}),
      ...(rule ? { rule } : {}),
      ...(reason ? { reason } : {}),
    },
  }
  if (Object.keys(problems).length > 0) return { problems }
  return { case: policyCaseSchema.parse(made) }
}
