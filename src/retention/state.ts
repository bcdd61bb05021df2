import type { Db } from '../db/index.ts'
import { findJob } from '../job/enqueue.ts'
import type { JobStatus } from '../job/job.ts'
import { dayMs, retentionJobId } from './ask.ts'
import type { KeptKind } from './terms.ts'

/** How the removal of what was kept long enough goes in a network. */
export interface RetentionState {
  /** Undefined before the first time. */
  last?: {
    status: JobStatus
    /** When it ended, or was last heard of. Wall time. */
    at: Date
    /** Rows and files removed, by kind. */
    removed: Partial<Record<KeptKind, number>>
  }
  /** When it is next asked for. Wall time. */
  nextAt: Date
}

export async function retentionState(db: Db, network: { id: string; createdAt: Date }): Promise<RetentionState> {
  const job = await findJob(db, network.id, retentionJobId)
  if (!job) return { nextAt: new Date(network.createdAt.getTime() + dayMs) }
  const result = job.payload.result as { removed?: Partial<Record<KeptKind, number>> } | undefined
  return {
    last: { status: job.status, at: job.updatedAt, removed: result?.removed ?? {} },
    nextAt: new Date(job.updatedAt.getTime() + dayMs),
  }
}
