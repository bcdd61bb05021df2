import { typeset } from '../../render/typography.ts'
import { isReasonCode } from '../../routing/codes.ts'
import { explain } from '../../routing/explain.ts'
import { vocabularies } from '../../routing/sentences.ts'
import type { Because } from '../../routing/types.ts'
import type { Language } from '../../words.ts'
import { translatorFor } from '../words/index.ts'

/** A decision as one sentence in the reader's language. */
export const becauseText = (because: readonly Because[], language: Language): string =>
  typeset(explain(because, language), language)

/** What the delivering engine itself says of a delivery; one that is in no vocabulary is a provider's own. */
const deliveryReasons = [
  'quiet_hours',
  'paused',
  'no_provider',
  'credentials_unreadable',
  'credentials',
  'sender_misconfigured',
  'unreachable',
  'rate_limited',
  'channel_error',
  'provider_misconfigured',
  'queue_overflow',
  'sender_cannot_reach',
  'invalid_number',
  'unknown_number',
  'not_a_mobile',
  'number_blocked',
  'handset_unreachable',
  'opted_out',
  'region_closed',
  'fraud_guard',
  'filtered',
  'carrier_error',
  'carrier_timeout',
  'undelivered',
  'canceled',
  'empty_message',
  'too_long',
  'too_large',
  'bad_request',
  'bad_content',
  'invalid_address',
  'unknown_mailbox',
  'unknown_domain',
  'mailbox_disabled',
  'mailbox_moved',
  'mailbox_full',
  'mailbox_busy',
  'mailing_list_closed',
  'bounced',
  'bounced_address',
  'complained_address',
  'unsubscribed_address',
  'blocked',
  'dropped',
  'rejected',
  'rejected_by_policy',
  'not_authenticated',
  'greylisted',
  'route_failed',
  'protocol_error',
  'temporary',
  'stopped_bounced',
  'stopped_complained',
  'stopped_filtered',
  'nobody_can_tell',
  'doubtful_twice',
  'address_gone',
  'check_failed',
  'worker_lost',
  'restored',
  'certainly_not_sent',
  'no_word_of_it',
  'adopted',
  'adopted_by_person',
  'resent_by_person',
  'campaign_canceled',
] as const

/** One code alone, in words and without its figures; a provider's own code stays as it is. */
export function reasonText(code: string, language: Language): string {
  const known = deliveryReasons.find((one) => one === code)
  if (known) return translatorFor(language)(`deliveryReasons.${known}`)
  if (!isReasonCode(code)) return code
  const text = typeset(vocabularies[language].sentences[code]({}).trim(), language)
  return text.charAt(0).toLocaleUpperCase(language) + text.slice(1)
}
