import { typeset } from '../../render/typography.ts'
import { isReasonCode } from '../../routing/codes.ts'
import { explain } from '../../routing/explain.ts'
import { vocabularies } from '../../routing/sentences.ts'
import type { Because } from '../../routing/types.ts'
import type { Language } from '../../words.ts'

/** A decision as one sentence in the reader's language. */
export const becauseText = (because: readonly Because[], language: Language): string =>
  typeset(explain(because, language), language)

/** One code alone, in words and without its figures; a provider's own code stays as it is. */
export function reasonText(code: string, language: Language): string {
  if (!isReasonCode(code)) return code
  const text = typeset(vocabularies[language].sentences[code]({}).trim(), language)
  return text.charAt(0).toLocaleUpperCase(language) + text.slice(1)
}
