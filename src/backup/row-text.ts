import type { Column } from 'drizzle-orm'

type Row = Record<string, unknown>

/** A row as JSON says it: instants in ISO 8601, bytes in base64; the schema says which is which on the way back. */
export function rowToJson(columns: Readonly<Record<string, Column>>, row: Row): Row {
  const text: Row = {}
  for (const name of Object.keys(columns)) {
    const value = row[name]
    if (value === null || value === undefined) continue
    if (value instanceof Date) text[name] = value.toISOString()
    else if (value instanceof Uint8Array) text[name] = Buffer.from(value).toString('base64')
    else text[name] = value
  }
  return text
}

const isBytes = (column: Column): boolean => ['bytea', 'blob'].includes(column.getSQLType())

/** @throws when the row has a column this schema does not: a newer version wrote it. */
export function rowFromJson(columns: Readonly<Record<string, Column>>, text: Row): Row {
  const row: Row = {}
  for (const [name, value] of Object.entries(text)) {
    const column = columns[name]
    if (!column) throw new Error(`there is no column ${name}; a newer Relais wrote this file`)
    if (column.dataType === 'date') row[name] = new Date(String(value))
    else if (isBytes(column)) row[name] = new Uint8Array(Buffer.from(String(value), 'base64'))
    else row[name] = value
  }
  return row
}
