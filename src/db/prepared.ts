import type { Tx } from './types.ts'

/** A drizzle query that gives rows: a select, or a write with `returning`. */
interface Query<Row> extends PromiseLike<Row[]> {
  prepare(name: string): { execute(values: Record<string, unknown>): unknown }
}

let made = 0

/**
 * A query built once per connection and prepared by the database, for what runs at every page, message or event:
 * building the same query anew costs more than running it. Its values are `sql.placeholder('name')`, lists go
 * through `oneOf`, and what is not text or a number through `sql.param(sql.placeholder('name'), column)`. Nothing
 * else about it may depend on the values.
 *
 *     const siteOf = prepared((tx) => tx.select().from(sites).where(eq(sites.id, sql.placeholder('id'))))
 *     const [site] = await siteOf(tx, { id })
 */
export function prepared<Row>(
  build: (tx: Tx) => Query<Row>,
): (tx: Tx, values: Record<string, unknown>) => Promise<Row[]> {
  const name = `relais_${++made}`
  const known = new WeakMap<Tx, ReturnType<Query<Row>['prepare']>>()
  return async (tx, values) => {
    let query = known.get(tx)
    if (!query) {
      query = build(tx).prepare(name)
      known.set(tx, query)
    }
    return (await query.execute(values)) as Row[]
  }
}
