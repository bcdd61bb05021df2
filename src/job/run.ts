import { eq } from 'drizzle-orm'
import type { Context } from '../context.ts'
import { jobs, networks } from '../db/schema.ts'
import { claimJob, isHeld, laterThan, release } from './claim.ts'
import { type JobKind, JobLost, type JobResult, type JobRow, type JobRun, type LoadedKind } from './job.ts'
import { isJobKind, jobKinds } from './kinds.ts'

/** So many jobs share a worker, a part each in turn: a long import holds up no short look. */
const mostOpen = 4
/** A lease is renewed when it was last written so long ago and the work itself wrote nothing. */
const renewAfterMs = 10_000

interface OpenRun {
  row: JobRow
  /** When this worker last wrote, and before that: the proof that the job is still its own. */
  held: Date[]
  parts: ReturnType<LoadedKind['work']>
  onFailed?: LoadedKind['onFailed']
  isBusy: boolean
}

const openRuns = new WeakMap<object, Map<string, OpenRun>>()

const runsOf = ({ db }: Context): Map<string, OpenRun> => {
  const runs = openRuns.get(db) ?? new Map<string, OpenRun>()
  openRuns.set(db, runs)
  return runs
}

const keyOf = ({ networkId, id }: { networkId: string; id: string }) => `${networkId} ${id}`

/**
 * Works on the jobs that wait, a part of each in turn, until there are none or `isOver`. What is under way then stays
 * in memory and goes on at the next call. Returns whether anything was done.
 */
export async function runJobs(context: Context, isOver: () => boolean = () => false): Promise<boolean> {
  const runs = runsOf(context)
  let didSomething = false
  while (!isOver()) {
    if (runs.size < mostOpen) await openNext(context)
    const mine = [...runs.values()].filter((run) => !run.isBusy)
    if (mine.length === 0) break
    for (const run of mine) {
      if (isOver()) break
      await doPart(context, run)
      didSomething = true
    }
  }
  return didSomething
}

/**
 * Works on one job here and now, while somebody waits for its page; what is left by `isOver` is given back to the
 * workers. Does nothing when somebody else has it.
 */
export async function runOneJob(
  context: Context,
  job: { networkId: string; id: string },
  isOver: () => boolean,
): Promise<void> {
  const run = await openNext(context, job)
  if (!run) return
  while (runsOf(context).has(keyOf(job)) && !isOver()) await doPart(context, run)
  if (runsOf(context).has(keyOf(job))) await giveBack(context, run)
}

/** Gives back what is under way, so that another worker need not wait for the lease. For a process that ends. */
export async function releaseJobs(context: Context): Promise<void> {
  for (const run of [...runsOf(context).values()]) if (!run.isBusy) await giveBack(context, run)
}

async function giveBack(context: Context, run: OpenRun): Promise<void> {
  runsOf(context).delete(keyOf(run.row))
  await run.parts.return(undefined)
  await release(context.db, run.row, run.held, context.wall.now())
}

async function openNext(context: Context, only?: { networkId: string; id: string }): Promise<OpenRun | undefined> {
  const claimed = await claimJob(context.db, context.wall.now(), only)
  if (!claimed || !isJobKind(claimed.row.kind)) return undefined
  const { row } = claimed
  const runs = runsOf(context)
  const stale = runs.get(keyOf(row))
  runs.delete(keyOf(row))
  await stale?.parts.return(undefined)
  const [network] = await context.db.select().from(networks).where(eq(networks.id, row.networkId))
  if (!network) return undefined
  const kind: JobKind = jobKinds[claimed.row.kind]
  const { work, onFailed } = await kind.load()
  const held = [row.updatedAt]
  const run: OpenRun = { row, held, parts: work(context, network, runOf(context, row, held)), onFailed, isBusy: false }
  runs.set(keyOf(row), run)
  return run
}

function runOf({ wall }: Context, row: JobRow, held: Date[]): JobRun {
  const { networkId, id, payload, cursor, done } = row
  return {
    ...{ networkId, id, payload, cursor, done },
    isResumed: cursor !== null,
    checkpoint: async (tx, { result, drop, ...progress }) => {
      const at = laterThan(held.at(-1)!, wall.now())
      if (result) row.payload = { ...row.payload, result }
      if (drop) row.payload = Object.fromEntries(Object.entries(row.payload).filter(([key]) => !drop.includes(key)))
      const mine = await tx
        .update(jobs)
        .set({ ...progress, ...(result || drop ? { payload: row.payload } : {}), updatedAt: at })
        .where(isHeld(row, held))
        .returning({ id: jobs.id })
      if (mine.length === 0) throw new JobLost('The job is no longer this worker’s.')
      // The transaction may yet fail, and the time before then still stands.
      held.splice(0, held.length, held.at(-1)!, at)
    },
  }
}

async function doPart(context: Context, run: OpenRun): Promise<void> {
  run.isBusy = true
  try {
    const part = await run.parts.next()
    if (part.done) return await settle(context, run, part.value)
    const now = context.wall.now()
    if (now.getTime() - run.held.at(-1)!.getTime() < renewAfterMs) return
    await runOf(context, run.row, run.held).checkpoint(context.db, {})
  } catch (error) {
    await fail(context, run, error)
  } finally {
    run.isBusy = false
  }
}

async function settle(context: Context, run: OpenRun, result: JobResult | undefined): Promise<void> {
  runsOf(context).delete(keyOf(run.row))
  const { takeovers: _, ...payload } = run.row.payload
  await context.db
    .update(jobs)
    .set({
      status: 'done',
      payload: result ? { ...payload, result } : payload,
      updatedAt: laterThan(run.held.at(-1)!, context.wall.now()),
    })
    .where(isHeld(run.row, run.held))
}

/** A job that is no longer ours is let go; what broke is logged under a reference, which is all the page shows. */
async function fail(context: Context, run: OpenRun, error: unknown): Promise<void> {
  const { db, wall, random, log } = context
  const { row, held } = run
  runsOf(context).delete(keyOf(row))
  await run.parts.return(undefined)
  if (error instanceof JobLost) return
  const reference = Buffer.from(random.bytes(4)).toString('hex')
  log.error({ reference, job: row.kind, network: row.networkId, err: error }, 'A job broke off')
  await db.transaction(async (tx) => {
    const failed = await tx
      .update(jobs)
      .set({ status: 'failed', error: reference, updatedAt: laterThan(held.at(-1)!, wall.now()) })
      .where(isHeld(row, held))
      .returning()
    if (failed[0]) await run.onFailed?.(tx, failed[0], reference)
  })
}
