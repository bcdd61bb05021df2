const marks = /\p{M}+/gu
const notWord = /[^\p{L}\p{N}]+/gu

/**
 * Text for comparing, never for showing: without case, accents, punctuation and repeated spaces, ligatures
 * apart ("L’Œuvre " and "l'oeuvre" meet).
 */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(marks, '')
    .toLowerCase()
    .replaceAll('œ', 'oe')
    .replaceAll('æ', 'ae')
    .replaceAll('ß', 'ss')
    .replace(notWord, ' ')
    .trim()
}
