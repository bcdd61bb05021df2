/** The pictures of a network's library. */
import { and, count, desc, eq, inArray, like, lt, or } from 'drizzle-orm'
import { audit } from '../accounts/audit.ts'
import type { Tx } from '../db/index.ts'
import { files, networks } from '../db/schema.ts'
import type { Random } from '../random.ts'
import { type Picture, pictureName } from '../render/dress.ts'
import { type Language, languages } from '../words.ts'
import { formatOfMime, formats } from './picture-format.ts'
import type { ReadPicture } from './read-picture.ts'

export type Alt = Partial<Record<Language, string>>

/** A picture without its bytes. */
export type PictureRow = Omit<typeof files.$inferSelect, 'bytes'>

export const shownColumns = {
  networkId: files.networkId,
  id: files.id,
  name: files.name,
  mime: files.mime,
  size: files.size,
  width: files.width,
  height: files.height,
  hash: files.hash,
  alt: files.alt,
  createdBy: files.createdBy,
  createdAt: files.createdAt,
}

/**
 * 128 bits of chance, so that nobody finds a picture by trying addresses. The address is public and for ever the same:
 * mail programs ask for it years later.
 */
const newPictureId = (random: Random): string => Buffer.from(random.bytes(16)).toString('hex')

/** The last part of a picture's public address: the network's number, the id, the kind. */
export const pictureFile = (number: number, { id, mime }: Pick<PictureRow, 'id' | 'mime'>): string =>
  `${number}-${id}.${formats[formatOfMime(mime) ?? 'png'].extension}`

/** What a message keeps of a picture. */
export const pictureOf = (number: number, row: PictureRow): Picture => ({
  file: pictureFile(number, row),
  width: row.width,
  height: row.height,
  alt: Object.fromEntries(languages.flatMap((language) => (row.alt[language] ? [[language, row.alt[language]]] : []))),
})

/** A name words can use, from a file's: `Équipe 2027 (1).PNG` is equipe-2027-1. */
export function nameFrom(fileName: string): string {
  const stem = fileName
    .replace(/^.*[\\/]/, '')
    .replace(/\.[a-z0-9]{1,5}$/i, '')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
  const name = stem
    .replaceAll('œ', 'oe')
    .replaceAll('æ', 'ae')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replace(/^-+|-+$/g, '')
  return pictureName.test(name) ? name : 'image'
}

/** The name, or with the first number behind it that nobody has. */
async function freeName(tx: Tx, networkId: string, wanted: string): Promise<string> {
  const rows = await tx
    .select({ name: files.name })
    .from(files)
    .where(and(eq(files.networkId, networkId), or(eq(files.name, wanted), like(files.name, `${wanted}-%`))))
  const taken = new Set(rows.map((row) => row.name))
  for (let n = 1; ; n++) {
    const name = n === 1 ? wanted : `${wanted}-${n}`
    if (!taken.has(name)) return name
  }
}

export interface AddPicture {
  networkId: string
  picture: ReadPicture
  fileName: string
  alt: Alt
  userId: string
  random: Random
  /** Wall time. */
  at: Date
}

/** Takes a picture into the library; the same one again is the one that is there, as it stands. */
export async function addPicture(tx: Tx, given: AddPicture): Promise<{ row: PictureRow; isNew: boolean }> {
  const { networkId, picture, userId, at } = given
  const same = and(eq(files.networkId, networkId), eq(files.hash, picture.hash))
  const [known] = await tx.select(shownColumns).from(files).where(same)
  if (known) return { row: known, isNew: false }
  const { bytes, hash, width, height } = picture
  const row: PictureRow = {
    networkId,
    id: newPictureId(given.random),
    name: await freeName(tx, networkId, nameFrom(given.fileName)),
    mime: formats[picture.format].mime,
    size: bytes.length,
    width,
    height,
    hash,
    alt: given.alt,
    createdBy: userId,
    createdAt: at,
  }
  const added = await tx.insertRows(files, [{ ...row, bytes }], 'ignore')
  if (added === 0) {
    // The same picture came in twice at once.
    const [other] = await tx.select(shownColumns).from(files).where(same)
    return { row: other!, isNew: false }
  }
  await audit(tx, { networkId, actor: userId, action: 'file.add', subject: row.id, data: { name: row.name, hash }, at })
  return { row, isNew: true }
}

const cursorOf = ({ createdAt, id }: PictureRow) => `${createdAt.getTime()}-${id}`

/** The newest first; `cursor` is the `next` of the page before. */
export async function listPictures(
  tx: Tx,
  networkId: string,
  { cursor, limit = 48 }: { cursor?: string; limit?: number } = {},
): Promise<{ rows: PictureRow[]; next?: string }> {
  const [, at, id] = /^(\d{1,15})-([0-9a-f]+)$/.exec(cursor ?? '') ?? []
  const last = at === undefined ? undefined : new Date(Number(at))
  const rows = await tx
    .select(shownColumns)
    .from(files)
    .where(
      and(
        eq(files.networkId, networkId),
        last && id ? or(lt(files.createdAt, last), and(eq(files.createdAt, last), lt(files.id, id))) : undefined,
      ),
    )
    .orderBy(desc(files.createdAt), desc(files.id))
    .limit(limit + 1)
  const shown = rows.slice(0, limit)
  const end = shown.at(-1)
  return { rows: shown, next: rows.length > limit && end ? cursorOf(end) : undefined }
}

export async function findPicture(tx: Tx, networkId: string, id: string): Promise<PictureRow | undefined> {
  const [row] = await tx
    .select(shownColumns)
    .from(files)
    .where(and(eq(files.networkId, networkId), eq(files.id, id)))
  return row
}

/** Pictures by name; of two that came to bear one name at once, the older. */
export async function picturesNamed(
  tx: Tx,
  networkId: string,
  names: readonly string[],
): Promise<Map<string, PictureRow>> {
  if (names.length === 0) return new Map()
  const rows = await tx
    .select(shownColumns)
    .from(files)
    .where(and(eq(files.networkId, networkId), inArray(files.name, [...names])))
    .orderBy(desc(files.createdAt), desc(files.id))
  return new Map(rows.map((row) => [row.name, row]))
}

export async function picturesById(
  tx: Tx,
  networkId: string,
  ids: readonly string[],
): Promise<Map<string, PictureRow>> {
  if (ids.length === 0) return new Map()
  const rows = await tx
    .select(shownColumns)
    .from(files)
    .where(and(eq(files.networkId, networkId), inArray(files.id, [...new Set(ids)])))
  return new Map(rows.map((row) => [row.id, row]))
}

/** The bytes behind the last part of a public address; undefined unless all of it is right. */
export async function pictureAt(
  tx: Tx,
  file: string,
): Promise<{ mime: string; hash: string; bytes: Uint8Array } | undefined> {
  const [, number, id] = /^(\d{1,9})-([0-9a-f]{32})\.[a-z]{3,4}$/.exec(file) ?? []
  if (number === undefined || id === undefined) return undefined
  const [row] = await tx
    .select({ id: files.id, mime: files.mime, hash: files.hash, bytes: files.bytes })
    .from(files)
    .innerJoin(networks, eq(networks.id, files.networkId))
    .where(and(eq(networks.number, Number(number)), eq(files.id, id)))
  return row && pictureFile(Number(number), row) === file ? row : undefined
}

export async function bytesOf(
  tx: Tx,
  networkId: string,
  id: string,
): Promise<{ mime: string; bytes: Uint8Array } | undefined> {
  const [row] = await tx
    .select({ mime: files.mime, bytes: files.bytes })
    .from(files)
    .where(and(eq(files.networkId, networkId), eq(files.id, id)))
  return row
}

/** Says anew what a picture shows; messages already written keep what they said. */
export async function describePicture(
  tx: Tx,
  { networkId, id, alt, userId, at }: { networkId: string; id: string; alt: Alt; userId: string; at: Date },
): Promise<void> {
  const changed = await tx
    .update(files)
    .set({ alt })
    .where(and(eq(files.networkId, networkId), eq(files.id, id)))
    .returning({ id: files.id })
  if (changed.length > 0) await audit(tx, { networkId, actor: userId, action: 'file.change', subject: id, at })
}

/** How many pictures a library has, for its head; a library is small. */
export async function countPictures(tx: Tx, networkId: string): Promise<number> {
  const [row] = await tx.select({ all: count() }).from(files).where(eq(files.networkId, networkId))
  return row?.all ?? 0
}
