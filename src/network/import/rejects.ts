import { once } from 'node:events'
import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs'
import { join } from 'node:path'

/** The first column of a rejects file; importing the file again passes over it. */
export const reasonHeader = 'relais_reason'

const e164 = /^\+\d{6,15}$/
const startsFormula = /^[=+\-@\t\r]/
const plainNumber = /^-\d+(?:[.,]\d+)?$/

/**
 * A cell written so that a spreadsheet shows it and never runs it (OWASP, CSV Injection): an apostrophe before
 * = + - @, which importing takes off again. E.164 numbers and negative numbers are left alone.
 */
export function safeCell(cell: string, delimiter: string): string {
  const safe = startsFormula.test(cell) && !e164.test(cell) && !plainNumber.test(cell) ? `'${cell}` : cell
  return safe.includes('"') || safe.includes(delimiter) || /[\r\n]/.test(safe)
    ? `"${safe.replaceAll('"', '""')}"`
    : safe
}

export interface RejectsFile {
  /** The path once a row has been written. */
  path(): string | undefined
  add(row: { cells: readonly string[]; reason: string }): Promise<void>
  close(): Promise<void>
}

/**
 * Writes the rows that were not imported, as they came and with the reason in front, so that they can be mended
 * and imported again: same header, same delimiter, UTF-8 with a byte order mark for Excel. Made at the first row.
 */
export function rejectsFile(
  dataFolder: string,
  importId: string,
  table: { headers: readonly string[]; delimiter: string },
): RejectsFile {
  const path = join(dataFolder, 'imports', `${importId}.rejects.csv`)
  let file: WriteStream | undefined
  const write = async (cells: readonly string[]) => {
    const line = `${cells.map((cell) => safeCell(cell, table.delimiter)).join(table.delimiter)}\r\n`
    if (!file!.write(line)) await once(file!, 'drain')
  }
  return {
    path: () => (file ? path : undefined),
    add: async ({ cells, reason }) => {
      const isRepeat = table.headers[0] === reasonHeader
      if (!file) {
        mkdirSync(join(dataFolder, 'imports'), { recursive: true })
        file = createWriteStream(path)
        await once(file, 'open')
        file.write('\ufeff')
        await write(isRepeat ? table.headers : [reasonHeader, ...table.headers])
      }
      await write([reason, ...(isRepeat ? cells.slice(1) : cells)])
    },
    close: async () => {
      if (!file) return
      file.end()
      await once(file, 'finish')
    },
  }
}
