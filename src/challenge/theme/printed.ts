import type { DrawnPicture } from '../../print-shop/composer.ts'
import { shapesOf } from './inks.ts'
import { mapCalled } from './picture.ts'

/** A letter shows the map smaller than a page does; its words must still be read. */
const larger = 1.4

/** A map as letters ask for it, `journey/sled-race-4/fr`, in lines of black ink. */
export function printedMap(file: string): DrawnPicture | undefined {
  const [, name, language] = /^journey\/([a-z0-9-]+)\/(fr|en)$/.exec(file) ?? []
  const drawing = name === undefined ? undefined : mapCalled(name, language as 'fr' | 'en', larger)
  if (!drawing) return undefined
  return {
    width: drawing.width,
    height: drawing.height,
    shapes: shapesOf(drawing).map(({ lines, pen: { fill, line } }) => ({
      lines,
      ...(fill ? { fill: fill.black } : {}),
      ...(line ? { line: { black: line.black, width: line.width } } : {}),
    })),
    words: drawing.marks.flatMap((mark) =>
      mark.kind === 'text' && mark.ink === 'label'
        ? [{ text: mark.text, x: mark.x, y: mark.y, size: mark.size, anchor: mark.anchor }]
        : [],
    ),
  }
}
