import type { Column } from '../../../network/import/columns.ts'
import type { Sample } from '../../../network/import/preview.ts'
import { type ImportedRow, rowReader } from '../../../network/import/row.ts'
import type { Said } from '../../../network/import/sentences/index.ts'
import type { ImportWarning } from '../../../network/import/tally.ts'

export interface PreviewCell {
  /** As written in the file. */
  raw: string
  /** As it would be kept; undefined when nothing is. */
  value?: string | number | boolean | undefined
  problems: Said[]
}

export interface PreviewRow {
  line: number
  refused?: Said
  cells: PreviewCell[]
  /** What concerns no single column. */
  problems: Said[]
}

/** What a row gives for one meaning. */
function keptAs(row: ImportedRow, target: string): string | number | boolean | undefined {
  const [owner, field = '', attribute] = target.split('.')
  if (owner === 'consent') return row.wishes[field as keyof ImportedRow['wishes']]
  if (owner === 'tracking') return row.tracking[field as keyof ImportedRow['tracking']]
  if (attribute !== undefined)
    return owner === 'site' ? plain(row.siteAttributes[attribute]?.value) : row.attributes[attribute]
  if (target === 'site.code') return row.siteCode
  if (owner === 'site') return plain(row.site[field as keyof ImportedRow['site']]?.value)
  if (field === 'email') return row.email?.mailbox
  if (field === 'mobile') return row.phones.find((phone) => phone.kind === 'mobile')?.e164
  if (field === 'phone') return row.phones.find((phone) => phone.kind === 'phone')?.e164
  return row.contact[field as keyof ImportedRow['contact']]
}

/** Opening hours are shown as they were written: their form is for programs. */
const plain = (value: unknown): string | number | boolean | undefined =>
  typeof value === 'object' ? undefined : (value as string | number | boolean | undefined)

const saidOf = ({ code, params }: ImportWarning): Said => (params ? { code, params } : { code })

/** The first rows of a file as an import with these columns would read them; pure. */
export function readAs(sample: Sample, columns: readonly Column[], country: string): PreviewRow[] {
  const read = rowReader(columns, country)
  return sample.rows.map((source): PreviewRow => {
    const reading = read(source)
    if ('rejection' in reading) {
      const { code, params } = reading.rejection
      return {
        line: source.line,
        refused: params ? { code, params } : { code },
        cells: columns.map((column) => ({ raw: source.cells[column.index] ?? '', problems: [] })),
        problems: [],
      }
    }
    const { row } = reading
    return {
      line: source.line,
      cells: columns.map((column) => {
        const raw = source.cells[column.index] ?? ''
        const value = column.target === 'site.openingHours' && row.site.openingHours ? raw : keptAs(row, column.target)
        return { raw, value, problems: row.warnings.filter((each) => each.column === column.header).map(saidOf) }
      }),
      problems: row.warnings.filter((each) => each.column === '').map(saidOf),
    }
  })
}
