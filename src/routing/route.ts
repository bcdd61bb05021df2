import type { ChannelName } from '../words.ts'
import { companionsOf, copyOnIntranet, fallbacksOf } from './beside.ts'
import { type Candidates, candidatesOf, refusesLearning } from './candidates.ts'
import { type Choice, choose } from './choose.ts'
import { classRules, isUrgent } from './classes.ts'
import { type Exclusion, exclusionRules, type Reason } from './codes.ts'
import { consider, type Option } from './gates.ts'
import { reachWith } from './reach.ts'
import { passedOver, reasonsFor } from './reasons.ts'
import { trackingModeOf } from './tracking-mode.ts'
import type { Belief, Decision, RoutingInput, TraceEntry } from './types.ts'

/**
 * Decides for one contact which channel takes a message, when, and why: the candidates of the policy, the gates
 * each must pass (address, consent, suppression, hours, pressure, words, budget), then the choice among what is
 * left. Pure and deterministic: the same input always gives the same decision. Times are business time, money is
 * thousandths of a minor unit. Everyone gets a decision, also those who get nothing.
 */
export function route(asked: RoutingInput): Decision {
  // What somebody objects to is not even looked at, so that nothing further down can use it by mistake.
  const input = refusesLearning(asked) ? { ...asked, beliefs: {} } : asked
  const trace: TraceEntry[] = []
  const { message, now } = input
  if (message.expiresAt && message.expiresAt <= now) {
    return nothing(input, 'none', [{ code: 'expired', params: { at: message.expiresAt.toISOString() } }], trace)
  }
  if (isHeldOut(input)) {
    const percent = Math.round((input.holdout?.share ?? 0) * 1_000) / 10
    return nothing(input, 'holdout', [{ code: 'held_out', params: { percent } }], trace)
  }
  const candidates = candidatesOf(input)
  if (!candidates) return nothing(input, 'none', [{ code: 'no_rule', params: {} }], trace)
  trace.push({ rule: `policy.${candidates.rule.id}`, verdict: 'noted', detail: { order: candidates.order } })
  if (refusesLearning(input)) trace.push({ rule: 'learning.refused', verdict: 'noted' })

  const { options, excluded } = sift(input, candidates, trace)
  if (options.length === 0) {
    const decision = nothing(input, 'none', [{ code: 'unreachable', params: {} }, ...excluded], trace)
    // Nobody is alerted by the intranet; still, what concerns them stays readable there.
    return { ...decision, companions: copyOnIntranet(input) ? ['intranet'] : [] }
  }
  const choice = choose(input, candidates, options)
  const { option } = choice
  if (option.timing.isDeferred && message.onQuiet === 'drop') {
    const { channel, timing } = option
    const at = new Date(timing.at).toISOString()
    const params = { channel, at, timezone: input.contact.site.timezone }
    return nothing(input, 'none', [{ code: 'dropped_for_hours', params }, ...excluded], trace)
  }
  trace.push({ rule: `choice.${choice.why}`, channel: option.channel, verdict: 'chosen' })
  return settle(input, candidates, choice, excluded, trace)
}

/** Kept without the message, to measure what it changes; never where somebody needs to know. */
const isHeldOut = ({ holdout, message }: RoutingInput): boolean =>
  holdout !== undefined && !isUrgent(message) && classRules[message.class].isCapped

/** Every candidate through the gates; each leaves its trace. */
function sift(input: RoutingInput, { channels, used }: Candidates, trace: TraceEntry[]) {
  const options: Option[] = []
  const excluded: Exclusion[] = []
  const exclude = (exclusion: Exclusion, channel: ChannelName) => {
    const detail = { code: exclusion.code, ...exclusion.params }
    excluded.push(exclusion)
    trace.push({ rule: exclusionRules[exclusion.code], channel, verdict: 'excluded', detail })
  }
  for (const channel of used) exclude({ code: 'already_used', params: { channel } }, channel)
  for (const channel of channels) {
    const verdict = consider(input, channel)
    if ('code' in verdict) {
      exclude(verdict, channel)
    } else {
      options.push(verdict)
      trace.push(allowed(verdict))
    }
  }
  return { options, excluded }
}

function allowed({ channel, belief, cost, fatigue, timing, utility }: Option): TraceEntry {
  return {
    rule: timing.isDeferred ? 'hours.window' : 'score.utility',
    channel,
    verdict: timing.isDeferred ? 'deferred' : 'allowed',
    detail: {
      p: belief ? rounded(belief.mean) : null,
      utility: utility === undefined ? null : rounded(utility),
      cost,
      fatigue: rounded(fatigue),
      ...strengthOf(belief),
      ...(timing.isDeferred ? { at: new Date(timing.at).toISOString() } : undefined),
    },
  }
}

/** What the mean of the profile weighs in the belief, where it was estimated, and when. */
const strengthOf = (belief: Belief | undefined) =>
  belief?.kappa === undefined
    ? undefined
    : { kappa: Math.round(belief.kappa * 10) / 10, kappaAt: belief.kappaAt?.toISOString() ?? null }

function settle(
  input: RoutingInput,
  candidates: Candidates,
  choice: Choice,
  excluded: Exclusion[],
  trace: TraceEntry[],
): Decision {
  const { option } = choice
  const { channel, target, timing, measured } = option
  const { contact, message, policy } = input
  const companions = companionsOf(input, candidates, choice)
  const fallbacks = fallbacksOf(input, candidates, choice, companions)
  const reach = reachWith(input, option, fallbacks)
  if (reach) trace.push({ rule: 'score.reach', channel, verdict: 'noted', detail: reach })
  return {
    outcome: timing.isDeferred ? 'defer' : 'send',
    channel,
    at: new Date(timing.at),
    addressId: target.address?.id,
    senderId: option.senderId,
    recipientKey: target.recipientKey,
    language: measured.language,
    parts: measured.parts,
    costMillis: option.cost,
    trackingMode: trackingModeOf(contact, message, policy, channel, target),
    companions,
    fallbacks,
    because: [...reasonsFor(input, choice, reach), ...excluded, ...passedOver(choice, excluded)],
    trace,
    policyVersion: policy.version,
  }
}

/** Nobody is written to. */
function nothing(input: RoutingInput, outcome: 'none' | 'holdout', because: Reason[], trace: TraceEntry[]): Decision {
  return {
    outcome,
    language: input.contact.language,
    parts: 0,
    costMillis: 0,
    trackingMode: 'none',
    companions: [],
    fallbacks: [],
    because,
    trace,
    policyVersion: input.policy.version,
  }
}

const rounded = (value: number): number => Math.round(value * 1e6) / 1e6
