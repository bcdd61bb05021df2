import { createHash } from 'node:crypto'
import { imageSize } from 'image-size'
import { checkGif, cleanWebp } from './animated-file.ts'
import { cleanJpeg } from './jpeg-file.ts'
import { type Format, formatOf } from './picture-format.ts'
import { maxBytes, maxPixels, maxSide } from './picture-limits.ts'
import { PictureRefused } from './picture-refused.ts'
import { cleanPng } from './png-file.ts'

/** A picture that was found sound, without the notes of cameras and programs in it. */
export interface ReadPicture {
  format: Format
  /** As it is seen, the right way up. */
  width: number
  height: number
  bytes: Uint8Array
  /** SHA-256 of the bytes, in hex. */
  hash: string
}

/**
 * Judges a file by its bytes alone, the cheap questions first: weight, kind, announced size; only then is a PNG
 * unpacked, and never beyond that size.
 * @throws PictureRefused with the reason
 */
export async function readPicture(given: Uint8Array): Promise<ReadPicture> {
  if (given.length > maxBytes) throw new PictureRefused('tooHeavy', { megabytes: given.length / 1_000_000 })
  const format = formatOf(given)
  const { width, height, orientation } = announced(given)
  if (width > maxSide || height > maxSide) throw new PictureRefused('tooWide', { width, height })
  if (width * height > maxPixels) throw new PictureRefused('tooManyPixels', { width, height })
  const bytes = await clean(given, format, { width, height, orientation })
  const isOnItsSide = format === 'jpg' && orientation >= 5
  return {
    format,
    width: isOnItsSide ? height : width,
    height: isOnItsSide ? width : height,
    bytes,
    hash: createHash('sha256').update(bytes).digest('hex'),
  }
}

interface Announced {
  width: number
  height: number
  orientation: number
}

function announced(bytes: Uint8Array): Announced {
  try {
    const { width, height, orientation = 1 } = imageSize(bytes)
    if (width > 0 && height > 0)
      return { width, height, orientation: orientation >= 1 && orientation <= 8 ? orientation : 1 }
  } catch {
    // Said below.
  }
  throw new PictureRefused('damaged')
}

async function clean(bytes: Uint8Array, format: Format, size: Announced): Promise<Uint8Array> {
  switch (format) {
    case 'png':
      return cleanPng(bytes)
    case 'jpg':
      return cleanJpeg(bytes, size.orientation)
    case 'gif':
      return checkGif(bytes, size)
    case 'webp':
      return cleanWebp(bytes, size)
  }
}
