import { cp, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { Context } from '../context.ts'
import { exportToFile } from './json-file.ts'
import { BackupRefused, databaseName, filesName, hashesOf, type Manifest, manifestName } from './manifest.ts'

/** Of the data folder, what belongs to this one process or is in the export already. The secret is kept apart. */
const leftOut = /^(relais\.(db|lock|pid|sock).*|secret)$/

/**
 * A back-up in a folder of its own: the database as it stood at one instant, and the files of the data folder
 * (uploads, batches, rejected rows). The server may go on meanwhile. The secret is not in it: who finds the back-up
 * can sign nothing.
 * @throws BackupRefused when the folder is inside the data folder.
 */
export async function backUp(
  { db, wall, dataFolder }: Pick<Context, 'db' | 'wall' | 'dataFolder'>,
  folder: string,
  relais: string,
): Promise<Manifest> {
  if (!relative(dataFolder, folder).startsWith('..'))
    throw new BackupRefused(`${folder} is inside the data folder, which is what is backed up: name one beside it.`)
  await mkdir(join(folder, filesName), { recursive: true })
  const backedUpAt = wall.now()
  const counts = await exportToFile(db, join(folder, databaseName), { relais, at: backedUpAt })
  // After the database: a file it names is there, one it does not know yet does no harm.
  for (const entry of await readdir(dataFolder))
    if (!leftOut.test(entry)) await cp(join(dataFolder, entry), join(folder, filesName, entry), { recursive: true })
  const manifest: Manifest = { format: 'relais-backup', relais, backedUpAt, counts, hashes: await hashesOf(folder) }
  await writeFile(join(folder, manifestName), `${JSON.stringify(manifest, null, 2)}\n`)
  return manifest
}
