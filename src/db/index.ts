import { dialect } from './dialect.ts'
import type { Db } from './types.ts'

export { type Dialect, dialect } from './dialect.ts'
export { eachOf } from './each-of.ts'
export { newId } from './id.ts'
export { oneOf } from './one-of.ts'
export { prepared } from './prepared.ts'
export { DatabaseMisuse, type Db, type RowWriter, type Tx } from './types.ts'
export { unindexed } from './unindexed.ts'

/**
 * Opens the database of this process: the SQLite file at `path`, or the PostgreSQL server of DATABASE_URL.
 * The driver not in use is never loaded. A SQLite file that `isReplayable` may be broken by a power cut.
 */
export async function openDatabase(location: { path: string; url?: string; isReplayable?: boolean }): Promise<Db> {
  if (dialect === 'postgres') {
    if (!location.url) throw new Error('DATABASE_URL names PostgreSQL, but no URL was given to open.')
    return (await import('./postgres.ts')).openPostgres(location.url)
  }
  return (await import('./sqlite.ts')).openSqlite(location.path, undefined, undefined, location.isReplayable)
}
