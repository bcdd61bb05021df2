/** Pictures in greys for letters, which are printed in black. */
import { imageSize } from 'image-size'
import type { GreyPicture } from '../print-shop/composer.ts'
import { decodeJpeg } from './jpeg-file.ts'
import type { Format } from './picture-format.ts'
import { decodePng, type Pixels } from './png-file.ts'

/** The text of a letter is 160 mm wide: more than 1,890 pixels there are finer than 300 an inch. */
const finest = 1_890

/** The formats a letter can show; the others are for screens. */
export const isPrintable = (format: Format): boolean => format === 'png' || format === 'jpg'

/**
 * A picture on white, in greys (luma of ITU-R BT.601), no larger than print can use; undefined where letters cannot
 * show the format. The same bytes give the same greys.
 */
export async function inGreys(bytes: Uint8Array, format: Format): Promise<GreyPicture | undefined> {
  if (format === 'png') return shrunk(greys(await decodePng(bytes)))
  if (format === 'jpg') return shrunk(greys(decodeJpeg(bytes, imageSize(bytes).orientation)))
  return undefined
}

function greys({ width, height, rgba }: Pixels): GreyPicture {
  const grey = new Uint8Array(width * height)
  for (let i = 0, at = 0; i < grey.length; i++, at += 4) {
    const luma = 0.299 * rgba[at]! + 0.587 * rgba[at + 1]! + 0.114 * rgba[at + 2]!
    grey[i] = Math.round(255 - ((255 - luma) * rgba[at + 3]!) / 255)
  }
  return { width, height, grey }
}

/** Each pixel the mean of those it stands for. */
function shrunk(picture: GreyPicture): GreyPicture {
  const share = Math.min(1, finest / picture.width, finest / picture.height)
  if (share === 1) return picture
  const width = Math.max(1, Math.round(picture.width * share))
  const height = Math.max(1, Math.round(picture.height * share))
  const grey = new Uint8Array(width * height)
  const edge = (place: number, of: number, all: number) => Math.floor((place * all) / of)
  for (let y = 0; y < height; y++) {
    const [top, bottom] = [edge(y, height, picture.height), edge(y + 1, height, picture.height)]
    for (let x = 0; x < width; x++) {
      const [left, right] = [edge(x, width, picture.width), edge(x + 1, width, picture.width)]
      let sum = 0
      for (let row = top; row < bottom; row++)
        for (let column = left; column < right; column++) sum += picture.grey[row * picture.width + column]!
      grey[y * width + x] = Math.round(sum / ((bottom - top) * (right - left)))
    }
  }
  return { width, height, grey }
}
