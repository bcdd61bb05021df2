import type { Encoding } from './encoding.ts'
import type { Said } from './sentences/index.ts'
import type { ImportWarning, Rejection, Tally } from './tally.ts'

/** What an import did; read = blank + created + updated + unchanged + rejected. */
export interface ImportSummary {
  read: number
  blank: number
  created: number
  updated: number
  /** Rows that changed nothing, exact repeats among them. */
  unchanged: number
  rejected: number
  warnings: number
  sites: { created: number; updated: number; unchanged: number }
  /** The rejected rows as they came, with the reason in front. */
  rejectsFile?: string
  /** Header to meaning, as `--map` takes it. */
  mapping: Record<string, string>
  /** Rows of people who had opted out or were erased: what they refused stayed refused. Counted above too. */
  previouslyOptedOut: number
  /** Contacts switched off because the file no longer has them (`--absent deactivate`). */
  deactivated: number
  warningsByCode: Record<string, Tally<ImportWarning>>
  rejections: Record<string, Tally<Rejection>>
  /** What the operator should know or may do next. */
  remarks: Said[]
  /** The same in English, a sentence each. */
  notes: string[]
  isDryRun: boolean
  encoding: Encoding | 'workbook'
  delimiter: string
  /** Absent for a dry run. */
  importId?: string
}
