import { accessSync, constants, readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { BadInput, type Io } from './io.ts'

const causes: Record<string, string> = {
  ENOENT: 'does not exist',
  EACCES: 'may not be read: check its permissions',
  EISDIR: 'is a folder, not a file',
  ENOTDIR: 'does not exist: part of its path is a file',
  ENAMETOOLONG: 'is too long a name',
}

/** The absolute path of a file that can be read. Throws BadInput in one line. */
export function existingFile(io: Io, path: string): string {
  if (path === '-') throw new BadInput('Standard input (-) is not read here: save it to a file and name that.')
  const full = resolve(io.cwd, path)
  try {
    if (statSync(full).isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' })
    accessSync(full, constants.R_OK)
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    throw new BadInput(`${path} ${causes[code] ?? `cannot be read (${code})`}.`)
  }
  return full
}

/** A text file whole; campaign and segment files are small. Throws BadInput in one line. */
export function readText(io: Io, path: string): string {
  const full = existingFile(io, path)
  try {
    return readFileSync(full, 'utf8')
  } catch (error) {
    throw new BadInput(`${path} ${causes[(error as NodeJS.ErrnoException).code ?? ''] ?? 'cannot be read'}.`)
  }
}
