import { Column, getTableColumns, getTableName, type Table } from 'drizzle-orm'

export interface RowColumn {
  key: string
  name: string
  sqlType: string
  /** The value as the driver wants it; a missing one takes the column's default. */
  encode(value: unknown): unknown
}

export interface RowTable {
  name: string
  columns: RowColumn[]
  byKey: Map<string, RowColumn>
}

const known = new WeakMap<Table, RowTable>()

const asItIs = Column.prototype.mapToDriverValue

const encoder = (column: Column): RowColumn['encode'] => {
  const isText = column.mapToDriverValue === asItIs
  const byDefault = column.defaultFn ?? (() => column.default)
  return (given) => {
    const value = given === undefined ? byDefault() : given
    if (value === undefined || value === null) return null
    return isText ? value : column.mapToDriverValue(value)
  }
}

/** A drizzle table as names and encoders, worked out once. */
export function rowTable(table: Table): RowTable {
  const cached = known.get(table)
  if (cached) return cached
  const columns = Object.entries(getTableColumns(table)).map(([key, column]) => ({
    key,
    name: `"${column.name}"`,
    sqlType: column.getSQLType(),
    encode: encoder(column),
  }))
  const made = {
    name: `"${getTableName(table)}"`,
    columns,
    byKey: new Map(columns.map((column) => [column.key, column])),
  }
  known.set(table, made)
  return made
}

/** The named columns of a table, in the order asked for. */
export const pick = (table: RowTable, keys: readonly string[]): RowColumn[] =>
  keys.map((key) => {
    const column = table.byKey.get(key)
    if (!column) throw new Error(`No column ${key} in ${table.name}.`)
    return column
  })

/** What a column must be already for its row to be written, as the driver wants it. */
export const guards = (
  table: RowTable,
  is: Readonly<Record<string, unknown>> = {},
): { column: RowColumn; value: unknown }[] =>
  pick(table, Object.keys(is)).map((column) => ({ column, value: column.encode(is[column.key]) }))
