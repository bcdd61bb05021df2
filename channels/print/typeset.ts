import { PieceExcluded } from './exclusion.ts'
import type { FaceName, Shaped } from './fonts.ts'

export interface Run {
  text: string
  bold?: boolean
  italic?: boolean
}

export interface Span {
  face: FaceName
  text: string
  shaped: Shaped
}

/** What cannot be broken; `isGlued` when no space goes before it. */
export interface Word {
  spans: Span[]
  /** Thousandths of the size. */
  width: number
  isGlued: boolean
}

export interface Line {
  words: Word[]
  /** Added to each space, in thousandths of the size, so that the line fills its measure. */
  stretch: number
}

export type Shape = (face: FaceName, text: string) => Shaped

const faceOfRun = (run: Run): FaceName =>
  run.bold && run.italic ? 'boldItalic' : run.bold ? 'bold' : run.italic ? 'italic' : 'regular'

/**
 * French signs keep to the word before them, guillemets to what they enclose (Imprimerie nationale, "Lexique des
 * règles typographiques"); a plain space there becomes a non-breaking one.
 */
export const frenchSpaces = (text: string): string =>
  text.replace(/ (?=[:;!?»%€])/gu, '\u00a0').replace(/(?<=«) /gu, '\u00a0')

/** Words of each hard line. Breaks only at U+0020 and after a hyphen between letters, never at U+00A0 or U+202F. */
export function wordsOf(runs: readonly Run[], shape: Shape): Word[][] {
  const lines: Word[][] = [[]]
  let word: Word | undefined
  const add = (face: FaceName, text: string, isGlued: boolean) => {
    const shaped = shape(face, text)
    if (!word) {
      word = { spans: [], width: 0, isGlued }
      lines.at(-1)?.push(word)
    }
    word.spans.push({ face, text, shaped })
    word.width += shaped.width
  }
  for (const run of runs) {
    const face = faceOfRun(run)
    for (const token of run.text
      .normalize('NFC')
      .replace(/\t/g, ' ')
      .split(/( |\r?\n)/)) {
      if (token === '') continue
      if (token === ' ') {
        word = undefined
      } else if (token.endsWith('\n')) {
        word = undefined
        lines.push([])
      } else {
        const parts = token.split(/(?<=\p{L}-)(?=\p{L})/u)
        parts.forEach((part, i) => {
          if (i > 0) word = undefined
          add(face, part, i > 0)
        })
      }
    }
  }
  return lines.filter((line) => line.length > 0)
}

/** A line wider than this many of its spaces is left ragged rather than torn apart. */
const WIDEST_SPACE = 3

/**
 * Lines of at most `measure` (thousandths of the size), justified but for the last. Throws PieceExcluded when one
 * word is wider than the measure: it would run off the sheet or into the window.
 */
export function breakLines(words: readonly Word[], measure: number, space: number, isJustified: boolean): Line[] {
  const lines: Line[] = []
  let current: Word[] = []
  let width = 0
  const close = (isLast: boolean) => {
    const gaps = current.slice(1).filter((word) => !word.isGlued).length
    const stretch = isLast || !isJustified || gaps === 0 ? 0 : (measure - width) / gaps
    lines.push({ words: current, stretch: stretch + space > WIDEST_SPACE * space ? 0 : stretch })
    current = []
    width = 0
  }
  for (const word of words) {
    if (word.width > measure) {
      const text = word.spans.map((span) => span.text).join('')
      throw new PieceExcluded('OVERFLOW', `"${text.slice(0, 60)}" is wider than its line and cannot be broken.`)
    }
    const gap = current.length === 0 || word.isGlued ? 0 : space
    if (current.length > 0 && width + gap + word.width > measure) close(false)
    width += (current.length === 0 || word.isGlued ? 0 : space) + word.width
    current.push(word)
  }
  if (current.length > 0) close(true)
  return lines
}
