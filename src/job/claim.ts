import { and, asc, eq, gt, inArray, lt, lte, or, type SQL } from 'drizzle-orm'
import type { Db, Tx } from '../db/index.ts'
import { jobs } from '../db/schema.ts'
import type { JobRow } from './job.ts'
import { isJobKind, jobKinds } from './kinds.ts'

/** A job nobody has written about for so long is nobody's: its worker is gone (wall time). */
export const leaseMs = 60_000
/** Taken over so often, it is what kills its workers: it is left alone until somebody asks for it again. */
const mostTakeovers = 5
const candidates = 20

const isRow = ({ networkId, id }: Pick<JobRow, 'networkId' | 'id'>): SQL | undefined =>
  and(eq(jobs.networkId, networkId), eq(jobs.id, id))

/** Times that only rise, so that each is also the proof of holding the lease. */
export const laterThan = (before: Date, now: Date): Date => (now > before ? now : new Date(before.getTime() + 1))

export interface Claimed {
  row: JobRow
  isTakenOver: boolean
}

/**
 * Takes the oldest job that waits, or whose worker is gone: the update repeats what was seen, so that one worker of
 * several gets it. `only` looks at one job.
 */
export async function claimJob(
  db: Db,
  now: Date,
  only?: { networkId: string; id: string },
): Promise<Claimed | undefined> {
  const isFree = or(
    eq(jobs.status, 'queued'),
    and(eq(jobs.status, 'running'), lte(jobs.updatedAt, new Date(now.getTime() - leaseMs))),
  )
  const free = await db
    .select()
    .from(jobs)
    .where(and(isFree, only ? isRow(only) : undefined))
    .orderBy(asc(jobs.createdAt), asc(jobs.id))
    .limit(candidates)
  for (const seen of free) {
    if (!isJobKind(seen.kind) || (jobKinds[seen.kind].isAlone && (await isOneRunning(db, seen, now)))) continue
    const claimed = await take(db, seen, now)
    if (claimed) return claimed
  }
  return undefined
}

async function take(db: Db, seen: JobRow, now: Date): Promise<Claimed | undefined> {
  const isTakenOver = seen.status === 'running'
  const takeovers = Number(seen.payload.takeovers ?? 0) + (isTakenOver ? 1 : 0)
  const isTooMuch = isTakenOver && takeovers > mostTakeovers
  const [row] = await db
    .update(jobs)
    .set({
      status: isTooMuch ? 'failed' : 'running',
      payload: isTakenOver ? { ...seen.payload, takeovers } : seen.payload,
      updatedAt: laterThan(seen.updatedAt, now),
      ...(isTooMuch ? { error: 'interrupted' } : {}),
    })
    .where(and(isRow(seen), eq(jobs.status, seen.status), eq(jobs.updatedAt, seen.updatedAt)))
    .returning()
  if (!row || isTooMuch) return undefined
  if (!isJobKind(row.kind) || !jobKinds[row.kind].isAlone || !(await isOneRunning(db, row, now, row.id)))
    return { row, isTakenOver }
  // Two workers took one each at the same moment: the one with the larger id stands back.
  await release(db, row, [row.updatedAt], now)
  return undefined
}

/** Whether another job of the kind is under way in the network; with `below`, one of a smaller id. */
async function isOneRunning(tx: Tx, job: JobRow, now: Date, below?: string): Promise<boolean> {
  const [one] = await tx
    .select({ id: jobs.id })
    .from(jobs)
    .where(
      and(
        eq(jobs.networkId, job.networkId),
        eq(jobs.kind, job.kind),
        eq(jobs.status, 'running'),
        gt(jobs.updatedAt, new Date(now.getTime() - leaseMs)),
        below === undefined ? or(lt(jobs.id, job.id), gt(jobs.id, job.id)) : lt(jobs.id, below),
      ),
    )
    .limit(1)
  return one !== undefined
}

/** The job while this worker has it: `held` are the times it last wrote. */
export const isHeld = (job: Pick<JobRow, 'networkId' | 'id'>, held: readonly Date[]): SQL | undefined =>
  and(isRow(job), eq(jobs.status, 'running'), inArray(jobs.updatedAt, [...held]))

/** Gives a job back, to go on from its last checkpoint. */
export async function release(tx: Tx, job: JobRow, held: readonly Date[], now: Date): Promise<void> {
  await tx
    .update(jobs)
    .set({ status: 'queued', updatedAt: laterThan(held.at(-1) ?? now, now) })
    .where(isHeld(job, held))
}

/** Ends the leases of workers that no longer live. Only for who knows that: on SQLite, whoever holds the data folder. */
export async function endJobLeases(db: Tx): Promise<void> {
  await db
    .update(jobs)
    .set({ updatedAt: new Date(0) })
    .where(eq(jobs.status, 'running'))
}
