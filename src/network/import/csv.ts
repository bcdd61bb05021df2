import { createReadStream } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { type Delimiter, sniffDelimiter } from './delimiter.ts'
import type { Encoding } from './encoding.ts'
import { ImportProblem } from './problem.ts'
import { recordAssembler, type TextRecord } from './records.ts'
import { isBlank, raggedProblem, rowProblem, type Source, type SourceRow } from './source.ts'

const longestLine = 1024 * 1024
const sniffedLines = 30
const rowsPerBatch = 500
const delimiterHint = /^\ufeff?sep=(.)$/i

async function* linesOf(file: string, encoding: Encoding, name: string): AsyncGenerator<string[]> {
  const decoder = new TextDecoder(encoding)
  let rest = ''
  for await (const chunk of createReadStream(file, { highWaterMark: 64 * 1024 }) as AsyncIterable<Buffer>) {
    let text = rest + decoder.decode(chunk, { stream: true })
    // A carriage return at the very end may be half of a line ending.
    const isSplit = text.endsWith('\r')
    if (isSplit) text = text.slice(0, -1)
    const lines = text.split(/\r\n|\n|\r/)
    rest = (lines.pop() as string) + (isSplit ? '\r' : '')
    if (rest.length > longestLine) throw new ImportProblem('file_not_a_table', { file: name })
    if (lines.length > 0) yield lines
  }
  const last = (rest + decoder.decode()).split(/\r\n|\n|\r/)
  if (last.at(-1) === '') last.pop()
  if (last.length > 0) yield last
}

const cellOptions = { relax_column_count: true, relax_quotes: true, record_delimiter: '\n' }

function plainCells(text: string, delimiter: string): string[] {
  return (parse(text, { ...cellOptions, delimiter, quote: false }) as string[][])[0] ?? ['']
}

/** The cells of several records in one go, since csv-parse costs most when it starts. */
function cellsOf(records: readonly TextRecord[], delimiter: string): string[][] {
  const cells: string[][] = new Array(records.length)
  const sound: number[] = []
  records.forEach((record, place) => {
    if (record.brokenQuote) cells[place] = plainCells(record.text, delimiter)
    else if (record.text === '') cells[place] = ['']
    else sound.push(place)
  })
  const parsed = parse(sound.map((place) => records[place]!.text).join('\n'), {
    ...cellOptions,
    delimiter,
  }) as string[][]
  if (parsed.length !== sound.length)
    throw new Error(`csv-parse found ${parsed.length} rows where there are ${sound.length}.`)
  sound.forEach((place, row) => {
    cells[place] = parsed[row]!
  })
  return cells
}

function toRow(record: TextRecord, cells: string[], columns: number): SourceRow {
  const row: SourceRow = { line: record.line, cells }
  if (record.brokenQuote === 'unclosed') row.problem = rowProblem('unclosed_quote')
  else if (record.brokenQuote === 'stray') row.problem = rowProblem('stray_quote')
  else if (cells.length !== columns && !isBlank(cells)) row.problem = raggedProblem(cells.length, columns)
  return row
}

async function* batches(file: string, encoding: Encoding, name: string) {
  let line = 1
  for await (const lines of linesOf(file, encoding, name)) {
    yield { firstLine: line, lines }
    line += lines.length
  }
}

/**
 * Opens a text table and reads it in constant memory, whatever its size: delimiter by its first lines, header,
 * then rows with the line they stand on. Line endings may be mixed. An empty file has no headers.
 */
export async function openCsv(file: string, encoding: Encoding, name = file): Promise<Source> {
  const input = batches(file, encoding, name)
  const opening: { line: number; text: string }[] = []
  while (opening.length < sniffedLines) {
    const next = await input.next()
    if (next.done) break
    next.value.lines.forEach((text, at) => {
      opening.push({ line: next.value.firstLine + at, text })
    })
  }
  const hint = delimiterHint.exec(opening[0]?.text ?? '')
  if (hint) opening.shift()
  const delimiter = (hint?.[1] ?? sniffDelimiter(opening.slice(0, sniffedLines).map(({ text }) => text))) as Delimiter

  let ready: TextRecord[] = []
  const assembler = recordAssembler(delimiter, (record) => ready.push(record))
  while (opening[0] && opening[0].text.trim() === '') opening.shift()
  // The header may itself hold line breaks, so it is whatever record comes first.
  let headers: string[] = []
  while (opening.length > 0 && ready.length === 0) {
    const { text, line } = opening.shift()!
    assembler.push(text, line)
  }
  if (ready.length === 0) assembler.end()
  const header = ready.shift()
  if (header) {
    headers = cellsOf([header], delimiter)[0] as string[]
    assembler.expectColumns(headers.length)
  }

  async function* rows(): AsyncGenerator<SourceRow[]> {
    const take = (records: TextRecord[]) => {
      const cells = cellsOf(records, delimiter)
      return records.map((record, at) => toRow(record, cells[at]!, headers.length))
    }
    for (const { text, line } of opening.splice(0)) assembler.push(text, line)
    for await (const { firstLine, lines } of input) {
      for (let at = 0; at < lines.length; at++) assembler.push(lines[at]!, firstLine + at)
      while (ready.length >= rowsPerBatch) {
        const batch = ready.slice(0, rowsPerBatch)
        ready = ready.slice(rowsPerBatch)
        yield take(batch)
      }
    }
    assembler.end()
    for (let start = 0; start < ready.length; start += rowsPerBatch)
      yield take(ready.slice(start, start + rowsPerBatch))
    ready = []
  }
  return { headers, delimiter, encoding, headerLine: header?.line ?? 1, rows: rows() }
}
