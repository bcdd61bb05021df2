import { AsyncLocalStorage } from 'node:async_hooks'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import pg from 'pg'
import { migrationsFolder, refuseNewer } from './migrations.ts'
import { mapRowsOf } from './row-mapper.ts'
import { guards, pick, type RowColumn, rowTable } from './rows.ts'
import { DatabaseMisuse, type Db, type RowWriter, type Tx } from './types.ts'

/** Rows of one statement: enough to forget its cost, few enough to build in memory. */
const rowsTogether = 1_000
const migrationLock = 7_327_011

/** One of two that waited for each other, or that cannot have come one after the other (postgresql.org, Appendix A). */
const beginAnew: ReadonlySet<unknown> = new Set(['40P01', '40001'])
/** The other one is let through first, so that a second meeting is rare already. */
const triesToCommit = 5

type Query = (sql: string, params: unknown[]) => Promise<{ rowCount: number | null }>

function* chunks<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < rows.length; start += rowsTogether) yield rows.slice(start, start + rowsTogether)
}

const typeName = ({ sqlType }: RowColumn) => sqlType.replace(/ collate .*$/, '')

/** The rows as one array per column: the statement is the same text however many there are. */
const unnest = (columns: readonly RowColumn[]) =>
  `unnest(${columns.map((column, index) => `$${index + 1}::${typeName(column)}[]`)})`

const arrays = (columns: readonly RowColumn[], rows: readonly Record<string, unknown>[]): unknown[][] =>
  columns.map(({ key, encode }) => rows.map((row) => encode(row[key])))

function rowWriter(query: Query): RowWriter {
  return {
    insertRows: async (table, rows, onConflict = 'fail') => {
      const { name, columns } = rowTable(table)
      const text =
        `insert into ${name} (${columns.map((column) => column.name)}) select * from ${unnest(columns)}` +
        (onConflict === 'ignore' ? ' on conflict do nothing' : '')
      let inserted = 0
      for (const chunk of chunks(rows as readonly Record<string, unknown>[]))
        inserted += (await query(text, arrays(columns, chunk))).rowCount ?? 0
      return inserted
    },
    updateRows: async (table, keys, rows) => {
      const described = rowTable(table)
      const set = pick(described, keys.set)
      const where = pick(described, keys.where)
      const order = [...set, ...where]
      const guard = guards(described, keys.is)
      const conditions = [
        ...where.map(({ name }) => `t.${name} = v.${name}`),
        ...guard.map(({ column }, index) => {
          const given = `$${order.length + index + 1}::${typeName(column)}`
          return `t.${column.name} is not distinct from ${given}`
        }),
      ]
      const text =
        `update ${described.name} as t set ${set.map((column) => `${column.name} = v.${column.name}`)}` +
        ` from ${unnest(order)} as v(${order.map((column) => column.name)})` +
        ` where ${conditions.join(' and ')}`
      const same = guard.map(({ value }) => value)
      let matched = 0
      for (const chunk of chunks(rows as readonly Record<string, unknown>[]))
        matched += (await query(text, [...arrays(order, chunk), ...same])).rowCount ?? 0
      return matched
    },
  }
}

/** The query builder wraps what the driver says. */
function isToBeginAnew(error: unknown): boolean {
  for (let one = error; one instanceof Error; one = one.cause)
    if (beginAnew.has((one as { code?: unknown }).code)) return true
  return false
}

export function openPostgres(url: string): Db {
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    // The checks behind foreign keys are planned once per connection; planned while the tables are empty they scan
    // them whole ever after, and a first import slows down with every row.
    options: '-c plan_cache_mode=force_custom_plan',
  })
  // An idle connection that the server closes must not end the process; the next query reports it.
  pool.on('error', () => {})
  const inTransaction = new AsyncLocalStorage<boolean>()
  const outsideTransaction = () => {
    if (inTransaction.getStore()) throw new DatabaseMisuse('Inside a transaction, query through tx, not db.')
  }

  const query = pool.query.bind(pool) as (...args: unknown[]) => unknown
  pool.query = ((...args: unknown[]) => {
    outsideTransaction()
    return query(...args)
  }) as typeof pool.query

  const db = mapRowsOf(drizzle(pool))
  const transactions = new WeakMap<pg.PoolClient, Tx>()
  const txOf = (client: pg.PoolClient): Tx => {
    let tx = transactions.get(client)
    if (!tx) {
      tx = Object.assign(
        mapRowsOf(drizzle(client)),
        rowWriter((sql, params) => client.query(sql, params)),
      ) as unknown as Tx
      transactions.set(client, tx)
    }
    return tx
  }

  const transaction: Db['transaction'] = async (work) => {
    if (inTransaction.getStore()) throw new DatabaseMisuse('Transactions do not nest.')
    for (let tries = 1; ; tries++) {
      try {
        return await commit(work)
      } catch (error) {
        if (tries === triesToCommit || !isToBeginAnew(error)) throw error
      }
    }
  }

  async function commit<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const client = await pool.connect()
    try {
      await client.query('begin')
      const result = await inTransaction.run(true, () => work(txOf(client)))
      await client.query('commit')
      client.release()
      return result
    } catch (error) {
      // A connection that cannot roll back is broken: it is destroyed, and the server rolls back.
      await client.query('rollback').then(
        () => client.release(),
        (broken: Error) => client.release(broken),
      )
      throw error
    }
  }

  async function snapshot<T>(read: (tx: Pick<Tx, 'select'>) => Promise<T>): Promise<T> {
    outsideTransaction()
    const client = await pool.connect()
    try {
      await client.query('begin isolation level repeatable read read only')
      const result = await read(txOf(client))
      await client.query('commit')
      client.release()
      return result
    } catch (error) {
      client.release(error as Error)
      throw error
    }
  }

  return Object.assign(db, {
    snapshot,
    ...rowWriter((sql, params) => pool.query(sql, params)),
    transaction,
    migrate: async () => {
      const client = await pool.connect()
      try {
        await client.query('select pg_advisory_lock($1)', [migrationLock])
        const { rows } = await client.query(
          `select to_regclass('drizzle.__drizzle_migrations') is not null as migrated`,
        )
        const last = rows[0].migrated
          ? (await client.query('select max(created_at) as at from drizzle.__drizzle_migrations')).rows[0].at
          : undefined
        refuseNewer(migrationsFolder('postgres'), last === undefined || last === null ? undefined : Number(last))
        await migrate(drizzle(client), { migrationsFolder: migrationsFolder('postgres') })
      } finally {
        await client.query('select pg_advisory_unlock($1)', [migrationLock])
        client.release()
      }
    },
    close: () => pool.end(),
  }) as unknown as Db
}
