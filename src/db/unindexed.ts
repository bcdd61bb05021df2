import { type Column, type SQL, sql } from 'drizzle-orm'

/**
 * A column in terms no index has. Rows named by their ids and guarded by a status: SQLite, without statistics, would
 * rather walk all of that status by its index than look the few ids up, which costs more the larger a network is.
 */
export const unindexed = (column: Column): SQL<unknown> => sql`coalesce(${column}, ${column})`
