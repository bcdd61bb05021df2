/** A journey as a picture: mail programs show no SVG, and what is drawn here needs no program beside ours. */
import { crc32, deflateSync } from 'node:zlib'
import type { Drawing } from './drawing.ts'
import { type Shape, shapesOf } from './inks.ts'
import type { Line, Point } from './outline.ts'

/** Lines a row of pixels is cut into, so that edges are smooth. */
const cuts = 4

interface Canvas {
  width: number
  height: number
  rgb: Uint8Array
}

const colourOf = (hex: string): [number, number, number] => [
  Number.parseInt(hex.slice(1, 3), 16),
  Number.parseInt(hex.slice(3, 5), 16),
  Number.parseInt(hex.slice(5, 7), 16),
]

/** A drawing as PNG, `width` pixels wide, on white. The same drawing gives the same bytes. */
export function pngOf(drawing: Drawing, width: number): Uint8Array<ArrayBuffer> {
  const scale = width / drawing.width
  const height = Math.round(drawing.height * scale)
  const canvas: Canvas = { width, height, rgb: new Uint8Array(width * height * 3).fill(255) }
  for (const shape of shapesOf(drawing)) paint(canvas, shape, scale)
  return png(canvas)
}

/** The pixels a shape can touch, and how much of each it covers, 0 … 1. */
interface Mask {
  left: number
  top: number
  width: number
  height: number
  covered: Float32Array
}

function maskAround({ width, height }: Canvas, lines: readonly Line[], reach: number): Mask {
  let [left, top, right, bottom] = [width, height, 0, 0]
  for (const { points } of lines)
    for (const [x, y] of points) {
      left = Math.min(left, Math.floor(x - reach))
      top = Math.min(top, Math.floor(y - reach))
      right = Math.max(right, Math.ceil(x + reach))
      bottom = Math.max(bottom, Math.ceil(y + reach))
    }
  left = Math.max(0, left)
  top = Math.max(0, top)
  const size = {
    width: Math.max(0, Math.min(width, right) - left),
    height: Math.max(0, Math.min(height, bottom) - top),
  }
  return { left, top, ...size, covered: new Float32Array(size.width * size.height) }
}

function paint(canvas: Canvas, { lines, pen }: Shape, scale: number): void {
  const scaled = lines.map(({ points, isClosed }) => ({
    isClosed,
    points: points.map(([x, y]): Point => [x * scale, y * scale]),
  }))
  if (pen.fill) {
    const mask = maskAround(canvas, scaled, 1)
    fill(mask, scaled)
    blend(canvas, mask, colourOf(pen.fill.colour))
  }
  if (pen.line) {
    const half = (pen.line.width * scale) / 2
    const mask = maskAround(canvas, scaled, half + 1)
    for (const line of scaled) stroke(mask, line, half)
    blend(canvas, mask, colourOf(pen.line.colour))
  }
}

/** How much of each pixel lies within, by even-odd crossings. */
function fill({ left, top, width, height, covered }: Mask, lines: readonly Line[]): void {
  for (let cut = 0; cut < height * cuts; cut++) {
    const y = top + (cut + 0.5) / cuts
    const crossings: number[] = []
    for (const { points } of lines)
      for (let at = 0; at < points.length; at++) {
        const [x0, y0] = points[at]!
        const [x1, y1] = points[at + 1 === points.length ? 0 : at + 1]!
        if (y0 <= y !== y1 <= y) crossings.push(x0 + ((y - y0) / (y1 - y0)) * (x1 - x0) - left)
      }
    crossings.sort((a, b) => a - b)
    const row = Math.floor(cut / cuts) * width
    for (let at = 0; at + 1 < crossings.length; at += 2) {
      const [from, to] = [Math.max(0, crossings[at]!), Math.min(width, crossings[at + 1]!)]
      for (let x = Math.floor(from); x < to; x++)
        covered[row + x]! += Math.max(0, Math.min(x + 1, to) - Math.max(x, from)) / cuts
    }
  }
}

/** How much of each pixel lies on a line with round ends, by its distance. */
function stroke({ left, top, width, height, covered }: Mask, { points, isClosed }: Line, half: number): void {
  const ends = isClosed ? [...points, points[0]!] : points
  const reach = half + 1
  for (let at = 0; at + 1 < ends.length; at++) {
    const [[x0, y0], [x1, y1]] = [ends[at]!, ends[at + 1]!]
    const [dx, dy] = [x1 - x0, y1 - y0]
    const length = dx * dx + dy * dy || 1
    const firstX = Math.max(left, Math.floor(Math.min(x0, x1) - reach))
    const lastX = Math.min(left + width, Math.max(x0, x1) + reach)
    const lastY = Math.min(top + height, Math.max(y0, y1) + reach)
    for (let y = Math.max(top, Math.floor(Math.min(y0, y1) - reach)); y < lastY; y++)
      for (let x = firstX; x < lastX; x++) {
        const along = Math.min(1, Math.max(0, ((x + 0.5 - x0) * dx + (y + 0.5 - y0) * dy) / length))
        const [awayX, awayY] = [x + 0.5 - x0 - along * dx, y + 0.5 - y0 - along * dy]
        const share = Math.min(1, half + 0.5 - Math.sqrt(awayX * awayX + awayY * awayY))
        const spot = (y - top) * width + x - left
        if (share > covered[spot]!) covered[spot] = share
      }
  }
}

function blend(canvas: Canvas, { left, top, width, height, covered }: Mask, colour: readonly number[]): void {
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const share = Math.min(1, covered[y * width + x]!)
      if (share === 0) continue
      const at = 3 * ((top + y) * canvas.width + left + x)
      for (let part = 0; part < 3; part++)
        canvas.rgb[at + part] = Math.round(canvas.rgb[at + part]! * (1 - share) + colour[part]! * share)
    }
}

/** PNG (W3C, second edition): header, one zlib stream of rows without a filter, end. */
function png({ width, height, rgb }: Canvas): Uint8Array<ArrayBuffer> {
  const rows = Buffer.alloc(height * (width * 3 + 1))
  for (let y = 0; y < height; y++) rows.set(rgb.subarray(y * width * 3, (y + 1) * width * 3), y * (width * 3 + 1) + 1)
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  // Eight bits, red green blue.
  header.set([8, 2, 0, 0, 0], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  const parts = [chunk('IHDR', header), chunk('IDAT', deflateSync(rows, { level: 6 })), chunk('IEND', Buffer.alloc(0))]
  return new Uint8Array(Buffer.concat([signature, ...parts]))
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(data.length, 0)
  framed.set(body, 4)
  framed.writeUInt32BE(crc32(body), body.length + 4)
  return framed
}
