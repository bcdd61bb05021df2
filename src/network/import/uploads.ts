import { mkdir, open, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { inArray } from 'drizzle-orm'
import type { Context } from '../../context.ts'
import { imports } from '../../db/schema.ts'
import { ImportProblem } from './problem.ts'

/** The largest file taken from a browser. */
export const largestUpload = 200 * 1024 * 1024
const folder = 'uploads'
/** A file nobody knows of after so long is what a broken upload left. */
const orphanMs = 24 * 3_600_000
const namePattern = /^[0-9a-f]{32}$/

const tableNames = /\.(?:csv|tsv|txt|xlsx)$/i
const zip = Buffer.from('504b0304', 'hex')
const oldOffice = Buffer.from('d0cf11e0a1b11ae1', 'hex')

/**
 * Whether what a file is called and how it begins are those of a table. What is inside is checked when it is read;
 * old workbooks pass here, so that the reader can say what to do with them.
 */
export function looksLikeTable(name: string, head: Buffer): boolean {
  if (head.subarray(0, 8).equals(oldOffice)) return /\.(?:csv|tsv|txt|xlsx?)$/i.test(name)
  if (!tableNames.test(name)) return false
  if (head.subarray(0, 4).equals(zip)) return /\.xlsx$/i.test(name)
  if (/\.xlsx$/i.test(name)) return false
  const isMarked16 = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)
  if (isMarked16) return true
  // Text holds no zero byte but as half of a UTF-16 letter, where they come in turns.
  const zeros = [0, 0]
  for (const [at, byte] of head.entries()) if (byte === 0) zeros[at % 2]!++
  return (
    (zeros[0] === 0 || zeros[1] === 0) &&
    !/^(?:%PDF|\x89PNG|GIF8|\xff\xd8\xff|Rar!|7z\xbc\xaf|\x1f\x8b)/.test(head.toString('latin1', 0, 8))
  )
}

export interface Upload {
  /** Relative to the data folder: what `imports.uploadPath` holds. */
  path: string
  size: number
}

/**
 * Keeps a file as it comes in, under a name that only chance gave it, and never whole in memory. Throws ImportProblem
 * when it is no table, is empty, or is too large; nothing is then left of it.
 */
export async function keepUpload(
  { dataFolder, random }: Pick<Context, 'dataFolder' | 'random'>,
  stream: Readable,
  name: string,
  limit = largestUpload,
): Promise<Upload> {
  const path = join(folder, Buffer.from(random.bytes(16)).toString('hex'))
  await mkdir(join(dataFolder, folder), { recursive: true, mode: 0o700 })
  let size = 0
  let head: Buffer | undefined
  async function* checked(source: AsyncIterable<Buffer>) {
    for await (const chunk of source) {
      head ??= chunk.subarray(0, 4096)
      if (size === 0 && !looksLikeTable(name, head)) throw new ImportProblem('file_kind_unknown', { file: name })
      size += chunk.length
      if (size > limit)
        throw new ImportProblem('file_too_big', { file: name, megabytes: Math.round(limit / 1024 / 1024) })
      yield chunk
    }
  }
  const file = await open(join(dataFolder, path), 'wx', 0o600)
  try {
    await pipeline(stream, checked, file.createWriteStream())
    if (size === 0 && !tableNames.test(name)) throw new ImportProblem('file_kind_unknown', { file: name })
    return { path, size }
  } catch (error) {
    await file.close().catch(() => undefined)
    await rm(join(dataFolder, path), { force: true })
    throw error
  }
}

/** Where an upload lies. Undefined for a path that `keepUpload` did not make. */
export function uploadFile({ dataFolder }: Pick<Context, 'dataFolder'>, path: string | null): string | undefined {
  const name = path?.split(/[\\/]/).at(-1)
  return path && name && namePattern.test(name) ? join(dataFolder, folder, name) : undefined
}

export async function removeUpload(context: Pick<Context, 'dataFolder'>, path: string | null): Promise<void> {
  const file = uploadFile(context, path)
  if (file) await rm(file, { force: true })
}

/** Removes what broken uploads have left. */
export async function sweepUploads({
  db,
  dataFolder,
  wall,
}: Pick<Context, 'db' | 'dataFolder' | 'wall'>): Promise<void> {
  const names = (await readdir(join(dataFolder, folder)).catch(() => [])).filter((name) => namePattern.test(name))
  const old: string[] = []
  for (const name of names) {
    const found = await stat(join(dataFolder, folder, name)).catch(() => undefined)
    if (found && wall.now().getTime() - found.mtimeMs > orphanMs) old.push(name)
  }
  if (old.length === 0) return
  const pathOf = (name: string) => join(folder, name)
  const known = await db
    .select({ path: imports.uploadPath })
    .from(imports)
    .where(inArray(imports.uploadPath, old.slice(0, 500).map(pathOf)))
  const kept = new Set(known.map((row) => row.path))
  for (const name of old.slice(0, 500))
    if (!kept.has(pathOf(name))) await rm(join(dataFolder, folder, name), { force: true })
}
