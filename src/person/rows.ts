import { and, eq, isNull, or, type SQL, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import { type StoredTable, tablesInOrder } from '../backup/tables.ts'
import type { Tx } from '../db/index.ts'
import { addresses } from '../db/schema.ts'
import { ownAddressIds, type PersonSubject } from './subject.ts'
import type { PersonTableName } from './tables.ts'

/** The most rows read or changed at once. */
export const personPage = 500

/** A row's primary key, in its order. */
export type RowKey = (string | number)[]

export function storedTable(name: PersonTableName): StoredTable {
  const found = tablesInOrder().find((table) => table.name === name)
  if (!found) throw new Error(`There is no table ${name}.`)
  return found
}

/** Of this network; what came in and could not be told whose is in none. */
export const inNetwork = ({ name, columns }: StoredTable, networkId: string): SQL | undefined =>
  name === 'inbound_events'
    ? or(eq(columns.networkId!, networkId), isNull(columns.networkId!))
    : eq(columns.networkId!, networkId)

const keyOf = ({ key }: StoredTable): SQL =>
  sql`(${sql.join(
    key.map(({ column }) => sql`${column}`),
    sql`, `,
  )})`

const tuple = (key: RowKey): SQL =>
  sql`(${sql.join(
    key.map((part) => sql`${part}`),
    sql`, `,
  )})`

/** Rows of a table up to `to`, which is the last of a page, after `from`, which was the last of the page before. */
export const between = (table: StoredTable, from: RowKey | undefined, to: RowKey): SQL =>
  sql`${from ? sql`${keyOf(table)} > ${tuple(from)} and ` : sql``}${keyOf(table)} <= ${tuple(to)}`

/** The next page of rows in the order of their key. */
export async function rowsAfter(
  tx: Tx,
  table: StoredTable,
  where: SQL | undefined,
  after: RowKey | undefined,
): Promise<Record<string, unknown>[]> {
  return tx
    .select()
    .from(table.table as PgTable)
    .where(and(where, after ? sql`${keyOf(table)} > ${tuple(after)}` : undefined))
    .orderBy(...table.key.map(({ column }) => sql`${column}`))
    .limit(personPage)
}

export const keyIn = ({ key }: StoredTable, row: Record<string, unknown>): RowKey =>
  key.map(({ name }) => row[name] as string | number)

/** The person as the tables are asked about them; their own values are read anew each time and never written down. */
export async function personSubject(tx: Tx, networkId: string, contactId: string): Promise<PersonSubject> {
  const person = { networkId, contactId, ownValues: [] }
  const own = await tx
    .select({ normalised: addresses.normalised, kind: addresses.kind })
    .from(addresses)
    .where(and(eq(addresses.networkId, networkId), sql`${addresses.id} in (${ownAddressIds(person)})`))
  // A postal address is written in many ways and is that of an outlet: only what is a name of its own is looked for.
  const ownValues = own.flatMap(({ kind, normalised }) => (kind === 'postal' || !normalised ? [] : [normalised]))
  return { ...person, ownValues }
}
