import { printedMap } from '../challenge/theme/printed.ts'
import type { Tx } from '../db/index.ts'
import type { FindPicture, GreyPicture } from '../print-shop/composer.ts'
import { inGreys } from './grey.ts'
import { formatOfMime } from './picture-format.ts'
import { PictureRefused } from './picture-refused.ts'
import { pictureAt } from './pictures.ts'

/** Three megabytes each at most; a batch shows two or three. */
const kept = 8
const cache = new Map<string, GreyPicture>()

/**
 * Pictures in greys by the name letters give them, and the maps of journeys in lines, for whoever composes. A picture never changes under its name, so
 * the same letter gives the same bytes; undefined when it is gone or cannot be printed, and its letter is left out.
 */
export const picturesForPrint =
  (tx: Tx): FindPicture =>
  async (file) => {
    const map = printedMap(file)
    if (map) return map
    const known = cache.get(file)
    if (known) return known
    const found = await pictureAt(tx, file)
    const format = found && formatOfMime(found.mime)
    if (!found || !format) return undefined
    const grey = await inGreys(found.bytes, format).catch((error: unknown) => {
      if (error instanceof PictureRefused) return undefined
      throw error
    })
    if (!grey) return undefined
    for (const oldest of cache.keys()) {
      if (cache.size < kept) break
      cache.delete(oldest)
    }
    cache.set(file, grey)
    return grey
  }
