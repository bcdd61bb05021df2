import type { ChannelName } from '../words.ts'
import { isUrgent } from './classes.ts'
import type { FactCode } from './codes.ts'
import { matchRule } from './policy.ts'
import type { PolicyRule, RoutingInput } from './types.ts'

export interface Candidates {
  /** In the order they are tried. */
  channels: readonly ChannelName[]
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
  const left = (channels: readonly ChannelName[]) =>
    isSecondTry(input) ? channels.filter((channel) => !isUsed(input, channel)) : channels

  const fixed = left(message.channels ?? [])
  if (fixed.length > 0) return { channels: fixed, rule, order: 'author_order', learns: false }
  const ruled = left(rule.channels)
  if (isUrgent(message)) return { channels: ruled, rule, order: 'urgent_order', learns: false }
  const preferred = contact.preferredChannel
  if (preferred && ruled.includes(preferred) && preferred !== 'intranet') {
    const rest = ruled.filter((channel) => channel !== preferred)
    return { channels: [preferred, ...rest], rule, order: 'contact_preference', learns: false }
  }
  return { channels: ruled, rule, order: 'rule_order', learns: rule.learns !== false }
}

/** On a second try: the channels already used, and the intranet, which has held its copy since the first. */
const isUsed = (input: RoutingInput, channel: ChannelName): boolean =>
  (input.exclude?.includes(channel) ?? false) ||
  (isSecondTry(input) && channel === 'intranet' && input.policy.companions.intranet)

/** The message already went out by some channel, which failed or was not acted upon. */
export const isSecondTry = ({ exclude }: RoutingInput): boolean => exclude !== undefined && exclude.length > 0
