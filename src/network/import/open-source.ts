import { and, eq } from 'drizzle-orm'
import type { Tx } from '../../db/index.ts'
import { mappings } from '../../db/schema.ts'
import { applyMapping, type Column, headersHash, proposeColumns } from './columns.ts'
import { openCsv } from './csv.ts'
import type { Inspected } from './encoding.ts'
import type { Source } from './source.ts'
import { openWorkbook, workbookLimits } from './workbook.ts'

/** Opens a table that was inspected; `name` is what problems call it. */
export const openSource = (
  file: string,
  inspected: Pick<Inspected, 'kind' | 'encoding'>,
  name = file,
): Promise<Source> =>
  inspected.kind === 'workbook' ? openWorkbook(file, workbookLimits, name) : openCsv(file, inspected.encoding, name)

/**
 * What each column is: proposed by its header, over that the mapping saved for files with the same headers, over
 * that the one given. Throws ImportProblem for a given mapping that does not fit.
 */
export async function columnsOf(
  tx: Tx,
  networkId: string,
  headers: readonly string[],
  given?: Readonly<Record<string, string>>,
): Promise<Column[]> {
  const [saved] = await tx
    .select({ columns: mappings.columns })
    .from(mappings)
    .where(and(eq(mappings.networkId, networkId), eq(mappings.headersHash, headersHash(headers))))
  let columns = proposeColumns(headers)
  if (saved) columns = applyMapping(columns, saved.columns, false)
  return given ? applyMapping(columns, given, true) : columns
}
