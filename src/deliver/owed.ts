import { and, desc, eq, exists, inArray, isNull, sql } from 'drizzle-orm'
import type { Db, Tx } from '../db/index.ts'
import { deliveries, isOwed, messages, timers } from '../db/schema.ts'

/** Whether a campaign still owes something that has not been handed over. One look into an index for each message. */
export async function owesAnything(tx: Tx, networkId: string, campaignId: string): Promise<boolean> {
  const owed = tx
    .select({ one: sql`1` })
    .from(deliveries)
    .where(and(eq(deliveries.networkId, messages.networkId), eq(deliveries.messageId, messages.id), isOwed))
  const rows = await tx
    .select({ id: messages.id })
    .from(messages)
    .where(and(eq(messages.networkId, networkId), eq(messages.campaignId, campaignId), exists(owed)))
    .limit(1)
  return rows.length > 0
}

/** The wait each campaign was last seen to have, on each database of this process. */
const lastSeen = new WeakMap<Db, Map<string, string>>()

/**
 * Whether a campaign may still go on to the next channel, or a carrier is still to answer. A million waits may be
 * pending, so the last of a campaign's own is remembered: as long as it is pending there is nothing to look for.
 */
export async function mayStillFallBack(db: Db, networkId: string, campaignId: string): Promise<boolean> {
  const seen = lastSeen.get(db) ?? new Map<string, string>()
  lastSeen.set(db, seen)
  const known = seen.get(campaignId)
  if (known !== undefined && (await isPending(db, networkId, known))) return true
  const last = await lastWait(db, networkId, campaignId)
  if (last === undefined) seen.delete(campaignId)
  else seen.set(campaignId, last)
  return last !== undefined
}

async function isPending(tx: Tx, networkId: string, id: string): Promise<boolean> {
  const rows = await tx
    .select({ firedAt: timers.firedAt })
    .from(timers)
    .where(and(eq(timers.networkId, networkId), eq(timers.id, id)))
  return rows.some(({ firedAt }) => firedAt === null)
}

async function lastWait(tx: Tx, networkId: string, campaignId: string): Promise<string | undefined> {
  const [row] = await tx
    .select({ id: timers.id })
    .from(timers)
    .innerJoin(deliveries, and(eq(deliveries.networkId, timers.networkId), eq(deliveries.id, timers.subject)))
    .innerJoin(messages, and(eq(messages.networkId, deliveries.networkId), eq(messages.id, deliveries.messageId)))
    .where(
      and(
        eq(timers.networkId, networkId),
        inArray(timers.kind, ['fallback', 'carrier']),
        isNull(timers.firedAt),
        eq(messages.campaignId, campaignId),
      ),
    )
    .orderBy(desc(timers.dueAt))
    .limit(1)
  return row?.id
}
