import type { InferInsertModel, Table } from 'drizzle-orm'
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'

/** The result of a write without `returning` differs per driver, so nobody may read it. */
interface OpaqueResult extends PgQueryResultHKT {
  type: undefined
}

/** Many rows at once, by statements prepared once: the query builder costs ten times as much per row. */
export interface RowWriter {
  /** Inserts all rows; with `ignore`, rows that meet a unique key are left out. Returns how many went in. */
  insertRows<T extends Table>(
    table: T,
    rows: readonly InferInsertModel<T>[],
    onConflict?: 'fail' | 'ignore',
  ): Promise<number>
  /**
   * Writes the `set` columns of each row where its `where` columns match (the guard). Returns how many matched.
   * The two lists must not share a column; `is` is a guard alike for all rows, also on columns that are written.
   */
  updateRows<T extends Table, K extends keyof InferInsertModel<T> & string>(
    table: T,
    columns: { set: readonly K[]; where: readonly K[]; is?: Partial<InferInsertModel<T>> },
    rows: readonly Pick<InferInsertModel<T>, K>[],
  ): Promise<number>
}

/** What a query function needs: it runs alike on the database and inside a transaction. */
export type Tx = Pick<
  PgDatabase<OpaqueResult>,
  'select' | 'selectDistinct' | 'insert' | 'update' | 'delete' | 'with' | '$with' | '$count'
> &
  RowWriter

export type Db = Tx & {
  /**
   * All or nothing. Inside, query through `tx`; keep network calls outside. PostgreSQL ends one of two transactions
   * that wait for each other: its `work` is done anew, so it leaves nothing behind but what it writes and returns;
   * what it keeps in memory it forgets when it is begun anew.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** Reads everything as it stood at one instant, however long that takes; writers go on meanwhile. */
  snapshot<T>(read: (tx: Pick<Tx, 'select'>) => Promise<T>): Promise<T>
  /** Brings the schema up to date. Refuses a database that a newer Relais has migrated. */
  migrate(): Promise<void>
  close(): Promise<void>
}

/** Wrong use of the data layer: it would deadlock or lose atomicity, so it fails at once, alike on both databases. */
export class DatabaseMisuse extends Error {
  override name = 'DatabaseMisuse'
}
