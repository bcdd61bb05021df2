import type { Db } from '../../db/index.ts'
import type { Challenge } from '../challenge.ts'
import { holdParticipants, type Participant, participantOf, subjectKeyOf } from '../participants.ts'
import { recordResult, referenceKeyOf } from '../result.ts'
import { criteriaOf } from '../roles.ts'
import { calledIn, pagesOf, subjectsIn } from './subjects.ts'
import { addUp, type CsvRow, type CsvSummary, dayOf, emptySummary, readTable, wholeOf } from './table.ts'

interface Line {
  row: CsvRow
  participant: Participant
  criterion: string
  quantity: number
  doneOn: string
  reference: string
  sourceKey: string
  timezone: string
}

/**
 * Takes the results of a file. A line with a reference is known by it: the same again changes nothing, another
 * quantity or day corrects it. A line without is known by what it says and by how many such lines stood before it, so
 * that importing the file again changes nothing, while two sales on one day stay two.
 */
export async function importResults(
  db: Db,
  challenge: Challenge,
  file: Uint8Array,
  { by, at }: { by: string; at: Date },
): Promise<CsvSummary> {
  const summary = emptySummary()
  const table = readTable(file, [['person', 'site'], ['quantity'], ['date']])
  if ('missing' in table) return { ...summary, rejected: [{ line: 1, code: 'no_columns', value: table.missing }] }
  const alike = new Map<string, number>()
  for (const page of pagesOf(table.rows)) {
    const written = await db.transaction(async (tx) => {
      const summary = emptySummary()
      const alikeHere = new Map<string, number>()
      const find = await subjectsIn(tx, challenge.networkId, page)
      const lines: Line[] = []
      for (const row of page) {
        summary.read++
        const found = find(row)
        const reject = (code: CsvSummary['rejected'][number]['code'], value: string) =>
          summary.rejected.push({ line: row.line, code, value })
        const quantity = wholeOf(row.cell('quantity'))
        const doneOn = dayOf(row.cell('date'))
        if (!found) reject('unknown_person', calledIn(row))
        else if (quantity === undefined || quantity < 1) reject('bad_number', row.cell('quantity'))
        else if (doneOn === undefined) reject('bad_date', row.cell('date'))
        else {
          const participant = await participantOf(tx, challenge.networkId, challenge.id, found.subject)
          if (!participant) {
            reject('not_registered', calledIn(row))
            continue
          }
          // A file of one thing need not name it.
          const criterion = row.cell('criterion') || (criteriaOf(challenge.rules, participant.role)[0]?.name ?? '')
          const reference = row.cell('reference')
          const said = `${subjectKeyOf(found.subject)}:${criterion}:${doneOn}:${quantity}`
          const before = alikeHere.get(said) ?? alike.get(said) ?? 0
          if (reference === '') alikeHere.set(said, before + 1)
          const sourceKey = reference === '' ? `csv:${said}:${before}` : `csv:ref:${referenceKeyOf(reference)}`
          lines.push({ row, participant, criterion, quantity, doneOn, reference, sourceKey, timezone: found.timezone })
        }
      }
      // All of the page at once and in order: of two files, neither waits for the other's half.
      await holdParticipants(
        tx,
        challenge.networkId,
        lines.map(({ participant }) => participant.id),
        at,
      )
      for (const { row, participant, timezone, reference, ...line } of lines) {
        const told = { ...line, way: 'csv' as const, by, at, ...(reference === '' ? {} : { reference }) }
        const recorded = await recordResult(tx, challenge, participant, told, timezone)
        if (recorded.outcome === 'refused')
          summary.rejected.push({ line: row.line, code: 'refused', value: recorded.code })
        else if (recorded.outcome === 'known') summary.unchanged++
        else {
          if (recorded.outcome === 'new') summary.fresh++
          else summary.corrected++
          if (recorded.result.status === 'pending') summary.held++
        }
      }
      return { summary, alikeHere }
    })
    addUp(summary, written.summary)
    for (const [said, times] of written.alikeHere) alike.set(said, times)
  }
  return summary
}
