import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'

export interface DataLock {
  release(): void
}

/** Another process owns the data folder; its pid is in the message. */
export class DataInUse extends Error {
  override name = 'DataInUse'
}

/**
 * Takes the data folder for this process. SQLite holds one writer: a second one would stall on its lock in the
 * middle of a campaign, so it is refused at the door. What locks is an open transaction on a file of its own, which
 * the kernel ends with the process: a lock is never left behind, and a recycled pid is never taken for its owner.
 * Throws DataInUse.
 */
export function lockData(folder: string): DataLock {
  const pidFile = join(folder, 'relais.pid')
  const lock = new Database(join(folder, 'relais.lock'), { timeout: 0 })
  try {
    lock.exec('begin exclusive')
  } catch (error) {
    lock.close()
    if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw error
    throw new DataInUse(
      `Another Relais (process ${ownerOf(pidFile)}) is using ${folder}. Stop it, let it carry out the command, or set RELAIS_DATA to another folder.`,
    )
  }
  writeFileSync(pidFile, `${process.pid}\n`)
  return {
    release: () => {
      rmSync(pidFile, { force: true })
      lock.close()
    },
  }
}

/** Who wrote itself down after taking the lock; it may not have come to it yet. */
function ownerOf(pidFile: string): string {
  try {
    return readFileSync(pidFile, 'utf8').trim() || 'unknown'
  } catch {
    return 'unknown'
  }
}
