import { and, eq } from 'drizzle-orm'
import { audit } from '../../../accounts/audit.ts'
import { businessNow } from '../../../clock.ts'
import type { Context, Network } from '../../../context.ts'
import { newId } from '../../../db/index.ts'
import { imports } from '../../../db/schema.ts'
import { cancelJob, enqueue, retryJob } from '../../../job/enqueue.ts'
import { runOneJob } from '../../../job/run.ts'
import type { LookResult } from '../../../network/import/preview.ts'
import type { RunPayload } from '../../../network/import/run-job.ts'
import { removeUpload, sweepUploads } from '../../../network/import/uploads.ts'
import type { Language } from '../../../words.ts'
import type { PreviewChoices } from './preview.tsx'
import { type FoundImport, findImport, lookJobId } from './queries.ts'
import type { Received } from './receive.ts'

export interface Doer {
  network: Network
  userId: string
  language: Language
  /** How long a page waits for work that is mostly short. */
  patienceMs: number
}

/** Works for somebody who waits; what takes longer goes on without them. */
async function workAtOnce(context: Context, { network, patienceMs }: Doer, id: string): Promise<void> {
  const until = context.wall.now().getTime() + patienceMs
  await runOneJob(context, { networkId: network.id, id }, () => context.wall.now().getTime() >= until)
}

/** Puts an uploaded file into the list, and looks at it. Returns its id. */
export async function beginImport(context: Context, doer: Doer, received: Received): Promise<string> {
  const { db, wall } = context
  const { network, userId } = doer
  const id = newId()
  const at = wall.now()
  const mended = received.fields.mends ? await findImport(db, network.id, received.fields.mends) : undefined
  await db.transaction(async (tx) => {
    await tx.insert(imports).values({
      networkId: network.id,
      id,
      fileName: received.fileName,
      fileHash: '',
      status: 'preview',
      // Who mends rows of a file says of them what was said of the file.
      basis: mended?.row.basis ?? null,
      mapping: {},
      uploadPath: received.upload.path,
      createdBy: userId,
      startedAt: at,
    })
    const payload = { importId: id, absent: 'keep', ...(mended ? { mends: mended.row.id } : {}) }
    await enqueue(tx, { networkId: network.id, id: lookJobId(id), kind: 'import.look', payload, at })
  })
  await sweepUploads(context)
  await workAtOnce(context, doer, lookJobId(id))
  return id
}

/** Keeps what was chosen for a file that is being looked at, and counts anew. */
export async function chooseFor(
  context: Context,
  doer: Doer,
  { row, look }: FoundImport,
  choices: PreviewChoices,
): Promise<void> {
  const { db, wall } = context
  const { network } = doer
  const { sample } = (look?.payload.result ?? {}) as LookResult
  await db.transaction(async (tx) => {
    const kept = await tx
      .update(imports)
      .set({ mapping: { ...choices.mapping }, basis: choices.basis })
      .where(and(eq(imports.networkId, network.id), eq(imports.id, row.id), eq(imports.status, 'preview')))
      .returning({ id: imports.id })
    if (kept.length === 0) return
    const payload = { importId: row.id, absent: choices.absent, mends: look?.payload.mends, result: { sample } }
    await enqueue(tx, {
      ...{ networkId: network.id, id: lookJobId(row.id), kind: 'import.look', onRepeat: 'restart' },
      ...{ payload, at: wall.now() },
    })
  })
  await workAtOnce(context, doer, lookJobId(row.id))
}

/** What a count is known by, so that what is started is what was counted. */
export const countOf = ({ look }: FoundImport): string => String(look?.updatedAt.getTime() ?? '')

/** Starts an import that was looked at. Returns whether it was this call that did. */
export async function startImport(context: Context, doer: Doer, found: FoundImport): Promise<boolean> {
  const { db, wall } = context
  const { network, userId, language } = doer
  const { row, look } = found
  const figures = (look?.payload.result as LookResult | undefined)?.figures
  const at = wall.now()
  const payload: RunPayload = {
    importId: row.id,
    actor: userId,
    absent: look?.payload.absent === 'deactivate' ? 'deactivate' : 'keep',
    language,
    startedAt: businessNow(at, network).toISOString(),
    rows: figures?.read ?? 0,
  }
  const isMine = await db.transaction(async (tx) => {
    const started = await tx
      .update(imports)
      .set({ status: 'running', startedAt: at, createdBy: userId })
      .where(and(eq(imports.networkId, network.id), eq(imports.id, row.id), eq(imports.status, 'preview')))
      .returning({ id: imports.id })
    if (started.length === 0) return false
    await enqueue(tx, { networkId: network.id, id: row.id, kind: 'import.run', payload, at })
    await audit(tx, {
      ...{ networkId: network.id, actor: userId, action: 'import.start', subject: row.id, at },
      data: { rows: payload.rows, basis: row.basis, absent: payload.absent },
    })
    return true
  })
  if (isMine) await workAtOnce(context, doer, row.id)
  return isMine
}

/** Gives up a file that was only looked at, and removes it. */
export async function discardImport(context: Context, { network }: Doer, { row }: FoundImport): Promise<void> {
  const { db, wall } = context
  const at = wall.now()
  const isMine = await db.transaction(async (tx) => {
    const discarded = await tx
      .update(imports)
      .set({ status: 'discarded', finishedAt: at })
      .where(and(eq(imports.networkId, network.id), eq(imports.id, row.id), eq(imports.status, 'preview')))
      .returning({ id: imports.id })
    if (discarded.length > 0) await cancelJob(tx, network.id, lookJobId(row.id), at)
    return discarded.length > 0
  })
  if (isMine) await removeUpload(context, row.uploadPath)
}

/** Stops an import under way. What it has taken in stays. */
export async function cancelImport(context: Context, { network, userId }: Doer, { row }: FoundImport): Promise<void> {
  const { db, wall } = context
  const at = wall.now()
  const isMine = await db.transaction(async (tx) => {
    if (!(await cancelJob(tx, network.id, row.id, at))) return false
    const stopped = await tx
      .update(imports)
      .set({ status: 'failed', error: 'canceled', finishedAt: at })
      .where(and(eq(imports.networkId, network.id), eq(imports.id, row.id), eq(imports.status, 'running')))
      .returning({ id: imports.id })
    if (stopped.length === 0) return false
    const fact = { networkId: network.id, actor: userId, action: 'import.finish' as const, subject: row.id, at }
    await audit(tx, { ...fact, data: { canceled: true } })
    return true
  })
  if (isMine) await removeUpload(context, row.uploadPath)
}

/** Goes on with an import that broke off, or looks again at a file that could not be looked at. */
export async function retryImport(context: Context, doer: Doer, { row }: FoundImport): Promise<void> {
  const { db, wall } = context
  const { network } = doer
  const jobId = row.status === 'preview' ? lookJobId(row.id) : row.id
  const isMine = await db.transaction(async (tx) => {
    if (!(await retryJob(tx, network.id, jobId, wall.now()))) return false
    if (row.status === 'failed')
      await tx
        .update(imports)
        .set({ status: 'running', error: null, finishedAt: null })
        .where(and(eq(imports.networkId, network.id), eq(imports.id, row.id), eq(imports.status, 'failed')))
    return true
  })
  if (isMine) await workAtOnce(context, doer, jobId)
}
