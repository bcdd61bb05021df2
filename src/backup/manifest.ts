import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'

export const manifestName = 'manifest.json'
export const databaseName = 'relais.jsonl.gz'
export const filesName = 'files'

const manifestSchema = z.object({
  format: z.literal('relais-backup'),
  relais: z.string(),
  backedUpAt: z.coerce.date(),
  counts: z.record(z.string(), z.number()),
  /** SHA-256 by path in the back-up, the manifest itself aside. */
  hashes: z.record(z.string(), z.string()),
})
export type Manifest = z.infer<typeof manifestSchema>

/** The back-up is not whole, not one, or in a place it cannot be; the message says what to do. */
export class BackupRefused extends Error {
  override name = 'BackupRefused'
}

/** Every file below a folder, as paths with slashes. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort()
}

export async function hashOf(path: string): Promise<string> {
  const digest = createHash('sha256')
  await pipeline(createReadStream(path), digest)
  return digest.digest('hex')
}

export async function hashesOf(folder: string): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {}
  for (const path of await filesBelow(folder))
    if (path !== manifestName) hashes[path] = await hashOf(join(folder, path))
  return hashes
}

/** Reads a back-up's manifest and holds every file against it. @throws BackupRefused */
export async function verified(folder: string): Promise<Manifest> {
  let manifest: Manifest
  try {
    manifest = manifestSchema.parse(JSON.parse(await readFile(join(folder, manifestName), 'utf8')))
  } catch {
    throw new BackupRefused(`${folder} has no readable ${manifestName}: it is no back-up, or was not finished.`)
  }
  const found = await hashesOf(folder)
  for (const path of new Set([...Object.keys(manifest.hashes), ...Object.keys(found)]))
    if (manifest.hashes[path] !== found[path])
      throw new BackupRefused(
        `${path} ${found[path] === undefined ? 'is missing' : manifest.hashes[path] === undefined ? 'does not belong to the back-up' : 'was changed'}: take another copy of the back-up.`,
      )
  return manifest
}
