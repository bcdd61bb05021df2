import type { ChallengeRules } from '../definition.ts'
import { numberIn } from './numbers.ts'

/** What a text message says of a challenge. */
export type Said =
  | { says: 'register' }
  | { says: 'leave' }
  | { says: 'result'; criterion: string; quantity: number; rest: string }

/** Lower case, without accents and signs, one space between words: as keywords are compared. */
export const foldedWords = (text: string): string[] =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/(\d)\s+(?=\d{3}\b)/g, '$1')
    .replace(/(\p{L})(\d)/gu, '$1 $2')
    .replace(/(\d)(\p{L})/gu, '$1 $2')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .split(' ')
    .filter((word) => word !== '')

const longestNumber = 5

/** A keyword, also with the s that people add: VENTES 3. */
const isWord = (word: string | undefined, keyword: string): boolean => {
  const [key = ''] = foldedWords(keyword)
  return word === key || word === `${key}s`
}

/**
 * Reads a text message against the keywords of a challenge: “VENTE 3”, “ventes : trois”, “3 ventes”, “VENTE x 3 PABX”,
 * “VENTE” alone for one. Undefined for anything else, which a person then reads: a number that is none is not guessed.
 */
export function readWord(text: string, { keywords }: Pick<ChallengeRules, 'keywords'>): Said | undefined {
  const words = foldedWords(text)
  if (words.length === 0 || words.length > 30) return undefined
  if (words.length <= 3 && keywords.register.some((word) => isSaid(words, word))) return { says: 'register' }
  if (words.length <= 3 && keywords.leave.some((word) => isSaid(words, word))) return { says: 'leave' }
  for (const [keyword, criterion] of Object.entries(keywords.results)) {
    const before = numberThen(words, keyword)
    if (before) return { says: 'result', criterion, ...before }
    if (!isWord(words[0], keyword)) continue
    const after = thenNumber(words.slice(1))
    if (after) return { says: 'result', criterion, ...after }
  }
  return undefined
}

/** The keyword itself, or written in pieces: JE PARTICIPE. */
const isSaid = (words: readonly string[], keyword: string): boolean => words.join('') === foldedWords(keyword).join('')

function numberThen(words: readonly string[], keyword: string) {
  const at = words.slice(0, longestNumber + 1).findIndex((word) => isWord(word, keyword))
  if (at < 1) return undefined
  const quantity = numberIn(words.slice(0, at))
  return quantity === undefined ? undefined : { quantity, rest: words.slice(at + 1).join(' ') }
}

function thenNumber(words: readonly string[]) {
  if (words.length === 0) return { quantity: 1, rest: '' }
  const said = words[0] === 'x' || words[0] === 'fois' ? words.slice(1) : words
  // The longest number it begins with: “vingt deux” is 22, not 20 and something.
  for (let length = Math.min(longestNumber, said.length); length > 0; length--) {
    const quantity = numberIn(said.slice(0, length))
    // “3 5” is two numbers, and nobody knows which.
    if (quantity !== undefined)
      return numberIn(said.slice(length, length + 1)) === undefined
        ? { quantity, rest: said.slice(length).join(' ') }
        : undefined
  }
  return undefined
}
