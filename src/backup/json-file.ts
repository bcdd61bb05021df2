import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { Db } from '../db/index.ts'
import { exportAll } from './export-all.ts'

/**
 * Writes everything to a file, compressed when its name ends in .gz. It has another name until it is whole and on
 * the disk: what was cut short is never taken for an export. Returns the rows of each table.
 */
export async function exportToFile(
  db: Db,
  path: string,
  { relais, at }: { relais: string; at: Date },
): Promise<Record<string, number>> {
  const partial = `${path}.part`
  const target = createWriteStream(partial, { mode: 0o600 })
  const sink: Writable = path.endsWith('.gz') ? createGzip() : target
  if (sink !== target) sink.pipe(target)
  try {
    const counts = await exportAll(db, {
      relais,
      at,
      write: async (line) => {
        if (!sink.write(line)) await once(sink, 'drain')
      },
    })
    sink.end()
    await finished(target)
    const written = await open(partial)
    await written.sync()
    await written.close()
    await rename(partial, path)
    return counts
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  }
}
