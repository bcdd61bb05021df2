import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { BadInput, type Io } from './io.ts'

const causes: Record<string, string> = {
  ENOENT: 'does not exist',
  EACCES: 'may not be read: check its permissions',
  EISDIR: 'is a folder, not a file',
}

/** The absolute path of an existing file. Throws BadInput in one line. */
export function existingFile(io: Io, path: string): string {
  const full = resolve(io.cwd, path)
  try {
    if (statSync(full).isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' })
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
