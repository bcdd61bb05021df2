import { importing } from './importing.ts'
import type { ImportDeps, ImportOptions } from './options.ts'
import type { ImportSummary } from './summary.ts'

export type { ImportDeps, ImportOptions } from './options.ts'

/**
 * Imports a partner file: sites, contacts, addresses, consent wishes. Streams CSV in constant memory and writes by
 * chunks of at most 500 rows, so a killed import is finished by running it again; running it again otherwise
 * changes nothing. No row is lost: what cannot be imported is in the rejects file with its reason. Throws
 * ImportProblem when the file as a whole cannot be read, with nothing changed.
 */
export async function importFile(deps: ImportDeps, options: ImportOptions): Promise<ImportSummary> {
  const parts = importing(deps, options)
  for (;;) {
    const part = await parts.next()
    if (part.done) return part.value
  }
}
