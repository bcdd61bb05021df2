/** GIF and WebP as files: how many frames they unpack to, and what in them does not show. */
import { maxAnimatedPixels } from './picture-limits.ts'
import { PictureRefused } from './picture-refused.ts'

/** Frames of a GIF, by walking its blocks without unpacking any (GIF89a). */
export function gifFrames(bytes: Uint8Array): number {
  const byte = (at: number): number => {
    const value = bytes[at]
    if (value === undefined) throw new PictureRefused('damaged')
    return value
  }
  const table = (packed: number) => (packed & 0x80 ? 3 * 2 ** ((packed & 7) + 1) : 0)
  const skipBlocks = (at: number): number => {
    let next = at
    while (byte(next) !== 0) next += byte(next) + 1
    return next + 1
  }
  let at = 13 + table(byte(10))
  let frames = 0
  for (;;) {
    const kind = byte(at)
    if (kind === 0x3b) return frames
    if (kind === 0x21) at = skipBlocks(at + 2)
    else if (kind === 0x2c) {
      frames++
      at = skipBlocks(at + 11 + table(byte(at + 9)))
    } else throw new PictureRefused('damaged')
  }
}

/** @throws PictureRefused when it is damaged, or its frames would fill the memory of whoever looks at it */
export function checkGif(bytes: Uint8Array, { width, height }: { width: number; height: number }): Uint8Array {
  const frames = gifFrames(bytes)
  if (frames === 0) throw new PictureRefused('damaged')
  if (frames * width * height > maxAnimatedPixels) throw new PictureRefused('bomb')
  return bytes
}

/** The same WebP without Exif and XMP (RFC 9649); its frames are counted on the way. */
export function cleanWebp(bytes: Uint8Array, { width, height }: { width: number; height: number }): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const kept: Uint8Array[] = []
  let frames = 0
  let hasPicture = false
  for (let at = 12; at + 8 <= bytes.length; ) {
    const type = Buffer.from(bytes.subarray(at, at + 4)).toString('latin1')
    const length = view.getUint32(at + 4, true)
    if (at + 8 + length > bytes.length) throw new PictureRefused('damaged')
    const whole = Uint8Array.from(bytes.subarray(at, Math.min(bytes.length, at + 8 + length + (length & 1))))
    if (type === 'ANMF') frames++
    if (type === 'VP8 ' || type === 'VP8L' || type === 'ANMF') hasPicture = true
    // The flags that announce Exif and XMP go with them.
    if (type === 'VP8X') whole[8]! &= ~0b1100
    if (type !== 'EXIF' && type !== 'XMP ') kept.push(whole)
    at += 8 + length + (length & 1)
  }
  if (!hasPicture) throw new PictureRefused('damaged')
  if (frames * width * height > maxAnimatedPixels) throw new PictureRefused('bomb')
  const body = Buffer.concat(kept)
  const head = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1')
  head.writeUInt32LE(body.length + 4, 4)
  return Buffer.concat([head, body])
}
