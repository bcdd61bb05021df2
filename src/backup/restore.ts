import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import type { Context } from '../context.ts'
import { importAll } from './import-all.ts'
import { linesOf } from './lines.ts'
import { databaseName, filesName, type Manifest, verified } from './manifest.ts'
import { rememberRestored } from './restored.ts'

/**
 * Puts a back-up into an empty installation. From then on, whatever was due up to now is in doubt before it is sent:
 * providers are asked for it, since it may have left after the back-up was made.
 * @throws BackupRefused, ImportRefused
 */
export async function restore(
  { db, wall, dataFolder }: Pick<Context, 'db' | 'wall' | 'dataFolder'>,
  folder: string,
): Promise<Manifest> {
  const manifest = await verified(folder)
  await cp(join(folder, filesName), dataFolder, { recursive: true })
  await importAll(db, linesOf(join(folder, databaseName)), wall.now())
  await rememberRestored(db, manifest.backedUpAt, wall.now())
  return manifest
}
