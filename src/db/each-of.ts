import { type SQL, sql } from 'drizzle-orm'
import { dialect } from './dialect.ts'
import { asOneParameter } from './one-of.ts'

/**
 * The texts as rows to be selected from, in their order, each under the name `value`: the list is one parameter, so
 * that the statement is the same text however many there are.
 */
export function eachOf(values: readonly string[] | ReturnType<typeof sql.placeholder>): SQL {
  const list = sql.param(values, asOneParameter)
  return dialect === 'postgres' ? sql`unnest(${list}::text[]) as each_of(value)` : sql`json_each(${list}) as each_of`
}
