import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { Unzip, UnzipInflate, UnzipPassThrough } from 'fflate'
import readWorkbook from 'read-excel-file/node'
import { ImportProblem } from './problem.ts'
import { isBlank, raggedProblem, type Source, type SourceRow } from './source.ts'

/** A workbook is held whole in memory, so it may only be so big once unpacked. */
export const workbookLimits = { bytes: 64 * 1024 * 1024, entries: 200 }
const rowsPerBatch = 500

/**
 * Unpacks every entry of the archive piece by piece, keeping nothing, and counts what comes out: what the archive
 * says of its own sizes cannot be trusted. Throws ImportProblem as soon as a limit is passed, so a bomb costs at
 * most the limit.
 */
export async function guardWorkbook(file: string, limits = workbookLimits, name = file): Promise<void> {
  let entries = 0
  let bytes = 0
  let hasWorkbook = false
  let broken: unknown
  const unzip = new Unzip((entry) => {
    entries++
    if (entries > limits.entries) throw new ImportProblem('workbook_too_big', { file: name, entries: limits.entries })
    if (entry.name === 'xl/workbook.xml') hasWorkbook = true
    if (/vbaProject/i.test(entry.name)) throw new ImportProblem('workbook_macros', { file: name })
    entry.ondata = (error, data) => {
      if (error) broken = error
      bytes += data?.length ?? 0
      if (bytes > limits.bytes)
        throw new ImportProblem('workbook_too_big', {
          file: name,
          megabytes: Math.round(limits.bytes / 1024 / 1024),
        })
    }
    entry.start()
  })
  unzip.register(UnzipInflate)
  unzip.register(UnzipPassThrough)
  try {
    // Small pieces: one compressed piece may unpack to a thousand times its size before it can be counted.
    for await (const chunk of createReadStream(file, { highWaterMark: 16 * 1024 }) as AsyncIterable<Buffer>)
      unzip.push(chunk)
    unzip.push(new Uint8Array(0), true)
  } catch (error) {
    if (error instanceof ImportProblem) throw error
    broken = error
  }
  if (broken || !hasWorkbook) throw new ImportProblem('workbook_broken', { file: name }, { cause: broken })
}

/** A cell's cached value as the text a CSV export would hold; formulas are never evaluated. */
function cellText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Date) return value.toISOString().slice(0, 10)
  if (typeof value === 'boolean') return value ? 'oui' : 'non'
  return String(value)
}

/** Opens the first sheet that holds anything. Below 64 MB unpacked; above, it advises CSV. */
export async function openWorkbook(file: string, limits = workbookLimits, name = file): Promise<Source> {
  await guardWorkbook(file, limits, name)
  let sheets: Awaited<ReturnType<typeof readWorkbook>>
  try {
    sheets = await readWorkbook(await readFile(file))
  } catch (error) {
    throw new ImportProblem('workbook_broken', { file: name, detail: 'unreadable' }, { cause: error })
  }
  let table: SourceRow[] = []
  let sheetName: string | undefined
  for (const sheet of sheets) {
    sheetName = sheet.sheet
    table = sheet.data.map((cells, at) => ({ line: at + 1, cells: (cells as unknown[]).map(cellText) }))
    if (table.some((row) => !isBlank(row.cells))) break
  }
  const headerAt = table.findIndex((row) => !isBlank(row.cells))
  const headers = headerAt === -1 ? [] : [...table[headerAt]!.cells]
  while (headers.length > 0 && headers.at(-1)!.trim() === '') headers.pop()

  async function* rows(): AsyncGenerator<SourceRow[]> {
    for (let start = headerAt + 1; start < table.length && headerAt !== -1; start += rowsPerBatch)
      yield table.slice(start, start + rowsPerBatch).map(({ line, cells }) => {
        const fitted = headers.map((_, at) => cells[at] ?? '')
        const surplus = cells.slice(headers.length)
        return isBlank(surplus)
          ? { line, cells: fitted }
          : { line, cells, problem: raggedProblem(cells.length, headers.length) }
      })
  }
  return {
    headers,
    delimiter: ';',
    encoding: 'workbook',
    headerLine: headerAt + 1,
    ...(sheetName === undefined ? {} : { sheet: sheetName }),
    rows: rows(),
  }
}
