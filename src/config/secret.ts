import { accessSync, constants, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Random } from '../random.ts'
import type { Reader } from './reader.ts'

const shortest = 32

/**
 * The secret that signs links and sessions: from the environment, or made once and kept in the data folder, which is
 * created. What is wrong goes to the reader's problems.
 */
export function secretOf(reader: Reader, dataFolder: string, random: Random): string {
  const given = reader.text('RELAIS_SECRET')
  if (given !== undefined && given.length < shortest)
    reader.problems.push(`RELAIS_SECRET is shorter than ${shortest} characters. Make one with: openssl rand -hex 32`)
  try {
    makeFolder(dataFolder)
    accessSync(dataFolder, constants.W_OK)
    if (given !== undefined) return given
    const kept = keptSecret(join(dataFolder, 'secret'), random)
    if (kept.length < shortest)
      reader.problems.push(
        `${join(dataFolder, 'secret')} holds fewer than ${shortest} characters. Restore it from a back-up; deleted, a new one is made, and every link already sent stops working.`,
      )
    return kept
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    reader.problems.push(
      `RELAIS_DATA is ${dataFolder}, which cannot be written (${code ?? message}). Choose a folder you own.`,
    )
    return ''
  }
}

/** As mkdir -p. Node's own loops for ever where a parent is there and takes no folder, as in /proc (Node 20, 22). */
function makeFolder(path: string): void {
  if (existsSync(path)) {
    if (!statSync(path).isDirectory()) throw Object.assign(new Error('It is a file.'), { code: 'EEXIST' })
    return
  }
  makeFolder(dirname(path))
  try {
    mkdirSync(path)
  } catch (error) {
    // Another process that starts at the same moment was faster.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

function keptSecret(path: string, random: Random): string {
  if (!existsSync(path)) {
    try {
      writeFileSync(path, `${Buffer.from(random.bytes(32)).toString('hex')}\n`, { mode: 0o600, flag: 'wx' })
    } catch (error) {
      // Another process that starts at the same moment was faster: its secret is the one.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
  return readFileSync(path, 'utf8').trim()
}
