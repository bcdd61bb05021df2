import { draw } from '../random.ts'
import type { ChannelName } from '../words.ts'
import { type Candidates, candidatesOf } from './candidates.ts'
import { type Choice, choose } from './choose.ts'
import { isUrgent } from './classes.ts'
import { type Exclusion, exclusionRules, type Reason } from './codes.ts'
import { consider, type Option } from './gates.ts'
import { trackingModeOf } from './tracking-mode.ts'
import type { Decision, Fallback, RoutingInput, TraceEntry } from './types.ts'

/**
 * Decides for one contact which channel takes a message, when, and why: the candidates of the policy, the gates
 * each must pass (address, consent, suppression, hours, pressure, words, budget), then the choice among what is
 * left. Pure and deterministic: the same input always gives the same decision. Times are business time, money is
 * thousandths of a minor unit. Everyone gets a decision, also those who get nothing.
 */
export function route(input: RoutingInput): Decision {
  const trace: TraceEntry[] = []
  const { message, now } = input
  if (message.expiresAt && message.expiresAt <= now) {
    return nothing(input, 'none', [{ code: 'expired', params: { at: message.expiresAt.toISOString() } }], trace)
  }
  if (isHeldOut(input)) return nothing(input, 'holdout', [{ code: 'held_out', params: {} }], trace)
  const candidates = candidatesOf(input)
  if (!candidates) return nothing(input, 'none', [{ code: 'no_rule', params: {} }], trace)
  trace.push({ rule: `policy.${candidates.rule.id}`, verdict: 'noted', detail: { order: candidates.order } })

  const { options, excluded } = sift(input, candidates.channels, trace)
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
function isHeldOut({ holdout, message, seed }: RoutingInput): boolean {
  if (!holdout || holdout.share <= 0 || isUrgent(message)) return false
  if (message.class !== 'marketing' && message.class !== 'relational') return false
  return draw('holdout', holdout.key ?? seed) < holdout.share
}

/** Every candidate through the gates; each leaves its trace. */
function sift(input: RoutingInput, channels: readonly ChannelName[], trace: TraceEntry[]) {
  const options: Option[] = []
  const excluded: Exclusion[] = []
  for (const channel of channels) {
    const verdict = consider(input, channel)
    if ('code' in verdict) {
      excluded.push(verdict)
      trace.push({
        rule: exclusionRules[verdict.code],
        channel,
        verdict: 'excluded',
        detail: { code: verdict.code, ...verdict.params },
      })
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
      ...(timing.isDeferred ? { at: new Date(timing.at).toISOString() } : undefined),
    },
  }
}

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
    fallbacks: fallbacksOf(input, candidates, choice, companions),
    because: [...reasonsFor(input, choice), ...excluded, ...passedOver(choice, excluded)],
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

/** The intranet keeps a copy of everything; an urgent rule also shows it elsewhere at the same moment. */
function companionsOf(input: RoutingInput, { rule }: Candidates, { option, others }: Choice): ChannelName[] {
  const companions: ChannelName[] = []
  for (const channel of rule.together ?? []) {
    if (channel !== option.channel && isOpenWith(input, channel, option, others)) companions.push(channel)
  }
  if (option.channel === 'intranet' || companions.includes('intranet')) return companions
  const isKept = others.some((other) => other.channel === 'intranet')
    ? input.policy.companions.intranet
    : copyOnIntranet(input)
  return isKept ? [...companions, 'intranet'] : companions
}

const copyOnIntranet = (input: RoutingInput): boolean =>
  input.policy.companions.intranet && !input.exclude?.includes('intranet') && !('code' in consider(input, 'intranet'))

/** Open at the moment the first one leaves, which it accompanies. */
function isOpenWith(input: RoutingInput, channel: ChannelName, first: Option, others: readonly Option[]): boolean {
  if (input.exclude?.includes(channel)) return false
  const found = others.find((other) => other.channel === channel) ?? consider(input, channel)
  return !('code' in found) && found.timing.at <= first.timing.at
}

/**
 * What takes over. Urgent: the next channel each time nobody has acknowledged within the rule's minutes. Otherwise
 * another channel when this one fails for good and, where the author asks for it, one more try on the next best.
 */
function fallbacksOf(
  input: RoutingInput,
  { rule }: Candidates,
  { option, others }: Choice,
  companions: ChannelName[],
): Fallback[] {
  const { message } = input
  const next = others
    .map((other) => other.channel)
    .filter((channel) => !companions.includes(channel) && channel !== 'intranet')
  const onFailure = next.map((channel): Fallback => ({ channel, when: 'failed', afterMs: 0 }))
  if (isUrgent(message) && rule.waterfallMinutes !== undefined) {
    const stepMs = rule.waterfallMinutes * 60_000
    const waits = next.map((channel, index): Fallback => {
      return { channel, when: 'not_acted', ifNot: 'acknowledged', afterMs: stepMs * (index + 1) }
    })
    return [...onFailure, ...waits]
  }
  if (!message.fallback) return onFailure
  const channel = next[0] ?? nextOfRule(input, rule.channels, option.channel)
  return channel ? [...onFailure, { channel, when: 'not_acted', ...message.fallback }] : onFailure
}

/** The author fixed one channel and asked for a next best: the policy knows which. */
const nextOfRule = (
  input: RoutingInput,
  channels: readonly ChannelName[],
  used: ChannelName,
): ChannelName | undefined =>
  channels.find(
    (channel) =>
      channel !== used &&
      channel !== 'intranet' &&
      !input.exclude?.includes(channel) &&
      !input.message.channels?.includes(channel) &&
      !('code' in consider(input, channel)),
  )

/** The choice in codes, in the order a sentence tells it. */
function reasonsFor(input: RoutingInput, { option, why, instead }: Choice): Reason[] {
  const { channel, belief, timing, measured, cost, target } = option
  const reasons: Reason[] = [{ code: 'chosen', params: { channel } }]
  if (why === 'learned' || why === 'switched') {
    const { actions, exposures, mean } = belief!
    if (exposures > 0) reasons.push({ code: 'learned', params: { actions, exposures, percent: percent(mean) } })
  }
  if (why === 'profile_habit') {
    reasons.push({
      code: why,
      params: { profile: input.contact.profile, percent: belief ? percent(belief.mean) : null },
    })
  } else if (why !== 'learned') {
    reasons.push({ code: why, params: instead ? { from: instead.channel } : {} })
  }
  if (target.isSharedMailbox && why !== 'shared_for_site') reasons.push({ code: 'shared_for_site', params: {} })
  if (timing.isDeferred) {
    const at = new Date(timing.at).toISOString()
    reasons.push({ code: 'deferred', params: { at, timezone: input.contact.site.timezone } })
  }
  if (timing.isPressed) reasons.push({ code: 'deadline_window', params: {} })
  else if (timing.open && !timing.isDeferred) {
    reasons.push({ code: 'within_window', params: { from: timing.open.from, to: timing.open.to } })
  } else if (!timing.open && (channel === 'sms' || channel === 'email')) {
    reasons.push({ code: 'exempt_from_hours', params: { class: input.message.class } })
  }
  reasons.push({
    code: 'cost',
    params: { millis: cost, currency: input.policy.values.currency, parts: measured.parts },
  })
  return reasons
}

/** Channels that could have taken it: closed at this hour, answered less, or read by others too. */
function passedOver({ option, why, others, closedNow }: Choice, excluded: readonly Exclusion[]): Exclusion[] {
  const reasons: Exclusion[] = closedNow.map(({ channel }) => ({ code: 'closed_now', params: { channel } }))
  for (const other of others) {
    const { channel, belief, target } = other
    if (excluded.some(({ params }) => params.channel === channel)) continue
    if (target.isSharedMailbox && !option.target.isSharedMailbox)
      reasons.push({ code: 'shared_mailbox', params: { channel } })
    else if (
      (why === 'learned' || why === 'switched') &&
      belief &&
      !closedNow.includes(other) &&
      channel !== 'intranet'
    ) {
      reasons.push({ code: 'weaker', params: { channel, percent: percent(belief.mean) } })
    }
  }
  return reasons
}

const percent = (share: number): number => Math.round(share * 100)
const rounded = (value: number): number => Math.round(value * 1e6) / 1e6
