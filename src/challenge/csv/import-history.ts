import type { Db } from '../../db/index.ts'
import { pastResults } from '../../db/schema.ts'
import { subjectKeyOf } from '../participants.ts'
import { calledIn, pagesOf, subjectsIn } from './subjects.ts'
import { type CsvSummary, dayOf, emptySummary, readTable, wholeOf } from './table.ts'

const monthOf = (text: string): string | undefined =>
  /^\d{4}-(0[1-9]|1[0-2])$/.test(text) ? text : dayOf(text)?.slice(0, 7)

/**
 * Keeps what was done before, by month; lines of the same person, measure and month add up within a file, and the file
 * replaces what was known of that month.
 */
export async function importHistory(
  db: Db,
  networkId: string,
  file: Uint8Array,
  { at }: { at: Date },
): Promise<CsvSummary> {
  const summary = emptySummary()
  const table = readTable(file, [['person', 'site'], ['quantity'], ['month', 'date'], ['measure']])
  if ('missing' in table) return { ...summary, rejected: [{ line: 1, code: 'no_columns', value: table.missing }] }
  const sums = new Map<string, typeof pastResults.$inferInsert>()
  for (const page of pagesOf(table.rows)) {
    const find = await subjectsIn(db, networkId, page)
    for (const row of page) {
      summary.read++
      const found = find(row)
      const quantity = wholeOf(row.cell('quantity'))
      const month = monthOf(row.cell('month') || row.cell('date'))
      if (!found) summary.rejected.push({ line: row.line, code: 'unknown_person', value: calledIn(row) })
      else if (quantity === undefined)
        summary.rejected.push({ line: row.line, code: 'bad_number', value: row.cell('quantity') })
      else if (month === undefined)
        summary.rejected.push({ line: row.line, code: 'bad_month', value: row.cell('month') || row.cell('date') })
      else {
        const measure = row.cell('measure').toLowerCase()
        const subjectKey = subjectKeyOf(found.subject)
        const key = `${subjectKey} ${measure} ${month}`
        const before = sums.get(key)?.quantity ?? 0
        sums.set(key, { networkId, subjectKey, measure, month, quantity: before + quantity, updatedAt: at })
        summary.fresh++
      }
    }
  }
  for (const page of pagesOf([...sums.values()]))
    await db.transaction(async (tx) => {
      for (const row of page)
        await tx
          .insert(pastResults)
          .values(row)
          .onConflictDoUpdate({
            target: [pastResults.networkId, pastResults.subjectKey, pastResults.measure, pastResults.month],
            set: { quantity: row.quantity, updatedAt: at },
          })
    })
  return summary
}
