import { type ChannelName, type TrackingMode, trackingModes } from '../words.ts'
import { byCountryRow } from './policy.ts'
import type { Target } from './target.ts'
import type { Policy, RoutableContact, RoutableMessage } from './types.ts'

/**
 * How a delivery may be measured: the strictest of country (or, where given, the contact's own consent), message
 * class and recipient. A person's opens need consent in France since 14 July 2026 (CNIL, délibération 2026-042);
 * refusing means the same message without a pixel; a mailbox or letter for the outlet is nobody's behaviour.
 */
export function trackingModeOf(
  contact: RoutableContact,
  message: Pick<RoutableMessage, 'class'>,
  policy: Policy,
  channel: ChannelName,
  target: Target,
): TrackingMode {
  // Own sinks place nothing on anybody's device: reading there is an act on our own server.
  if (channel === 'intranet' || channel === 'screen') return 'none'
  const byClass = policy.values.trackingByClass?.value[message.class] ?? 'individual'
  const byRecipient = target.recipientKey.startsWith('site:') ? 'aggregate' : 'individual'
  return strictest(strictest(byContact(contact, policy, channel), byClass), byRecipient)
}

/**
 * Whether what a person opens and clicks is seen as theirs: on a channel, or on any. What they read on our own pages
 * always is, and says nothing of the rest.
 */
export function isSeen(contact: Measured, policy: Policy, channel?: ChannelName): boolean {
  if (channel === 'intranet' || channel === 'screen') return true
  const ways = channel ? [channel] : (['email', 'sms'] as const)
  return ways.some((way) => byContact(contact, policy, way) === 'individual')
}

type Measured = Pick<RoutableContact, 'tracking'> & { site: Pick<RoutableContact['site'], 'country'> }

/** Letters and SMS have links only; an e-mail has a pixel too, so both choices speak. */
function byContact(contact: Measured, policy: Policy, channel: ChannelName): TrackingMode {
  const byCountry = byCountryRow(policy.values.tracking.value, contact.site.country) ?? 'none'
  const clicks = byChoice(contact.tracking.clicks, byCountry, channel === 'email' ? 'aggregate' : 'none')
  if (channel !== 'email') return clicks
  // Consent to opens without a word on clicks covers the links of the same message; a refusal of either does not.
  const opens = byChoice(contact.tracking.opens, byCountry, 'none')
  return contact.tracking.clicks === 'unstated' ? opens : strictest(opens, clicks)
}

const byChoice = (
  choice: RoutableContact['tracking']['opens'],
  byCountry: TrackingMode,
  refused: TrackingMode,
): TrackingMode => {
  // Consent lifts the usual aggregate; a network that keeps none or hygiene measures nobody.
  if (choice === 'granted') return byCountry === 'aggregate' ? 'individual' : byCountry
  return choice === 'refused' ? strictest(refused, byCountry) : byCountry
}

const strictest = (a: TrackingMode, b: TrackingMode): TrackingMode =>
  trackingModes.indexOf(a) <= trackingModes.indexOf(b) ? a : b
