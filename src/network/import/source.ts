import type { Encoding } from './encoding.ts'

export interface SourceRow {
  /** The line of the file (or the row of the sheet) it begins on, from 1. */
  line: number
  cells: string[]
  /** Why it cannot be read as a row of this table. */
  problem?: { code: string; message: string }
}

/** A table being read: its headers, then its rows a few at a time. */
export interface Source {
  headers: string[]
  /** The delimiter of its rows; for a workbook the one rejects are written with. */
  delimiter: string
  encoding: Encoding | 'workbook'
  rows: AsyncIterable<SourceRow[]>
}

/** A row with more or fewer cells than the header has columns, named by what is likely wrong. */
export function raggedProblem(cells: number, columns: number): SourceRow['problem'] {
  return {
    code: 'ragged_row',
    message:
      cells > columns
        ? `the row has ${cells} cells for ${columns} columns: put quotes around a cell that holds the delimiter`
        : `the row has ${cells} cells for ${columns} columns: a cell or a line break is lost`,
  }
}

export const isBlank = (cells: readonly string[]): boolean => cells.every((cell) => cell.trim() === '')
