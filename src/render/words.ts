import type { Language } from '../words.ts'
import type { Dress } from './dress.ts'

/** What each channel's compiler is given: a template's words, the layout they take and what they wear. */
export interface Words {
  words: string
  layout?: string
  dress?: Dress
  language: Language
}

/** The one line a title or subject is: no line breaks (header injection, RFC 5322 §2.2), no double blanks. */
export const oneLine = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/[\s\u2028\u2029]+/gu, spaceOrNbsp)
    .trim()

const spaceOrNbsp = (blank: string) => (blank === '\u00a0' || blank === '\u202f' ? blank : ' ')

const slot = /^[ \t]*\{\{-?\s*content\s*-?\}\}[ \t]*$/m

/** The layout with the words in its `{{ content }}` place; without a layout, the words alone. */
export const inLayout = (layout: string | undefined, words: string): string =>
  layout === undefined ? words : layout.replace(slot, () => words)

/** The layout before and after its `{{ content }}` place. */
export function aroundContent(layout: string): [before: string, after: string] | undefined {
  const found = slot.exec(layout)
  return found ? [layout.slice(0, found.index), layout.slice(found.index + found[0].length)] : undefined
}
