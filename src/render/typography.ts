import type { Language } from '../words.ts'

const nbsp = '\u00a0'

/**
 * French spacing: a no-break space before : ; ! ? % and inside « », where the writer left a plain space or none.
 * Addresses, times and ratios (https://, 12:30) stay. Other languages come back unchanged.
 * Source: Lexique des règles typographiques en usage à l'Imprimerie nationale.
 */
export function typeset(text: string, language: Language): string {
  if (language !== 'fr') return text
  return text
    .replace(/« ?|«\u202f/g, `«${nbsp}`)
    .replace(/[ \u202f]?»/g, (found, at: number) => (text[at - 1] === nbsp ? found.trimStart() : `${nbsp}»`))
    .replace(/[ \u202f]+([:;!?%])(?=[\s\u00a0.,)»"!?]|$)/g, `${nbsp}$1`)
    .replace(/([\p{L}\p{N})»"])([!?;])(?=\s|$|[)»"])/gu, `$1${nbsp}$2`)
    .replace(/([\p{L})»"]):(?=\s|$)/gu, `$1${nbsp}:`)
    .replace(/(\d) (?=(?:€|h(?:\s|$|[.,;!?\u00a0])|\d{3}(?!\d)))/g, `$1${nbsp}`)
}
