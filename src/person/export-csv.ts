import { safeCell } from '../network/import/rejects.ts'
import type { PersonExport } from './export.ts'

const header = ['table', 'row', 'field', 'value']

/**
 * An export as one table a spreadsheet opens: a line for each field of each row, then the story with its reasons.
 * UTF-8 with a byte order mark and semicolons, as a French Excel expects; no cell is run as a formula (OWASP, CSV
 * Injection).
 */
export function exportCsv({ tables, story }: PersonExport): string {
  const lines: string[][] = [header]
  const add = (table: string, rows: readonly object[]) => {
    for (const [index, row] of rows.entries())
      for (const [field, value] of Object.entries(row))
        if (value !== '') lines.push([table, String(index + 1), field, textOf(value)])
  }
  add('story', story)
  for (const [table, rows] of Object.entries(tables)) if (table !== 'rendered_contents') add(table, rows)
  return `\ufeff${lines.map((cells) => cells.map((cell) => safeCell(cell, ';')).join(';')).join('\r\n')}\r\n`
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
