import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { WallClock } from '../clock.ts'
import { newId } from '../db/index.ts'
import type { Mailer } from './mailer.ts'

const keptMs = 7 * 86_400_000

/**
 * Without a mail provider nothing leaves, and nobody is told otherwise: a mail becomes a file that only this machine's
 * operator can read, in `mail/` of the data folder, and a line of the log with its links. Files older than a week go.
 */
export function keepMailHere({ wall, log, dataFolder }: { wall: WallClock; log: Logger; dataFolder: string }): Mailer {
  const folder = join(dataFolder, 'mail')
  return {
    leaves: false,
    send: async ({ to, subject, text }) => {
      try {
        const now = wall.now()
        mkdirSync(folder, { recursive: true, mode: 0o700 })
        for (const name of readdirSync(folder)) {
          const path = join(folder, name)
          if (now.getTime() - statSync(path).mtimeMs > keptMs) rmSync(path, { force: true })
        }
        const place = join(folder, `${now.toISOString().replace(/[:.]/g, '-')}-${newId().slice(-8)}.txt`)
        writeFileSync(place, `To: ${to.name} <${to.email}>\nSubject: ${subject}\n\n${text}`, {
          mode: 0o600,
          flag: 'wx',
        })
        const links = text.match(/https?:\/\/\S+/g) ?? []
        log.info(
          { to: to.email, subject, links, place },
          'No mail provider is configured: this mail waits for you here',
        )
        return { is: 'kept', place }
      } catch (error) {
        return { is: 'failed', reason: error instanceof Error ? error.message : String(error) }
      }
    },
  }
}
