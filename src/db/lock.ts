import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface DataLock {
  release(): void
}

/** Another process owns the data folder; its pid is in the message. */
export class DataInUse extends Error {
  override name = 'DataInUse'
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it lives, but belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/**
 * Takes the data folder for this process. SQLite holds one writer: a second one would stall on its lock in the
 * middle of a campaign, so it is refused at the door. A lock whose process is gone is taken over.
 */
export function lockData(folder: string): DataLock {
  const path = join(folder, 'relais.pid')
  for (let tries = 0; ; tries++) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' })
      break
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || tries > 5) throw error
      const pid = Number(readFileSync(path, 'utf8').trim())
      if (Number.isInteger(pid) && pid > 0 && pid !== process.pid && isAlive(pid))
        throw new DataInUse(
          `Another Relais (process ${pid}) is using ${folder}. Stop it, let it carry out the command, or set RELAIS_DATA to another folder.`,
        )
      rmSync(path, { force: true })
    }
  }
  return { release: () => rmSync(path, { force: true }) }
}
