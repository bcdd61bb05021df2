import type { Language } from '../words.ts'
import { safeCell } from './safe-cell.ts'
import type { Cell, ExportColumn, ExportTable } from './table.ts'

/** Text gathered before it is handed on. */
const chunk = 64 * 1024

/** Excel takes the separator and the decimal sign of its own language, and UTF-8 only behind a byte order mark. */
const habits = { fr: { separator: ';', decimal: ',' }, en: { separator: ',', decimal: '.' } } as const

const mark = '\ufeff'

/**
 * A table as CSV (RFC 4180: CRLF, quotes doubled), for the Excel of whoever reads this language. Texts are safe
 * against formulas, see `safeCell`; instants are ISO 8601 in UTC.
 */
export async function* csvOf(table: ExportTable, language: Language): AsyncGenerator<Uint8Array> {
  const { separator, decimal } = habits[language]
  const encoder = new TextEncoder()
  const field = (cell: Cell, column: ExportColumn | undefined): string => {
    if (cell === null) return ''
    if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell).replace('.', decimal) : ''
    const text = cell instanceof Date ? cell.toISOString() : safeCell(cell, column?.kind)
    return /[",;\r\n\t]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text
  }
  const line = (cells: readonly Cell[], columns: readonly ExportColumn[]) =>
    `${cells.map((cell, at) => field(cell, columns[at])).join(separator)}\r\n`
  let text =
    mark +
    line(
      table.columns.map(({ head }) => head),
      [],
    )
  for await (const row of table.rows) {
    text += line(row, table.columns)
    if (text.length < chunk) continue
    yield encoder.encode(text)
    text = ''
  }
  yield encoder.encode(text)
}
