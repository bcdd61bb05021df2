import type { FaceName } from './fonts.ts'
import type { DrawnPicture } from './pictures.ts'
import type { Shape } from './typeset.ts'

/** Number as PDF writes it: short, never in exponent form. */
const n = (value: number): string => String(Math.round(value * 100) / 100)

/** A drawing as PDF operators, in its own units from the lower left: black ink only, nothing transparent. */
export function drawnOperators(
  { height, shapes, words }: DrawnPicture,
  shape: Shape,
  resourceOf: (face: FaceName) => string,
): string {
  const out = ['1 J 1 j']
  for (const { lines, fill, line } of shapes) {
    if (fill !== undefined) out.push(`0 0 0 ${n(fill)} k`)
    if (line) out.push(`0 0 0 ${n(line.black)} K ${n(line.width)} w`)
    for (const { points, isClosed } of lines)
      out.push(
        points.map(([x, y], at) => `${n(x)} ${n(height - y)} ${at === 0 ? 'm' : 'l'}`).join(' ') +
          (isClosed ? ' h' : ''),
      )
    out.push(fill !== undefined && line ? 'B*' : fill !== undefined ? 'f*' : line ? 'S' : 'n')
  }
  out.push('0 0 0 1 k')
  for (const { text, x, y, size, anchor } of words) {
    const { operands, width } = shape('bold', text)
    const wide = (width * size) / 1000
    const left = anchor === 'middle' ? x - wide / 2 : anchor === 'end' ? x - wide : x
    out.push(`BT /${resourceOf('bold')} ${n(size)} Tf 1 0 0 1 ${n(left)} ${n(height - y)} Tm [${operands}]TJ ET`)
  }
  return out.join('\n')
}
