import { type Column, type SQL, sql } from 'drizzle-orm'
import { dialect } from './dialect.ts'

/**
 * `column in (values)` with the values as one parameter: the statement is then the same text however many there are,
 * prepared once, and costs nothing to build. For columns of text. An empty list matches nothing.
 */
export function oneOf(column: Column, values: readonly string[] | ReturnType<typeof sql.placeholder>): SQL {
  const list = sql.param(values, asOneParameter)
  return dialect === 'postgres'
    ? sql`${column} = any(${list}::text[])`
    : sql`${column} in (select value from json_each(${list}))`
}

/** A list of texts as the databases take it whole. */
export const asOneParameter = {
  mapToDriverValue: (values: unknown) => (dialect === 'postgres' ? values : JSON.stringify(values)) as string,
}
