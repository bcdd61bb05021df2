import type { Context, Network } from '../context.ts'
import type { Tx } from '../db/index.ts'
import type { jobs } from '../db/schema.ts'

export type JobRow = typeof jobs.$inferSelect
export type JobStatus = JobRow['status']

/** What a job leaves behind, kept in its payload under `result`. */
export type JobResult = Record<string, unknown>

export interface JobProgress {
  /** Where to go on after a kill. */
  cursor?: string | null
  done?: number
  total?: number | null
  /** What is known so far, for pages to show before the job is over. */
  result?: JobResult
  /** What of the payload is needed no more and is not to be kept. */
  drop?: readonly string[]
}

/** A job as the work sees it. */
export interface JobRun {
  readonly networkId: string
  readonly id: string
  readonly payload: Readonly<Record<string, unknown>>
  /** Where an earlier run has come to; null at the first start. */
  readonly cursor: string | null
  readonly done: number
  /** True when an earlier run left off in the middle. */
  readonly isResumed: boolean
  /**
   * Writes down how far the work has come, and holds the lease, in the transaction of the work itself: what is done
   * and what is said to be done are never apart. Throws JobLost when another worker has the job, or somebody canceled
   * it; the transaction must then fail too.
   */
  checkpoint(tx: Tx, progress: JobProgress): Promise<void>
}

/**
 * The work of a job, in parts short enough to let an urgent notice pass between two of them: it yields after each.
 * Left off at any `yield` or killed anywhere, it is started again with the cursor of its last checkpoint.
 */
export type JobWork = (
  context: Context,
  network: Network,
  run: JobRun,
) => AsyncGenerator<undefined, JobResult | undefined, undefined>

export interface LoadedKind {
  work: JobWork
  /** What else is to be written down when a job fails; `reference` is what the log knows it by. */
  onFailed?(tx: Tx, job: JobRow, reference: string): Promise<void>
}

export interface JobKind {
  /** Only one of this kind at a time in a network. */
  isAlone: boolean
  /** Loaded when the first job of the kind is run. */
  load(): Promise<LoadedKind>
}

/** The job is another worker's now, or was canceled: whatever was being done stops and is rolled back. */
export class JobLost extends Error {
  override name = 'JobLost'
}
