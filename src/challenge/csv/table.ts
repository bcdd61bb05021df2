import { parse } from 'csv-parse/sync'
import { sniffDelimiter } from '../../network/import/delimiter.ts'

/** Bytes of a file of participants or results at most; larger ones are cut in two. */
export const largestFile = 5 * 1024 * 1024

/** Why a line was not taken; `value` is what stands there. */
export interface Rejected {
  line: number
  code: 'no_columns' | 'unknown_person' | 'not_registered' | 'bad_number' | 'bad_date' | 'bad_month' | 'refused'
  value: string
}

export interface CsvSummary {
  read: number
  fresh: number
  corrected: number
  unchanged: number
  /** Taken, and held for a person. */
  held: number
  rejected: Rejected[]
}

export const emptySummary = (): CsvSummary => ({ read: 0, fresh: 0, corrected: 0, unchanged: 0, held: 0, rejected: [] })

/** Adds to a file's summary what became of a page of it, once that is written. */
export function addUp(summary: CsvSummary, page: CsvSummary): void {
  for (const name of ['read', 'fresh', 'corrected', 'unchanged', 'held'] as const) summary[name] += page[name]
  summary.rejected.push(...page.rejected)
}

/** What a column may be called, in French and English, as it is looked for. */
const names = {
  person: ['identifiant', 'id', 'personne', 'contact', 'person'],
  site: ['site', 'code site', 'agence', 'outlet'],
  criterion: ['critere', 'criterion', 'produit', 'product'],
  quantity: ['quantite', 'quantity', 'nombre', 'qte', 'number'],
  date: ['date', 'jour', 'day'],
  reference: ['reference', 'facture', 'commande', 'invoice', 'order'],
  measure: ['mesure', 'measure', 'critere', 'criterion'],
  month: ['mois', 'month'],
} as const
export type ColumnName = keyof typeof names

export interface CsvRow {
  line: number
  cell(column: ColumnName): string
}

const folded = (text: string) =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()

/** UTF-8 where it is, else as Excel writes it on Windows. */
function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

/**
 * Reads a small table with a line of headers, whichever sign parts its cells. Blank lines are passed over. The columns
 * that are missing are named instead of rows; each group needs one.
 */
export function readTable(
  bytes: Uint8Array,
  needed: readonly (readonly ColumnName[])[],
): { rows: CsvRow[] } | { missing: string } {
  const text = textOf(bytes).replace(/^\ufeff/, '')
  const delimiter = sniffDelimiter(text.split(/\r\n|\n|\r/).slice(0, 30))
  const options = {
    delimiter,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    info: true,
  } as const
  const records = parse(text, options) as unknown as { record: string[]; info: { lines: number } }[]
  const heads = (records[0]?.record ?? []).map(folded)
  const at = (column: ColumnName) => heads.findIndex((head) => (names[column] as readonly string[]).includes(head))
  const missing = needed.find((group) => group.every((column) => at(column) < 0))
  if (missing) return { missing: missing.map((column) => names[column][0]).join(' / ') }
  return {
    rows: records.slice(1).flatMap(({ record, info }) => {
      if (record.every((cell) => cell.trim() === '')) return []
      return [{ line: info.lines, cell: (column: ColumnName) => (record[at(column)] ?? '').trim() }]
    }),
  }
}

/** 2027-01-31 or 31/01/2027 as YYYY-MM-DD; undefined for anything else. */
export function dayOf(text: string): string | undefined {
  const [, day, month, year] = /^(\d{1,2})[/.](\d{1,2})[/.](\d{4})$/.exec(text) ?? []
  const iso = year === undefined ? text.slice(0, 10) : `${year}-${month!.padStart(2, '0')}-${day!.padStart(2, '0')}`
  if (!/^\d{4}-\d{2}-\d{2}$/.test(iso)) return undefined
  const at = new Date(`${iso}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(iso) ? iso : undefined
}

/** A whole number, also with spaces between thousands. */
export function wholeOf(text: string): number | undefined {
  const typed = text.replace(/[\s\u00a0\u202f]/g, '').replace(/[.,]0+$/, '')
  return /^\d{1,9}$/.test(typed) ? Number(typed) : undefined
}
