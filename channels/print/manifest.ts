import { addressRule } from './address.ts'

/** A line of the manifest: where a piece stands in its file, and where it goes. */
export interface ManifestRow {
  batch: string
  revision: number
  file: string
  seq: number
  pieceId: string
  firstPage: number
  lastPage: number
  sheets: number
  postcode: string
  country: string
  addressLines: readonly string[]
  contentSha256: string
}

const addressColumns = Array.from({ length: addressRule.linesAbroad }, (_, i) => `addr${i + 1}`)

export const manifestColumns = [
  'batch_id',
  'revision',
  'file',
  'seq',
  'piece_id',
  'first_page',
  'last_page',
  'pages',
  'sheets',
  'postcode',
  'country',
  ...addressColumns,
  'content_sha256',
] as const

export const manifestHeader = (): string => csvLine(manifestColumns)

export const manifestLine = (row: ManifestRow): string =>
  csvLine([
    row.batch,
    row.revision,
    row.file,
    row.seq,
    row.pieceId,
    row.firstPage,
    row.lastPage,
    row.lastPage - row.firstPage + 1,
    row.sheets,
    row.postcode,
    row.country,
    ...addressColumns.map((_, i) => row.addressLines[i] ?? ''),
    row.contentSha256,
  ])

/** RFC 4180 with `;`, as French spreadsheets read it. */
const csvLine = (cells: readonly (string | number)[]): string => `${cells.map(cell).join(';')}\r\n`

/** A cell that a spreadsheet would take for a formula is made text (OWASP, "CSV Injection"). */
function cell(value: string | number): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r\u0000]/.test(value) ? `'${value}` : String(value)
  return /[";\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
