import { existsSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import pg from 'pg'

/** What is in a database, read by nobody’s code but the database’s own; an empty answer before there is one. */
export type Stored = <T>(sql: string) => Promise<T[]>

export const storedInFile =
  (data: string): Stored =>
  async <T>(sql: string) => {
    const path = join(data, 'relais.db')
    if (!existsSync(path)) return []
    const database = new Database(path, { readonly: true })
    try {
      return database.prepare(sql).all() as T[]
    } catch (error) {
      // Opened in the moment between the file and its tables.
      if (/no such table/.test((error as Error).message)) return []
      throw error
    } finally {
      database.close()
    }
  }

export const storedInServer =
  (url: string): Stored =>
  async <T>(sql: string) => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    try {
      return (await client.query(sql)).rows as T[]
    } finally {
      await client.end()
    }
  }
