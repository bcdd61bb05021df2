import { and, eq, inArray, isNull, lte, or, sql } from 'drizzle-orm'
import type { StepDefinition } from '../campaign/definition.ts'
import { expiryOf } from '../campaign/message-rows.ts'
import type { Context, Network } from '../context.ts'
import type { Db } from '../db/index.ts'
import { campaigns, deliveries, isOwed, messages } from '../db/schema.ts'
import { tellOfExpired } from './tell-of-expired.ts'

/** How often a process looks (business time); a claim looks for itself. */
const everyMs = 30_000
const pageSize = 500

/** When this process last looked, by network, on each database. */
const lastLook = new WeakMap<Db, Map<string, number>>()

/**
 * Lays aside what is not worth sending any more and has not been claimed: while a provider is down, a sender refused or a
 * campaign paused nothing is claimed, and it would wait for ever, to no end. Those concerned are told once a day for a
 * campaign. Returns how many there were.
 */
export async function expireDue(context: Context, network: Network, now: Date): Promise<number> {
  const looked = lastLook.get(context.db) ?? new Map<string, number>()
  lastLook.set(context.db, looked)
  const sinceMs = now.getTime() - (looked.get(network.id) ?? Number.NEGATIVE_INFINITY)
  if (sinceMs >= 0 && sinceMs < everyMs) return 0
  looked.set(network.id, now.getTime())
  const expired = new Map<string, number>()
  for (const messageId of await expiring(context.db, network, now)) {
    const count = await expireMessage(context, network, messageId, now)
    if (count > 0) expired.set(messageId, count)
  }
  await tellOfExpired(context, network, expired)
  return [...expired.values()].reduce((sum, count) => sum + count, 0)
}

/** Messages whose time is over, and those that each person has a time of their own for. */
async function expiring(db: Db, network: Network, now: Date): Promise<string[]> {
  const rows = await db
    .select({
      messageId: messages.id,
      expiresAt: messages.expiresAt,
      definition: messages.definition,
    })
    .from(messages)
    .innerJoin(campaigns, and(eq(campaigns.networkId, messages.networkId), eq(campaigns.id, messages.campaignId)))
    .where(
      and(
        eq(messages.networkId, network.id),
        inArray(campaigns.status, ['running', 'paused']),
        or(isNull(messages.expiresAt), lte(messages.expiresAt, now)),
      ),
    )
  return rows
    .filter(({ expiresAt, definition }) => expiresAt !== null || expiryOf(definition as StepDefinition, now) !== null)
    .map(({ messageId }) => messageId)
}

async function expireMessage(
  { db, metrics }: Context,
  network: Network,
  messageId: string,
  now: Date,
): Promise<number> {
  const waiting = and(
    eq(deliveries.networkId, network.id),
    eq(deliveries.messageId, messageId),
    isOwed,
    inArray(deliveries.status, ['planned', 'held', 'queued']),
    lte(deliveries.expiresAt, now),
  )
  let expired = 0
  for (;;) {
    const page = await db.select({ id: deliveries.id }).from(deliveries).where(waiting).limit(pageSize)
    if (page.length === 0) return expired
    const laid = await db
      .update(deliveries)
      .set({ status: 'expired', reason: sql`coalesce(${deliveries.reason}, 'expired')`, updatedAt: now })
      .where(
        and(
          waiting,
          inArray(
            deliveries.id,
            page.map(({ id }) => id),
          ),
        ),
      )
      .returning({ channel: deliveries.channel })
    for (const { channel } of laid) metrics.expired(channel)
    expired += laid.length
    if (page.length < pageSize) return expired
  }
}
