import { createRequire } from 'node:module'
import { PieceExcluded } from './exclusion.ts'

const require = createRequire(import.meta.url)

/** IBM Plex Sans and Source Code Pro (both OFL): full Latin-Extended, where the sliced web fonts lack Ÿ, Ł or Š. */
const files = {
  regular: '@expo-google-fonts/ibm-plex-sans/400Regular/IBMPlexSans_400Regular.ttf',
  bold: '@expo-google-fonts/ibm-plex-sans/700Bold/IBMPlexSans_700Bold.ttf',
  italic: '@expo-google-fonts/ibm-plex-sans/400Regular_Italic/IBMPlexSans_400Regular_Italic.ttf',
  boldItalic: '@expo-google-fonts/ibm-plex-sans/700Bold_Italic/IBMPlexSans_700Bold_Italic.ttf',
  /** Fixed pitch: sorting machines read it best. */
  mono: '@expo-google-fonts/source-code-pro/400Regular/SourceCodePro_400Regular.ttf',
} as const

export type FaceName = keyof typeof files
export const faceNames = Object.keys(files) as FaceName[]
export const fontFile = (name: FaceName): string => require.resolve(files[name])

/** What we use of pdfkit's embedded font (EmbeddedFont in js/pdfkit.js), which its types do not show. */
export interface PdfFont {
  id: string
  scale: number
  font: {
    hasGlyphForCodePoint(codePoint: number): boolean
    layout(text: string): { glyphs: { advanceWidth: number }[]; advanceWidth: number }
  }
  encode(text: string): [hex: string[], positions: { advanceWidth: number }[]]
  ref(): unknown
}

/** A word as it is written: operands of TJ and its width in thousandths of the size. */
export interface Shaped {
  operands: string
  width: number
}

export interface Face {
  /** Its name in the page's resources. */
  resource: string
  font: PdfFont
  isUsed(): boolean
  /** Throws PieceExcluded for a character the font has no glyph for: pdfkit itself would leave a blank. */
  shape(word: string): Shaped
}

/** Signs that print alike when a font lacks them. */
const standIns: Record<string, string> = { '\u202f': '\u00a0', '\u2011': '-', '\u2212': '-', '\u2002': '\u00a0' }
/** Letters show without these: break opportunities and byte order marks. */
const invisible = /[\u00ad\u200b\u2060\ufeff]/gu

/** Distinct words kept shaped; names and amounts differ in every letter, so the store starts anew when full. */
const CACHE = 20_000

interface Glyph {
  code: string
  width: number
}

/**
 * A font of one document. Glyphs are registered one by one and pairs kerned by the font's own table: what comes out
 * equals pdfkit's text, at a twentieth of its cost, and never adds a page or drops a word.
 */
export function faceOf(resource: string, name: FaceName, font: PdfFont): Face {
  const glyphs = new Map<string, Glyph>()
  const kerns = new Map<string, number>()
  let shaped = new Map<string, Shaped>()

  const glyphOf = (char: string): Glyph => {
    const known = glyphs.get(char)
    if (known) return known
    let drawn = char
    if (!font.font.hasGlyphForCodePoint(char.codePointAt(0) ?? 0)) drawn = standIns[char] ?? char
    if (!font.font.hasGlyphForCodePoint(drawn.codePointAt(0) ?? 0)) {
      const point = (char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
      throw new PieceExcluded('MISSING_GLYPH', `The font ${name} cannot print "${char}" (U+${point}).`)
    }
    const [hex, positions] = font.encode(drawn)
    const glyph = {
      code: hex.map(literal).join(''),
      width: positions.reduce((sum, position) => sum + position.advanceWidth, 0),
    }
    glyphs.set(char, glyph)
    return glyph
  }

  const kernOf = (left: string, right: string): number => {
    const pair = left + right
    const known = kerns.get(pair)
    if (known !== undefined) return known
    const run = font.font.layout(pair)
    const plain = run.glyphs.reduce((sum, glyph) => sum + glyph.advanceWidth, 0)
    // A ligature is one glyph: we set letters, so there is nothing to kern.
    const kern = run.glyphs.length === 2 ? Math.round((run.advanceWidth - plain) * font.scale) : 0
    kerns.set(pair, kern)
    return kern
  }

  const shape = (word: string): Shaped => {
    const known = shaped.get(word)
    if (known) return known
    let operands = '('
    let width = 0
    let previous = ''
    for (const char of word.normalize('NFC').replace(invisible, '')) {
      const glyph = glyphOf(char)
      const kern = previous === '' || name === 'mono' ? 0 : kernOf(previous, char)
      if (kern !== 0) {
        operands += `)${-kern}(`
        width += kern
      }
      operands += glyph.code
      width += glyph.width
      previous = char
    }
    const result = { operands: `${operands})`, width }
    if (shaped.size >= CACHE) shaped = new Map()
    shaped.set(word, result)
    return result
  }

  return { resource, font, isUsed: () => glyphs.size > 0, shape }
}

const escapes: Record<number, string> = { 40: '\\(', 41: '\\)', 92: '\\\\', 13: '\\r', 10: '\\n' }

/** A glyph's two bytes in a literal string (ISO 32000-1 §7.3.4.2); one character a byte, written as latin1. */
const literal = (hex: string): string =>
  [hex.slice(0, 2), hex.slice(2)]
    .map((byte) => Number.parseInt(byte, 16))
    .map((byte) => escapes[byte] ?? String.fromCharCode(byte))
    .join('')
