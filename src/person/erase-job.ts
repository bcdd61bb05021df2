import { and, type SQL } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { StoredTable } from '../backup/tables.ts'
import type { Tx } from '../db/index.ts'
import type { JobRun, JobWork } from '../job/job.ts'
import { between, inNetwork, keyIn, personSubject, type RowKey, rowsAfter, storedTable } from './rows.ts'
import type { PersonSubject } from './subject.ts'
import { type ErasureStep, type PersonTable, type PersonTableName, personTableNames, personTables } from './tables.ts'

/** Where an erasure has come to. */
interface Place {
  table: PersonTableName
  step: number
  after?: RowKey
}

/**
 * Goes through every table that can hold something of the person, a page of rows a transaction. Killed anywhere, it
 * goes on after the last page; each page done again changes nothing more. Its result is the certificate: rows erased
 * and rows kept without a name, by table.
 */
export const work: JobWork = async function* (context, network, run) {
  const { db } = context
  const person = await personSubject(db, network.id, String(run.payload.contactId))
  const before = run.payload.result as { erased?: Record<string, number> } | undefined
  const erased = { ...before?.erased }
  let place = run.cursor ? (JSON.parse(run.cursor) as Place) : undefined
  let { done } = run
  for (const name of personTableNames.slice(place ? personTableNames.indexOf(place.table) : 0)) {
    const { about, erasure }: PersonTable = personTables[name]
    const table = storedTable(name)
    for (const [index, step] of erasure.entries()) {
      if (place && place.table === name && index < place.step) continue
      let after: RowKey | undefined = place?.table === name && index === place.step ? place.after : undefined
      const where = and(inNetwork(table, network.id), (step.of ?? about)(person))
      for (;;) {
        const page = await db.transaction((tx) =>
          erasePage(tx, run, { table, name, index, step, where, after, person }),
        )
        if (!page) break
        erased[name] = (erased[name] ?? 0) + page.count
        done += page.count
        after = page.last
        yield
      }
    }
    place = undefined
  }
  const kept: Record<string, number> = {}
  for (const name of personTableNames) {
    const { about }: PersonTable = personTables[name]
    const table = storedTable(name)
    const count = await db.$count(table.table as PgTable, and(inNetwork(table, network.id), about(person)))
    if (count > 0) kept[name] = count
  }
  return { erased, kept }

  async function erasePage(tx: Tx, job: JobRun, page: PageToErase) {
    const rows = await rowsAfter(tx, page.table, page.where, page.after)
    const row = rows.at(-1)
    if (!row) return undefined
    const last = keyIn(page.table, row)
    await change(tx, page, last)
    const cursor: Place = { table: page.name, step: page.index, after: last }
    const result = { erased: { ...erased, [page.name]: (erased[page.name] ?? 0) + rows.length } }
    await job.checkpoint(tx, { cursor: JSON.stringify(cursor), done: done + rows.length, result })
    return { count: rows.length, last }
  }
}

interface PageToErase {
  table: StoredTable
  name: PersonTableName
  index: number
  step: ErasureStep
  where: SQL | undefined
  after: RowKey | undefined
  person: PersonSubject
}

async function change(tx: Tx, { table, step, where, after, person }: PageToErase, last: RowKey): Promise<void> {
  const these = and(where, between(table, after, last))
  const stored = table.table as PgTable
  if (step.do === 'delete') await tx.delete(stored).where(these)
  else await tx.update(stored).set(step.do(person)).where(these)
}
