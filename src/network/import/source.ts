import type { Encoding } from './encoding.ts'
import { inEnglish, type SaidParams, type SentenceCode } from './sentences/index.ts'

export interface RowProblem {
  code: SentenceCode
  params?: SaidParams
  /** In English. */
  message: string
}

export interface SourceRow {
  /** The line of the file (or the row of the sheet) it begins on, from 1. */
  line: number
  cells: string[]
  /** Why it cannot be read as a row of this table. */
  problem?: RowProblem
}

/** A table being read: its headers, then its rows a few at a time. */
export interface Source {
  headers: string[]
  /** The delimiter of its rows; for a workbook the one rejects are written with. */
  delimiter: string
  encoding: Encoding | 'workbook'
  /** The line of the file, or the row of the sheet, that the headers stand on. */
  headerLine?: number
  /** Of a workbook. */
  sheet?: string
  rows: AsyncIterable<SourceRow[]>
}

export const rowProblem = (code: SentenceCode, params?: SaidParams): RowProblem => ({
  code,
  ...(params ? { params } : {}),
  message: inEnglish(code, params),
})

/** A row with more or fewer cells than the header has columns, named by what is likely wrong. */
export const raggedProblem = (cells: number, columns: number): RowProblem =>
  rowProblem('ragged_row', { cells, columns })

export const isBlank = (cells: readonly string[]): boolean => cells.every((cell) => cell.trim() === '')
