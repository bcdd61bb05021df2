import { and, asc, count, eq, isNull, lte, min } from 'drizzle-orm'
import { businessNow } from '../clock.ts'
import type { Db } from '../db/index.ts'
import { deliveries, inboundEvents, networks } from '../db/schema.ts'
import { retentionState } from '../retention/state.ts'

type Say = (value: number, network: string) => void

/** Urgencies as the outbox orders them: each is a range of one index, so the oldest of each is one look. */
const priorities = [0, 1, 2, 3]

const secondsSince = (at: Date, now: Date): number => Math.max(0, (now.getTime() - at.getTime()) / 1_000)

/** For each network, how overdue its most overdue delivery is, in seconds of its own clock; 0 when nothing waits. */
export async function readOutboxLag(db: Db, wallNow: Date, say: Say): Promise<void> {
  for (const network of await db.select().from(networks)) {
    const now = businessNow(wallNow, network)
    let lag = 0
    for (const priority of priorities) {
      const [oldest] = await db
        .select({ dueAt: deliveries.dueAt })
        .from(deliveries)
        .where(
          and(
            eq(deliveries.networkId, network.id),
            eq(deliveries.status, 'queued'),
            eq(deliveries.priority, priority),
            lte(deliveries.dueAt, now),
          ),
        )
        .orderBy(asc(deliveries.dueAt))
        .limit(1)
      if (oldest) lag = Math.max(lag, secondsSince(oldest.dueAt, now))
    }
    say(lag, network.name)
  }
}

/** What is in doubt: how many, how many a person must settle, or how old the oldest doubt is in seconds. */
export async function readDoubts(
  db: Db,
  wallNow: Date,
  what: 'unknown' | 'needs_review' | 'age',
  say: Say,
): Promise<void> {
  const status = what === 'needs_review' ? 'needs_review' : 'unknown'
  for (const network of await db.select().from(networks)) {
    const [row] = await db
      .select({ count: count(), since: min(deliveries.updatedAt) })
      .from(deliveries)
      .where(and(eq(deliveries.networkId, network.id), eq(deliveries.status, status)))
    const since = row?.since
    if (what !== 'age') say(row?.count ?? 0, network.name)
    else say(since ? secondsSince(since, businessNow(wallNow, network)) : 0, network.name)
  }
}

/** How long the oldest event from outside has waited to be applied, in seconds of wall time. */
export async function readWebhookLag(db: Db, wallNow: Date): Promise<number> {
  const [oldest] = await db
    .select({ receivedAt: inboundEvents.receivedAt })
    .from(inboundEvents)
    .where(isNull(inboundEvents.appliedAt))
    .orderBy(asc(inboundEvents.attempts), asc(inboundEvents.receivedAt))
    .limit(1)
  return oldest ? secondsSince(oldest.receivedAt, wallNow) : 0
}

/**
 * For each network, how long ago what was kept long enough was last removed, in seconds (before the first time, since
 * the network was made), or how many rows and files went then.
 */
export async function readRetention(db: Db, wallNow: Date, what: 'age' | 'removed', say: Say): Promise<void> {
  for (const network of await db.select().from(networks)) {
    const { last } = await retentionState(db, network)
    const isOver = last?.status === 'done'
    if (what === 'age') say(secondsSince(last && isOver ? last.at : network.createdAt, wallNow), network.name)
    else
      say(
        Object.values(last?.removed ?? {}).reduce((sum, count) => sum + count, 0),
        network.name,
      )
  }
}
