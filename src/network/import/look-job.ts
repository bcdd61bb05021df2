import { and, eq } from 'drizzle-orm'
import { imports } from '../../db/schema.ts'
import { JobLost, type JobWork } from '../../job/job.ts'
import { type ConsentBasis, consentBases } from '../../words.ts'
import { checkHeaders, mappingOf } from './columns.ts'
import { inspectFile } from './encoding.ts'
import { importing } from './importing.ts'
import { columnsOf, openSource } from './open-source.ts'
import { figuresOf, type LookResult, sampleOf } from './preview.ts'
import { ImportProblem, problemOf } from './problem.ts'
import { uploadFile } from './uploads.ts'

/** A page offers a choice for each column. */
const mostColumns = 300

/**
 * Looks at an uploaded file: first how it opens, so that its columns can be given their meaning, then everything an
 * import would do, counted to the last row and written nowhere.
 */
export const work: JobWork = async function* (context, network, run) {
  const { db } = context
  const importId = String(run.payload.importId)
  const isIt = and(eq(imports.networkId, network.id), eq(imports.id, importId))
  const [row] = await db.select().from(imports).where(isIt)
  if (row?.status !== 'preview') return undefined
  const name = row.fileName
  const file = uploadFile(context, row.uploadPath)
  const looked: LookResult = {}
  const note = (progress: { done?: number } = {}) =>
    db.transaction((tx) => run.checkpoint(tx, { ...progress, result: { ...looked } }))
  try {
    if (!file) throw new ImportProblem('file_gone', { file: name })
    const inspected = await inspectFile(file, name)
    yield
    const source = await openSource(file, inspected, name)
    looked.sample = await sampleOf(source, inspected.kind, inspected.size)
    looked.isHopeless = true
    if (source.headers.length > mostColumns)
      throw new ImportProblem('too_many_columns', { file: name, most: mostColumns })
    if (source.headers.length > 0) checkHeaders(source.headers)
    looked.isHopeless = false
    const hasMapping = Object.keys(row.mapping).length > 0
    const mapping = hasMapping ? row.mapping : mappingOf(await columnsOf(db, network.id, source.headers))
    if (!hasMapping)
      await db
        .update(imports)
        .set({ mapping, fileHash: inspected.fileHash })
        .where(and(isIt, eq(imports.status, 'preview')))
    await note()
    yield
    let done = 0
    const parts = importing(context, {
      ...{ file, name, networkId: network.id, map: mapping, dryRun: true },
      basis: consentBases.find((basis): basis is ConsentBasis => basis === row.basis),
      absent: run.payload.absent === 'deactivate' ? 'deactivate' : 'keep',
      onProgress: (read) => {
        done = read
      },
    })
    try {
      for (;;) {
        const part = await parts.next()
        if (part.done) {
          looked.figures = figuresOf(part.value)
          return { ...looked }
        }
        await note({ done })
        yield
      }
    } finally {
      await parts.return(undefined as never)
    }
  } catch (error) {
    if (!(error instanceof ImportProblem) || error instanceof JobLost) throw error
    looked.problem = problemOf(error, row.fileName)
    looked.isHopeless ??= true
    return { ...looked }
  }
}
