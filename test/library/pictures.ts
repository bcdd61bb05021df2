/** Pictures made for tests, down to the byte. */
import { crc32, deflateSync } from 'node:zlib'
import jpeg from 'jpeg-js'

const chunk = (type: string, data: Uint8Array): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}

export interface PngParts {
  width: number
  height: number
  depth?: number
  colourType?: number
  isInterlaced?: boolean
  /** The rows with their filter bytes; by default grey 128 throughout. */
  rows?: Uint8Array
  /** Instead of the rows packed. */
  packed?: Uint8Array
  before?: [type: string, data: Uint8Array][]
}

const channels: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }

export function png({ width, height, depth = 8, colourType = 2, isInterlaced = false, ...parts }: PngParts): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([depth, colourType, 0, 0, isInterlaced ? 1 : 0], 8)
  const bytes = Math.ceil((width * channels[colourType]! * depth) / 8)
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(bytes, 128)])
  const rows = parts.rows ?? Buffer.concat(Array.from({ length: height }, () => row))
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    ...(parts.before ?? []).map(([type, data]) => chunk(type, data)),
    chunk('IDAT', parts.packed ?? deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** A JPEG of one colour. */
export function jpg(
  width: number,
  height: number,
  [red, green, blue]: [number, number, number] = [200, 30, 60],
): Buffer {
  const data = Buffer.alloc(width * height * 4)
  for (let at = 0; at < data.length; at += 4) data.set([red, green, blue, 255], at)
  return jpeg.encode({ width, height, data }, 90).data
}

/** The JPEG with one more segment after its start. */
export function withSegment(bytes: Buffer, marker: number, data: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 255])
  return Buffer.concat([bytes.subarray(0, 2), head, data, bytes.subarray(2)])
}

/** An Exif segment's data with an orientation and something that must not be kept. */
export const exif = (orientation: number, secret: string): Buffer =>
  Buffer.concat([
    Buffer.from('Exif\0\0MM\0*', 'latin1'),
    Buffer.from([0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]),
    Buffer.from(secret),
  ])

/** A GIF of so many one-pixel frames on a canvas of the size given. */
export function gif(width: number, height: number, frames: number): Buffer {
  const size = Buffer.alloc(4)
  size.writeUInt16LE(width, 0)
  size.writeUInt16LE(height, 2)
  const frame = Buffer.from([0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0])
  return Buffer.concat([
    Buffer.from('GIF89a', 'latin1'),
    size,
    Buffer.from([0x80, 0, 0, 0, 0, 0, 255, 255, 255]),
    ...Array.from({ length: frames }, () => frame),
    Buffer.from([0x3b]),
  ])
}

const riff = (type: string, data: Uint8Array): Buffer => {
  const length = Buffer.alloc(4)
  length.writeUInt32LE(data.length)
  return Buffer.concat([Buffer.from(type, 'latin1'), length, data, Buffer.alloc(data.length & 1)])
}

/** A WebP whose picture nobody decodes here, with Exif and XMP beside it. */
export function webp(width: number, height: number, { frames = 0, secret = '' } = {}): Buffer {
  const head = Buffer.alloc(10)
  head[0] = 0b1100 | (frames > 0 ? 0b10 : 0)
  head.writeUIntLE(width - 1, 4, 3)
  head.writeUIntLE(height - 1, 7, 3)
  const picture =
    frames > 0 ? Array.from({ length: frames }, () => riff('ANMF', Buffer.alloc(24))) : [riff('VP8L', Buffer.alloc(8))]
  const body = Buffer.concat([
    riff('VP8X', head),
    ...picture,
    riff('EXIF', Buffer.from(secret)),
    riff('XMP ', Buffer.from(secret)),
  ])
  const length = Buffer.alloc(4)
  length.writeUInt32LE(body.length + 4)
  return Buffer.concat([Buffer.from('RIFF', 'latin1'), length, Buffer.from('WEBP', 'latin1'), body])
}
