import type { ChannelName } from '../words.ts'
import { type Candidates, isSecondTry } from './candidates.ts'
import type { Choice } from './choose.ts'
import { isUrgent } from './classes.ts'
import { consider, type Option } from './gates.ts'
import type { Fallback, PolicyRule, RoutableMessage, RoutingInput } from './types.ts'

/** The intranet keeps a copy of everything; an urgent rule also shows it elsewhere at the same moment. */
export function companionsOf(input: RoutingInput, { rule }: Candidates, { option, others }: Choice): ChannelName[] {
  const companions: ChannelName[] = []
  // A second try goes alone: what accompanies the message went with the first.
  if (isSecondTry(input)) return companions
  for (const channel of rule.together ?? []) {
    if (channel !== option.channel && isOpenWith(input, channel, option, others)) companions.push(channel)
  }
  if (option.channel === 'intranet' || companions.includes('intranet')) return companions
  const isKept = others.some((other) => other.channel === 'intranet')
    ? input.policy.companions.intranet
    : copyOnIntranet(input)
  return isKept ? [...companions, 'intranet'] : companions
}

export const copyOnIntranet = (input: RoutingInput): boolean =>
  input.policy.companions.intranet && !isSecondTry(input) && !('code' in consider(input, 'intranet'))

/** Open at the moment the first one leaves, which it accompanies. */
function isOpenWith(input: RoutingInput, channel: ChannelName, first: Option, others: readonly Option[]): boolean {
  const found = others.find((other) => other.channel === channel) ?? consider(input, channel)
  return !('code' in found) && found.timing.at <= first.timing.at
}

/**
 * What takes over. Urgent: the next channel each time nobody has acknowledged within the rule's minutes. Otherwise
 * another channel when this one fails for good and, where the author or else the rule asks for it, one more try on
 * the next best.
 */
export function fallbacksOf(
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
  const wish = message.fallback ?? wishOf(rule)
  if (!wish || isSecondTry(input)) return onFailure
  const channel = next[0] ?? nextOfRule(input, rule.channels, option.channel)
  return channel ? [...onFailure, { channel, when: 'not_acted', ...wish }] : onFailure
}

const wishOf = ({ fallback }: PolicyRule): RoutableMessage['fallback'] =>
  fallback && { ifNot: fallback.ifNot, afterMs: fallback.afterMinutes * 60_000 }

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
      !input.message.channels?.includes(channel) &&
      !('code' in consider(input, channel)),
  )
