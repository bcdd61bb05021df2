import type { ChannelName } from '../words.ts'
import { matchRule } from './policy.ts'
import type { PolicyCase } from './policy-case.ts'
import { route } from './route.ts'
import type { Because, Decision, Policy, RoutableAddress, RoutingInput, TraceEntry } from './types.ts'
import { offsetAt } from './zone.ts'

/** What a case came to. */
export interface CaseResult {
  case: PolicyCase
  isPassed: boolean
  /** Which of its expectations were not met. */
  wrong: (keyof PolicyCase['expected'])[]
  got: { outcome: Decision['outcome']; channel?: ChannelName; rule?: string; because: Because[] }
  trace: TraceEntry[]
}

/**
 * Tries cases on a policy. Pure. What is drawn at random and spread in time is switched off, nobody was written to
 * before and nothing is believed of anybody, so that a case shows the table and the law alone.
 */
export function runCases(policy: Policy, cases: readonly PolicyCase[]): CaseResult[] {
  const still = withoutChance(policy)
  return cases.map((one) => {
    const input = inputOf(still, one)
    const { outcome, channel, because, trace } = route(input)
    const rule = matchRule(still, input.message, input.contact)?.id
    const { expected } = one
    const wrong: CaseResult['wrong'] = []
    if (outcome !== expected.outcome) wrong.push('outcome')
    if (expected.channel !== undefined && channel !== expected.channel) wrong.push('channel')
    if (expected.rule !== undefined && rule !== expected.rule) wrong.push('rule')
    if (expected.reason !== undefined && !because.some(({ code }) => code === expected.reason)) wrong.push('reason')
    return { case: one, isPassed: wrong.length === 0, wrong, got: { outcome, channel, rule, because }, trace }
  })
}

/** The same policy without exploration and jitter. */
export const withoutChance = (policy: Policy): Policy => ({
  ...policy,
  values: {
    ...policy.values,
    exploration: { ...policy.values.exploration, value: 0 },
    jitterMinutes: { ...policy.values.jitterMinutes, value: 0 },
  },
})

function inputOf(policy: Policy, { message, contact, at }: PolicyCase): RoutingInput {
  const { reachableBy, country, timezone, consents } = contact
  const address = (value: string, isShared = false): RoutableAddress => ({
    id: value,
    hash: value,
    value,
    status: 'valid',
    isShared,
    country,
  })
  const isShared = !reachableBy.includes('email')
  return {
    policy,
    contact: {
      id: 'case',
      siteId: 'case',
      profile: contact.profile,
      language: contact.language,
      preferredChannel: contact.preferredChannel,
      site: {
        typology: contact.typology,
        tier: contact.tier,
        country,
        region: country,
        timezone,
        hasStation: reachableBy.includes('screen'),
      },
      email: !isShared || reachableBy.includes('shared_email') ? address('email', isShared) : undefined,
      mobile: reachableBy.includes('mobile') ? address('mobile') : undefined,
      postal: reachableBy.includes('postal') ? address('postal') : undefined,
      consents: Object.fromEntries(
        Object.entries(consents).map(([channel, state]) => [
          channel,
          { state, basis: state === 'unstated' ? 'unstated' : 'consent' },
        ]),
      ),
      tracking: { opens: 'unstated', clicks: 'unstated' },
      suppressions: [],
    },
    message: { ...message, id: 'case', campaign: 'case', step: 'case', occurrence: '1', topic: '' },
    beliefs: {},
    touches: { contact: [], site: [] },
    senders: [
      { id: 'sms', channel: 'sms', isTwoWay: true, isDefault: true, countries: [] },
      { id: 'email', channel: 'email', isTwoWay: true, isDefault: true, countries: [] },
    ],
    isSpent: false,
    measure: (_channel, language) => ({ language, parts: 1 }),
    now: instantAt(at, timezone),
    seed: 'case',
  }
}

/** A local time as an instant; one that the change to summer time skips is the hour after. */
function instantAt(local: string, timezone: string): Date {
  const asUtc = Date.parse(`${local}Z`)
  const guess = asUtc - (offsetAt(timezone, asUtc) ?? 0)
  return new Date(asUtc - (offsetAt(timezone, guess) ?? 0))
}
