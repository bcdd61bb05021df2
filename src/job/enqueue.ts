import { and, eq, inArray } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import { jobs } from '../db/schema.ts'
import type { JobRow } from './job.ts'
import type { JobKindName } from './kinds.ts'

export interface NewJob {
  networkId: string
  /** What it is known by: the same id again is the same job. */
  id: string
  kind: JobKindName
  payload: Record<string, unknown>
  /** Wall time. */
  at: Date
  /**
   * What becomes of a job of that id that is already there. `keep` (the default) leaves one that is waiting or under
   * way alone and starts one that is over anew; `restart` starts it anew in any case.
   */
  onRepeat?: 'keep' | 'restart'
}

/** Puts a job into the queue, in the transaction of what asks for it. */
export async function enqueue(tx: Tx, { networkId, id, kind, payload, at, onRepeat = 'keep' }: NewJob): Promise<void> {
  const fresh = { kind, status: 'queued' as const, payload, cursor: null, done: 0, total: null, error: null }
  const row = { ...fresh, networkId, id, createdAt: at, updatedAt: at }
  if ((await tx.insertRows(jobs, [row], 'ignore')) > 0) return
  await tx
    .update(jobs)
    .set({ ...fresh, createdAt: at, updatedAt: at })
    .where(
      and(
        eq(jobs.networkId, networkId),
        eq(jobs.id, id),
        onRepeat === 'keep' ? inArray(jobs.status, ['done', 'failed', 'canceled']) : undefined,
      ),
    )
}

export async function findJob(tx: Tx, networkId: string, id: string): Promise<JobRow | undefined> {
  const [row] = await tx
    .select()
    .from(jobs)
    .where(and(eq(jobs.networkId, networkId), eq(jobs.id, id)))
  return row
}

/** Stops a job that is waiting or under way; its worker learns of it at its next checkpoint. Returns whether it was. */
export async function cancelJob(tx: Tx, networkId: string, id: string, at: Date): Promise<boolean> {
  const canceled = await tx
    .update(jobs)
    .set({ status: 'canceled', updatedAt: at })
    .where(and(eq(jobs.networkId, networkId), eq(jobs.id, id), inArray(jobs.status, ['queued', 'running'])))
    .returning({ id: jobs.id })
  return canceled.length > 0
}

/** Puts a job that failed back into the queue, to go on from its last checkpoint. Returns whether it had failed. */
export async function retryJob(tx: Tx, networkId: string, id: string, at: Date): Promise<boolean> {
  const queued = await tx
    .update(jobs)
    .set({ status: 'queued', error: null, updatedAt: at })
    .where(and(eq(jobs.networkId, networkId), eq(jobs.id, id), eq(jobs.status, 'failed')))
    .returning({ id: jobs.id })
  return queued.length > 0
}

/** Whether a job of that id is waiting or under way. */
export const isOpen = (job: Pick<JobRow, 'status'> | undefined): boolean =>
  job?.status === 'queued' || job?.status === 'running'
