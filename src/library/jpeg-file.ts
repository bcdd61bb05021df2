/** JPEG as a file: its segments (ITU-T T.81, annex B), and its pixels. */
import jpeg from 'jpeg-js'
import { maxPixels } from './picture-limits.ts'
import { PictureRefused } from './picture-refused.ts'
import type { Pixels } from './png-file.ts'

/** APP1 holds Exif and XMP, APP13 what newspapers write, COM comments: where, when, by whom. */
const notes = new Set([0xe1, 0xed, 0xfe])

/** The one note that shows: which way up (Exif 2.3, tag 0x0112), in an Exif segment of nothing else. */
const turned = (orientation: number): Uint8Array =>
  Buffer.concat([
    Buffer.from([0xff, 0xe1, 0x00, 0x22]),
    Buffer.from('Exif\0\0MM\0*', 'latin1'),
    Buffer.from([0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]),
  ])

/** The same picture without its notes; it keeps the right way up. */
export function cleanJpeg(bytes: Uint8Array, orientation = 1): Uint8Array {
  const kept: Uint8Array[] = [bytes.subarray(0, 2)]
  if (orientation > 1) kept.push(turned(orientation))
  let at = 2
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) throw new PictureRefused('damaged')
    const marker = bytes[at + 1]!
    if (marker === 0xff) {
      at++
      continue
    }
    // The scan: what follows is the picture itself, to the end.
    if (marker === 0xda) return Buffer.concat([...kept, bytes.subarray(at)])
    const length = (bytes[at + 2]! << 8) | bytes[at + 3]!
    if (length < 2 || at + 2 + length > bytes.length) break
    if (!notes.has(marker)) kept.push(bytes.subarray(at, at + 2 + length))
    at += 2 + length
  }
  throw new PictureRefused('damaged')
}

/** The pixels of a JPEG, the right way up. Takes a second for the largest: never within a request. */
export function decodeJpeg(bytes: Uint8Array, orientation = 1): Pixels {
  let picture: { width: number; height: number; data: Uint8Array }
  try {
    picture = jpeg.decode(bytes, {
      useTArray: true,
      formatAsRGBA: true,
      maxResolutionInMP: maxPixels / 1_000_000,
      maxMemoryUsageInMB: 512,
    })
  } catch {
    throw new PictureRefused('damaged')
  }
  return upright({ width: picture.width, height: picture.height, rgba: picture.data }, orientation)
}

/** Turned and mirrored as its Exif orientation says, 1 to 8. */
export function upright(pixels: Pixels, orientation: number): Pixels {
  if (orientation <= 1 || orientation > 8) return pixels
  const isOnItsSide = orientation >= 5
  const width = isOnItsSide ? pixels.height : pixels.width
  const height = isOnItsSide ? pixels.width : pixels.height
  const from = new Uint32Array(pixels.rgba.buffer, pixels.rgba.byteOffset, pixels.width * pixels.height)
  const to = new Uint32Array(width * height)
  const [lastX, lastY] = [pixels.width - 1, pixels.height - 1]
  const source: Record<number, (x: number, y: number) => [x: number, y: number]> = {
    2: (x, y) => [lastX - x, y],
    3: (x, y) => [lastX - x, lastY - y],
    4: (x, y) => [x, lastY - y],
    5: (x, y) => [y, x],
    6: (x, y) => [y, lastY - x],
    7: (x, y) => [lastX - y, lastY - x],
    8: (x, y) => [lastX - y, x],
  }
  const place = source[orientation]!
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [sourceX, sourceY] = place(x, y)
      to[y * width + x] = from[sourceY * pixels.width + sourceX]!
    }
  return { width, height, rgba: new Uint8Array(to.buffer) }
}
