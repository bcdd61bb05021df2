import type { Db } from '../../../db/index.ts'
import { isPrintable } from '../../../library/grey.ts'
import { formatOfMime } from '../../../library/picture-format.ts'
import { findPicture, listPictures, type PictureRow } from '../../../library/pictures.ts'

export const canBeLogo = (row: PictureRow): boolean => {
  const format = formatOfMime(row.mime)
  return format !== undefined && isPrintable(format)
}

/** The newest pictures that can be a logo, and the one that is. */
export async function logoChoices(db: Db, networkId: string, current: string): Promise<PictureRow[]> {
  const { rows } = await listPictures(db, networkId)
  const shown = rows.filter(canBeLogo)
  if (current === '' || shown.some(({ id }) => id === current)) return shown
  const row = await findPicture(db, networkId, current)
  return row ? [row, ...shown] : shown
}
