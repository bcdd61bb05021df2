import { and, asc, eq, inArray, isNull, lte, ne } from 'drizzle-orm'
import { newId, type Tx, unindexed } from '../db/index.ts'
import { timers } from '../db/schema.ts'
import type { TimerKind } from '../words.ts'

export type Timer = typeof timers.$inferSelect

export interface Wait {
  kind: TimerKind
  /** What it is about: a message, a delivery … */
  subject: string
  /** Tells waits on the same subject apart; the same wait asked for twice is one. */
  occurrence: string
  /** Business time. */
  dueAt: Date
  payload?: Record<string, unknown>
}

/** Writes down waits; those already there stay as they are. */
export async function schedule(tx: Tx, networkId: string, waits: readonly Wait[], now: Date): Promise<void> {
  if (waits.length === 0) return
  await tx.insertRows(
    timers,
    waits.map((wait) => ({ networkId, id: newId(), payload: {}, ...wait, createdAt: now })),
    'ignore',
  )
}

/** Waits of a network that are over, earliest first; those for receipts, over which a provider is asked, apart. */
export const dueTimers = (tx: Tx, networkId: string, now: Date, limit: number): Promise<Timer[]> =>
  tx
    .select()
    .from(timers)
    .where(
      and(eq(timers.networkId, networkId), isNull(timers.firedAt), lte(timers.dueAt, now), ne(timers.kind, 'receipt')),
    )
    .orderBy(asc(timers.dueAt), asc(timers.id))
    .limit(limit)

/**
 * Marks timers fired, in the transaction of their effect; returns those that nobody else had fired, and that were not
 * put off since they were read.
 */
export async function fire(tx: Tx, networkId: string, ids: string[], now: Date): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const rows = await tx
    .update(timers)
    .set({ firedAt: now })
    .where(
      and(
        eq(timers.networkId, networkId),
        inArray(timers.id, ids),
        isNull(unindexed(timers.firedAt)),
        lte(timers.dueAt, now),
      ),
    )
    .returning({ id: timers.id })
  return new Set(rows.map((row) => row.id))
}

/** The next wait of a network that will be over, if any is pending. */
export async function nextTimer(tx: Tx, networkId: string): Promise<Pick<Timer, 'kind' | 'dueAt'> | undefined> {
  const [row] = await tx
    .select({ kind: timers.kind, dueAt: timers.dueAt })
    .from(timers)
    .where(and(eq(timers.networkId, networkId), isNull(timers.firedAt)))
    .orderBy(asc(timers.dueAt))
    .limit(1)
  return row
}

/** When the first wait that is not a simulated carrier's answer is over, should that be by `until`. */
export async function nextOwnTimerAt(tx: Tx, networkId: string, until: Date): Promise<Date | undefined> {
  const [row] = await tx
    .select({ dueAt: timers.dueAt })
    .from(timers)
    .where(
      and(
        eq(timers.networkId, networkId),
        isNull(timers.firedAt),
        lte(timers.dueAt, until),
        ne(timers.kind, 'carrier'),
      ),
    )
    .orderBy(asc(timers.dueAt))
    .limit(1)
  return row?.dueAt
}
