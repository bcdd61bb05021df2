import { and, eq } from 'drizzle-orm'
import { audit } from '../../accounts/audit.ts'
import type { Tx } from '../../db/index.ts'
import { imports } from '../../db/schema.ts'
import type { JobRow, JobWork } from '../../job/job.ts'
import { notify } from '../../notification/notify.ts'
import { refreshSegments } from '../../segment/refresh.ts'
import { type ConsentBasis, consentBases, languages } from '../../words.ts'
import { importing } from './importing.ts'
import type { ImportOptions } from './options.ts'
import { markFailed } from './outcome.ts'
import { figuresOf } from './preview.ts'
import { ImportProblem, problemOf } from './problem.ts'
import type { ImportSummary } from './summary.ts'
import { removeUpload, uploadFile } from './uploads.ts'

/** What the console wrote down when somebody said: import. */
export interface RunPayload extends Record<string, unknown> {
  importId: string
  actor: string
  absent: 'keep' | 'deactivate'
  language: string
  /** Business time of the start, ISO 8601. */
  startedAt: string
  /** Rows of the file, as the look counted them. */
  rows: number
}

/**
 * Imports an uploaded file. Killed at any moment, it goes on after the last chunk that was committed, with the same
 * counts and the same rejects as if nothing had happened.
 */
export const work: JobWork = async function* (context, network, run) {
  const { db, wall } = context
  const payload = run.payload as RunPayload
  const { importId, actor } = payload
  const [row] = await db
    .select()
    .from(imports)
    .where(and(eq(imports.networkId, network.id), eq(imports.id, importId)))
  if (!row) return undefined
  if (row.status === 'done') {
    // Killed between the commit and the broom.
    await removeUpload(context, row.uploadPath)
    return { ...(run.payload.result as Record<string, unknown> | undefined) }
  }
  if (row.status !== 'running') return undefined
  const href = `/console/imports/${importId}`
  const onDone = async (tx: Tx, summary: ImportSummary) => {
    const { created, updated, unchanged, rejected, deactivated } = summary
    await run.checkpoint(tx, { done: summary.read, result: { figures: figuresOf(summary) } })
    await notify(tx, {
      ...{ networkId: network.id, userId: actor, kind: 'import_done', href, dedupeKey: `import ${importId}` },
      params: { file: row.fileName, created, updated, rejected },
      at: wall.now(),
    })
    await audit(tx, {
      ...{ networkId: network.id, actor, action: 'import.finish', subject: importId, at: wall.now() },
      data: { created, updated, unchanged, rejected, deactivated },
    })
  }
  const options: ImportOptions = {
    file: uploadFile(context, row.uploadPath) ?? '',
    ...{ name: row.fileName, networkId: network.id, map: row.mapping, onDone },
    basis: consentBases.find((basis): basis is ConsentBasis => basis === row.basis),
    absent: payload.absent,
    language: languages.find((language) => language === payload.language) ?? 'fr',
    under: {
      importId,
      now: new Date(payload.startedAt),
      onChunk: (tx, read) =>
        run.checkpoint(tx, { cursor: String(read), done: read, total: Math.max(read, payload.rows) }),
    },
  }
  const parts = importing(context, options)
  try {
    for (;;) {
      const part = await parts.next()
      if (part.done) break
      yield
    }
  } catch (error) {
    if (!(error instanceof ImportProblem)) throw error
    const problem = problemOf(error, row.fileName)
    await db.transaction(async (tx) => {
      await run.checkpoint(tx, { result: { problem } })
      await markFailed(tx, network.id, importId, error.message, wall.now())
    })
    return { problem }
  } finally {
    await parts.return(undefined as never)
  }
  await removeUpload(context, row.uploadPath)
  yield
  await refreshSegments(db, network, new Date(payload.startedAt))
  return undefined
}

/** What broke is in the log under the reference; the file stays, so that the import can go on. */
export async function onFailed(tx: Tx, job: JobRow, reference: string): Promise<void> {
  const { importId, actor } = job.payload as RunPayload
  await markFailed(tx, job.networkId, importId, reference, job.updatedAt)
  const [row] = await tx
    .select({ fileName: imports.fileName })
    .from(imports)
    .where(and(eq(imports.networkId, job.networkId), eq(imports.id, importId)))
  await notify(tx, {
    ...{ networkId: job.networkId, userId: actor, kind: 'import_failed', href: `/console/imports/${importId}` },
    params: { file: row?.fileName ?? '', reason: reference },
    dedupeKey: `import ${importId} ${reference}`,
    at: job.updatedAt,
  })
}
