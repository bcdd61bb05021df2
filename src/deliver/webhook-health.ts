import { and, eq, gte, like, lt, not } from 'drizzle-orm'
import type { Context, Network } from '../context.ts'
import type { Db } from '../db/index.ts'
import { deliveries, inboundEvents } from '../db/schema.ts'
import type { Delivery } from './batch.ts'

/** A provider that has called within a day calls at all. */
const dayMs = 24 * 3_600_000
/** What was handed over so lately need not have been spoken of yet; “processed” commonly comes within two minutes. */
const wordMs = 2 * 60_000

/**
 * Whether a provider's silence on one delivery since `since` (business time) says anything: its webhooks reach us. They
 * do when it has called since then about whatever it may be. When nothing else was handed over meanwhile it has no
 * reason to call, and having called within a day is enough; when something was, and it has not said a word of that
 * either, its webhooks are down and its silence says nothing.
 */
export async function callsUs(
  { db, wall }: Context,
  network: Network,
  { id, channel, provider }: Pick<Delivery, 'id' | 'channel' | 'provider'>,
  since: Date,
  now: Date,
): Promise<boolean> {
  if (provider === null) return false
  const wallNow = wall.now().getTime()
  if (await hasCalled(db, provider, new Date(wallNow - (now.getTime() - since.getTime())))) return true
  if (!(await hasCalled(db, provider, new Date(wallNow - dayMs)))) return false
  const [unanswered] = await db
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.networkId, network.id),
        eq(deliveries.status, 'accepted'),
        eq(deliveries.channel, channel),
        eq(deliveries.provider, provider),
        not(eq(deliveries.id, id)),
        gte(deliveries.sentAt, since),
        lt(deliveries.sentAt, new Date(now.getTime() - wordMs)),
      ),
    )
    .limit(1)
  return unanswered === undefined
}

/** Whether a provider has called since then (wall time), about whatever it may be. */
export async function hasCalled(db: Db, source: string, since: Date): Promise<boolean> {
  const [heard] = await db
    .select({ id: inboundEvents.id })
    .from(inboundEvents)
    .where(
      and(
        eq(inboundEvents.source, source),
        gte(inboundEvents.receivedAt, since),
        // What we write down ourselves of a refusal is no call.
        not(like(inboundEvents.dedupeKey, 'refusal:%')),
      ),
    )
    .limit(1)
  return heard !== undefined
}
