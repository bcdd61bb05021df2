import type { Drawing, Ink } from './drawing.ts'
import { type Line, outlineOf, type Point } from './outline.ts'

/** Outside the web, where a style sheet says it: colours of a picture, black ink of a letter (1 is solid). */
interface Pen {
  fill?: { colour: string; black: number }
  line?: { colour: string; black: number; width: number }
}

/** Greys a black-and-white press tells apart; the colours are those of the web by day. */
export const pens: Record<Ink, Pen> = {
  land: { fill: { colour: '#e3eef0', black: 0.06 }, line: { colour: '#a9bcc0', black: 0.3, width: 1 } },
  relief: { line: { colour: '#a9bcc0', black: 0.3, width: 1.5 } },
  route: { line: { colour: '#75868a', black: 0.5, width: 3 } },
  done: { line: { colour: '#0f5c63', black: 0.9, width: 6 } },
  stop: { fill: { colour: '#ffffff', black: 0 }, line: { colour: '#51646a', black: 0.7, width: 2.5 } },
  reached: { fill: { colour: '#0f5c63', black: 0.9 }, line: { colour: '#0f5c63', black: 0.9, width: 2.5 } },
  label: {},
  token: { fill: { colour: '#ffffff', black: 0 }, line: { colour: '#51646a', black: 0.7, width: 1.5 } },
  own: { fill: { colour: '#f2b544', black: 0.12 }, line: { colour: '#15272b', black: 1, width: 2 } },
}

/** A mark of a drawing as lines to be filled and drawn. */
export interface Shape {
  lines: Line[]
  pen: Pen
}

const disc = (x: number, y: number, r: number): Line => ({
  isClosed: true,
  points: Array.from({ length: 32 }, (_, at): Point => {
    const angle = (at * Math.PI) / 16
    return [x + r * Math.cos(angle), y + r * Math.sin(angle)]
  }),
})

/** The shapes of a drawing in the order they lie over one another; its words are not among them. */
export const shapesOf = ({ marks }: Drawing): Shape[] =>
  marks.flatMap((mark): Shape[] => {
    if (mark.kind === 'text') return []
    const pen = pens[mark.ink]
    if (mark.kind === 'disc') return [{ lines: [disc(mark.x, mark.y, mark.r)], pen }]
    const { x = 0, y = 0, scale } = mark
    const lines = outlineOf(mark.d).map(({ points, isClosed }) => ({
      isClosed,
      points: points.map(([px, py]): Point => [x + px * (scale ?? 1), y + py * (scale ?? 1)]),
    }))
    // A token is drawn in lines over its disc.
    return [{ lines, pen: scale === undefined ? pen : { line: pen.line } }]
  })
