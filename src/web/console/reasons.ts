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
] as const

/** One code alone, in words and without its figures; a provider's own code stays as it is. */
export function reasonText(code: string, language: Language): string {
  const known = deliveryReasons.find((one) => one === code)
  if (known) return translatorFor(language)(`deliveryReasons.${known}`)
  if (!isReasonCode(code)) return code
  const text = typeset(vocabularies[language].sentences[code]({}).trim(), language)
  return text.charAt(0).toLocaleUpperCase(language) + text.slice(1)
}
