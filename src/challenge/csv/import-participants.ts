import type { Db } from '../../db/index.ts'
import type { Challenge } from '../challenge.ts'
import { register } from '../register.ts'
import { calledIn, pagesOf, subjectsIn } from './subjects.ts'
import { addUp, type CsvSummary, emptySummary, readTable } from './table.ts'

/** Registers everybody a file names; who is in already stays as they are, and who may not is told with the reason. */
export async function importParticipants(
  db: Db,
  challenge: Challenge,
  file: Uint8Array,
  { by, at }: { by: string; at: Date },
): Promise<CsvSummary> {
  const summary = emptySummary()
  const table = readTable(file, [['person', 'site']])
  if ('missing' in table) return { ...summary, rejected: [{ line: 1, code: 'no_columns', value: table.missing }] }
  for (const page of pagesOf(table.rows)) {
    const written = await db.transaction(async (tx) => {
      const summary = emptySummary()
      const find = await subjectsIn(tx, challenge.networkId, page)
      for (const row of page) {
        summary.read++
        const found = find(row)
        if (!found) {
          summary.rejected.push({ line: row.line, code: 'unknown_person', value: calledIn(row) })
          continue
        }
        const done = await register(tx, challenge, { subject: found.subject, way: 'csv', by, hasAgreed: false, at })
        if (done.outcome === 'refused') summary.rejected.push({ line: row.line, code: 'refused', value: done.code })
        else if (done.outcome === 'registered') summary.fresh++
        else summary.unchanged++
      }
      return summary
    })
    addUp(summary, written)
  }
  return summary
}
