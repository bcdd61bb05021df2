import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../root.ts'
import type { Dialect } from './dialect.ts'

export const migrationsFolder = (dialect: Dialect): string => join(packageRoot, 'src/db/migrations', dialect)

/** The database was migrated by a later version than this one. */
export class NewerDatabase extends Error {
  override name = 'NewerDatabase'
}

/** Throws NewerDatabase when the database has seen a migration this program does not know. */
export function refuseNewer(folder: string, lastApplied: number | undefined): void {
  const journal = JSON.parse(readFileSync(join(folder, 'meta/_journal.json'), 'utf8')) as {
    entries: { when: number }[]
  }
  const newest = Math.max(0, ...journal.entries.map((entry) => entry.when))
  if (lastApplied !== undefined && lastApplied > newest)
    throw new NewerDatabase(
      'The database was written by a newer Relais. Install that version or restore a back-up; nothing was changed.',
    )
}
