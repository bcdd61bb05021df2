import type { ChannelName } from '../words.ts'
import { type ConsentKind, defaultBases } from './bases.ts'
import { classRules } from './classes.ts'
import type { Exclusion } from './codes.ts'
import { byCountryRow } from './policy.ts'
import type { Target } from './target.ts'
import type { Policy, RoutableContact, RoutableMessage } from './types.ts'

type Need = 'opt_in' | 'opt_out' | 'free'

/**
 * Whether the law and the contact let this class through on this channel (France: CPCE L.34-5 and the AF2M
 * charter; the table by country is policy data). A refusal closes commercial messages everywhere; a wish of
 * unstated origin never opens a channel that asks for consent.
 */
export function consentGate(
  contact: RoutableContact,
  message: Pick<RoutableMessage, 'class'>,
  policy: Policy,
  channel: ChannelName,
  target: Target,
): Exclusion | undefined {
  if (!classRules[message.class].asksConsent) return undefined
  const consent = contact.consents[channel]
  if (consent?.state === 'denied') return { code: 'consent_denied', params: { channel } }
  const rule = ruleOf(contact, channel, target)
  if (rule === undefined || needOf(policy, rule) !== 'opt_in') return undefined
  if (consent?.state !== 'granted' || consent.basis === 'unstated')
    return { code: consent ? 'consent_unstated' : 'consent_missing', params: { channel } }
  const { country, kind } = rule
  const opening = byCountryRow((policy.values.bases ?? defaultBases).value, country)?.[kind] ?? ['consent']
  if (opening.some((basis) => basis === consent.basis)) return undefined
  return { code: 'consent_basis', params: { channel, basis: consent.basis, country } }
}

interface Rule {
  country: string
  kind: ConsentKind
}

/** A number is ruled by its own country, a mailbox or a letterbox by that of the outlet; what is only shown, by none. */
function ruleOf(contact: RoutableContact, channel: ChannelName, target: Target): Rule | undefined {
  if (channel === 'intranet' || channel === 'screen') return undefined
  const country = (channel === 'sms' ? target.address?.country : undefined) ?? contact.site.country
  return { country, kind: channel === 'email' ? (target.isSharedMailbox ? 'email_shared' : 'email_personal') : channel }
}

/** A kind the table does not mention is treated as the strictest: silence permits nothing. */
const needOf = (policy: Policy, { country, kind }: Rule): Need =>
  byCountryRow(policy.values.basis.value, country)?.[kind] ?? 'opt_in'
