import type { Because } from '../../routing/types.ts'
import type { Language } from '../../words.ts'

export const reasonText = (code: string, _language: Language): string => code
export const becauseText = (because: readonly Because[], _language: Language): string =>
  because.map((reason) => reason.code).join(' ')
/** A delivery's status reason: routing's codes in words; a provider's own code as it is. */
export const statusReason = (code: string, language: Language): string => reasonText(code, language)
