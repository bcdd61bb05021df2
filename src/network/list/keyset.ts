import { asc, type Column, desc, type SQL, sql } from 'drizzle-orm'
import type { Direction, Key } from './walk.ts'

/** The rows after a key, in the order of these columns: a row value, which both databases look up in an index. */
export function afterKey(columns: readonly Column[], key: Key | undefined, direction: Direction): SQL | undefined {
  if (!key) return undefined
  const left = sql.join([...columns], sql`, `)
  const right = sql.join(
    columns.map((column, at) => sql.param(key[at] ?? '', column)),
    sql`, `,
  )
  return direction === 'up' ? sql`(${left}) > (${right})` : sql`(${left}) < (${right})`
}

export const inOrder = (columns: readonly Column[], direction: Direction): SQL[] =>
  columns.map((column) => (direction === 'up' ? asc(column) : desc(column)))
