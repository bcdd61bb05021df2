import { statfs } from 'node:fs/promises'
import type { Logger } from 'pino'
import type { WallClock } from '../clock.ts'

const megabyte = 1024 * 1024
/** The disk is asked again after so long (wall time). */
const freshMs = 1_000

/** Whether the data folder's disk can still take what sending would have to write down. */
export interface Room {
  /** False below the reserve: then nothing may be begun whose result could not be written. */
  isEnough(): Promise<boolean>
  /** What is short, as people are told it; undefined while there is enough. */
  shortage(): Promise<string | undefined>
}

export interface RoomOptions {
  folder: string
  /** Kept free for results, events and the database's own log (megabytes). */
  reserveMb: number
  wall: WallClock
  log: Logger
  /** Free bytes of the disk a folder is on. */
  freeBytes?: (folder: string) => Promise<number>
}

const freeOnDisk = async (folder: string): Promise<number> => {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

/**
 * Watches the disk. SQLite on a full disk keeps what it has and refuses every write (SQLITE_FULL,
 * https://www.sqlite.org/rescode.html#full): what was handed over could then not be written down and would be in
 * doubt. So sending stops before, and goes on by itself once there is room.
 */
export function watchRoom({ folder, reserveMb, wall, log, freeBytes = freeOnDisk }: RoomOptions): Room {
  let freeMb = Number.POSITIVE_INFINITY
  let askedAt = Number.NEGATIVE_INFINITY
  let isShort = false
  const look = async () => {
    const now = wall.now().getTime()
    if (now - askedAt < freshMs && now >= askedAt) return
    askedAt = now
    freeMb = Math.floor((await freeBytes(folder)) / megabyte)
    if (isShort === freeMb < reserveMb) return
    isShort = !isShort
    if (isShort) log.error({ freeMb, reserveMb }, 'The disk is nearly full: nothing is sent until there is room')
    else log.info({ freeMb }, 'There is room on the disk again: sending goes on')
  }
  return {
    isEnough: async () => {
      await look()
      return !isShort
    },
    shortage: async () => {
      await look()
      return isShort
        ? `Only ${freeMb} MB are free in ${folder}, fewer than the ${reserveMb} MB kept for what comes back: nothing is sent until there is room.`
        : undefined
    },
  }
}
