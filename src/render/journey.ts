/**
 * The map of a challenge’s journey in words: `![{{ challenge.place }}](challenge:journey)`, in a paragraph of its own.
 * Whoever takes part stands on it where they are; for the others it shows the way. Without a challenge it is left out.
 */
import type { PrintPicture } from '../channel.ts'
import type { Language } from '../words.ts'
import { addPiece, type Protected } from './protect.ts'

export const journeyAddress = 'challenge:journey'

/** Of its own shape; on paper as many as 150 an inch, that a letter keeps to its page. */
const shown = {
  email: { width: 552, height: 388 },
  page: { width: 640, height: 450 },
  print: { width: 336, height: 236 },
}

/** What is said of it where the author said nothing. */
export const journeyAlt = (kept: Protected): string => addPiece(kept, '{{ challenge.theme }}')

export function journeyTag(alt: string, kept: Protected, form: 'email' | 'page'): string {
  const [open, site, map, close] = [
    '{% if challenge.map %}',
    '{{ urls.site | url }}',
    '{{ challenge.map }}',
    '{% endif %}',
  ].map((piece) => addPiece(kept, piece))
  const { width, height } = shown[form]
  return `${open}<p class="picture"><img src="${site}/journey/${map}.png" width="${width}" height="${height}" alt="${alt}" style="display:block;max-width:100%;height:auto;border:0" /></p>${close}\n`
}

/** Its name within the marked text of a letter. */
export const journeyMark = (kept: Protected, language: Language): string =>
  `${addPiece(kept, '{{ challenge.map }}')}/${language}`

/** The map as the composer finds it; undefined for whom there is none. */
export const printedJourney = (mark: string, alt: string): PrintPicture | undefined =>
  mark.startsWith('/') ? undefined : { file: `journey/${mark}`, ...shown.print, alt }
