import { type Column, getTableColumns, type Table } from 'drizzle-orm'
import { type PgTable, getTableConfig as postgresConfig } from 'drizzle-orm/pg-core'
import { type SQLiteTable, getTableConfig as sqliteConfig } from 'drizzle-orm/sqlite-core'
import { tablesInOrder } from '../../src/backup/tables.ts'
import { type Db, dialect } from '../../src/db/index.ts'

type Row = Record<string, unknown>

const referencesOf = (table: Table) => {
  const { foreignKeys } =
    dialect === 'postgres' ? postgresConfig(table as PgTable) : sqliteConfig(table as unknown as SQLiteTable)
  return foreignKeys.map((key) => key.reference())
}

function anything(column: Column, mark: string): unknown {
  if (column.enumValues?.length) return column.enumValues[0]
  switch (column.dataType) {
    case 'string':
      return `${mark}-${column.name}`
    case 'number':
      return 1
    case 'boolean':
      return false
    case 'date':
      return new Date('2026-11-16T08:00:00Z')
    case 'json':
      return {}
    default:
      return column.getSQLType() === 'bytea' || column.getSQLType() === 'blob'
        ? new Uint8Array([1])
        : `${mark}-${column.name}`
  }
}

/**
 * One row in every table that belongs to networks, for one network, made from what the schema says of each column:
 * a table that is added is filled by itself. Users are made on the way. Returns the tables' names.
 */
export async function rowInEveryTable(db: Db, network: Row & { id: string }): Promise<string[]> {
  const mark = `of-${network.name}`
  const rows = new Map<Table, Row>()
  const filled: string[] = []
  for (const { table, name } of tablesInOrder()) {
    const columns = getTableColumns(table)
    const isOfNetwork = 'networkId' in columns
    if (name === 'networks') {
      rows.set(table, network)
      continue
    }
    if (!isOfNetwork && name !== 'users') continue
    const row: Row = {}
    const keyOf = (of: Table, column: Column) =>
      Object.entries(getTableColumns(of)).find(([, candidate]) => candidate.name === column.name)?.[0] ?? ''
    for (const [key, column] of Object.entries(columns))
      if (column.notNull && column.default === undefined && !column.defaultFn) row[key] = anything(column, mark)
    if (isOfNetwork) row.networkId = network.id
    for (const { columns: own, foreignTable, foreignColumns } of referencesOf(table))
      own.forEach((column, position) => {
        row[keyOf(table, column)] = rows.get(foreignTable)?.[keyOf(foreignTable, foreignColumns[position]!)]
      })
    if ('id' in columns && typeof row.id !== 'string') row.id = `${mark}-${name}`
    // Far from where the chain stands, which begins at 1.
    if (name === 'audit_entries') row.seq = 1_000_000 + Number(network.number)
    await db.insertRows(table as PgTable, [row] as never)
    rows.set(table, row)
    if (isOfNetwork) filled.push(name)
  }
  return filled
}
