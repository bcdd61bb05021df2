import type { ChannelName } from '../words.ts'
import { isUrgent } from './classes.ts'
import type { FactCode } from './codes.ts'
import { matchRule } from './policy.ts'
import type { PolicyRule, RoutingInput } from './types.ts'

export interface Candidates {
  /** In the order they are tried. */
  channels: readonly ChannelName[]
  /** Those of the rule or the author that this message has already taken. */
  used: readonly ChannelName[]
  rule: PolicyRule
  /** Who set that order. */
  order: Extract<FactCode, 'urgent_order' | 'author_order' | 'contact_preference' | 'rule_order'>
  /** Whether engagement may prefer a later one. */
  learns: boolean
}

/**
 * The channels to consider: those the author fixed, otherwise those of the first policy rule that matches, with
 * the contact's own preference first. What is urgent keeps the rule's order. Undefined when no rule matches.
 */
export function candidatesOf(input: RoutingInput): Candidates | undefined {
  const { contact, message, policy } = input
  const rule = matchRule(policy, message, contact)
  if (!rule) return undefined
  const order = orderOf(input, rule)
  if (!isSecondTry(input)) return { ...order, rule, used: [] }
  return {
    ...order,
    rule,
    channels: order.channels.filter((channel) => !isUsed(input, channel)),
    used: order.channels.filter((channel) => input.exclude?.includes(channel)),
  }
}

function orderOf(input: RoutingInput, rule: PolicyRule): Pick<Candidates, 'channels' | 'order' | 'learns'> {
  const { contact, message } = input
  const fixed = message.channels ?? []
  // Once the author's own channels are used up, what is left to try is the policy's.
  if (fixed.some((channel) => !isUsed(input, channel))) return { channels: fixed, order: 'author_order', learns: false }
  if (isUrgent(message)) return { channels: rule.channels, order: 'urgent_order', learns: false }
  const preferred = contact.preferredChannel
  if (preferred && preferred !== 'intranet' && rule.channels.includes(preferred) && !isUsed(input, preferred)) {
    const rest = rule.channels.filter((channel) => channel !== preferred)
    return { channels: [preferred, ...rest], order: 'contact_preference', learns: false }
  }
  return { channels: rule.channels, order: 'rule_order', learns: rule.learns !== false }
}

/** On a second try: the channels already used, and the intranet, which has held its copy since the first. */
const isUsed = (input: RoutingInput, channel: ChannelName): boolean =>
  (input.exclude?.includes(channel) ?? false) ||
  (isSecondTry(input) && channel === 'intranet' && input.policy.companions.intranet)

/** They object to the channel being chosen by what they answered (GDPR art. 21). */
export const refusesLearning = ({ contact }: Pick<RoutingInput, 'contact'>): boolean =>
  contact.tracking.learning === 'refused'

/** The message already went out by some channel, which failed or was not acted upon. */
export const isSecondTry = ({ exclude }: RoutingInput): boolean => exclude !== undefined && exclude.length > 0
