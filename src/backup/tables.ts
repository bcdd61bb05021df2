import { type Column, getTableColumns, getTableName, is, Table } from 'drizzle-orm'
import { type PgTable, getTableConfig as postgresConfig } from 'drizzle-orm/pg-core'
import { type SQLiteTable, getTableConfig as sqliteConfig } from 'drizzle-orm/sqlite-core'
import { dialect } from '../db/index.ts'
import * as schema from '../db/schema.ts'

export interface StoredTable {
  name: string
  table: Table
  columns: Readonly<Record<string, Column>>
  /** The columns of the primary key, in its order: what pages go on from. */
  key: readonly { name: string; column: Column }[]
}

interface Described {
  primaryKeys: readonly { columns: readonly Column[] }[]
  foreignKeys: readonly { reference(): { foreignTable: Table } }[]
}

const describe = (table: Table): Described =>
  dialect === 'postgres' ? postgresConfig(table as PgTable) : sqliteConfig(table as SQLiteTable)

function stored(table: Table): StoredTable {
  const columns = getTableColumns(table)
  const [composite] = describe(table).primaryKeys
  const keyColumns = composite?.columns ?? Object.values(columns).filter((column) => column.primary)
  const key = keyColumns.map((column) => {
    const found = Object.entries(columns).find(([, candidate]) => candidate.name === column.name)
    if (!found) throw new Error(`${getTableName(table)} has no column ${column.name}.`)
    return { name: found[0], column: found[1] }
  })
  if (key.length === 0) throw new Error(`${getTableName(table)} has no primary key to page by.`)
  return { name: getTableName(table), table, columns, key }
}

/** Every table of the schema, each after those its foreign keys point to, so that rows can be put back in order. */
export function tablesInOrder(): StoredTable[] {
  const all = Object.values(schema as Record<string, unknown>).filter((candidate): candidate is Table =>
    is(candidate, Table),
  )
  const ordered = new Set<Table>()
  const visit = (table: Table, path: readonly Table[]) => {
    if (ordered.has(table)) return
    if (path.includes(table)) throw new Error(`${getTableName(table)} points to itself by way of other tables.`)
    for (const { reference } of describe(table).foreignKeys) {
      const { foreignTable } = reference()
      if (foreignTable !== table) visit(foreignTable, [...path, table])
    }
    ordered.add(table)
  }
  for (const table of all) visit(table, [])
  return [...ordered].map(stored)
}
