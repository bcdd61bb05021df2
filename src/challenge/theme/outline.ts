export type Point = readonly [x: number, y: number]

export interface Line {
  points: Point[]
  isClosed: boolean
}

/** Straight pieces a curve is drawn as: finer than print shows at the size of a token. */
const piecesOfCurve = 8

/**
 * An SVG path as lines, so that paper and pictures draw what the web does. Knows M, L, Q and Z with absolute places,
 * which is what the journeys are drawn with.
 * @throws Error for any other command
 */
export function outlineOf(d: string): Line[] {
  const lines: Line[] = []
  for (const [, command, numbers] of d.matchAll(/([A-Za-z])([^A-Za-z]*)/g)) {
    const values = (numbers!.match(/-?\d+(?:\.\d+)?/g) ?? []).map(Number)
    const line = lines.at(-1)
    if (command === 'M') lines.push({ points: pairs(values), isClosed: false })
    else if (command === 'L' && line) line.points.push(...pairs(values))
    else if (command === 'Q' && line) curve(line.points, values)
    else if (command === 'Z' && line) line.isClosed = true
    else throw new Error(`A journey cannot be drawn with "${command}": use M, L, Q and Z.`)
  }
  return lines
}

const pairs = (values: readonly number[]): Point[] =>
  Array.from({ length: values.length / 2 }, (_, at): Point => [values[2 * at]!, values[2 * at + 1]!])

function curve(points: Point[], values: readonly number[]): void {
  for (let at = 0; at + 3 < values.length; at += 4) {
    const [x0, y0] = points.at(-1)!
    const [x1, y1, x2, y2] = values.slice(at, at + 4) as [number, number, number, number]
    for (let piece = 1; piece <= piecesOfCurve; piece++) {
      const t = piece / piecesOfCurve
      const [a, b, c] = [(1 - t) ** 2, 2 * t * (1 - t), t ** 2]
      points.push([a * x0 + b * x1 + c * x2, a * y0 + b * y1 + c * y2])
    }
  }
}
