// The column vocabulary of the schema, spelled once per database.
// Types follow Postgres; SQLite stores the same values in its own affinities.
import * as pg from 'drizzle-orm/pg-core'
import * as lite from 'drizzle-orm/sqlite-core'
import { dialect } from './dialect.ts'

const bytea = pg.customType<{ data: Uint8Array; driverData: Buffer }>({
  dataType: () => 'bytea',
  toDriver: (value) => Buffer.from(value),
  fromDriver: (value) => new Uint8Array(value),
})

/**
 * Text whose order is that of its bytes, as SQLite's is: only then does an index find what begins with something,
 * and a list comes in the same order on both (PostgreSQL manual, §11.10).
 */
const plainText = pg.customType<{ data: string; driverData: string }>({ dataType: () => 'text collate "C"' })

const blob = lite.customType<{ data: Uint8Array; driverData: Buffer }>({
  dataType: () => 'blob',
  toDriver: (value) => Buffer.from(value),
  fromDriver: (value) => new Uint8Array(value),
})

const postgres = {
  table: pg.pgTable,
  index: pg.index,
  uniqueIndex: pg.uniqueIndex,
  primaryKey: pg.primaryKey,
  foreignKey: pg.foreignKey,
  text: pg.text,
  plainText: (name: string) => plainText(name),
  integer: pg.integer,
  /** Whole numbers beyond 2³¹, as a JavaScript number (exact to 2⁵³). */
  long: (name: string) => pg.bigint(name, { mode: 'number' }),
  real: pg.doublePrecision,
  boolean: pg.boolean,
  json: pg.jsonb,
  bytes: (name: string) => bytea(name),
  instant: (name: string) => pg.timestamp(name, { withTimezone: true, precision: 3, mode: 'date' }),
}

const sqlite = {
  table: lite.sqliteTable,
  index: lite.index,
  uniqueIndex: lite.uniqueIndex,
  primaryKey: lite.primaryKey,
  foreignKey: lite.foreignKey,
  text: lite.text,
  plainText: (name: string) => lite.text(name),
  integer: lite.integer,
  long: (name: string) => lite.integer(name),
  real: lite.real,
  boolean: (name: string) => lite.integer(name, { mode: 'boolean' }),
  json: (name: string) => lite.text(name, { mode: 'json' }),
  bytes: (name: string) => blob(name),
  instant: (name: string) => lite.integer(name, { mode: 'timestamp_ms' }),
} satisfies Record<keyof typeof postgres, unknown>

/** The one cast of the data layer: callers see a single dialect's types. */
export const columns = (dialect === 'postgres' ? postgres : sqlite) as typeof postgres
