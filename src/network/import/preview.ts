import type { Encoding } from './encoding.ts'
import type { Said } from './sentences/index.ts'
import type { Source, SourceRow } from './source.ts'
import type { ImportSummary } from './summary.ts'
import type { ImportWarning, Rejection, Tally } from './tally.ts'

/** The opening of a file, enough to see how it is read. */
export interface Sample {
  kind: 'text' | 'workbook'
  encoding: Encoding | 'workbook'
  delimiter: string
  size: number
  headerLine: number
  sheet?: string
  headers: string[]
  rows: SourceRow[]
}

/** What importing a file does, or would do. */
export type Figures = Pick<
  ImportSummary,
  | 'read'
  | 'blank'
  | 'created'
  | 'updated'
  | 'unchanged'
  | 'rejected'
  | 'warnings'
  | 'sites'
  | 'previouslyOptedOut'
  | 'deactivated'
  | 'remarks'
> & {
  warningsByCode: Record<string, Tally<ImportWarning>>
  rejections: Record<string, Tally<Rejection>>
}

/** What a look at a file leaves: as much of it as could be read. */
export interface LookResult {
  sample?: Sample
  figures?: Figures
  /** Why it cannot be imported as it is. */
  problem?: Said
  /** The file itself must change: no mapping would help. */
  isHopeless?: boolean
}

const sampleRows = 20
const longestCell = 200
/** Of each kind of problem so many are kept for the page; all are counted, and rejects are in their file. */
const keptOfEach = 20

export async function sampleOf(source: Source, kind: Sample['kind'], size: number): Promise<Sample> {
  const rows: SourceRow[] = []
  for await (const batch of source.rows) {
    for (const row of batch) {
      if (rows.length === sampleRows) break
      if (row.cells.some((cell) => cell.trim() !== ''))
        rows.push({ ...row, cells: row.cells.map((cell) => cell.slice(0, longestCell)) })
    }
    if (rows.length === sampleRows) break
  }
  return {
    kind,
    size,
    rows,
    encoding: source.encoding,
    delimiter: source.delimiter,
    headerLine: source.headerLine ?? 1,
    ...(source.sheet === undefined ? {} : { sheet: source.sheet }),
    headers: source.headers.map((header) => header.slice(0, longestCell)),
  }
}

const firstOf = <T>(byCode: Record<string, Tally<T>>): Record<string, Tally<T>> =>
  Object.fromEntries(
    Object.entries(byCode).map(([code, { count, first }]) => [code, { count, first: first.slice(0, keptOfEach) }]),
  )

export function figuresOf(summary: ImportSummary): Figures {
  const { read, blank, created, updated, unchanged, rejected, warnings, sites } = summary
  const { previouslyOptedOut, deactivated, remarks, warningsByCode, rejections } = summary
  return {
    ...{
      read,
      blank,
      created,
      updated,
      unchanged,
      rejected,
      warnings,
      sites,
      previouslyOptedOut,
      deactivated,
      remarks,
    },
    warningsByCode: firstOf(warningsByCode),
    rejections: firstOf(rejections),
  }
}
