import { AsyncLocalStorage } from 'node:async_hooks'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { drizzle as drizzleSync } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import { type AsyncRemoteCallback, drizzle } from 'drizzle-orm/sqlite-proxy'
import { migrationsFolder, refuseNewer } from './migrations.ts'
import { mapRowsOf } from './row-mapper.ts'
import { guards, pick, rowTable } from './rows.ts'
import { DatabaseMisuse, type Db, type RowWriter, type Tx } from './types.ts'

const cachedStatements = 400
/** Rows of one INSERT; the rest go in one by one, so that a table has two statements and not one per count. */
const rowsTogether = 20
/** A group commit takes in waiting transactions until one of these is reached. */
const groupSize = 64
const groupMilliseconds = 20
/** While another program holds the file it is asked for again after so long (milliseconds), and so often. */
const lockPauseMs = 20
const lockTries = 100

/** Keeps the most recently used statements prepared. */
function statements(file: Database.Database) {
  const cache = new Map<string, Database.Statement>()
  return (sql: string): Database.Statement => {
    let statement = cache.get(sql)
    if (statement) cache.delete(sql)
    else {
      statement = file.prepare(sql)
      if (statement.reader) statement.raw()
      if (cache.size >= cachedStatements) cache.delete(cache.keys().next().value as string)
    }
    cache.set(sql, statement)
    return statement
  }
}

function rowWriter(prepare: (sql: string) => Database.Statement): RowWriter {
  return {
    insertRows: async (table, rows, onConflict = 'fail') => {
      const { name, columns } = rowTable(table)
      const into = `insert into ${name} (${columns.map((column) => column.name)}) values `
      const tuple = `(${columns.map(() => '?')})`
      const otherwise = onConflict === 'ignore' ? ' on conflict do nothing' : ''
      const given = rows as readonly Record<string, unknown>[]
      // Taken over by the statement before it is filled again.
      const values: unknown[] = []
      let inserted = 0
      let start = 0
      for (const size of [rowsTogether, 1])
        for (let statement: Database.Statement | undefined; given.length - start >= size; start += size) {
          statement ??= prepare(into + Array(size).fill(tuple).join(',') + otherwise)
          let at = 0
          for (let row = start; row < start + size; row++)
            for (const column of columns) values[at++] = column.encode(given[row]![column.key])
          values.length = at
          inserted += statement.run(values).changes
        }
      return inserted
    },
    updateRows: async (table, keys, rows) => {
      const described = rowTable(table)
      const set = pick(described, keys.set)
      const where = pick(described, keys.where)
      const guard = guards(described, keys.is)
      const conditions = [
        ...where.map(({ name }) => `${name} = ?`),
        ...guard.map(({ column: { name } }) => `${name} is ?`),
      ]
      const statement = prepare(
        `update ${described.name} set ${set.map(({ name }) => `${name} = ?`)} where ${conditions.join(' and ')}`,
      )
      const order = [...set, ...where]
      const same = guard.map(({ value }) => value)
      let matched = 0
      for (const row of rows as readonly Record<string, unknown>[])
        matched += statement.run([...order.map((column) => column.encode(row[column.key])), ...same]).changes
      return matched
    },
  }
}

interface Waiting {
  work(): Promise<unknown>
  resolve(value: unknown): void
  reject(error: unknown): void
}

/**
 * better-sqlite3 is synchronous and a connection holds one transaction, so an awaited transaction would leak
 * into its neighbours. Here every write waits its turn on the one writing connection; those that wait together
 * are committed together (one fsync), each in its own savepoint. Reads outside a transaction use a second,
 * read-only connection and see only what is committed.
 */
export function openSqlite(
  path: string,
  migrations = migrationsFolder('sqlite'),
  wait: (ms: number) => Promise<unknown> = setTimeout,
  isReplayable = false,
): Db {
  mkdirSync(dirname(path), { recursive: true })
  const file = new Database(path)
  file.pragma('journal_mode = WAL')
  // What can be played again from its beginning need not outlive a power cut: its commits wait for no disk.
  file.pragma(`synchronous = ${isReplayable ? 'OFF' : 'FULL'}`)
  file.pragma('foreign_keys = ON')
  // SQLite's own waiting would hold up the event loop; ours does not.
  file.pragma('busy_timeout = 0')
  file.pragma('cache_size = -8192')
  const reading = new Database(path, { readonly: true })
  reading.pragma('busy_timeout = 250')

  const prepareWrite = statements(file)
  const prepareRead = statements(reading)
  const inTransaction = new AsyncLocalStorage<boolean>()
  const waiting: Waiting[] = []
  let draining = false

  const takeTurns = async (begun: Waiting[], settled: (() => void)[]) => {
    const startedAt = performance.now()
    while (waiting.length > 0 && begun.length < groupSize && performance.now() - startedAt < groupMilliseconds) {
      const turn = waiting.shift() as Waiting
      begun.push(turn)
      file.exec('savepoint turn')
      try {
        const result = await inTransaction.run(true, turn.work)
        file.exec('release turn')
        settled.push(() => turn.resolve(result))
      } catch (error) {
        // On some errors, a full disk among them, SQLite has ended the whole transaction: then all of it failed.
        if (!file.inTransaction) throw error
        file.exec('rollback to turn; release turn')
        settled.push(() => turn.reject(error))
      }
    }
  }

  const takeLock = async () => {
    for (let tries = 1; ; tries++) {
      try {
        file.exec('begin immediate')
        return
      } catch (error) {
        if ((error as { code?: string }).code !== 'SQLITE_BUSY' || tries === lockTries) throw error
        await wait(lockPauseMs)
      }
    }
  }

  const commitGroup = async () => {
    const begun: Waiting[] = []
    const settled: (() => void)[] = []
    try {
      await takeLock()
      await takeTurns(begun, settled)
      file.exec('commit')
    } catch (error) {
      if (file.inTransaction) file.exec('rollback')
      // The lock was not to be had: whoever came first learns it, the others try again.
      if (begun.length === 0) begun.push(waiting.shift() as Waiting)
      for (const turn of begun) turn.reject(error)
      return
    }
    for (const settle of settled) settle()
  }

  const drain = async () => {
    if (draining) return
    draining = true
    while (waiting.length > 0) await commitGroup()
    draining = false
  }

  const enqueue = <T>(work: () => Promise<T>): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      waiting.push({ work, resolve: resolve as (value: unknown) => void, reject })
      void drain()
    })

  const outsideTransaction = () => {
    if (inTransaction.getStore()) throw new DatabaseMisuse('Inside a transaction, query through tx, not db.')
  }

  const run = (statement: Database.Statement, params: unknown[], method: string) => {
    if (!statement.reader) {
      statement.run(...params)
      return { rows: [] }
    }
    return { rows: method === 'get' ? (statement.get(...params) as unknown[]) : statement.all(...params) }
  }

  const onWriter: AsyncRemoteCallback = async (sql, params, method) => run(prepareWrite(sql), params, method)

  const fromOutside: AsyncRemoteCallback = async (sql, params, method) => {
    outsideTransaction()
    const statement = prepareRead(sql)
    if (statement.readonly) return run(statement, params, method)
    return enqueue(async () => run(prepareWrite(sql), params, method))
  }

  const rows = rowWriter(prepareWrite)
  const tx = Object.assign(mapRowsOf(drizzle(onWriter)), rows) as unknown as Tx
  const db = mapRowsOf(drizzle(fromOutside))

  return Object.assign(db, {
    insertRows: async (...given: Parameters<RowWriter['insertRows']>) => {
      outsideTransaction()
      return enqueue(() => rows.insertRows(...given))
    },
    updateRows: async (...given: Parameters<RowWriter['updateRows']>) => {
      outsideTransaction()
      return enqueue(() => rows.updateRows(...given))
    },
    transaction: async <T>(work: (tx: Tx) => Promise<T>): Promise<T> => {
      if (inTransaction.getStore()) throw new DatabaseMisuse('Transactions do not nest.')
      return enqueue(() => work(tx))
    },
    snapshot: async <T>(read: (tx: Pick<Tx, 'select'>) => Promise<T>): Promise<T> => {
      outsideTransaction()
      // A connection of its own: its read transaction holds one version of the file (WAL) while others write.
      const snapshot = new Database(path, { readonly: true })
      try {
        snapshot.pragma('busy_timeout = 250')
        snapshot.exec('begin')
        const prepare = statements(snapshot)
        const db = drizzle(async (sql, params, method) => run(prepare(sql), params, method))
        return await read(mapRowsOf(db) as unknown as Tx)
      } finally {
        snapshot.close()
      }
    },
    migrate: async () => {
      const migrated = file.prepare(`select 1 from sqlite_master where name = '__drizzle_migrations'`).get()
      if (migrated) {
        const last = file.prepare('select max(created_at) as at from __drizzle_migrations').get() as {
          at: number | null
        }
        refuseNewer(migrations, Number(last.at ?? 0))
      }
      // drizzle migrates inside a transaction, where SQLite ignores this pragma; a table rebuild would then
      // cascade-delete its children. So it is switched off out here (drizzle-orm#5782).
      file.pragma('foreign_keys = OFF')
      file.pragma('busy_timeout = 5000')
      try {
        migrate(drizzleSync(file), { migrationsFolder: migrations })
        const broken = file.pragma('foreign_key_check') as unknown[]
        if (broken.length > 0)
          throw new Error(`The migration left ${broken.length} dangling references; restore a back-up.`)
      } finally {
        file.pragma('busy_timeout = 0')
        file.pragma('foreign_keys = ON')
      }
    },
    close: async () => {
      reading.close()
      file.close()
    },
  }) as unknown as Db
}
