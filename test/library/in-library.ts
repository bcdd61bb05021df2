/** Puts pictures into a network's library for tests. */
import { asc, eq } from 'drizzle-orm'
import type { Db } from '../../src/db/index.ts'
import { networks, sites } from '../../src/db/schema.ts'
import { addPicture, findPicture, type PictureRow, pictureFile } from '../../src/library/pictures.ts'
import { readPicture } from '../../src/library/read-picture.ts'
import { fakeRandom } from '../world.ts'
import { png } from './pictures.ts'

const at = new Date('2026-11-16T08:00:00Z')

export async function keepPicture(
  db: Db,
  networkId: string,
  bytes: Uint8Array,
  fileName = 'logo.png',
  alt: PictureRow['alt'] = { fr: 'Le logo', en: 'The logo' },
): Promise<PictureRow> {
  const picture = await readPicture(bytes)
  const random = fakeRandom(`${networkId} ${picture.hash}`)
  const { row } = await db.transaction((tx) =>
    addPicture(tx, { networkId, picture, fileName, alt, userId: 'tests', random, at }),
  )
  return row
}

/** The id of a picture of the network; the same one at every call. */
export const aPicture = async (db: Db, networkId: string): Promise<string> =>
  (await keepPicture(db, networkId, png({ width: 12, height: 4 }))).id

/** The last part of its public address. */
export async function aPictureFile(db: Db, networkId: string): Promise<string> {
  const [network] = await db.select({ number: networks.number }).from(networks).where(eq(networks.id, networkId))
  const row = await findPicture(db, networkId, await aPicture(db, networkId))
  return pictureFile(network!.number, row!)
}

export async function aSite(db: Db, networkId: string): Promise<string> {
  const [site] = await db
    .select({ id: sites.id })
    .from(sites)
    .where(eq(sites.networkId, networkId))
    .orderBy(asc(sites.id))
    .limit(1)
  return site!.id
}
