import { access, constants, statfs } from 'node:fs/promises'
import { sql } from 'drizzle-orm'
import { dialect } from '../db/index.ts'
import { networks } from '../db/schema.ts'
import type { Examination, Finding } from './finding.ts'

const megabyte = 1024 * 1024

/** The database answers, and the data folder can be written to and has room. */
export const examineStorage: Examination = async ({ context, config }) => {
  const findings: Finding[] = []
  await context.db.select({ one: sql`1` }).from(networks).limit(1)
  findings.push({
    about: 'database',
    health: 'ok',
    says: dialect === 'postgres' ? 'PostgreSQL answers.' : `SQLite in ${config.dataFolder} answers.`,
  })
  try {
    await access(config.dataFolder, constants.W_OK)
  } catch {
    return [
      ...findings,
      {
        about: 'data folder',
        health: 'bad',
        says: `${config.dataFolder} cannot be written to.`,
        mend: 'Give it to the user Relais runs as, or set RELAIS_DATA to a folder of theirs.',
      },
    ]
  }
  const { bavail, bsize } = await statfs(config.dataFolder)
  const free = Math.floor((bavail * bsize) / megabyte)
  const reserve = config.diskReserveMb
  findings.push(
    free < reserve
      ? {
          about: 'data folder',
          health: 'bad',
          says: `Only ${free} MB are free in ${config.dataFolder}: nothing is sent below ${reserve} MB.`,
          mend: `Make room: at least ${reserve} MB (DISK_RESERVE_MB), and as much as the network's mail of a year.`,
        }
      : { about: 'data folder', health: 'ok', says: `${free} MB are free in ${config.dataFolder}.` },
  )
  return findings
}
