import type { ChannelName } from '../words.ts'
import { classRules, isPersonal, isUrgent } from './classes.ts'
import type { Exclusion } from './codes.ts'
import { consentGate } from './consent.ts'
import { costMillis } from './cost.ts'
import { fatigue, pressureGate } from './pressure.ts'
import { utility } from './score.ts'
import { senderFor } from './sender.ts'
import { suppressionGate } from './suppression.ts'
import { addressed, type Target, targetOf } from './target.ts'
import { type Timing, timingOf } from './timing.ts'
import type { Belief, Measured, RoutableContact, RoutableMessage, RoutingInput } from './types.ts'

/** A channel that may take the message, with all that is needed to compare it and to send. */
export interface Option {
  channel: ChannelName
  target: Target
  senderId?: string
  timing: Timing
  measured: Measured
  cost: number
  fatigue: number
  belief?: Belief
  /** Absent where nothing is believed of the contact on this channel. */
  utility?: number
}

/** Passes one channel through every gate, the cheap ones first; the first that is shut answers. */
export function consider(input: RoutingInput, channel: ChannelName): Option | Exclusion {
  const { contact, message, policy } = input
  const target = targetOf(contact, message, channel)
  const found = senderFor(input.senders, message, channel, target)
  const senderId = 'sender' in found ? found.sender?.id : undefined
  const shut =
    addressGate(contact, message, channel, target) ??
    countryGate(input, channel, target) ??
    consentGate(contact, message, policy, channel, target) ??
    ('code' in found ? found : undefined) ??
    suppressionGate(contact, message, channel, target, senderId)
  if (shut) return shut

  const timing = timingOf(input, channel)
  if ('code' in timing) return timing
  const capped = pressureGate(input, channel, timing.at)
  if (capped) return capped
  const measured = input.measure(channel, contact.language)
  if (!measured) return { code: 'no_content', params: { channel } }
  if (measured.problem) return { code: 'content_problem', params: { channel, problem: measured.problem } }
  const cost = costMillis(channel, measured.parts, policy.values, target.address?.country)
  // A budget is no reason to keep quiet about a danger.
  if (input.isSpent && cost > 0 && message.class !== 'urgent_service')
    return { code: 'budget_spent', params: { channel } }

  return { channel, target, senderId, timing, measured, cost, ...worthOf(input, channel, timing.at, cost) }
}

/** A usable address, a screen where one is needed, and nobody else's eyes on what is personal. */
function addressGate(
  contact: RoutableContact,
  message: Pick<RoutableMessage, 'class' | 'intent' | 'isPersonal'>,
  channel: ChannelName,
  target: Target,
): Exclusion | undefined {
  if (channel === 'screen') return contact.site.hasStation ? undefined : { code: 'no_address', params: { channel } }
  if (!addressed(channel)) return undefined
  if (!target.address) return { code: 'no_address', params: { channel } }
  const { status } = target.address
  if (status !== 'valid') return { code: 'address_unusable', params: { channel, status } }
  return target.isSharedMailbox && isPersonal(message) ? { code: 'shared_mailbox', params: { channel } } : undefined
}

/**
 * Texts leave only for the countries a network has opened, so that a bad list or somebody's forged entries cannot run
 * up a bill abroad (toll fraud; OWASP ASVS 5.0, 2.4.1). A number whose plan does not say its country is in none.
 */
function countryGate({ smsCountries }: RoutingInput, channel: ChannelName, target: Target): Exclusion | undefined {
  if (channel !== 'sms' || smsCountries === undefined) return undefined
  const country = target.address?.country ?? null
  if (country !== null && smsCountries.includes(country)) return undefined
  return { code: 'country_closed', params: { channel, country } }
}

function worthOf(input: RoutingInput, channel: ChannelName, at: number, cost: number) {
  if (isUrgent(input.message)) return { fatigue: 0, belief: input.beliefs[channel] }
  const { worth, fatigueLambda } = input.policy.values
  const belief = input.beliefs[channel]
  const tired = classRules[input.message.class].isCapped ? fatigue(input, channel, at) : 0
  if (!belief) return { fatigue: tired }
  return {
    belief,
    fatigue: tired,
    utility: utility({
      worth: worth.value[input.message.intent],
      p: belief.mean,
      cost,
      lambda: fatigueLambda.value,
      fatigue: tired,
    }),
  }
}
