import { typeset } from '../../render/typography.ts'

/** A French dictionary, with the spaces that French keeps from breaking; what its functions say likewise. */
export function spaced<T>(words: T): T {
  if (typeof words === 'string') return typeset(words, 'fr') as T
  if (typeof words === 'function') return ((...given: unknown[]) => spaced(words(...given))) as T
  if (typeof words !== 'object' || words === null) return words
  return Object.fromEntries(Object.entries(words).map(([key, part]) => [key, spaced(part)])) as T
}
