import { and, asc, eq, lt, min, sql } from 'drizzle-orm'
import { businessNow } from './clock.ts'
import type { Context, Network } from './context.ts'
import type { Tx } from './db/index.ts'
import { deliveries, exposures, heldForTime, networks } from './db/schema.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { durationMs } from './segment/duration.ts'
import { nextArrivalAt } from './sequence/arrive-due.ts'
import { nextOwnTimerAt, nextTimer } from './timer/timers.ts'
import { urgencies } from './words.ts'
import { look } from './worker.ts'

/** The clock of this network cannot be moved, or not there; the message says why. */
export class ClockRefused extends Error {
  override name = 'ClockRefused'
}

export type Target = { by: string } | { to: Date } | { untilIdle: true } | { next: true }

/** Idle within this time means that nothing will ever happen again by itself. */
const horizonMs = 3 * 366 * 24 * 3_600_000
/** The farthest one move may go: beyond it a typing error is likelier than a wish. */
const farthestMs = 10 * 366 * 24 * 3_600_000
/**
 * Answers this close together are heard together, each with its own time: every stop costs three commits. Right after
 * something of ours that is soon, since what may follow can be pressing; what comes in days later is heard by the hour.
 */
const togetherMs = { least: 10 * 60_000, most: 60 * 60_000 }
const togetherShare = 1 / 6

/** The next moment at which anything of a network becomes due; undefined when nothing is waiting. */
export const nextEventAt = async (context: Context, network: Network): Promise<Date | undefined> =>
  (await upcoming(context, network)).earliest

interface Upcoming {
  earliest?: Date
  /** Where the clock stops next: answers of carriers and closing windows are taken together, what we do is not. */
  stop?: Date
  /** Something of ours is due there. */
  isOwn?: boolean
}

async function upcoming({ db }: Context, network: Network, ownAt?: Date): Promise<Upcoming> {
  const deliveryAt = await nextDeliveryAt(db, network.id)
  const [exposure] = await db
    .select({ at: min(exposures.matureAt) })
    .from(exposures)
    .where(and(eq(exposures.networkId, network.id), eq(exposures.outcome, 'pending')))
  const timer = await nextTimer(db, network.id)
  const isAnswer = timer?.kind === 'carrier'
  const told = earliestOf(exposure?.at, isAnswer ? timer.dueAt : undefined)
  const arrivalAt = await nextArrivalAt(db, network.id)
  const own = earliestOf(deliveryAt, arrivalAt, isAnswer ? undefined : timer?.dueAt)
  const earliest = earliestOf(told, own)
  if (!told || earliest !== told) return { earliest, stop: own, isOwn: true }
  const quietMs = ownAt ? told.getTime() - ownAt.getTime() : 0
  const spanMs = Math.max(togetherMs.least, Math.min(togetherMs.most, quietMs * togetherShare))
  const together = new Date(told.getTime() + spanMs)
  const stop = earliestOf(own, await nextOwnTimerAt(db, network.id, together), together)
  return { earliest, stop, isOwn: stop !== together }
}

const waiting = ['planned', 'queued', 'unknown'] as const

/**
 * When the first delivery that waits for its time is due. Each status and urgency is one look into the index, so
 * that it costs the same however many wait; what is held for a person or a provider, no clock releases.
 */
async function nextDeliveryAt(tx: Tx, networkId: string): Promise<Date | undefined> {
  const firstOf = (status: (typeof waiting)[number], priority: number) =>
    sql<Date | null>`(select min(${deliveries.dueAt}) from ${deliveries} where ${deliveries.networkId} = ${networkId} and ${deliveries.status} = ${status} and ${deliveries.priority} = ${priority})`.mapWith(
      deliveries.dueAt,
    )
  const all = waiting.flatMap((status) =>
    urgencies.map((_, priority) => [`${status} ${priority}`, status, priority] as const),
  )
  const [first] = await tx
    .select(Object.fromEntries(all.map(([name, status, priority]) => [name, firstOf(status, priority)])))
    .from(networks)
    .where(eq(networks.id, networkId))
  const [held] = await tx
    .select({ at: deliveries.dueAt })
    .from(deliveries)
    .where(and(eq(deliveries.networkId, networkId), heldForTime))
    .orderBy(asc(deliveries.dueAt))
    .limit(1)
  return earliestOf(...Object.values(first ?? {}), held?.at)
}

function earliestOf(...moments: (Date | null | undefined)[]): Date | undefined {
  let first: Date | undefined
  for (const at of moments) if (at && (!first || at < first)) first = at
  return first
}

/**
 * Moves a sandbox network's clock, stopping at every moment something is due, so that four months of a challenge
 * happen in their order; what came in before is applied before anything is done at a stop. The clock is written before each moment's work: killed, it goes on from there.
 * Returns the business time reached. Throws ClockRefused for a live network or a move into the past.
 */
export const advance = (context: Context, network: Network, target: Target): Promise<Date> =>
  oneAtATime(context.db, network.id, () => advanceAlone(context, network, target))

async function advanceAlone(context: Context, network: Network, target: Target): Promise<Date> {
  if (network.mode !== 'sandbox')
    throw new ClockRefused(
      `${network.name} is a live network: its clock is the real one. Only sandbox networks have a time machine.`,
    )
  // It may have waited for another move: what was read before is old.
  const [fresh] = await context.db.select().from(networks).where(eq(networks.id, network.id))
  if (!fresh) throw new ClockRefused(`The network ${network.name} is gone.`)
  Object.assign(network, fresh)
  let now = businessNow(context.wall.now(), network)
  const until = await goal(context, network, target, now)
  if (until < now)
    throw new ClockRefused(`The clock of ${network.name} is at ${now.toISOString()} and goes forward only.`)
  if (until.getTime() - now.getTime() > farthestMs)
    throw new ClockRefused(`${until.toISOString()} is more than ten years ahead; a clock goes forward only.`)
  let ownAt = now
  let { stop: next, isOwn, didSomething } = await settleAt(context, network, now, ownAt)
  while (next && !context.stop?.aborted) {
    // What is due and stays so, although all there was to do was done, will not be done by looking again.
    if (next > until || (next <= now && !didSomething)) break
    if (next > now) now = next
    if (isOwn) ownAt = now
    await setClock(context, network, now)
    ;({ stop: next, isOwn, didSomething } = await settleAt(context, network, now, ownAt))
  }
  if (!('untilIdle' in target) && !context.stop?.aborted) {
    now = until
    await setClock(context, network, now)
    await settleAt(context, network, now, now)
  }
  return now
}

async function goal(context: Context, network: Network, target: Target, now: Date): Promise<Date> {
  if ('to' in target) return target.to
  if ('untilIdle' in target) return new Date(now.getTime() + horizonMs)
  if ('next' in target) {
    // What is due already happens at once, without the clock moving.
    const next = await nextEventAt(context, network)
    return next && next > now ? next : now
  }
  const ms = durationMs(target.by)
  if (ms === undefined)
    throw new ClockRefused(`"${target.by}" is not a duration: write P7D for seven days, PT2H for two hours.`)
  return new Date(now.getTime() + ms)
}

/** Does all there is to do at an instant; says when there is more to do, and whether there was anything now. */
async function settleAt(context: Context, network: Network, now: Date, ownAt: Date) {
  let didSomething = false
  for (;;) {
    const seen = await look(context, network, now)
    didSomething ||= seen.didSomething
    const { earliest, stop, isOwn } = await upcoming(context, network, ownAt)
    const isMore = seen.didSomething && (seen.isCutShort || (earliest !== undefined && earliest <= now))
    if (!isMore || context.stop?.aborted) return { stop, isOwn, didSomething }
  }
}

async function setClock(context: Context, network: Network, now: Date): Promise<void> {
  const clockOffsetMs = now.getTime() - context.wall.now().getTime()
  network.clockOffsetMs = clockOffsetMs
  // Another process may have moved it farther meanwhile: never back.
  await context.db
    .update(networks)
    .set({ clockOffsetMs })
    .where(and(eq(networks.id, network.id), lt(networks.clockOffsetMs, clockOffsetMs)))
}
