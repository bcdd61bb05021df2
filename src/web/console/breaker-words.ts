import type { Breaker } from '../../deliver/breaker.ts'
import type { View } from '../view.ts'

const reasons = ['credentials', 'unreachable', 'channel_error', 'provider_misconfigured', 'no_answer'] as const
const providers = ['twilio', 'sendgrid', 'smtp'] as const

/** That a provider takes nothing, and since when. */
export function breakerSentence({ t, formats }: View, { provider, openedAt }: Breaker): string {
  const known = providers.find((one) => one === provider)
  return t('breakers.since', {
    provider: known ? t(`providers.${known}`) : provider,
    at: openedAt ? formats.short(openedAt) : '',
  })
}

/** Why, in the reader's words; a code nobody has written words for is shown as it is. */
export function breakerReason({ t }: View, { reason }: Breaker): string {
  const known = reasons.find((one) => one === reason)
  return known ? t(`breakers.reasons.${known}`) : reason
}
